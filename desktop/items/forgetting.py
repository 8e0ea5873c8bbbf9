"""Forgetting: old items are erased, and later deleted; of a person, nothing is left at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from desktop.contract.batches import RowOutcome, RowProblem
from desktop.contract.do_not_send import one_form
from desktop.contract.items import EXAMPLES
from desktop.contract.office import OfficeRefusal
from desktop.items.accepting import canonical
from desktop.items.batches.acting import undo_or_delete
from desktop.items.batches.drafting import check_drafts_again
from desktop.items.batches.rows import is_sent, read_batch, read_rows, write_batch
from desktop.items.do_not_send import forget_address
from desktop.items.person import TASKS_OF_ITEMS, Person, without_copies
from desktop.items.reads.items import as_body
from desktop.items.tables import batches, item_statements
from desktop.items.tables.batches import BatchRecord, RowRecord
from sendoff_tasks.causes import in_json
from sendoff_tasks.errors import Conflict, InTheWay
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.queues.holds import hold_without_words
from sendoff_tasks.store.tables import statements as task_statements
from sendoff_tasks.transaction.acts import leave_out
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.remove import delete_tasks
from sendoff_tasks.verbs.submit import blank_answers

STEP: Final = 200
"""Items erased, or deleted, in one group."""


@dataclass(slots=True)
class ItemRetention:
    """How long items are retained, ms: their contents, and then what is left of them.

    It counts from the last of these: an item was registered, was corrected, its recipient was
    informed.
    """

    contents: int = 365 * DAY_MS
    items: int = 3 * 365 * DAY_MS


def tidy_items(group: Group, retention: ItemRetention) -> bool:
    """Erase, or delete, a few old items without tasks; tell whether there may be more.

    The one with the highest number stays, because counting continues from it.
    """
    if group.memory.is_clock_doubted(group.now):
        return False
    group.flush()
    before = group.now - retention.contents
    numbers = _read(group, item_statements.TO_ERASE, before, before, before, STEP)
    if numbers:
        erase(group, numbers)
        return True
    before = group.now - retention.items
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    old = _read(group, item_statements.TO_DELETE, before, before, STEP)
    numbers = [number for number in old if number != last]
    if numbers:
        group.cursor.execute(item_statements.DELETE_ITEMS, (json.dumps(numbers),))
        group.all_changed()
    return bool(numbers)


def erase(group: Group, numbers: list[int]) -> None:
    """Leave nothing of items but their numbers, their times, and whether people were informed."""
    given = (json.dumps(numbers),)
    group.cursor.execute(item_statements.ERASE, given)
    group.cursor.execute(item_statements.ERASE_CORRECTIONS, given)
    group.search.unscrub()
    group.all_changed()


def _read(group: Group, statement: str, *given: int) -> list[int]:
    return [number for (number,) in group.cursor.execute(statement, given).fetchall()]


_BODIES: Final = "SELECT id, body FROM items WHERE id IN (SELECT value FROM json_each(?))"
_PUT_BODY: Final = "UPDATE items SET body = ? WHERE id = ?"
_CORRECTIONS: Final = (
    "SELECT item_id, number, body FROM corrections"
    " WHERE item_id IN (SELECT value FROM json_each(?))"
)
_PUT_CORRECTION: Final = "UPDATE corrections SET body = ? WHERE item_id = ? AND number = ?"
_OF_TASKS: Final = "task_id IN (SELECT value FROM json_each(?))"
_MET: Final = ("why", "error")
_MET_IN_JSON: Final = ("reason_data", "handover", "progress", "result")
_MET_BESIDE: Final = (
    ("attempts", "error", "task_id, attempt"),
    ("attempts", "trace", "task_id, attempt"),
    ("log", "text", "id"),
    ("events", "why", "id"),
)
"""Where it is told what a task met: its own columns, and a table, its column and its key.

