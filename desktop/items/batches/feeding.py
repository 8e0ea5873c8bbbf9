"""Feeding: turns rows into items, or corrections of items, as fast as they may leave."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from desktop.contract.batches import BatchState, CheckData, RowCheck, RowOutcome, RowProblem
from desktop.contract.do_not_send import SEND_ANYWAY
from desktop.contract.items import task_title
from desktop.contract.rules.hours import FOREVER
from desktop.contract.rules.templates import DEFAULT, headings_of
from desktop.contract.rules.values import add_reading, reading_of_fields
from desktop.items import accepting
from desktop.items.batches.comparing import compare_again, identities_elsewhere
from desktop.items.batches.counting import as_told_by, move, newest_but, recount, turn
from desktop.items.batches.identity import template_of
from desktop.items.batches.limits import batch_room, hold_in_batch, let_go
from desktop.items.batches.rows import (
    BatchesUnderWay,
    body_of,
    is_sent,
    leaving_body,
    number_of,
    read_batch,
    read_rows,
    recipient_of,
    row_of,
    tasks_of,
    write_results,
)
from desktop.items.correcting import correct, current_item, prepare_correction
from desktop.items.do_not_send import count_left_out
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import (
    COUNT_OF,
    BatchRecord,
    RowRecord,
    columns_of,
    editions_of,
    item_of,
    plain_of,
    reading_of,
)
from desktop.items.tables.item_statements import TASKS_OF_ITEM
from sendoff_tasks.errors import BadCall, EngineError, InTheWay, UnknownId
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import NewTask, TaskOptions
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.features import FreeSlots
from sendoff_tasks.transaction.function_rows import function_id
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import CallerPriority
from sendoff_tasks.verbs.submit import PreparedTask

STEP: Final = 25
"""Most rows handed in, and most tasks released, in one group: callers wait a few ms for it."""
BESIDE: Final = 2
"""Rows handed in by one group during hand-overs: as many as the hand-overs it lets continue.

