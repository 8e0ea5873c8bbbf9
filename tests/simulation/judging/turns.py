"""Whose turn it is: a higher priority starts first, but keeps no other task from ever starting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tests.simulation.judging.broken import expect

BY_AGE: Final = 8
"""Of so many starts in a queue one is the oldest task's."""
SHARING: Final = frozenset({"letter", "guest"})
"""These have one queue; the turns of each alone are not told."""


class SuspectQueue:
    """How many starts in a row, in one life of the program, were not the oldest task's."""

    def __init__(self) -> None:
        self._passed_over: Counter[str] = Counter()

    def restart(self) -> None:
        """Note that the program has started: it counts from there."""
        self._passed_over.clear()

    def start(self, function: str, task: int, queued: Iterable[int]) -> None:
        """Judge that a task starts, of those that were queued."""
        oldest = min(queued, default=task)
        self._passed_over[function] = 0 if oldest >= task else self._passed_over[function] + 1
        how = f"task {oldest} was passed over by {self._passed_over[function]} of {function}"
        fair = function in SHARING or self._passed_over[function] < BY_AGE
        expect(fair, "everyone has a turn", how)

    def expire(self, function: str) -> None:
        """Note that a task has failed for its deadline, perhaps in its turn."""
        self._passed_over[function] = 0