The other texts of a task are of its own person; a test names all of them.
"""


def check_forgettable(group: Group, person: Person) -> None:
    """Raise ``Conflict`` while a message to the person is, or may be, under way."""
    for record in group.select(task_statements.TASKS, json.dumps([*person.tasks])):
        if record.state == State.RUNNING:
            title = group.title_of(record)
            about = {"task_id": record.id, "state": record.state, "title": title}
            raise InTheWay(OfficeRefusal.UNDER_WAY, **about)
    for number, rows in person.rows.items():
        batch = read_batch(group, number)
        if batch.started_at is None or batch.state == batches.UNDOING:
            raise Conflict(OfficeRefusal.PERSON_IN_DRAFT, batch=batch.name)
        if any(_is_to_come(batch, row, person) for row in _some_rows(group, batch, rows)):
            raise Conflict(OfficeRefusal.PERSON_IN_BATCH, batch=batch.name)


def _is_to_come(batch: BatchRecord, row: RowRecord, person: Person) -> bool:
    """Tell whether a row's message is to leave, to the person or with a copy to them."""
    item = json.loads(row.item)
    is_theirs = (row.batch_id, row.row) not in person.others or row.task_id in person.tasks
    if not is_theirs and without_copies(item, person.address) == item:
        return False
    return row.outcome == RowOutcome.OPEN or (row.outcome is None and is_sent(batch, row.checked))


def stop_messages(group: Group, person: Person) -> None:
    """Cancel what waits to be sent to a person, and take them out of messages to others.

    Nothing leaves to the person from then on. Raises ``Conflict`` as :func:`check_forgettable`.
    """
    check_forgettable(group, person)
    for record in group.select(task_statements.TASKS, json.dumps([*person.tasks])):
        if record.state in OPEN:
            cancel(group, record)
    for action in (waiting := group.part(PendingRecords)):
        to = action.asked.addressee
        is_copy = to is not None and one_form(to["email"]) == person.address
        if is_copy or action.asked.subject in person.items:
            waiting.remove(group, action.id)
    group.flush()
    copied, named = json.dumps([*person.copied]), set[int]()
    for bodies, put in ((_BODIES, _PUT_BODY), (_CORRECTIONS, _PUT_CORRECTION)):
        for *place, text in group.cursor.execute(bodies, (copied,)).fetchall():
            left = without_copies(as_body(text), person.address)
            if left != as_body(text):
                group.cursor.execute(put, (canonical(left), *place))
                named.add(place[0])
    _erase_past(group, [*named], person)


def forget_person(
    group: Group,
    person: Person,
    sheets: Mapping[int, str] = MappingProxyType({}),
    *,
    do_not_send: bool = False,
) -> None:
    """Delete a person's tasks, with their history, and erase items and rows.

    :func:`stop_messages` is done first. ``sheets`` are the names of the kept spreadsheets of
    batches with such rows; others are no longer offered. With ``do_not_send`` a fingerprint of the
    address stays on that list, else nothing of it. Raises ``Conflict`` as
    :func:`check_forgettable` does.
    """
    stop_messages(group, person)
    given = json.dumps([*person.tasks])
    delete_tasks(group, group.select(task_statements.TASKS, given))
    group.flush()
    group.cursor.execute(item_statements.BLANK_EVENTS, (given,))
    erase(group, [*person.items])
    former = json.dumps([*person.former])
    group.cursor.execute(item_statements.RETAIN_NEWEST, (former,))
    group.cursor.execute(item_statements.DELETE_FORMER, (former,))
    _erase_past(group, person.former, person)
    for number, rows in person.rows.items():
        batch = read_batch(group, number)
        batch.sheet = sheets.get(number)
        batch.name = person.names.sub(FORGOTTEN, batch.name)
        _erase_rows(group, batch, rows, person)
    leave_out(group, person.tasks)
    blank_answers(group, person.answers, person.words, person.tasks)
    group.causes.leave_out(person.names)
    hold_without_words(group, person.names)
    group.part(PendingRecords).leave_out(group, person.words)
    if person.address:
        forget_address(group, person.address, keep=do_not_send)
        check_drafts_again(group)
    if person.address.endswith(f"@{EXAMPLES}"):
        _delete_example(group, person)


