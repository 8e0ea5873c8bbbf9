"""Handing in: turns one row into an item with its tasks, or into a correction of its item."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from desktop.contract.batches import CheckData, RowCheck, RowOutcome
from desktop.contract.items import task_title
from desktop.contract.rules.templates import DEFAULT, headings_of
from desktop.contract.states import OPEN, State
from desktop.engine.errors import InTheWay, UnknownId
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.statements import TASKS_OF_ITEM
from desktop.engine.submission import NewTask, TaskOptions
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit import PreparedTask
from desktop.items.accepting import accept_items, prepare_items
from desktop.items.batches.counting import as_told_by, move, newest_but, recount, turn
from desktop.items.batches.identity import template_of
from desktop.items.batches.limits import hold_in_batch
from desktop.items.batches.rows import (
    COUNT_OF,
    leaving_body,
    number_of,
    read_batch,
    read_rows,
    recipient_of,
    row_of,
    tasks_of,
    write_results,
)
from desktop.items.batches.under_way import BatchesUnderWay
from desktop.items.correcting import correct, prepare_correction
from desktop.items.current_items import current_item
from desktop.items.submission import ItemCorrection, ItemSubmission, NewItemRow
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import BatchRecord, RowRecord, columns_of

TAKEN_OVER: Final = RowOutcome.CANCELLED
"""The outcome of a waiting row that a later batch sends; its check is *twice* and names that."""


class ItemBusy(Exception):
    """The row's item has a task that runs or is uncertain."""


def hand_in(
    group: Group, batch: BatchRecord, row: RowRecord, item_id: int | None
) -> tuple[RowRecord, int]:
    """Make the row's item, or correct item ``item_id`` and send it again.

    Returns the updated row, and how many tasks are new. Raises ``ItemBusy`` if the correction has
    to wait, ``Conflict`` if the number belongs to another item.
    """
    if item_id is not None:
        try:
            return _correct(group, batch, row, item_id)
        except UnknownId:  # the item was deleted in the meantime
            pass
    prepared = prepare_items(ItemSubmission([_item(batch, row, number_of(row))]), group.registry)
    for item in prepared.items:
        _set_place(item.tasks, row)
    accepted = accept_items(group, prepared)
    (task_ids,) = accepted.task_ids
    (number,) = accepted.item_ids
    if accepted.replayed:  # a person has submitted it in the meantime
        about = json.dumps(CheckData(batch_id=None, item_id=number))
        left = row._replace(checked=RowCheck.SAME, data=about, outcome=RowOutcome.LEFT_OUT)
        return left, 0
    for task_id in set(task_ids) - accepted.joined:
        del group.part(BatchesUnderWay).tasks[task_id]  # its row is updated here
    return _handed_in(group, row, number, task_ids), len(task_ids)


def _item(batch: BatchRecord, row: RowRecord, number: int | None) -> NewItemRow:
    body = _full_body(batch, row)
    options = TaskOptions(
        run_at=_moment(body, "run_at"),
        deadline=_moment(body, "deadline"),
        priority=body.get("priority", 0),
    )
    to = recipient_of(row, body)
    tasks = [
        NewTask(name, to=to, title=task_title(name, body), options=options)
        for name in tasks_of(batch, body)
    ]
    return NewItemRow(number, body, tasks)


def _full_body(batch: BatchRecord, row: RowRecord) -> dict[str, Any]:
    """Return the body of the row's item, with the batch's settings."""
    body = leaving_body(row)
    if batch.template is not None:
        body.setdefault("template", batch.template)
    headings = headings_of(columns_of(batch))
    if headings:
        body.setdefault("headings", headings)
    if "attachments" in body:
        body["batch_id"] = batch.id
    return body


def _moment(body: Mapping[str, Any], name: str) -> float | None:
    text = body.get(name)
    return None if text is None else datetime.fromisoformat(text).timestamp()


def _set_place(tasks: list[PreparedTask], row: RowRecord) -> None:
    for task in tasks:
        task.place = (row.batch_id, row.row)


