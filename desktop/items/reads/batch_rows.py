"""Pages of a batch's rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from desktop.contract.batches import BatchItem, BatchRow, RowCheck, RowOutcome, RowPage
from desktop.contract.rules.corrections import changes_by, corrections_in
from desktop.contract.states import OPEN, State
from desktop.engine.errors import UnknownId
from desktop.engine.store.reads.query import KeysetPlace, read_cursor, write_cursor
from desktop.engine.store.tables.cursor import Source
from desktop.items.reads.batches import check_limit, read_record, time_of
from desktop.items.tables.batch_records import BatchRecord, RowRecord, item_of
from desktop.items.tables.batch_statements import NOT_INFORMED

ROW_WIDTH: Final = len(RowRecord._fields)
STATE_OF: Final = {
    RowOutcome.SENT: State.SUCCEEDED,
    RowOutcome.KEPT: State.SUCCEEDED,
    RowOutcome.FAILED: State.FAILED,
    RowOutcome.UNCERTAIN: State.UNCERTAIN,
    RowOutcome.CANCELLED: State.CANCELLED,
}
"""Maps the outcome of a row to the state of its newest task."""
TOLD_ROWS: Final = """
SELECT r.*, t.state, t.error, t.recipient FROM ({}) AS page
CROSS JOIN batch_rows AS r ON r.batch_id = ? AND r.row = page.row
LEFT JOIN tasks AS t ON t.id = r.task_id ORDER BY r.row LIMIT ?
"""
"""Whole rows for a subquery of row numbers, with their newest task's state, error, recipient."""
_READ_ALIKE: Final = """
SELECT batch_id, row, item, corrections, origin, identity, content FROM batch_rows
WHERE batch_id IN (SELECT value FROM json_each(?)) AND {} IN (SELECT atom FROM json_each(?)){}
"""
READ_ALIKE: Final = "UNION".join(
    _READ_ALIKE.format(*each)
    for each in (("origin", ""), ("identity", ""), ("content", " AND checked = 'problem'"))
)
"""Rows of given batches with the same source values as other rows, corrected or not."""
_ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Selects rows by check, by outcome, and by the state of their newest task; ``()``: any."""

    checks: Sequence[RowCheck] = ()
    outcomes: Sequence[RowOutcome] = ()
    states: Sequence[State] = ()


def read_rows(
    connection: Source,
    number: int,
    wanted: RowFilter,
    after: str | None = None,
    limit: int = 100,
) -> RowPage:
    """Return a page of a batch's rows, in order; raise ``UnknownId``, ``BadQuery``."""
    check_limit(limit)
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
    page = [_row(batch, each) for each in found[:limit]]
    _add_trouble(connection, page)
    more = len(found) > limit
    last = page[-1]["row"] if page else 0
    return RowPage(rows=page, next=write_cursor(_ROWS, KeysetPlace(last, last)) if more else None)


def read_row(connection: Source, number: int, row: int) -> BatchRow:
    """Return one row; raise ``UnknownId``."""
    batch = read_record(connection, number)
    one = "SELECT CAST(? AS INTEGER) AS row"
    found = connection.execute(TOLD_ROWS.format(one), (row, number, 1)).fetchone()
    if found is None:
        raise UnknownId("row", row)
    told = _row(batch, found)
    _add_trouble(connection, [told])
    return told


_FROM: Final = "SELECT r.row FROM batch_rows AS r"
_Walk = tuple[str, tuple[Any, ...], int]
"""A query for ordered row numbers, its parameters, and the row after which it begins."""


def _walks(batch: BatchRecord, wanted: RowFilter, beyond: int) -> Iterator[_Walk]:
    """Choose the indexes to read from; rows that were not fed have no stored outcome."""
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
        for check in _unfed_checks(batch, outcome):
            where = f" WHERE r.batch_id = ? AND r.checked = ? AND r.outcome IS NULL{checks}"
            yield f"{_FROM}{where}", (batch.id, check, *also), unfed


def _terms(wanted: RowFilter) -> Iterator[tuple[RowOutcome, tuple[State, ...]]]:
    """Yield the outcomes wanted, with the task states to which open rows are narrowed."""
    allowed = wanted.outcomes or list(RowOutcome)
    is_open = tuple(state for state in wanted.states if state in OPEN)
    for outcome in allowed:
        if not wanted.states:
            yield outcome, ()
        elif outcome is RowOutcome.OPEN and is_open:
            yield outcome, is_open
        elif STATE_OF.get(outcome) in wanted.states:
            yield outcome, ()


def _unfed_checks(batch: BatchRecord, outcome: RowOutcome) -> list[RowCheck]:
    """Return the checks that mean this outcome for rows that are not yet items."""
    return [each for each in RowCheck if _outcome_of_unfed(batch, each) is outcome]


def _outcome_of_unfed(batch: BatchRecord, check: str) -> RowOutcome:
    if check not in batch.sends.split():
        return RowOutcome.LEFT_OUT
    return RowOutcome.OPEN if batch.stopped_at is None else RowOutcome.CANCELLED


def _row(batch: BatchRecord, found: Sequence[Any]) -> BatchRow:
    row = RowRecord(*found[:ROW_WIDTH])
    task_state, error, to = found[ROW_WIDTH:]
    item = cast("BatchItem", item_of(row))
    is_checked = row.revision == batch.revision or not batch.is_draft
    outcome = row.outcome
    if outcome is None and batch.started_at is not None:
        outcome = _outcome_of_unfed(batch, row.checked)
    ended = None if outcome is None else STATE_OF.get(RowOutcome(outcome))
    is_sent = outcome == RowOutcome.SENT
    may_have_left = is_sent or outcome in {RowOutcome.KEPT, RowOutcome.OPEN}  # in an earlier task
    return BatchRow(
        row=row.row,
        item=item,
        check=row.checked if is_checked else None,
        problem=row.problem if is_checked else None,
        data=json.loads(row.data) if row.data and is_checked else {},
        message="",
        path=row.path if is_checked else None,
        corrections=changes_by(item, corrections_in(row.corrections)) if row.corrections else [],
        item_id=row.item_id,
        task_id=row.task_id,
        outcome=outcome,
        state=task_state or ended,
        sent_at=time_of(row.ended_at) if may_have_left else None,
        answer=row.answer or (None if is_sent else error),
        message_id=row.message_id or None,
        to=to or (row.recipient if row.task_id is not None else None),
    )


def _add_trouble(connection: Source, rows: list[BatchRow]) -> None:
    """Add to each row that was left out the current trouble with its item's message."""
    about = [each["data"] for each in rows if each["task_id"] is None and "item_id" in each["data"]]
    if about:
        numbers = json.dumps([data["item_id"] for data in about])
        found = connection.execute(NOT_INFORMED, (numbers,)).fetchall()
        tasks = {item: (unsettled, failed) for item, unsettled, failed in found}
        for data in about:
            unsettled, failed = tasks.get(data["item_id"], (None, None))
            if unsettled is not None:
                data["unsettled"] = unsettled
            elif failed is not None:
                data["failed"] = failed


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
