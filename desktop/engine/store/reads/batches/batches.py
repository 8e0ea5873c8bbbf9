"""Batches, and the rows that are still to be processed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

from desktop.contract.batches import (
    Batch,
    BatchCounts,
    BatchPage,
    BatchState,
    LaterRows,
)
from desktop.contract.reasons import ReasonData
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.times import wire_time
from desktop.contract.tasks import PAGE_LIMIT
from desktop.engine.errors import UnknownId
from desktop.engine.reason_data import Because
from desktop.engine.store.reads.batches.left_out import read_cancelled, read_left_out_later
from desktop.engine.store.reads.causes import read_batch_causes, read_seen_rows
from desktop.engine.store.reads.page_cursors import KeysetPlace, read_cursor, write_cursor
from desktop.engine.store.reads.query import BadQuery
from desktop.engine.store.reads.same_message import (
    AGAIN_FAILED,
    LOOKED_THROUGH_FOR_PAGE,
    OVERTAKEN,
    SENT_ONCE_MORE,
    read_failed_before,
    read_sent_later,
    read_since_failed,
)
from desktop.engine.store.tables.batch_statements import (
    BATCH,
    CONTINUED_BY,
    HIGHEST_NUMBER,
    OPEN_WITH_TASK,
    PAGE_OF_BATCHES,
    UNCHECKED_DRAFTS,
    UNCHECKED_ROWS,
    UNSENT_BY_TEMPLATE,
)
from desktop.engine.store.tables.batches import (
    COUNTED,
    DELETING,
    PLAIN,
    UNDOING,
    BatchRecord,
    RowRecord,
    columns_of,
    reading_of,
)
from desktop.engine.store.tables.cursor import Source

LOOKED_THROUGH: Final = 10_000
"""Most rows read to find those that wait in vain; no task starts during this read."""
OLDER_ROWS: Final = """
SELECT count(*) FROM (
    SELECT revision, data FROM batch_rows WHERE batch_id = ? AND checked = 'changed' LIMIT ?
) AS first WHERE revision = ? AND instr(data, '"newer": "') > 0
"""
"""Counts a draft's changed rows that would replace newer values."""


class LeavingTimes(NamedTuple):
    """When the next and the last message of a batch leave, epoch ms, or why none leaves.

    ``None`` means an unknown time. ``put_off`` and ``limited_by`` are as in a ``Batch``.
    """

    following: int | None = None
    last: int | None = None
    because: Because | None = None
    put_off: ReasonData | None = None
    limited_by: ReasonData | None = None


Leaves = Callable[[BatchRecord], LeavingTimes]
"""A function that returns the leaving times of a batch."""

_BATCHES: Final = "batches"


def read_record(connection: Source, number: int) -> BatchRecord:
    """Return a batch as it is stored; raise ``UnknownId``."""
    row = connection.execute(BATCH, (number,)).fetchone()
    if row is None or row[3] == DELETING:
        raise UnknownId("batch", number)
    return BatchRecord(*row)


def read_batches(connection: Source, after: str | None, limit: int, leaves: Leaves) -> BatchPage:
    """Return a page of batches, newest first; raise ``BadQuery``."""
    check_limit(limit)
    below = (1 << 62) if after is None else read_cursor(_BATCHES, after).id
    found = connection.execute(PAGE_OF_BATCHES, (below, limit + 1)).fetchall()
    page = [BatchRecord(*row) for row in found[:limit]]
    told = batches_of(page, leaves, connection)
    more = len(found) > limit
    place = write_cursor(_BATCHES, KeysetPlace(page[-1].id, page[-1].id)) if more else None
    return BatchPage(batches=told, next=place)


def batch_of(record: BatchRecord, leaves: Leaves, connection: Source) -> Batch:
    """Convert a batch's record to the form in which it is sent."""
    (batch,) = batches_of([record], leaves, connection)
    return batch


def batches_of(records: Sequence[BatchRecord], leaves: Leaves, connection: Source) -> list[Batch]:
    """Convert the records of batches to the form in which they are sent."""
    page = _PageOfBatches(connection, records)
    return [page.batch(record, leaves(record)) for record in records]


def _count_older(
    connection: Source, records: Iterable[BatchRecord]
) -> defaultdict[int, tuple[int, bool]]:
    """Count the rows of drafts that would replace newer values, and whether the count is exact."""
    found = defaultdict[int, tuple[int, bool]](lambda: (0, True))
    room = LOOKED_THROUGH_FOR_PAGE
    for draft in records:
        if draft.started_at is None and draft.changed:
            given = (draft.id, room, draft.revision)
            (count,) = connection.execute(OLDER_ROWS, given).fetchone()
            found[draft.id] = (count, draft.changed <= room)
            room -= min(draft.changed, room)
    return found


def _later_rows(record: BatchRecord) -> LaterRows | None:
    if record.later is None:
        return None
    counts = {int(number): count for number, count in json.loads(record.later).items()}
    return LaterRows(count=sum(counts.values()), first=min(counts), last=max(counts))


def _overtaken(connection: Source, record: BatchRecord) -> LaterRows | None:
    """Return the waiting rows of a batch that a batch started later contains."""
    if record.state not in {BatchState.RUNNING, BatchState.PAUSED} or record.stopped_at is not None:
        return None
    others = [number for (number,) in connection.execute(SENT_ONCE_MORE, (record.id,))]
    if not others:
        return None
    given = (json.dumps(others), record.id, record.fed_to, record.sends, LOOKED_THROUGH)
    count, first, last = connection.execute(OVERTAKEN, given).fetchone()
    return LaterRows(count=count, first=first, last=last) if count else None


