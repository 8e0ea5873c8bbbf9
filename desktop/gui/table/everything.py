"""Everything there was when it was selected: what came or ended later does not belong to it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.contract.states import OPEN, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.gui.tasks.task_row import Row

_LATE = (State.QUEUED, State.SCHEDULED, State.RUNNING, State.WAITING)
"""Where tasks are that came a moment ago, the likeliest first."""
_TRIED_AGAIN = (State.FAILED, State.UNCERTAIN, State.CANCELLED)
"""From where an ended task may be open once more; one that is done is gone when it is removed."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Everything there was ``at`` a time, epoch s: ``count`` tasks, by state where known."""

    at: float
    count: int
    counts: Mapping[str, int]

    def is_later(self, row: Row, *, narrowed: bool) -> bool:
        """Tell whether a task came later; where the list is ``narrowed`` to states, by its end."""
        return row.created >= self.at or (narrowed and (row.finished or 0.0) >= self.at)

    def left(self, now: Mapping[str, int], later: Mapping[str, int]) -> dict[str, int]:
        """Tell of the counts ``now`` at most how many of these are in each state.

        ``later`` counts those of which it is known that they came later. Of others only the sum
        tells, and that is less by what has ended.
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
    """Return the time after all that is shown: a backend elsewhere may be ahead."""
    told = (max(row.created, row.finished or 0.0) for row in rows)
    return max(time.time(), max(told, default=0.0) + 0.001)


def _open(counts: Mapping[str, int]) -> int:
    return sum(counts.get(state, 0) for state in OPEN)
