"""Reading batches and pages of their rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from desktop.contract.batches import (
    Batch,
    BatchCounts,
    BatchPage,
    BatchRow,
    BatchState,
    RowCheck,
    RowOutcome,
    RowPage,
)
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.times import wire_time
from desktop.contract.states import OPEN, State
from desktop.contract.tasks import PAGE_LIMIT
from desktop.engine.errors import UnknownId
from desktop.engine.reasons import Because
from desktop.engine.store.reads.causes import read_batch_causes
from desktop.engine.store.reads.query import BadQuery, KeysetPlace, read_cursor, write_cursor
from desktop.engine.store.tables.batch_statements import (
    BATCH,
    HIGHEST_NUMBER,
    PAGE_OF_BATCHES,
    TOLD_ROWS,
    UNCHECKED_DRAFTS,
    UNCHECKED_ROWS,
    UNSENT_BY_TEMPLATE,
    UNSETTLED,
)
from desktop.engine.store.tables.batches import (
    COUNTED,
    DELETING,
    UNDOING,
    BatchRecord,
    RowRecord,
)
from desktop.engine.store.tables.cursor import Source


class LeavingTimes(NamedTuple):
    """When the next message of a batch leaves and when the last does, epoch ms, or why none does.

    ``None`` for a time that cannot be told.
    """

    following: int | None = None
    last: int | None = None
    because: Because | None = None


Leaves = Callable[[BatchRecord], LeavingTimes]
"""Tells it of a batch."""

ROW_WIDTH: Final = len(RowRecord._fields)
STATE_OF: Final = {
    RowOutcome.SENT: State.SUCCEEDED,
    RowOutcome.KEPT: State.SUCCEEDED,
    RowOutcome.FAILED: State.FAILED,
    RowOutcome.UNCERTAIN: State.UNCERTAIN,
    RowOutcome.CANCELLED: State.CANCELLED,
}
"""The state of the newest task of a row with this outcome."""
_BATCHES: Final = "batches"
_ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Rows that were checked so, with such an outcome, whose newest task is in such a state."""

    checks: Sequence[RowCheck] = ()
    outcomes: Sequence[RowOutcome] = ()
    states: Sequence[State] = ()


def read_record(connection: Source, number: int) -> BatchRecord:
    """Read a batch as it is stored; ``UnknownId``."""
    row = connection.execute(BATCH, (number,)).fetchone()
    if row is None or row[3] == DELETING:
        raise UnknownId("batch", number)
    return BatchRecord(*row)


def read_batches(connection: Source, after: str | None, limit: int, leaves: Leaves) -> BatchPage:
    """Read a page of batches, the newest first; ``BadQuery``."""
    _check_limit(limit)
    below = (1 << 62) if after is None else read_cursor(_BATCHES, after).id
    found = connection.execute(PAGE_OF_BATCHES, (below, limit + 1)).fetchall()
    page = [BatchRecord(*row) for row in found[:limit]]
    told = [batch_of(each, leaves, connection) for each in page]
    more = len(found) > limit
    place = write_cursor(_BATCHES, KeysetPlace(page[-1].id, page[-1].id)) if more else None
    return BatchPage(batches=told, next=place)


def batch_of(record: BatchRecord, leaves: Leaves, connection: Source) -> Batch:
    """Turn a batch's row into what is sent."""
    has_causes = record.failed or record.uncertain
    kept: dict[str, Any] = {name: getattr(record, name) for name in COUNTED}
    judged = record.ready + record.problems + record.same + record.changed + record.twice
    unchecked = record.rows - judged if record.started_at is None else 0
    following, last, because = leaves(record)
    return Batch(
        batch_id=record.id,
        rev=record.rev,
        name=record.name,
        created_at=wire_time(record.created_at),
        changed_at=wire_time(record.changed_at),
        started_at=_time(record.started_at),
        finished_at=_time(record.finished_at),
        state=BatchState.DRAFT if record.state == UNDOING else record.state,
        key=json.loads(record.key),
        template=record.template,
        tasks=json.loads(record.tasks),
        rate=record.rate,
        run_at=_time(record.run_at),
        columns=json.loads(record.columns),
        sheet=record.sheet,
        counts=cast("BatchCounts", {**kept, "unchecked": unchecked}),
        next_leaves_at=_time(following),
        last_leaves_at=_time(last),
        reason=None if because is None else because.reason.value,
        reason_data={} if because is None else because.data,
        causes=read_batch_causes(connection, record.id) if has_causes else [],
    )