Both compute after the COMMIT. If all free places were filled at once, their attempts would stay in
step and callers would wait behind a crowd: answers took a quarter longer at the same throughput.
"""
REST_MS: Final = 20
"""When the rest follows at the latest; usually another group comes before."""
PASSED: Final = 200
"""Most rows left out, or retried, in one group."""
NEXT_BUSY_MS: Final = 1000
"""The wait before more busy rows are retried, if there are more than ``PASSED``, ms."""


def feed(group: Group, rooms: FreeSlots, callers: CallerPriority) -> None:
    """Queue what may start now of each batch: first the tasks it held back, then its next rows.

    No more is queued than there is room for, so other tasks never wait behind a batch. While
    attempts are past their point of no return, few rows are queued unless callers are away. A group
    that callers wait for then queues none; the next group does, with or without callers. A batch
    that was started for real queues none in practice mode.
    """
    memory = group.memory
    under_way = group.part(BatchesUnderWay)
    if not under_way.records:
        under_way.is_put_off = False
        return
    _follow_hours(group, under_way)
    is_handing_over = any(each.record.passed for each in memory.running.values())
    waits = is_handing_over and callers is CallerPriority.WAITING
    under_way.is_put_off = waits and not under_way.is_put_off
    if under_way.is_put_off:
        group.again_at(group.now + REST_MS)
        return
    places = _Places(group, rooms)
    step = BESIDE if is_handing_over and callers is not CallerPriority.AWAY else STEP
    for batch in list(under_way.records.values()):
        if batch.state == BatchState.RUNNING and not under_way.sending.waits(batch.started_at or 0):
            _Feeding(group, places, batch, step).run()


def _follow_hours(group: Group, under_way: BatchesUnderWay) -> None:
    """Have windows see that the sending hours have begun or ended."""
    opens, ends = under_way.sending.span(group.now)
    is_open = opens <= group.now
    if is_open is not under_way.is_open:
        under_way.is_open = is_open
        under_way.touched |= under_way.records.keys()
    if is_open and ends != FOREVER:
        group.again_at(ends)


class _Places:
    """How many tasks the queues have room for in this group; each function is looked up once."""

    def __init__(self, group: Group, rooms: FreeSlots) -> None:
        self._group = group
        self._claims = rooms
        self._rooms: dict[str, tuple[int, list[int]]] = {}

    def free(self, name: str) -> int:
        """Return how many more tasks of a function may be queued."""
        if name not in self._rooms:
            self._rooms[name] = self._room(name)
        room, alike = self._rooms[name]
        counts = self._group.memory.counts
        return room - sum(counts[number, State.QUEUED] for number in alike)

    def _room(self, name: str) -> tuple[int, list[int]]:
        """Return how many may start now, and the functions that share the queue."""
        group = self._group
        spec = group.registry.get(name)
        if spec is None:
            return 0, []
        function = group.memory.functions[function_id(group, spec)]
        room = self._claims.room(function)
        if room <= 0:
            self._claims.look_again(function)
        return room, [f.id for f in group.memory.functions.values() if f.queue == function.queue]


class _Feeding:
    """The feeding of one batch in one group."""

    def __init__(self, group: Group, places: _Places, batch: BatchRecord, step: int) -> None:
        self._group = group
        self._places = places
        self._batch = batch
        self._step = step  # most rows to hand in
        self._changes: Counter[str] = Counter()
        self._told: list[RowRecord] = []
        self._tasks: list[str] = json.loads(batch.tasks)

    def run(self) -> None:
        """Queue what may start now."""
        group, batch = self._group, self._batch
        room = batch_room(group, batch)
        if room <= 0:
            return
        if batch.rate is not None:
            queued = group.cursor.execute(statements.QUEUED_OF_BATCH, (batch.id,)).fetchone()[0]
            room -= queued
        if group.memory.has_any(State.SCHEDULED):  # the state of tasks that are held back
            room -= self._let_go(room)
        if room > 0 and batch.stopped_at is None:
            self._feed(room - self._try_again(room))
        write_results(group, self._told)
        recount(batch, self._changes)

    def _let_go(self, room: int) -> int:
        """Release tasks that were held back; return how many."""
        gone, most = 0, min(room, STEP)
        while gone < most:
            size = min(self._look_ahead(room - gone), most - gone)
            some = self._group.select(statements.HELD_OF_BATCH, self._batch.id, size)
            for record in some:
                if self._places.free(self._group.memory.functions[record.function].name) <= 0:
                    return gone
                let_go(self._group, record)
                gone += 1
            if len(some) < size:
                return gone
        self._group.more = self._group.more or 0 < gone < room
        return gone

    def _look_ahead(self, room: int) -> int:
        """Return how many of the batch's tasks to look at: one more than find a place."""
        places = max((self._places.free(name) for name in self._tasks), default=0)
        return max(min(room, places), 0) + 1

    def _try_again(self, room: int) -> int:
        """Hand in rows whose item was busy; return how many tasks are new.

        A row that waits for a person does not block the rows after it, however many there are:
        each group continues after the last row tried, and starts again at the end.
        """
        group, batch = self._group, self._batch
        tried = group.part(BatchesUnderWay).busy_tried
        begun = tried.pop(batch.id, 0)
        busy = read_rows(group, statements.BUSY_ROWS, batch.id, begun, PASSED)
        elsewhere, added = identities_elsewhere(group, busy), 0
        for row in busy:
            if added >= room:
                break
            added += self._feed_row(row, elsewhere)
            tried[batch.id] = row.row
        if len(busy) < PASSED and added < room:
            tried.pop(batch.id, None)
        if begun or len(busy) == PASSED:
            group.again_at(group.now + NEXT_BUSY_MS)
        return added

    def _feed(self, room: int) -> None:
        """Hand in the next rows, while there is room and the group is short."""
        group, batch = self._group, self._batch
        sent = passed = 0
        while sent < self._step and passed < PASSED:
            size = min(max(self._look_ahead(room), passed), self._step - sent, PASSED - passed)
            rows = read_rows(group, statements.NEXT_ROWS, batch.id, batch.fed_to, size)
            elsewhere = identities_elsewhere(group, rows)
            for row in rows:
                if row.outcome is not None:  # a later batch took it over
                    passed += 1
                elif is_sent(batch, row.checked):
                    names = tasks_of(batch, body_of(row))
                    if room <= 0 or not self._have_places(names):
                        return
                    room -= self._feed_row(row, elsewhere)
                    sent += 1
                else:
                    self._told.append(row._replace(outcome=RowOutcome.LEFT_OUT))
                    if row.checked == RowCheck.DO_NOT_SEND:
                        entry = json.loads(row.data or "{}").get("entry", {})
                        count_left_out(group, entry.get("entry_id", 0))
                    passed += 1
                batch.fed_to = row.row
                group.part(BatchesUnderWay).touched.add(batch.id)
            if len(rows) < size:
                return
        if sent < STEP and passed < PASSED:
            group.again_at(group.now + REST_MS)
        else:
            group.more = True

    def _have_places(self, names: list[str]) -> bool:
        return all(self._places.free(name) > 0 for name in names)

    def _feed_row(self, row: RowRecord, elsewhere: Collection[str | None]) -> int:
        """Hand one row in; return how many of its tasks are new."""
        after, added = self._hand_in_row(row, elsewhere)
        if after == row:
            return 0  # its item is still busy
        move(self._changes, RowOutcome.OPEN, str(after.outcome))
        move(self._changes, COUNT_OF[row.checked], COUNT_OF[after.checked])
        self._told.append(after)
        self._group.part(BatchesUnderWay).touched.add(self._batch.id)
        return added

    def _hand_in_row(
        self, row: RowRecord, elsewhere: Collection[str | None]
    ) -> tuple[RowRecord, int]:
        """Check again whether the row was sent in the meantime, then make its item.

        This verdict is the row's outcome for good.
        """
        group, batch = self._group, self._batch
        verdict = compare_again(group, batch, row, elsewhere)
        row = verdict.of(row)
        if not is_sent(batch, verdict.check):
            is_taken = verdict.check is RowCheck.TWICE  # a later batch has it
            return row._replace(outcome=TAKEN_OVER if is_taken else RowOutcome.LEFT_OUT), 0
        try:
            told, added = hand_in(group, batch, row, verdict.data.get("item_id"))
        except ItemBusy:
            return row._replace(outcome=RowOutcome.OPEN), 0  # the task's end brings the next group
        except (EngineError, BadCall, ValueError) as error:
            problem = json.dumps({"text": sentence(error)}, ensure_ascii=False)
            left = row._replace(outcome=RowOutcome.LEFT_OUT, checked=RowCheck.PROBLEM)
            return left._replace(problem=RowProblem.BAD_VALUE, data=problem), 0
        if told.identity in elsewhere:
            take_over_waiting(group, told)
        return told, added


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
    prepared = accepting.prepare_items(
        accepting.ItemSubmission([_item(batch, row, number_of(row))]), group.registry
    )
    for item in prepared.items:
        _set_place(group, item.tasks, row)
    accepted = accepting.accept_items(group, prepared)
    (task_ids,) = accepted.task_ids
    (number,) = accepted.item_ids
    if accepted.replayed:  # a person has submitted it in the meantime
        about = json.dumps(CheckData(batch_id=None, item_id=number))
        left = row._replace(checked=RowCheck.SAME, data=about, outcome=RowOutcome.LEFT_OUT)
        return left, 0
    for task_id in set(task_ids) - accepted.joined:
        del group.part(BatchesUnderWay).tasks[task_id]  # its row is updated here
    return _handed_in(group, row, number, task_ids), len(task_ids)


