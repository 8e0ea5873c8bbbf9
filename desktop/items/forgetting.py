"""Forgetting: old items are erased, and later deleted; of a person, nothing is left at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop.contract.rules.addresses import Address, check_address
from desktop.contract.rules.mailbox import written_address
from desktop.contract.rules.times import DAY_MS
from desktop.contract.states import State
from desktop.engine.errors import Conflict, InTheWay
from desktop.engine.store.tables import statements as task_statements
from desktop.engine.store.tables.cursor import Source
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.verbs.remove import delete_tasks
from desktop.items.batches.rows import read_batch, write_batch
from desktop.items.reads.items import as_body, read_body
from desktop.items.tables import batches, item_statements
from desktop.items.tables.batches import BatchRecord, RowRecord

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
    group.all_changed()


def _read(group: Group, statement: str, *given: int) -> list[int]:
    return [number for (number,) in group.cursor.execute(statement, given).fetchall()]


_ITEMS: Final = """
SELECT i.id, i.body, coalesce((SELECT c.body FROM corrections AS c WHERE c.item_id = i.id
ORDER BY c.number DESC LIMIT 1), i.body) FROM items AS i
WHERE instr(lower(i.body), ?) > 0 OR i.id IN (SELECT value FROM json_each(?))
"""
_CORRECTED: Final = "SELECT item_id, address FROM corrections WHERE instr(lower(address), ?) > 0"
_TASKS: Final = "SELECT id, recipient FROM tasks WHERE instr(lower(recipient), ?) > 0"
_TASKS_OF_ITEMS: Final = (
    "SELECT id, recipient FROM tasks WHERE item_id IN (SELECT value FROM json_each(?))"
)
_REFERENCES: Final = (
    "SELECT reference FROM tasks WHERE reference IS NOT NULL"
    " AND id IN (SELECT value FROM json_each(?))"
)
_ROWS: Final = """
SELECT batch_id, row, item_id, item FROM batch_rows WHERE instr(lower(item), ?) > 0
OR instr(lower(coalesce(recipient, '')), ?) > 0
OR item_id IN (SELECT value FROM json_each(?))
"""
_FIRST: Final = "SELECT min(created_at) FROM items WHERE id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Person:
    """Where a store has a person.

    - ``address``: in lower case, its domain in ASCII; empty if the item names none
    - ``written``: the address as the items have it
    - ``items``: items for that address; ``former`` were corrected from it to another one
    - ``tasks``: the tasks of ``items``, and others that went to the address
    - ``references``: of the messages of these tasks
    - ``rows``: rows by batch
    - ``files``: the attachments of these rows and items, by batch
    - ``since``: when the first item was added, epoch ms
    """

    address: str
    written: set[str]
    items: Sequence[int]
    former: Sequence[int]
    tasks: Sequence[int]
    references: Sequence[str]
    rows: Mapping[int, Sequence[int]]
    files: Mapping[int, set[str]]
    since: int


def find_person(source: Source, number: int) -> Person:
    """Find an item's person; raise ``UnknownId``. It reads all items, so it takes its time."""
    own = read_body(source, number)
    address = _address_of(own)
    items, former = {number: own}, []
    tasks: set[int] = set()
    part = _part_to_find(address)
    if address:
        corrected = {
            item
            for item, to in source.execute(_CORRECTED, (part,)).fetchall()
            if _one_form(to) == address.casefold()  # they are stored like this
        }
        among = source.execute(_ITEMS, (part, json.dumps([*corrected]))).fetchall()
        for other, first, newest in among:
            body = as_body(newest)
            if _address_of(body) == address:
                items[other] = body
            elif other in corrected or _address_of(as_body(first)) == address:
                former.append(other)
        for task, to in source.execute(_TASKS, (part,)).fetchall():
            if _one_form(written_address(to)) == address:
                tasks.add(task)
    given = json.dumps([*items])
    tasks |= {task for task, _ in source.execute(_TASKS_OF_ITEMS, (given,)).fetchall()}
    found = source.execute(_REFERENCES, (json.dumps([*tasks]),)).fetchall()
    rows, files = _rows(source, address, part, given)
    for body in items.values():
        if body.get("attachments"):
            files.setdefault(body["batch_id"], set()).update(body["attachments"])
    (since,) = source.execute(_FIRST, (given,)).fetchone()
    references = [reference for (reference,) in found]
    written = set(filter(None, map(_written, items.values())))
    return Person(
        address, written, sorted(items), former, sorted(tasks), references, rows, files, since or 0
    )


