"""Counts of attempts that began and ended, with durations, for rates and the overview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.model.states import OPEN, TROUBLED, State
from sendoff_tasks.model.tasks import OutcomeWord
from sendoff_tasks.model.times import DAY_MS, HOUR_MS, MINUTE_MS
from sendoff_tasks.store.tables.cursor import Cursor, Source, batches, put_rows
from sendoff_tasks.store.tables.pace import DELETE_PACE, PACE_OF, Tally, pace
from sendoff_tasks.store.tables.records import FunctionRecord, TaskRecord
from sendoff_tasks.transaction.parts import Part

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group


def _new_counts() -> defaultdict[Any, int]:
    return defaultdict(int)  # making a ``Counter`` takes ten times as long


_COUNTED: Final = frozenset({*TROUBLED, State.SUCCEEDED})
"""The endings that the overview counts."""
RETAINED: Final = {MINUTE_MS: 3 * HOUR_MS, HOUR_MS: 8 * DAY_MS}
"""How long the figures of minutes and hours are retained, ms."""


Began = defaultdict[tuple[int, int], int]
"""Attempts that began, by function and by how long the task was ready, ms."""
EndedCounts = defaultdict[tuple[int, str, int | None], int]
"""Attempts that ended, by function, the task's new state, and how long they ran, ms."""
Left = defaultdict[tuple[int, int, str, str], int]
"""Ended tasks that changed state again: by function, the minute they ended, and both states."""


class Pace:
    """The current minute and hour as they are in the store."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[int, int], tuple[int, Tally]] = {}
        self._put_off: dict[int, Began] = {}  # by minute, epoch ms

    def forget(self) -> None:
        """Drop counts that were not written."""
        self._under_way.clear()

    def put_off(self, began: Began, now: int) -> None:
        """Keep starts in memory; they are written with the next attempt that ends."""
        minute = self._put_off.setdefault(now - now % MINUTE_MS, _new_counts())
        for key, n in began.items():
            minute[key] += n

    def write(self, cursor: Cursor, began: Began, ended: EndedCounts, left: Left, now: int) -> None:
        """Write what a group has counted, and what was put off."""
        rows: dict[tuple[int, int, int], Tally] = {}

        def tallies(function: int, moment: int) -> Iterator[Tally]:
            for span in (MINUTE_MS, HOUR_MS):
                key = (span, moment - moment % span, function)
                if key not in rows:
                    rows[key] = self._of(cursor, *key)
                yield rows[key]

        for moment, begun in (*self._put_off.items(), (now, began)):
            for (function, waited), n in begun.items():
                for tally in tallies(function, moment):
                    tally.begin(waited, n)
        for (function, state, ran), n in ended.items():
            for tally in tallies(function, now):
                tally.end(state, ran, n)
        for (function, minute, before, to), n in left.items():
            for tally in tallies(function, minute):
                tally.leave(n, before, to)
        for n, values in batches([(*key, *tally.values()) for key, tally in rows.items()]):
            cursor.execute(put_rows(pace, n), values)

    def written(self) -> None:
        """Record that the starts put off are on disk."""
        self._put_off.clear()

    def _of(self, cursor: Cursor, span: int, at: int, function: int) -> Tally:
        known = self._under_way.get((span, function))
        if known is not None and known[0] == at:
            return known[1]
        row = cursor.execute(PACE_OF, (span, at, function)).fetchone()
        tally = Tally() if row is None else Tally.read(row)
        self._under_way[span, function] = (at, tally)
        return tally


class GroupMeasures(Part):
    """The attempts that began and ended in one group, by the number of their function.

    ``waited`` also has how long the task was ready, ms. ``ran`` also has the outcome and how long
    the attempt ran, ms.
    """

    def __init__(self) -> None:
        self.waited: Began = _new_counts()
        self.ran: defaultdict[tuple[int, OutcomeWord, int], int] = _new_counts()
        self._ended: EndedCounts = _new_counts()
        self._left: Left = _new_counts()
        self._pace = Pace()
        self._now = 0
        self.collected = (self.waited, self.ran, self._ended, self._left)

    def load(self, source: Source) -> None:
        """Drop counts that were not written."""
        self._pace.forget()

    def begin(self, group: Group) -> None:
        """Count from zero."""
        super().begin(group)
        self._now = group.now

    def move(self, record: TaskRecord, to: State) -> None:
        """Count the start of an attempt, or its end by its task's new state.

        An ended task that changes state again no longer counts under its old state.
        """
        if to is State.RUNNING:
            ready_at = record.created_at if record.ready_at is None else record.ready_at
            self.waited[record.function, max(0, self._now - ready_at)] += 1
        if record.state == State.RUNNING:
            began = record.started_at
            ran = None if began is None else max(0, self._now - began)
            self._ended[record.function, to, ran] += 1
        elif record.state in _COUNTED:
            minute = record.finished_at - record.finished_at % MINUTE_MS
            self._left[record.function, minute, record.state, to] += 1

    def finished(self, functions: Mapping[int, FunctionRecord]) -> Mapping[str, int]:
        """Return how many tasks of each queue have ended."""
        finished: defaultdict[str, int] = defaultdict(int)
        for (number, state, _), n in self._ended.items():
            if state not in OPEN:
                finished[functions[number].queue] += n
        return finished

    def run(self, record: TaskRecord, outcome: OutcomeWord) -> None:
        """Count an ended attempt with its duration."""
        ran = max(0, self._now - (record.started_at or self._now))
        self.ran[record.function, outcome, ran] += 1

    def write(self, cursor: Cursor) -> None:
        """Write the counts if an attempt has ended; starts alone are put off."""
        if self._is_written:
            self._pace.write(cursor, self.waited, self._ended, self._left, self._now)

    @property
    def _is_written(self) -> bool:
        return bool(self._ended or self._left)

    def commit(self, group: Group) -> None:
        """Follow the COMMIT: put starts off for a later group; a crash before that loses them."""
        if self._is_written:
            self._pace.written()
        elif self.waited:
            self._pace.put_off(self.waited, self._now)


def drop_old(cursor: Cursor, now: int) -> None:
    """Delete the figures of minutes and hours that are too old to be shown."""
    for span, retained in RETAINED.items():
        cursor.execute(DELETE_PACE, (span, now - retained))