def _item(batch: BatchRecord, row: RowRecord, number: int | None) -> accepting.NewItemRow:
    body = _full_body(batch, row)
    options = TaskOptions(
        run_at=_moment(body, "run_at"),
        deadline=_moment(body, "deadline"),
        priority=body.get("priority", 0),
    )
    to, edition = recipient_of(row, body), editions_of(batch).get(template_of(body))
    tasks = [
        NewTask(name, to=to, title=task_title(name, body), options=options, edition=edition)
        for name in tasks_of(batch, body)
    ]
    return accepting.NewItemRow(number, body, tasks)


def _full_body(batch: BatchRecord, row: RowRecord) -> dict[str, Any]:
    """Return the body of the row's item, with the batch's settings."""
    body = leaving_body(row)
    if batch.template is not None:
        body.setdefault("template", batch.template)
    if is_sent(batch, RowCheck.DO_NOT_SEND):
        body[SEND_ANYWAY] = True
    headings = headings_of(columns_of(batch))
    if headings:
        body.setdefault("headings", headings)
    known = reading_of_fields(columns_of(batch), reading_of(batch))
    add_reading(body, known, plain_of(row), item_of(row))
    if "attachments" in body:
        body["batch_id"] = batch.id
    return body


def _moment(body: Mapping[str, Any], name: str) -> float | None:
    text = body.get(name)
    return None if text is None else datetime.fromisoformat(text.upper()).timestamp()  # as checked


def _set_place(group: Group, tasks: list[PreparedTask], row: RowRecord) -> None:
    for task in tasks:
        task.place = (row.batch_id, row.row)
    accepting.name_message(group, tasks, f"row {row.batch_id} {row.row} {row.item}")


def _correct(
    group: Group, batch: BatchRecord, row: RowRecord, number: int
) -> tuple[RowRecord, int]:
    """Correct the item; its tasks that have not begun, but no copies, now belong to this row."""
    if _has_another_template(group, batch, number):
        raise ItemBusy
    item = _item(batch, row, number)
    if _is_unsettled(group, number, item.tasks):
        raise ItemBusy  # a person first decides what became of it; until then the item stays
    wanted = accepting.ItemCorrection(item, recipient_of(row, item.body), send=True)
    prepared = prepare_correction(wanted, group.registry)
    _set_place(group, prepared.tasks, row)
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
    """Tell whether one of these tasks is uncertain: its message may have left uncorrected."""
    names = {task.task for task in wanted}
    return any(
        task.state == State.UNCERTAIN
        and task.addressee is None
        and group.memory.functions[task.function].name in names
        for task in group.select(TASKS_OF_ITEM, number)
    )


def _has_another_template(group: Group, batch: BatchRecord, number: int) -> bool:
    """Tell whether a message with another template is still to leave, which must not change."""
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
    """Cancel the rows of earlier batches that wait to send what this row sends now.

    In practice mode, those of batches that were started for real stay.
    """
    given = (row.identity, row.batch_id, row.batch_id)
    sending = group.part(BatchesUnderWay).sending
    for earlier in read_rows(group, statements.WAITING_BEFORE, *given):
        if sending.waits(read_batch(group, earlier.batch_id).started_at or 0):
            continue
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
