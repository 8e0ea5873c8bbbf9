"""A task and all that repeat it are one message: which those are, and which of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import bindparam, select

from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.compiled import GIVEN, sql
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.schema import tasks

REPEATS: Final = sql(
    select(tasks).where(tasks.c.resend_of == bindparam("task")).order_by(tasks.c.id)
)
"""The tasks that have the effect of one once more."""

REPEATS_OF: Final = sql(
    select(tasks).where(tasks.c.resend_of.in_(GIVEN), tasks.c.resend_of.is_not(None))
)
"""The tasks that have the effect of some once more."""

HAVE_LEFT: Final = frozenset({State.SUCCEEDED, State.UNCERTAIN})
"""The states of a task whose message has left, or may have."""

Find = Callable[[int], TaskRecord | None]
FindRepeats = Callable[[int], Iterable[TaskRecord]]


def same_message(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> list[TaskRecord]:
    """Return the other tasks of a task's message, in no order.

    One whose first task was removed is known by that one's number.
    """
    first: TaskRecord | None = record
    number, found = record.id, {}
    while first is not None and first.resend_of is not None:
        number = first.resend_of
        first = find(number)
        if first is not None:
            found[number] = first
    below = [number]
    while below:
        for task in repeats_of(below.pop()):
            found[task.id] = task
            below.append(task.id)
    found.pop(record.id, None)
    return list(found.values())


def is_done_since(task: TaskRecord, record: TaskRecord) -> bool:
    """Tell whether a task does what ``record`` would do, or did so after that one was made.

    A copy to another address is another message.
    """
    if task.copy_for != record.copy_for:
        return False
    if task.state in OPEN:
        return True
    is_later = task.id > record.id or task.finished_at > record.created_at
    return task.state in HAVE_LEFT and is_later


def newest_repeat(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> int | None:
    """Return the newest other task that does what ``record`` would do, or did so since.

    Where none does, the one that a person has made for that.
    """
    others = same_message(record, find, repeats_of)
    done = (task.id for task in others if is_done_since(task, record))
    return max(done, default=record.noted_repeat)
