"""Remove: delete ended tasks before they expire."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final

from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.states import OPEN, TROUBLED, Refusal
from sendoff_tasks.queues.followers import Followers
from sendoff_tasks.store.reads.detail import (
    HAVE_LEFT,
    REPEATS,
    REPEATS_OF,
    is_done_since,
    same_message,
)
from sendoff_tasks.store.tables import beside_tasks, statements
from sendoff_tasks.store.tables.records import BriefRecord, TaskRecord
from sendoff_tasks.transaction.function_rows import StoredVariables
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.verbs.repeats import note_repeat

LINES: Final = 5_000
"""Most log lines, and most attempts, deleted in one group."""


def check_removable(group: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` for a task that is open, awaited by another, or not seen yet."""
    if record.state in OPEN:
        raise Conflict(Refusal(record.state))
    if record.state in TROUBLED and not record.seen:
        raise Conflict(Refusal.UNSEEN)
    if (
        group.part(Followers).count
        and group.cursor.execute(beside_tasks.AWAITED, (record.id,)).fetchone()
    ):
        raise Conflict(Refusal.AWAITED)


def check_not_copied(group: Group, record: TaskRecord) -> None:
    """Raise what :func:`check_removable` raises, and for a task of which a copy is pending.

    That is checked when the task goes, not when this is asked for: the copy may be sent by then.
    """
    check_removable(group, record)
    if group.part(PendingRecords).is_to_be_copied(record.id):
        raise Conflict(Refusal.AWAITED)


def remove(group: Group, tasks: Sequence[TaskRecord]) -> bool:
    """Delete removable tasks; their subjects stay.

    Returns ``False`` if so much log had to be deleted that the tasks stay for the next group.
    """
    return delete_tasks(group, tasks, LINES)


NO_LIMIT: Final = 1 << 62


def delete_tasks(
    group: Group, tasks: Sequence[TaskRecord | BriefRecord], limit: int = NO_LIMIT
) -> bool:
    """Delete tasks that do not run, with their history, log and words; their subjects stay.

    A task may have thousands of log lines. If the tasks have ``limit`` or more, only that many are
    deleted, and the tasks stay for the next call. Returns whether the tasks are gone.
    """
    group.flush()
    numbers = json.dumps([task.id for task in tasks])
    for statement in (statements.DELETE_LOG, statements.DELETE_ATTEMPTS):
        if group.cursor.execute(statement, (numbers, limit)).rowcount == limit:
            return False
    _join_repeats(group, tasks)
    searched = _searched_by(group, tasks)
    group.cursor.execute(statements.DELETE_TASKS, (numbers,))
    group.cursor.execute(beside_tasks.DELETE_TOKENS, (numbers,))
    group.cursor.execute(beside_tasks.DELETE_STEPS, (numbers,))
    if group.part(StoredVariables).any:
        group.cursor.execute(beside_tasks.DELETE_CONTEXTS, (numbers,))
    for task, found_by in zip(tasks, searched, strict=True):
        group.note_deleted(task, found_by)
    return True


def _join_repeats(group: Group, tasks: Sequence[TaskRecord | BriefRecord]) -> None:
    """Keep a message connected when one of its tasks goes: link its repeats to the task before it.

    The first task connects the others by its number even after it is gone. If a task that
    goes has sent the message, the other tasks note that.
    """
    gone = {task.id for task in tasks}
    before = {task.id: task.resend_of for task in tasks if task.resend_of is not None}
    repeats = group.select(REPEATS_OF, json.dumps([*gone]))
    repeated = {again.resend_of for again in repeats}
    for task in tasks:
        if task.state in HAVE_LEFT and (task.id in before or task.id in repeated):
            _note_left(group, group.read(task.id), gone)
    newest = dict[int | None, int]()
    for again in repeats:
        number = again.resend_of
        while number in before:
            number = before[number]
        if again.id not in gone and number != again.resend_of:
            group.change(again, resend_of=number)
            newest[number] = max(again.id, newest.get(number, 0))
    for task in tasks:
        first = None if task.resend_of in {None, *gone} else group.find(task.resend_of or 0)
        if first is not None and first.noted_repeat == task.id and task.state not in HAVE_LEFT:
            note_repeat(group, first, newest.get(first.id))


def _note_left(group: Group, record: TaskRecord, gone: Collection[int]) -> None:
    """Note on the remaining tasks of a message that a task that goes has sent it."""
    for other in same_message(record, group.find, lambda number: group.select(REPEATS, number)):
        if other.id not in gone and other.is_repeatable and is_done_since(record, other):
            note_repeat(group, other, record.id)


def _searched_by(group: Group, tasks: Sequence[TaskRecord | BriefRecord]) -> list[str]:
    """Return each task's words, including those of its subject's texts."""
    subjects = [*{task.item_id for task in tasks if task.item_id is not None}]
    texts = group.search.texts(subjects) if subjects else {}
    return [group.search.of(task, texts.get(task.item_id or 0)) for task in tasks]
