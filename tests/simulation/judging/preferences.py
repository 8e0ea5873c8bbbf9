"""The settings of the product: what a person saved last is in force, whatever befalls the file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, TypeVar

from desktop.settings.preferences import (
    KeepSettings,
    MailSettings,
    Settings,
    WindowSettings,
    laid_over,
)
from sendoff_tasks.folder.queue_limits import QueueSettings, SettingsError
from sendoff_tasks.model.times import Rate
from sendoff_tasks.queues.limits import QueueLimit
from tests.simulation.judging.allowance import Allowance
from tests.simulation.judging.broken import expect
from tests.simulation.stage.process import Process

FIRST: Final = Settings(
    MailSettings(transport="smtp", host="x.org", sender="a@x.org"),
    WindowSettings(grace_seconds=2.5),
    KeepSettings(tasks_days=300, items_days=3650),
    {
        "post": QueueSettings(concurrency=2),
        "plain": QueueSettings(rate="20/min"),
        "urgent": QueueSettings(concurrency=12),
    },
)
T = TypeVar("T")
STAY: Final = "settings stay as they were saved"


class Preferences:
    """What a person has saved, and whether that is sure.

    It is not after a save that failed or was cut short, nor where an older store remembers others.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._saved = FIRST
        self._is_sure = self._is_saved = True
        self._allowance = allowance
        self._judged: tuple[Any, ...] | None = None  # what was in force and saved then

    @property
    def text(self) -> bytes:
        """The file as it was saved."""
        return laid_over(b"", self._saved, "settings.toml")

    def limit(self, process: Process, queue: str, limits: QueueSettings) -> None:
        """Have the program save the limits of a queue."""
        assert process.settings is not None

        was_sure = self._is_sure
        self.doubt()
        try:
            self._saved = process.settings.change(
                lambda now: replace(now, queues={**now.queues, queue: limits})
            )
            self._is_saved = True
        except SettingsError:  # the file is spoiled, and stays as it is
            self._is_sure = self._is_saved = was_sure
        except OSError:
            pass
        if self._is_sure:
            self.judge(process)
        self.follow(process)

    def follow(self, process: Process) -> None:
        """Judge attempts by what is in force while it is not sure what was saved."""
        if process.settings is not None and not self._is_sure:
            self._allowance.want(process.engine.config.limits.wanted)

    def doubt(self) -> None:
        """Note that others may be in force, until the next ones are saved."""
        self._is_sure = self._is_saved = False

    def stopped(self) -> None:
        """Note that the program has ended."""
        self._judged = None
        self._is_saved = self._is_sure

    def judge(self, process: Process) -> None:
        """See that what is in force is what was saved; a file that is spoiled changes nothing."""
        assert process.settings is not None
        limits = process.engine.config.limits.wanted
        now = None
        with suppress(SettingsError):
            now = process.settings.get()
        judged = limits, now, self._saved
        if self._is_sure and judged == self._judged:
            return
        self._judged = judged
        self._allowance.want(limits)
        if now is not None:
            told = f"{now} are in force, not {FIRST}"
            expect(replace(now, queues=FIRST.queues) == FIRST, STAY, told)
        expect(process.settings.keep == FIRST.keep, STAY, "things are kept for another time")
        if not self._is_sure:
            self._is_sure = self._is_saved and not process.refused
            return
        known = now is None or _some(now.queues, QueueSettings()) == self._limits
        expect(known, STAY, f"{now and now.queues} are in force, not {self._limits}")
        wanted = {
            name: QueueLimit(each.concurrency, Rate.parse(each.rate) if each.rate else None)
            for name, each in self._limits.items()
        }
        how = f"the engine has {limits}, not {wanted}"
        expect(_some(limits, QueueLimit()) == wanted, STAY, how)

    @property
    def _limits(self) -> dict[str, QueueSettings]:
        return _some(self._saved.queues, QueueSettings())


def _some(limits: Mapping[str, T], none: T) -> dict[str, T]:
    """Leave out those that limit nothing."""
    return {name: each for name, each in limits.items() if each != none}