def _rows(
    source: Source, address: str, part: str, items: str
) -> tuple[dict[int, list[int]], dict[int, set[str]]]:
    """Return the person's rows by batch, and the attachments that they name."""
    rows: dict[int, list[int]] = {}
    files: dict[int, set[str]] = {}
    known = {*json.loads(items)}
    for batch, row, item, text in source.execute(_ROWS, (part, part, items)).fetchall():
        body = json.loads(text)
        if item in known or _address_of(body) == address != "":
            rows.setdefault(batch, []).append(row)
            files.setdefault(batch, set()).update(body.get("attachments") or ())
    return rows, files


def _written(body: Mapping[str, Any]) -> str:
    return str((body.get("recipient") or {}).get("email") or "").strip()


def _address_of(body: Mapping[str, Any]) -> str:
    return _one_form(_written(body))


def _one_form(written: str) -> str:
    found = check_address(written)
    return str(found if isinstance(found, Address) else written).lower()  # folded, ß would be ss


def _part_to_find(address: str) -> str:
    """Return a part that all ways to write an address have: SQLite folds ASCII letters only."""
    if not address:
        return "\1"  # nothing has it
    runs: list[str] = re.findall(r"[\x00-\x7f]+", address.partition("@")[0] + "@")
    return max(runs, key=len)


RUNS: Final = "“{}” is under way; forget the person once it has ended."
IN_DRAFT: Final = "The person is in the draft “{}”; delete that first."
IS_SENT: Final = "“{}” is still being sent to the person; cancel that first."


def check_forgettable(group: Group, person: Person) -> None:
    """Raise ``Conflict`` while a message to the person is, or may be, under way."""
    for record in group.select(task_statements.TASKS, json.dumps([*person.tasks])):
        if record.state == State.RUNNING:
            raise InTheWay(RUNS.format(group.title_of(record)), record.id, record.state)
    for number in person.rows:
        batch = read_batch(group, number)
        if batch.is_draft:
            raise Conflict(IN_DRAFT.format(batch.name))
        if batch.is_under_way:
            raise Conflict(IS_SENT.format(batch.name))


def forget_person(group: Group, person: Person) -> None:
    """Delete a person's tasks, with their history, and erase items and rows.

    What waits to be sent to the person is not sent.
    Spreadsheets of the batches are no longer offered. Raises ``Conflict`` as
    :func:`check_forgettable` does.
    """
    check_forgettable(group, person)
    items = json.dumps([*person.items])
    group.cursor.execute(item_statements.GIVE_UP, (items,))
    given = json.dumps([*person.tasks])
    delete_tasks(group, group.select(task_statements.TASKS, given))
    group.flush()
    group.cursor.execute(item_statements.BLANK_EVENTS, (given,))
    erase(group, [*person.items])
    former = json.dumps([*person.former])
    group.cursor.execute(item_statements.RETAIN_NEWEST, (former,))
    group.cursor.execute(item_statements.DELETE_FORMER, (former,))
    for number, rows in person.rows.items():
        _erase_rows(group, read_batch(group, number), rows)
    waiting = group.part(PendingRecords)
    for action in waiting:
        to = action.asked.addressee
        if to is not None and _one_form(to["email"]) == person.address:
            waiting.remove(group, action.id)


def _erase_rows(group: Group, batch: BatchRecord, rows: Sequence[int]) -> None:
    """Leave of rows only what counts: their check, their outcome and their numbers."""
    found = group.cursor.execute(batches.SOME_ROWS, (batch.id, json.dumps([*rows]))).fetchall()
    erased = [_erased(RowRecord(*row)) for row in found]
    group.cursor.executemany(batches.PUT_ROW, erased)
    batch.sheet = None
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
    )
