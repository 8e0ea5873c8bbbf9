"""Forget: leave nothing of a person but the numbers and times of items, and the verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from desktop.contract.states import State
from desktop.engine.errors import Conflict, InTheWay
from desktop.engine.store.tables import statements as task_statements
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.remove import forget
from desktop.items.batches.rows import read_batch
from desktop.items.batches.under_way import write_batch
from desktop.items.keeping import erase
from desktop.items.reads.person import Person
from desktop.items.tables import batch_statements, kept_statements
from desktop.items.tables.batch_records import BatchRecord, RowRecord

RUNS: Final = "“{}” is under way; forget the person once it has ended."
IN_DRAFT: Final = "The person is in the draft “{}”; delete that first."
IS_SENT: Final = "“{}” is still being sent to the person; cancel that first."


def check_forgettable(group: Group, person: Person) -> None:
    """Raise ``Conflict`` while a message to the person is, or may be, under way."""
    for record in group.select(task_statements.TASKS, json.dumps([*person.tasks])):
        if record.state == State.RUNNING:
            title = record.title or group.memory.functions[record.function].title
            raise InTheWay(RUNS.format(title), record.id, record.state)
    for number in person.rows:
        batch = read_batch(group, number)
        if batch.is_draft:
            raise Conflict(IN_DRAFT.format(batch.name))
        if batch.is_under_way:
            raise Conflict(IS_SENT.format(batch.name))


def forget_person(group: Group, person: Person) -> None:
    """Delete a person's tasks, with their history, and erase items and rows.

    Spreadsheets of the batches are no longer offered. Raises ``Conflict`` as
    :func:`check_forgettable` does.
    """
    check_forgettable(group, person)
    items = json.dumps([*person.items])
    group.cursor.execute(kept_statements.GIVE_UP, (items,))
    given = json.dumps([*person.tasks])
    forget(group, group.select(task_statements.TASKS, given))
    group.flush()
    group.cursor.execute(kept_statements.BLANK_EVENTS, (given,))
    erase(group, [*person.items])
    former = json.dumps([*person.former])
    group.cursor.execute(kept_statements.KEEP_NEWEST, (former,))
    group.cursor.execute(kept_statements.DELETE_FORMER, (former,))
    for number, rows in person.rows.items():
        _erase_rows(group, read_batch(group, number), rows)


def _erase_rows(group: Group, batch: BatchRecord, rows: Sequence[int]) -> None:
    """Leave of rows only what counts: their check, their outcome and their numbers."""
    found = group.cursor.execute(
        batch_statements.SOME_ROWS, (batch.id, json.dumps([*rows]))
    ).fetchall()
    erased = [_erased(RowRecord(*row)) for row in found]
    group.cursor.executemany(batch_statements.PUT_ROW, erased)
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
