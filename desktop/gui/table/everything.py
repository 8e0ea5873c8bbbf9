"""A selection of all matching tasks as of one moment: it leaves out tasks that match later."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.contract.states import OPEN, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.gui.tasks.task_row import Row

_LATE = (State.QUEUED, State.SCHEDULED, State.RUNNING, State.WAITING)
"""States of tasks that were created a moment ago, the likeliest first."""
_TRIED_AGAIN = (State.FAILED, State.UNCERTAIN, State.CANCELLED)
"""States from which an ended task can be reopened; a succeeded one only gets removed."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """All tasks ``at`` a moment (epoch s): their ``count``, and ``counts`` by state if known."""

    at: float
    count: int
    counts: Mapping[str, int]

    def is_later(self, row: Row, *, narrowed: bool) -> bool:
        """Tell whether a task was created later, or ended later in a list ``narrowed`` by state."""
        return row.created >= self.at or (narrowed and (row.finished or 0.0) >= self.at)

    def left(self, now: Mapping[str, int], later: Mapping[str, int]) -> dict[str, int]:
        """Return, from the counts ``now``, the most tasks of this selection in each state.

        ``later`` counts the tasks known to be later. Further later tasks are estimated from the
        growth of the number of open tasks.
        """
        now = {state: max(0, n - later.get(state, 0)) for state, n in now.items()}
        then = self.counts or now
        left = {
            state: n if state in OPEN else min(n, then.get(state, 0)) for state, n in now.items()
        }
        ended = {state: n for state, n in then.items() if state in _TRIED_AGAIN}
        tried_again = sum(n - left.get(state, 0) for state, n in ended.items())
        late = _open(now) - _open(then) - tried_again
        for state in _LATE:
            dropped = max(0, min(late, left.get(state, 0)))
            if dropped:
                left[state] -= dropped
            late -= dropped
        return left


def after_all(rows: Iterable[Row]) -> float:
    """Return a time after all shown rows: the clock of a server may be ahead."""
    told = (max(row.created, row.finished or 0.0) for row in rows)
    return max(time.time(), max(told, default=0.0) + 0.001)


def _open(counts: Mapping[str, int]) -> int:
    return sum(counts.get(state, 0) for state in OPEN)
