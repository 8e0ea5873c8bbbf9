"""Counting: the results of the rows of started batches.

A row's newest task decides; among several kinds of tasks, the newest message. A row whose message
was sent stays sent if sending it again fails: its recipient is informed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Final

from desktop.contract.batches import RowCheck, RowOutcome
from desktop.contract.do_not_send import DO_NOT_SEND
from desktop.contract.office import OfficeReason
from desktop.items.batches.drafting import check_drafts_again
from desktop.items.batches.limits import let_go
from desktop.items.batches.rows import (
    BatchesUnderWay,
    read_batch,
    read_rows,
    state_of,
    write_batch,
    write_results,
)
from desktop.items.do_not_send import mark_of
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import COUNT_OF, BatchRecord, RowRecord
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.functions.arguments import plain
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.words.table import ENGLISH

_ALL: Final = 1 << 62
_OUTCOMES: Final = {
    State.SUCCEEDED: RowOutcome.SENT,
    State.FAILED: RowOutcome.FAILED,
    State.UNCERTAIN: RowOutcome.UNCERTAIN,
    State.CANCELLED: RowOutcome.CANCELLED,
}


def count_batches(group: Group) -> None:
    """Update the rows and the counts of batches from the group's tasks.

    This can be called at any time in a group, and must be called before its COMMIT.
    """
    under_way = group.part(BatchesUnderWay)
    if not (under_way.tasks or under_way.touched):
        return
    moved: defaultdict[int, list[TaskRecord]] = defaultdict(list)
    for record in under_way.tasks.values():
        moved[record.batch_id or 0].append(record)
    under_way.tasks.clear()
    cancelled = 0
    for number in sorted(moved.keys() | under_way.touched):
        try:
            batch = read_batch(group, number)
        except UnknownId:  # undone or deleted, and its tasks will follow
            continue
        cancelled += _count(group, batch, moved[number])
    if cancelled:  # a row that a draft counts as sent may leave now
        check_drafts_again(group)


def outcome_of(record: TaskRecord) -> RowOutcome:
    """Return the outcome of a row whose deciding task this is."""
    if record.reason == Reason.KEPT:
        return RowOutcome.KEPT
    if mark_of(record) == DO_NOT_SEND:
        return RowOutcome.LEFT_OUT
    if record.may_have_arrived:
        return RowOutcome.UNCERTAIN
    return RowOutcome.OPEN if record.state in OPEN else _OUTCOMES[State(record.state)]


def move(changes: Counter[str], before: str, after: str) -> None:
    """Move a row from one count to another."""
    changes[before] -= 1
    changes[after] += 1


def turn(changes: Counter[str], before: RowRecord, after: RowRecord) -> None:
    """Count a row's new outcome, and whether a person's word replaces a server's answer."""
    move(changes, str(before.outcome), str(after.outcome))
    changes["marked"] += _is_marked(after) - _is_marked(before)
    changes["bounced"] += (after.bounced is not None) - (before.bounced is not None)


def recount(batch: BatchRecord, changes: Counter[str]) -> None:
    """Add changes to the counts of a batch."""
    for outcome, n in changes.items():
        setattr(batch, outcome, getattr(batch, outcome) + n)


def _count(group: Group, batch: BatchRecord, records: list[TaskRecord]) -> int:
    """Count the tasks of one batch; return how many more rows are cancelled, at least 0."""
    numbers = json.dumps([record.batch_row for record in records])
    some = read_rows(group, statements.SOME_ROWS, batch.id, numbers) if records else []
    rows = {row.row: row for row in some}
    told: dict[int, RowRecord] = {}
    changes: Counter[str] = Counter()
    for record in records:
        row = rows.get(record.batch_row or 0)
        if row is None or row.outcome is None:
            continue  # the row is being fed
        if _decides(row, record):
            after = as_told_by(row, _decisive(group, record))
        elif _informs(record) and not is_informed(row):  # a newer task decides the open rest
            after = _with_message(row._replace(outcome=_outcome_after_sent(row.outcome)), record)
        else:
            continue
        if after != row:
            turn(changes, row, after)
            move(changes, COUNT_OF[row.checked], COUNT_OF[after.checked])
            rows[row.row] = told[row.row] = after
    write_results(group, told.values())
    recount(batch, Counter({name: n for name, n in changes.items() if n}))
    state = state_of(batch)
    is_touched = batch.id in group.part(BatchesUnderWay).touched
    if batch.started_at is not None and (changes or is_touched):
        if batch.state != state:
            batch.state = state
            batch.finished_at = None if batch.open else group.now
        if not batch.open:
            _release_rest(group, batch)
        write_batch(group, batch)
    return max(0, changes[RowOutcome.CANCELLED])


