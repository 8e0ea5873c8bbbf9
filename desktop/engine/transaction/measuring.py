"""Counting, in a group, what began and ended and how long it took: for rates and the overview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from desktop.contract.states import OPEN, TROUBLED, State
from desktop.contract.tasks import OutcomeWord
from desktop.engine.clock import DAY_MS
from desktop.engine.store.tables.compiled import batches
from desktop.engine.store.tables.cursor import Cursor
from desktop.engine.store.tables.pace import DELETE_PACE, HOUR, MINUTE, PACE_OF, Tally, put_pace
from desktop.engine.store.tables.records import FunctionRecord, TaskRecord

MOST: Final = 100_000
"""Queued tasks of which it is remembered since when they are ready; of more it is not known."""


class QueuedSince:
    """Since when queued tasks are ready, epoch ms, where that is not when they were accepted.

    No row tells that. Of tasks from before the engine's start nothing is known.
    """

    def __init__(self) -> None:
        self._since: dict[int, int] = {}
        self._accepted_from = 0  # later tasks that are not named were ready when they came

    def forget(self, last_task: int) -> None:
        """Know nothing of the tasks there are, up to the last."""
        self._since.clear()
        self._accepted_from = last_task + 1

    def put(self, task_id: int, since: int, last_task: int) -> None:
        """Note that a task is ready."""
        if len(self._since) < MOST:
            self._since[task_id] = since
        else:
            self._accepted_from = last_task + 1

    def take(self, task_id: int, created_at: int) -> int | None:
        """Tell since when a task that is no longer queued was ready, if that is known."""
        since = self._since.pop(task_id, None)
        if since is None and task_id >= self._accepted_from:
            return created_at
        return since


def _none_yet() -> defaultdict[Any, int]:
    return defaultdict(int)  # a ``Counter`` takes ten times as long to make


_COUNTED: Final = frozenset({*TROUBLED, State.SUCCEEDED})
"""How a task ends that the overview counts."""
KEPT: Final = {MINUTE: 3 * HOUR, HOUR: 8 * DAY_MS}
"""How long minutes and hours are kept, ms."""


Began = defaultdict[tuple[int, int | None], int]
"""Attempts that began, by function and how long their tasks were ready, ms, where it is known."""
Ended = defaultdict[tuple[int, str, int | None], int]
"""Attempts that are over, by function, what became of their tasks, and how long they ran, ms."""
Left = defaultdict[tuple[int, int, str, str], int]
"""Tasks that had ended and have not any more, or were done after all: by function, the minute when
they ended, how, and what they are now."""


class Pace:
    """The minute and hour under way, as they are in the store; a part of ``Memory``."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[int, int], tuple[int, Tally]] = {}
        self._put_off: dict[int, Began] = {}  # by minute, epoch ms

    def load(self) -> None:
        """Forget what a group has counted that was not written."""
        self._under_way.clear()

    def put_off(self, began: Began, now: int) -> None:
        """Keep what only began: it is written with the next attempt that ends."""
        minute = self._put_off.setdefault(now - now % MINUTE, _none_yet())
        for key, n in began.items():
            minute[key] += n

    def write(self, cursor: Cursor, began: Began, ended: Ended, left: Left, now: int) -> None:
        """Write what a group has counted, and what was put off."""
        rows: dict[tuple[int, int, int], Tally] = {}

        def tallies(function: int, moment: int) -> Iterator[Tally]:
            for span in (MINUTE, HOUR):
                key = (span, moment - moment % span, function)
                if key not in rows:
                    rows[key] = self._of(cursor, *key)
                yield rows[key]

        for moment, begun in (*self._put_off.items(), (now, began)):
            for (function, waited), n in begun.items():
                if waited is not None:
                    for tally in tallies(function, moment):
                        tally.begin(waited, n)
        for (function, state, ran), n in ended.items():
            for tally in tallies(function, now):
                tally.end(state, ran, n)
        for (function, minute, before, to), n in left.items():
            for tally in tallies(function, minute):
                tally.leave(n, before, to)
        for n, values in batches([(*key, *tally.values()) for key, tally in rows.items()]):
            cursor.execute(put_pace(n), values)

    def written(self) -> None:
        """Note that what was put off is on disk."""
        self._put_off.clear()

    def _of(self, cursor: Cursor, span: int, at: int, function: int) -> Tally:
        known = self._under_way.get((span, function))
        if known is not None and known[0] == at:
            return known[1]
        row = cursor.execute(PACE_OF, (span, at, function)).fetchone()
        tally = Tally() if row is None else Tally.read(row)
        self._under_way[span, function] = (at, tally)
        return tally


class Measured:
    """How many attempts one group has seen begin and end, by the number of their function.

    Those that began are told by how long their task was ready, ms, ``None`` where that is not
    known; those that ended by their outcome and how long they ran, ms.
    """

    def __init__(self, pace: Pace, now: int) -> None:
        self.waited: Began = _none_yet()
        self.ran: defaultdict[tuple[int, OutcomeWord, int], int] = _none_yet()
        self._ended: Ended = _none_yet()
        self._left: Left = _none_yet()
        self._pace = pace
        self._now = now

    def move(self, record: TaskRecord, to: State) -> None:
        """Count an attempt that is over, by what becomes of its task.

        A task that is tried again after it had ended, or was done after all, counts as what it was
        no more.
        """
        if record.state == State.RUNNING:
            began = record.started_at
            ran = None if began is None else max(0, self._now - began)
            self._ended[record.function, to, ran] += 1
        elif record.state in _COUNTED:
            minute = record.finished_at - record.finished_at % MINUTE
            self._left[record.function, minute, record.state, to] += 1

    def finished(self, functions: Mapping[int, FunctionRecord]) -> Mapping[str, int]:
        """Tell how many tasks of each queue came to their end."""
        finished: defaultdict[str, int] = defaultdict(int)
        for (number, state, _), n in self._ended.items():
            if state not in OPEN:
                finished[functions[number].queue] += n
        return finished

    def run(self, record: TaskRecord, outcome: OutcomeWord) -> None:
        """Count how long an attempt ran that has ended so."""
        ran = max(0, self._now - (record.started_at or self._now))
        self.ran[record.function, outcome, ran] += 1

    def write(self, cursor: Cursor) -> None:
        """Write what was counted, where an attempt has ended: a start does not wait for this."""
        if self._is_written:
            self._pace.write(cursor, self.waited, self._ended, self._left, self._now)

    @property
    def _is_written(self) -> bool:
        return bool(self._ended or self._left)

    def committed(self) -> None:
        """Follow the COMMIT: what only began is written later; a crash before that loses it."""
        if self._is_written:
            self._pace.written()
        elif self.waited:
            self._pace.put_off(self.waited, self._now)


def drop_old(cursor: Cursor, now: int) -> None:
    """Forget minutes and hours that are too old to be shown."""
    for span, kept in KEPT.items():
        cursor.execute(DELETE_PACE, (span, now - kept))