def read_rows(
    connection: Source,
    number: int,
    wanted: RowFilter,
    after: str | None = None,
    limit: int = 100,
) -> RowPage:
    """Read a page of a batch's rows, by row; ``UnknownId``, ``BadQuery``."""
    _check_limit(limit)
    batch = read_record(connection, number)
    beyond = 0 if after is None else read_cursor(_ROWS, after).id
    parts = [
        (
            f"SELECT row FROM ({walk} AND r.row > ? ORDER BY r.row LIMIT ?) AS w",  # noqa: S608
            (*values, low, limit + 1),
        )
        for walk, values, low in _walks(batch, wanted, beyond)
    ]
    if not parts:
        return RowPage(rows=[], next=None)
    united = " UNION ".join(text for text, _ in parts)
    given = [value for _, values in parts for value in values]
    found = connection.execute(TOLD_ROWS.format(united), (*given, number, limit + 1)).fetchall()
    page = _tell_unsettled(connection, [_row(batch, each) for each in found[:limit]])
    more = len(found) > limit
    last = page[-1]["row"] if page else 0
    return RowPage(rows=page, next=write_cursor(_ROWS, KeysetPlace(last, last)) if more else None)


def read_row(connection: Source, number: int, row: int) -> BatchRow:
    """Read one row; ``UnknownId``."""
    batch = read_record(connection, number)
    one = "SELECT CAST(? AS INTEGER) AS row"
    found = connection.execute(TOLD_ROWS.format(one), (row, number, 1)).fetchone()
    if found is None:
        raise UnknownId("row", row)
    return _tell_unsettled(connection, [_row(batch, found)])[0]


def read_unchecked(connection: Source, number: int, limit: int) -> tuple[int, list[RowRecord]]:
    """Read the revision of a draft and rows that were not checked by it."""
    batch = read_record(connection, number)
    found = connection.execute(UNCHECKED_ROWS, (number, batch.revision, limit))
    return batch.revision, [RowRecord(*row) for row in found]


def read_unsent(
    connection: Source, names: Sequence[str], limit: int
) -> list[tuple[int, dict[str, Any]]]:
    """Read which rows of started batches are still to be sent by a template, with their batch."""
    given = (DEFAULT, json.dumps([*names]), limit)
    found = connection.execute(UNSENT_BY_TEMPLATE, given)
    return [(number, json.loads(item)) for number, item in found]


def read_unchecked_drafts(connection: Source) -> list[int]:
    """Read the numbers of drafts with rows that are to be checked."""
    return [number for (number,) in connection.execute(UNCHECKED_DRAFTS)]


def read_highest_number(connection: Source, batch_id: int) -> int:
    """Read the highest number that rows of a draft bring to new items; 0 where none does."""
    (number,) = connection.execute(HIGHEST_NUMBER, (batch_id,)).fetchone()
    return number or 0


_FROM: Final = "SELECT r.row FROM batch_rows AS r"
_Walk = tuple[str, tuple[Any, ...], int]
"""A query for rows in their order, its values, and the row it begins beyond."""


