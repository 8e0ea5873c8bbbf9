"""The limits of an app's queues, which a person sets in ``settings.toml`` of its folder."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from sendoff_tasks.folder.queue_limits import QueueSettings, SettingsError, parse_queues
from sendoff_tasks.folder.safe_files import QuietFiles, read_own
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.queues.limits import Wanted, limited
from sendoff_tasks.words.file_faults import unread

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from pathlib import Path

    from sendoff_tasks.facade.engine import Engine

log = logging.getLogger(__name__)


def limits_of(queues: Mapping[str, QueueSettings]) -> Wanted:
    """Make the engine's limits of those in a file."""
    return {
        name: limited(queue.concurrency, queue.rate, queue.per_day)
        for name, queue in queues.items()
    }


class LimitsFile:
    """Applies the ``[queues]`` of a file to an engine that has not started yet.

    They are in force before the engine begins anything; :meth:`look` follows changes. While the
    file cannot be used, the last limits stay, with a notice. So does a limit whose line is gone:
    ``none`` removes it.
    """

    def __init__(self, file: Path, engine: Engine) -> None:
        self._file = file
        self._engine = engine
        self._quiet = QuietFiles()
        self._stamp: Hashable = None
        limits = engine.config.limits
        engine.config.remembered.on_open = lambda _: self._apply(limits.want)

    def look(self) -> bool:
        """Apply the file if it has changed; true while it is not quiet yet."""
        if self._quiet.stamp(self._file) == self._stamp:
            return False
        if not self._quiet.is_quiet(self._file):
            return True
        self._apply(self._engine.limit)
        return False

    def _apply(self, limit: Callable[[Wanted], object]) -> None:
        self._stamp = self._quiet.stamp(self._file)
        board = self._engine.board
        before = {
            name: asdict(QueueSettings(each.concurrency, each.in_words, each.per_day))
            for name, each in self._engine.config.limits.wanted.items()
        }
        try:
            limit(limits_of(parse_queues(self._content(), str(self._file), before)))
        except SettingsError as error:
            log.warning(error)
            board.show(NoticeId.SETTINGS, str(error))
        else:
            board.take_back(NoticeId.SETTINGS)

    def _content(self) -> bytes:
        try:
            return read_own(self._file)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise SettingsError(unread(self._file, error)) from error