def _correct(
    group: Group, batch: BatchRecord, row: RowRecord, number: int
) -> tuple[RowRecord, int]:
    """Correct the item; its tasks that have not begun, but no copies, now belong to this row."""
    if _has_another_template(group, batch, number):
        raise ItemBusy
    item = _item(batch, row, number)
    if _is_unsettled(group, number, item.tasks):
        raise ItemBusy  # a person first decides what became of it; until then the item stays
    wanted = ItemCorrection(item, recipient_of(row, item.body), send=True)
    prepared = prepare_correction(wanted, group.registry)
    _set_place(prepared.tasks, row)
    try:
        corrected = correct(group, prepared, may_repeat=True)  # a person chose the row
    except InTheWay as error:
        raise ItemBusy from error
    using = [group.read(task_id) for task_id in corrected.using]
    taken = [record for record in using if not record.is_copy]
    for record in taken:
        _take_over(group, record, row)
    mine = [*(record.id for record in taken), *corrected.added]
    return _handed_in(group, row, number, mine), len(corrected.added)


def _is_unsettled(group: Group, number: int, wanted: Sequence[NewTask]) -> bool:
    """Return whether one of these tasks is uncertain: its message may have left uncorrected."""
    names = {task.task for task in wanted}
    return any(
        task.state == State.UNCERTAIN
        and task.addressee is None
        and group.memory.functions[task.function].name in names
        for task in group.select(TASKS_OF_ITEM, number)
    )


def _has_another_template(group: Group, batch: BatchRecord, number: int) -> bool:
    """Return whether a message with another template is still to leave, which must not change."""
    now = json.loads(current_item(group, number).body)
    if template_of(now) == (batch.template or DEFAULT):
        return False
    return any(task.state in OPEN for task in group.select(TASKS_OF_ITEM, number))


def _take_over(group: Group, record: TaskRecord, row: RowRecord) -> None:
    """Make a task count for this row, and no longer for a row of an earlier batch."""
    if record.batch_id is not None:
        earlier = row_of(group, record)
        if earlier is not None and earlier.outcome == RowOutcome.OPEN:
            _tell(group, earlier, _row_without(group, earlier, record, row))
    group.causes.rebatch(record, row.batch_id)
    group.change(record, batch_id=row.batch_id, batch_row=row.row)
    if record.state == State.QUEUED:
        hold_in_batch(group, record)  # this batch may have less room


def take_over_waiting(group: Group, row: RowRecord) -> None:
    """Cancel the rows of earlier batches that wait to send what this row sends now."""
    given = row.identity, row.batch_id, row.batch_id
    for earlier in read_rows(group, statements.WAITING_BEFORE, *given):
        waiting = earlier._replace(outcome=RowOutcome.OPEN)
        _tell(group, waiting, _taken_over(earlier, row))


def _tell(group: Group, earlier: RowRecord, over: RowRecord) -> None:
    """Write what a row of an earlier batch has become, and count it there."""
    batch = read_batch(group, earlier.batch_id)
    changes: Counter[str] = Counter()
    turn(changes, earlier, over)
    move(changes, COUNT_OF[earlier.checked], COUNT_OF[over.checked])
    recount(batch, changes)
    group.part(BatchesUnderWay).touched.add(batch.id)
    write_results(group, [over])


def _row_without(group: Group, row: RowRecord, taken: TaskRecord, later: RowRecord) -> RowRecord:
    """Return a row whose open task a later row took: cancelled, or as it was before a resend."""
    before = newest_but(group, taken) if taken.resend_of else None
    if before is not None:
        return as_told_by(row, before)
    return _taken_over(row, later)._replace(task_id=None, message_id=None)


def _taken_over(row: RowRecord, later: RowRecord) -> RowRecord:
    about = json.dumps(CheckData(batch_id=later.batch_id, row=later.row))
    return row._replace(checked=RowCheck.TWICE, data=about, outcome=TAKEN_OVER)


def _handed_in(group: Group, row: RowRecord, number: int, task_ids: list[int]) -> RowRecord:
    references = {task_id: _reference(group, task_id) for task_id in task_ids}
    messages = [task_id for task_id, reference in references.items() if reference is not None]
    newest = max(messages or task_ids, default=0)
    return row._replace(
        outcome=RowOutcome.OPEN,
        item_id=number,
        task_id=newest or None,
        ended_at=None,
        answer=None,
        message_id=references.get(newest),
    )


def _reference(group: Group, task_id: int) -> str | None:
    new = group.new_tasks.get(task_id)
    return (new or group.read(task_id)).reference