def _release_rest(group: Group, batch: BatchRecord) -> None:
    """Queue the tasks that a finished batch still holds back: of rows with several tasks.

    A *cancel* that waits has nothing left to do: what a person retries from now on may start.
    """
    batch.paused_at = None
    group.part(PendingRecords).end_cancel(group, batch.id)
    for record in group.select(statements.HELD_OF_BATCH, batch.id, _ALL):
        let_go(group, record)
        group.more = True  # claiming is already over in this group


def _decisive(group: Group, record: TaskRecord) -> TaskRecord:
    """Return the task that decides a row; a resend that was undone does not count."""
    is_undone = record.state == State.CANCELLED and record.resend_of and not record.attempt
    return (newest_but(group, record) if is_undone else None) or record


def newest_but(group: Group, record: TaskRecord) -> TaskRecord | None:
    """Return the newest other message of a task's row, or its newest other task."""
    given = (record.batch_id, record.item_id, record.batch_row, record.id)
    found = list(group.select(statements.TASKS_OF_ROW, *given))
    messages = [each for each in found if each.reference is not None]
    return next(iter(messages or found), None)


def as_told_by(row: RowRecord, record: TaskRecord) -> RowRecord:
    """Return a row updated from its deciding task.

    If its message was sent before, the row keeps that message's time, answer and number.
    """
    outcome = outcome_of(record)
    row = row._replace(task_id=record.id, item_id=record.item_id)
    if outcome is RowOutcome.LEFT_OUT:
        row = row._replace(checked=RowCheck.DO_NOT_SEND, problem=None, data=None)
    if outcome is RowOutcome.SENT or not is_informed(row):
        return _with_message(row._replace(outcome=outcome), record)
    return row._replace(outcome=_outcome_after_sent(outcome))


def is_informed(row: RowRecord) -> bool:
    """Tell whether a message of a row was sent; an open row may keep an earlier answer."""
    was_sent = row.ended_at is not None or row.answer is not None
    is_again = row.outcome == RowOutcome.OPEN and was_sent
    return row.message_id is not None and (row.outcome == RowOutcome.SENT or is_again)


def _outcome_after_sent(outcome: str | None) -> RowOutcome:
    """Return the outcome of a row that was sent before, after another of its tasks changed."""
    return RowOutcome.OPEN if outcome == RowOutcome.OPEN else RowOutcome.SENT


def _decides(row: RowRecord, record: TaskRecord) -> bool:
    """Tell whether a task decides: the newest message, or the newest task without one."""
    if (row.message_id is None) != (record.reference is None):
        return record.reference is not None
    return record.id >= (row.task_id or 0)


def _informs(record: TaskRecord) -> bool:
    return record.reference is not None and outcome_of(record) is RowOutcome.SENT


def _with_message(row: RowRecord, record: TaskRecord) -> RowRecord:
    """Return a row with a task's ending, if it has ended; no time if a person settled it."""
    ended = outcome_of(record) is not RowOutcome.OPEN
    is_settled = record.reason == Reason.SETTLED_BY_PERSON
    return row._replace(
        ended_at=record.finished_at or None if ended and not is_settled else None,
        answer=_answer(record) if ended else None,
        message_id=record.reference,
        bounced=_bounced(record),
    )


def _bounced(record: TaskRecord) -> str | None:
    """Return the words with which a message came back, if it did."""
    if record.reason != OfficeReason.CAME_BACK:
        return None
    return str(json.loads(record.reason_data or "{}").get("said", ""))


def _is_marked(row: RowRecord) -> bool:
    """Tell whether a row is sent because a person said so; it then has no time."""
    return row.outcome == RowOutcome.SENT and row.ended_at is None


def _answer(record: TaskRecord) -> str | None:
    """Return a task's error or returned text, or that a person marked it as done."""
    if record.reason == Reason.SETTLED_BY_PERSON:
        return ENGLISH.say("deed", Deed.DONE)
    if record.error is not None or record.result is None:
        return record.error
    result = plain(record.result)
    return result if isinstance(result, str) else None
