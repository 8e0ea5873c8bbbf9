"""The tasks of one message: a task and its repeats, and which of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import bindparam

from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.compiled import GIVEN, all_of, sql
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.schema import tasks

REPEATS: Final = sql(
    all_of(tasks).where(tasks.c.resend_of == bindparam("task")).order_by(tasks.c.id)
)
"""The repeats of one task."""

REPEATS_OF: Final = sql(
    all_of(tasks).where(tasks.c.resend_of.in_(GIVEN), tasks.c.resend_of.is_not(None))
)
"""The repeats of several tasks."""

HAVE_LEFT: Final = frozenset({State.SUCCEEDED, State.UNCERTAIN})
"""The states of a task whose message has left, or may have left."""

Find = Callable[[int], TaskRecord | None]
FindRepeats = Callable[[int], Iterable[TaskRecord]]


def same_message(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> list[TaskRecord]:
    """Return the other tasks of a task's message, in no order.

    If the first task was removed, its number still connects the others.
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
    """Return whether ``task`` will send the message of ``record``, or has since it was made.

    A copy to another address is another message.
    """
    if task.copy_for != record.copy_for:
        return False
    if task.state in OPEN:
        return True
    is_later = task.id > record.id or task.finished_at > record.created_at
    return task.state in HAVE_LEFT and is_later


def newest_repeat(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> int | None:
    """Return the newest other task that sends the message of ``record``, or has sent it since.

    If there is none, return the repeat that a person has made.
    """
    others = same_message(record, find, repeats_of)
    done = (task.id for task in others if is_done_since(task, record))
    return max(done, default=record.noted_repeat)