def count_overtaken(connection: Source, record: BatchRecord) -> int:
    """Count the waiting rows of a batch that a batch started later contains."""
    overtaken = _overtaken(connection, record)
    return 0 if overtaken is None else overtaken["count"]


def _count_to_come(connection: Source, record: BatchRecord) -> int:
    if not record.open or record.stopped_at is not None:
        return 0
    (tasks,) = connection.execute(OPEN_WITH_TASK, (record.id,)).fetchone()
    return max(0, record.open - int(tasks))


class _PageOfBatches:
    """The batches of one page; what other tables say about them is read once for all."""

    def __init__(self, connection: Source, records: Sequence[BatchRecord]) -> None:
        self._connection = connection
        started = [record.id for record in records if record.started_at is not None]
        self._causes, self._seen_causes = read_batch_causes(connection, started)
        looked_for = (json.dumps(started), LOOKED_THROUGH_FOR_PAGE)
        again = connection.execute(AGAIN_FAILED, looked_for)
        self._again_failed: dict[int, int] = dict(again.fetchall())
        failed = [each.id for each in records if each.failed]
        self._sent_since, self._removed = read_since_failed(connection, failed)
        self._seen_rows = read_seen_rows(connection, failed)
        self._sent_later = read_sent_later(connection, records)
        self._left_out_later = read_left_out_later(connection, records)
        self._cancelled = read_cancelled(connection, records)
        self._older = _count_older(connection, records)
        self._failed_before, self._sees_all_failed = read_failed_before(connection, records)
        numbers = json.dumps([record.id for record in records])
        drafts = connection.execute(CONTINUED_BY, (numbers,))
        self._drafts: dict[int, int] = dict(drafts.fetchall())

    def batch(self, record: BatchRecord, times: LeavingTimes) -> Batch:
        """Convert a batch's record to the form in which it is sent."""
        kept: dict[str, Any] = {name: getattr(record, name) for name in COUNTED}
        judged = record.ready + record.problems + record.same + record.changed + record.twice
        unchecked = record.rows - judged if record.started_at is None else 0
        following, last, because, put_off, limited_by = times
        left_out_later, left_out_again = self._left_out_later.get(record.id, (None, 0))
        cancelled_tasks, cancelled_before = self._cancelled.get(record.id, (0, 0))
        older, older_is_exact = self._older[record.id]
        return Batch(
            batch_id=record.id,
            rev=record.rev,
            name=record.name,
            created_at=wire_time(record.created_at),
            changed_at=wire_time(record.changed_at),
            started_at=time_of(record.started_at),
            finished_at=time_of(record.finished_at),
            state=BatchState.DRAFT if record.state == UNDOING else record.state,
            key=json.loads(record.key),
            template=record.template,
            tasks=json.loads(record.tasks),
            rate=record.rate,
            run_at=time_of(record.run_at),
            columns=columns_of(record),
            reading=reading_of(record),
            sheet=record.sheet,
            continues=record.continues,
            continued_by=self._drafts.get(record.id),
            corrected=record.corrected,
            unused=record.unused,
            older=older,
            older_is_exact=older_is_exact,
            failed_before=self._failed_before[record.id],
            failed_before_is_exact=self._sees_all_failed or not record.same,
            later=_later_rows(record),
            overtaken=_overtaken(self._connection, record),
            sent_later=self._sent_later.get(record.id),
            left_out_later=left_out_later,
            left_out_again=left_out_again,
            cancelled_tasks=cancelled_tasks,
            cancelled_before=cancelled_before,
            to_come=_count_to_come(self._connection, record),
            marked=record.marked,
            sent_since=self._sent_since[record.id],
            removed=self._removed[record.id],
            failed_seen=self._seen_rows[record.id],
            again_failed=self._again_failed.get(record.id, 0),
            counts=cast("BatchCounts", {**kept, "unchecked": unchecked}),
            next_leaves_at=time_of(following),
            last_leaves_at=time_of(last),
            reason=None if because is None else because.reason.value,
            reason_data={} if because is None else because.data,
            put_off=put_off,
            limited_by=limited_by,
            causes=self._causes.get(record.id, []),
            seen_causes=self._seen_causes.get(record.id, []),
        )


def read_unchecked(
    connection: Source, number: int, limit: int, beyond: int
) -> tuple[int, list[RowRecord]]:
    """Return a draft's revision, and rows after ``beyond`` that are not checked for it."""
    batch = read_record(connection, number)
    found = connection.execute(UNCHECKED_ROWS, (number, beyond, batch.revision, limit))
    return batch.revision, [RowRecord(*row) for row in found]


def read_unsent(connection: Source, name: str, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Return unsent rows of started batches that use a template, with their batch."""
    found = connection.execute(UNSENT_BY_TEMPLATE, (DEFAULT, name, limit))
    read = [(number, json.loads(item)) for number, item in found]
    return [(number, {k: v for k, v in item.items() if k != PLAIN}) for number, item in read]


def read_unchecked_drafts(connection: Source) -> list[int]:
    """Return the numbers of drafts with rows to check."""
    return [number for (number,) in connection.execute(UNCHECKED_DRAFTS)]


def read_highest_number(connection: Source, batch_id: int) -> int:
    """Return the highest item number that a draft's rows would add; 0 if there is none."""
    (number,) = connection.execute(HIGHEST_NUMBER, (batch_id,)).fetchone()
    return number or 0


def time_of(ms: int | None) -> str | None:
    """Convert a time, epoch ms, to the wire's format; ``None`` stays."""
    return None if ms is None else wire_time(ms)


def check_limit(limit: int) -> None:
    """Raise ``BadQuery`` for a page that is too long or too short."""
    if not 1 <= limit <= PAGE_LIMIT:
        raise BadQuery("limit", f"A page has 1 to {PAGE_LIMIT} rows.")
