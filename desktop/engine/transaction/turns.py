"""The turns of tasks that one more crash would hold: they start one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.engine.transaction.parts import Part

if TYPE_CHECKING:
    from desktop.engine.transaction.group import Group

BEGUN_MS: Final = 2_000
"""An attempt has just begun for so long, ms; what ends the program then may be its doing."""
FIRST_MS: Final = 10_000
"""Time before the first of them starts, ms.

A program that is killed again and again soon after its start never reaches it.
"""
APART_MS: Final = 2_500
"""Time between their turns, ms; a little more than the one before has just begun for."""
_AT_ONCE: Final = 0


class Turns(Part):
    """When each of them may start, epoch ms; this process's own.

    The next one starts when the one before has ended, or has not just begun any more.
    """

    def __init__(self) -> None:
        self._last = 0  # the task that started last
        self._free_at = 0  # when another one may
        self._turns: dict[int, int] = {}
        self._before = (0, 0, dict[int, int]())  # as they were when the group began

    def begin(self, group: Group) -> None:
        """Remember the turns as they are now."""
        self._before = self._last, self._free_at, dict(self._turns)

    def undo(self) -> None:
        """Put the turns back, which no store has."""
        self._last, self._free_at, self._turns = self._before

    def shift(self, group: Group, ms: int) -> None:
        """Start over with the new time."""
        self.start_over(group.now)

    def start_over(self, now: int) -> None:
        """Give turns from now on, because the engine starts or the clock was set."""
        self._last, self._free_at = 0, now + FIRST_MS
        self._turns.clear()

    def skip(self, task_id: int) -> None:
        """Let the task start at once."""
        self._turns[task_id] = _AT_ONCE

    def of(self, task_id: int, now: int) -> int:
        """Return when the task may start; it does so if that is now."""
        turn = self._turns.pop(task_id, now)
        if turn == _AT_ONCE:
            return now
        if self._free_at <= now:
            self._last, self._free_at = task_id, now + BEGUN_MS
            return now
        if turn <= now:
            turn = max(self._free_at, max(self._turns.values(), default=0) + APART_MS)
        self._turns[task_id] = turn
        return turn

    def end(self, task_id: int, now: int) -> list[tuple[int, int]]:
        """Note that an attempt has ended; return what may start instead: turns, their tasks."""
        if task_id != self._last:
            return []
        self._last, self._free_at = 0, min(self._free_at, now)
        return sorted((turn, waits) for waits, turn in self._turns.items() if turn > now)