def _walks(batch: BatchRecord, wanted: RowFilter, beyond: int) -> Iterator[_Walk]:
    """Choose the indexes that rows are read from; what was not fed has no outcome written."""
    checks = f" AND r.checked IN ({_marks(wanted.checks)})" if wanted.checks else ""
    checks += " AND r.revision = ?" if wanted.checks and batch.is_draft else ""
    also = (*wanted.checks, *([batch.revision] if wanted.checks and batch.is_draft else []))
    if not wanted.outcomes and not wanted.states:
        for check in wanted.checks if wanted.checks else [None]:
            one = "" if check is None else " AND r.checked = ?"
            value = () if check is None else (check,)
            yield f"{_FROM} WHERE r.batch_id = ?{one}{checks}", (batch.id, *value, *also), beyond
        return
    unfed = max(beyond, batch.fed_to)
    for outcome, states in _terms(wanted):
        join = f" JOIN tasks AS t ON t.id = r.task_id AND t.state IN ({_marks(states)})"
        where = f"{join if states else ''} WHERE r.batch_id = ? AND r.outcome = ?{checks}"
        yield f"{_FROM}{where}", (*states, batch.id, outcome, *also), beyond
        if states or batch.started_at is None:
            continue
        for check in _unfed(batch, outcome):
            where = f" WHERE r.batch_id = ? AND r.checked = ? AND r.outcome IS NULL{checks}"
            yield f"{_FROM}{where}", (batch.id, check, *also), unfed


def _terms(wanted: RowFilter) -> Iterator[tuple[RowOutcome, tuple[State, ...]]]:
    """List the outcomes meant, with the states that open rows are narrowed to."""
    allowed = wanted.outcomes or list(RowOutcome)
    is_open = tuple(state for state in wanted.states if state in OPEN)
    for outcome in allowed:
        if not wanted.states:
            yield outcome, ()
        elif outcome is RowOutcome.OPEN and is_open:
            yield outcome, is_open
        elif STATE_OF.get(outcome) in wanted.states:
            yield outcome, ()


def _unfed(batch: BatchRecord, outcome: RowOutcome) -> list[RowCheck]:
    """Tell which checks mean this outcome for rows that are no items yet."""
    return [each for each in RowCheck if _outcome_of_unfed(batch, each) is outcome]


def _outcome_of_unfed(batch: BatchRecord, check: str) -> RowOutcome:
    if check not in batch.sends.split():
        return RowOutcome.LEFT_OUT
    return RowOutcome.OPEN if batch.stopped_at is None else RowOutcome.CANCELLED


def _row(batch: BatchRecord, found: Sequence[Any]) -> BatchRow:
    row = RowRecord(*found[:ROW_WIDTH])
    task_state, error, to = found[ROW_WIDTH:]
    is_checked = row.revision == batch.revision or not batch.is_draft
    outcome = row.outcome
    if outcome is None and batch.started_at is not None:
        outcome = _outcome_of_unfed(batch, row.checked)
    ended = None if outcome is None else STATE_OF.get(RowOutcome(outcome))
    has_left = outcome in {RowOutcome.SENT, RowOutcome.KEPT}
    return BatchRow(
        row=row.row,
        item=json.loads(row.item),
        check=row.checked if is_checked else None,
        problem=row.problem if is_checked else None,
        data=json.loads(row.data) if row.data and is_checked else {},
        message="",
        path=row.path if is_checked else None,
        item_id=row.item_id,
        task_id=row.task_id,
        outcome=outcome,
        state=task_state or ended,
        sent_at=_time(row.ended_at) if has_left else None,
        answer=row.answer or error,
        message_id=row.message_id,
        to=to or (row.recipient if row.task_id is not None else None),
    )


def _tell_unsettled(connection: Source, rows: list[BatchRow]) -> list[BatchRow]:
    """Add to each row that did not leave whether its item's message is uncertain up to now."""
    about = [each["data"] for each in rows if each["task_id"] is None and "item_id" in each["data"]]
    if about:
        numbers = json.dumps([data["item_id"] for data in about])
        unsettled: dict[int, int] = dict(connection.execute(UNSETTLED, (numbers,)).fetchall())
        for data in about:
            if data["item_id"] in unsettled:
                data["unsettled"] = unsettled[data["item_id"]]
    return rows


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _time(ms: int | None) -> str | None:
    return None if ms is None else wire_time(ms)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= PAGE_LIMIT:
        raise BadQuery("limit", f"A page has 1 to {PAGE_LIMIT} rows.")
