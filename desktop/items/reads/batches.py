"""Batches, and the rows that are still to be processed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, cast

from desktop.contract.batches import Batch, BatchCounts, BatchLeaves, BatchPage, BatchState
from desktop.contract.reasons import ReasonData
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.times import wire_time
from desktop.contract.tasks import PAGE_LIMIT
from desktop.engine.errors import UnknownId
from desktop.engine.reason_data import Because
from desktop.engine.store.reads.query import BadQuery, KeysetPlace, read_cursor, write_cursor
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schema import COUNTED
from desktop.items.reads.batch_causes import TO_RETRY, read_batch_causes
from desktop.items.tables.batch_records import (
    DELETING,
    PLAIN,
    UNDOING,
    BatchRecord,
    RowRecord,
    columns_of,
    reading_of,
)
from desktop.items.tables.batch_statements import (
    BATCH,
    CONTINUED_BY,
    HIGHEST_NUMBER,
    PAGE_OF_BATCHES,
    UNCHECKED_DRAFTS,
    UNCHECKED_ROWS,
    UNSENT_BY_TEMPLATE,
)


class LeavingTimes(NamedTuple):
    """When the next and the last message of a batch leave, epoch ms, or why none leaves.

    ``None`` means an unknown time. ``put_off`` and ``limited_by`` are as in ``BatchLeaves``.
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


class _PageOfBatches:
    """The batches of one page; what other tables say about them is read once for all."""

    def __init__(self, connection: Source, records: Sequence[BatchRecord]) -> None:
        started = [record.id for record in records if record.started_at is not None]
        self._causes = read_batch_causes(connection, started)
        failed = json.dumps([record.id for record in records if record.failed])
        self._to_retry: dict[int, int] = dict(connection.execute(TO_RETRY, (failed,)).fetchall())
        numbers = json.dumps([record.id for record in records])
        drafts = connection.execute(CONTINUED_BY, (numbers,))
        self._drafts: dict[int, int] = dict(drafts.fetchall())

    def batch(self, record: BatchRecord, times: LeavingTimes) -> Batch:
        """Convert a batch's record to the form in which it is sent."""
        kept: dict[str, Any] = {name: getattr(record, name) for name in COUNTED}
        judged = record.ready + record.problems + record.same + record.changed + record.twice
        unchecked = record.rows - judged if record.started_at is None else 0
        following, last, because, put_off, limited_by = times
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
            marked=record.marked,
            to_retry=min(self._to_retry.get(record.id, 0), record.failed),
            counts=cast("BatchCounts", {**kept, "unchecked": unchecked}),
            leaves=BatchLeaves(
                next_at=time_of(following),
                last_at=time_of(last),
                reason=None if because is None else because.reason.value,
                reason_data={} if because is None else because.data,
                put_off=put_off,
                limited_by=limited_by,
            ),
            causes=self._causes.get(record.id, []),
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
