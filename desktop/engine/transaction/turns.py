"""The turns of tasks that one more crash would hold: they start one at a time."""

from __future__ import annotations

from typing import Final

APART_MS: Final = 10_000
"""Time between such starts, and before the first one, ms.

A program that is killed again and again soon after its start never reaches the first.
"""


class Turns:
    """When each of them may start, epoch ms; this process's own."""

    def __init__(self) -> None:
        self._last = 0
        self._turns: dict[int, int] = {}

    def begin(self, now: int) -> None:
        """Give turns from now on, because the engine starts or the clock was set."""
        self._last = now
        self._turns.clear()

    def skip(self, task_id: int, now: int) -> None:
        """Let the task start at once."""
        self._turns[task_id] = now

    def of(self, task_id: int, now: int) -> int:
        """Return when the task may start; a turn that has come is used up."""
        turn = self._turns.pop(task_id, None)
        if turn is None:
            turn = self._last = max(self._last + APART_MS, now)
        if turn > now:
            self._turns[task_id] = turn
        return turn
