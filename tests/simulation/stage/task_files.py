"""Files in the tasks folder: others copy one piece by piece, or have put theirs there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sendoff_tasks.folder.safe_files import QUIET
from sendoff_tasks.functions.registry import Registry
from tests.simulation.computer.clock import Clock
from tests.simulation.computer.disk import Disk
from tests.simulation.judging.broken import expect

FOLDER: Final = "/tasks"
OWN: Final = "own"
FOREIGN: Final = "foreign"
STEPS: Final = 3
TEXT: Final = "\n".join(
    [
        "from sendoff_tasks.functions.registry import task",
        "",
        "",
        "@task",
        "def {0}() -> list[int]:",
        '    """Tell which version it is, once for each step."""',
        "    steps = []",
        *["    steps.append({1})"] * STEPS,
        "    return steps",
        "",
    ]
)


class TaskFiles:
    """A file that is copied again and again as ``own.py``, each time as a newer version.

    Another computer copies it, so neither a kill nor a power cut ends that.
    """

    def __init__(self, disk: Callable[[], Disk], clock: Clock) -> None:
        self._disk, self._clock = disk, clock
        self._version = 0  # the newest one that is whole
        self._waiting: list[tuple[float, str]] = []  # when to write all of that, steady s
        self._written = 0.0

    def copy(self, parts: list[float], pause: float) -> None:
        """Begin to copy the next version: so many ``parts`` of it, then all of it."""
        self.finish()
        text = TEXT.format(OWN, self._version + 1)
        pieces = [*(text[: int(part * len(text))] for part in parts), text]
        now = self._clock.steady()
        self._waiting = [(now + pause * n, piece) for n, piece in enumerate(pieces)]
        self.go_on()

    def go_on(self) -> None:
        """Write what is due."""
        now, name = self._clock.steady(), f"{FOLDER}/{OWN}.py"
        while self._waiting and self._waiting[0][0] <= now:
            _, piece = self._waiting.pop(0)
            self._disk().put(name, piece.encode())
            self._version += not self._waiting
            self._written = now
        if name in self._disk().files:
            self._disk().files[name].rests = not self._waiting and now - self._written > QUIET

    def finish(self) -> None:
        """Write the rest at once."""
        self._waiting = [(0.0, piece) for _, piece in self._waiting]
        self.go_on()

    def put_foreign(self) -> None:
        """Have another user put a file there."""
        self._disk().put(name := f"{FOLDER}/{FOREIGN}.py", TEXT.format(FOREIGN, 1).encode())
        self._disk().files[name].is_foreign = self._disk().files[name].rests = True

    def judge(self, registry: Registry) -> None:
        """See that each version is in force as a whole, and nothing of the other user's."""
        told = _told(registry)
        whole = told is None or told in [_steps(n) for n in range(1, self._version + 1)]
        expect(whole, "half a task file is not run", f"it tells {told}")
        is_refused = registry.get(FOREIGN) is None
        expect(is_refused, "a task file of another user is not run", "it is in force")

    def judge_newest(self, registry: Registry) -> None:
        """See that the newest version is in force, long after it was copied."""
        told = _told(registry)
        newest = _steps(self._version) if self._version else None
        expect(told == newest, "a whole task file is in force", f"{told} is, not {newest}")


def forget(registry: Registry) -> None:
    """Take the tasks of the files out of a program that has ended."""
    for name in (OWN, FOREIGN):
        if registry.get(name) is not None:
            registry.exchange({name: "The program has ended."}, ())


def _steps(version: int) -> list[int]:
    return [version] * STEPS


def _told(registry: Registry) -> Any:
    """Run the file's task; ``None`` where there is none. Half of it tells something else."""
    spec = registry.get(OWN)
    return None if spec is None else spec.function() or "nothing"