def _delete_example(group: Group, person: Person) -> None:
    """Leave nothing of an erased example: no item, and no batch that had only examples."""
    group.cursor.execute(item_statements.DELETE_EMPTY_ITEMS, (json.dumps([*person.items]),))
    for number in person.rows:
        if not group.cursor.execute(batches.TOLD_ROWS, (number,)).fetchone()[0]:
            batch = read_batch(group, number)
            batch.state = batches.DELETING
            write_batch(group, batch)
            undo_or_delete(group, batch)


def _erase_past(group: Group, items: Sequence[int], person: Person) -> None:
    """Leave no word of what messages to others met that also went to the person, or were to."""
    found = group.cursor.execute(TASKS_OF_ITEMS, (json.dumps([*items]),)).fetchall()
    given = json.dumps([task for task, _ in found])
    texts, without = group.search.texts([*items]), partial(person.names.sub, FORGOTTEN)
    for record in group.select(task_statements.TASKS, given):
        item = texts.get(record.item_id or 0)
        before = group.search.of(record, item)
        told = {name: getattr(record, name) for name in (*_MET, *_MET_IN_JSON)}
        left = {name: told[name] and without(told[name]) for name in _MET}
        left |= {name: in_json(told[name], without) for name in _MET_IN_JSON}
        if left != told or record.past_errors:
            group.change(record, **left)
            group.change(record, past_errors=None)
            group.search.put(record.id, before, group.search.of(record, item))
    group.flush()
    for table, column, place in _MET_BESIDE:
        said = f"SELECT {column}, {place} FROM {table} WHERE {_OF_TASKS}"  # noqa: S608
        put = f"UPDATE {table} SET {column} = ? WHERE {place.replace(',', ' = ? AND')} = ?"  # noqa: S608
        for text, *key in group.cursor.execute(said, (given,)).fetchall():
            if text and (short := without(text)) != text:
                group.cursor.execute(put, (short, *key))


def _some_rows(group: Group, batch: BatchRecord, rows: Sequence[int]) -> list[RowRecord]:
    return read_rows(group, batches.SOME_ROWS, batch.id, json.dumps([*rows]))


def _erase_rows(group: Group, batch: BatchRecord, rows: Sequence[int], person: Person) -> None:
    """Leave of rows only what counts: their check, their outcome and their numbers."""
    erased = [
        _without(person, row) if (row.batch_id, row.row) in person.others else _erased(row)
        for row in _some_rows(group, batch, rows)
    ]
    group.cursor.executemany(batches.PUT_ROW, erased)
    write_batch(group, batch)


def _erased(row: RowRecord) -> RowRecord:
    return row._replace(
        item="{}",
        content="",
        recipient=None,
        identity=None,
        data=None,
        answer=None,
        message_id=None,
        corrections=None,
        origin=None,
        bounced=_that_alone(row),
    )


def _that_alone(row: RowRecord) -> str | None:
    """Return of the words with which a row's message came back only that it did."""
    return None if row.bounced is None else ""


FORGOTTEN: Final = "–"
"""What a row that has the number of a forgotten person says in place of the name and address."""


def _without(person: Person, row: RowRecord) -> RowRecord:
    """Leave of another person's row its own values, and with whom its check compared it."""
    item = json.dumps(without_copies(json.loads(row.item), person.address), ensure_ascii=False)
    data = json.loads(row.data or "{}")
    for name in ("changes", "kept", "replaced"):
        data.pop(name, None)
    if row.problem == RowProblem.OTHER_PERSON:
        data["text"] = FORGOTTEN
    if row.task_id in person.tasks:
        row = row._replace(answer=None, message_id=None, bounced=_that_alone(row))
    met = (row.answer, row.bounced)
    answer, bounced = (text and person.names.sub(FORGOTTEN, text) for text in met)
    said = json.dumps(data, ensure_ascii=False) if data else None
    row = row._replace(item=item, data=said, corrections=None, origin=None)
    return row._replace(answer=answer, bounced=bounced)
