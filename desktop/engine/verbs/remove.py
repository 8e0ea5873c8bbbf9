"""Remove: tasks that have ended are deleted now, and not when they are old."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final

from desktop.contract.refusals import Refusal
from desktop.contract.states import OPEN, TROUBLED, State
from desktop.engine.errors import Conflict
from desktop.engine.store.reads.same_message import REPEATS_OF
from desktop.engine.store.tables import beside_tasks, item_statements, statements
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.change import note_repeat

LINES: Final = 5_000
"""Lines of log deleted in one group, and attempts."""


def check_removable(group: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` for a task that is open or waited for, or that a person has yet to see."""
    if record.state in OPEN:
        why = f"It is {record.state}; only tasks that have ended are removed."
        raise Conflict(why, Refusal(record.state))
    if record.state in TROUBLED and not record.seen:
        raise Conflict(f"It is {record.state} and not marked as seen.", Refusal.UNSEEN)
    if (
        group.memory.followers
        and group.cursor.execute(beside_tasks.AWAITED, (record.id,)).fetchone()
    ):
        raise Conflict("Another task still waits for it.", Refusal.AWAITED)


def remove(group: Group, tasks: Sequence[TaskRecord]) -> bool:
    """Forget tasks that are removable, and items that have none left.

    Their numbers are not given out again. Returns ``False`` where there is so much log that the
    tasks stay for the next group.
    """
    if not forget(group, tasks, LINES):
        return False
    items = {task.item_id for task in tasks if task.item_id is not None}
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    if last in items:
        group.cursor.execute(statements.PUT_META, (item_statements.ITEMS_FLOOR, str(last)))
    forget_items(group, items)
    return True


NO_LIMIT: Final = 1 << 62


def forget(group: Group, tasks: Sequence[TaskRecord | BriefRecord], limit: int = NO_LIMIT) -> bool:
    """Delete tasks that do not run, with their history, log and words; their items stay.

    A task may have brought thousands of lines. Where there are more than ``limit`` of them in all
    only that many go, and the tasks stay for the next call; returns whether they are gone.
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
    if group.memory.has_contexts:
        group.cursor.execute(beside_tasks.DELETE_CONTEXTS, (numbers,))
    for task, found_by in zip(tasks, searched, strict=True):
        group.forget(task, found_by)
    return True


def _join_repeats(group: Group, tasks: Sequence[TaskRecord | BriefRecord]) -> None:
    """Keep a message whole of which a repeat goes: what repeats that repeats the task before it.

    The first task of a message is known by its number, also when it is gone.
    """
    before = {task.id: task.resend_of for task in tasks if task.resend_of is not None}
    if not before:
        return
    gone, newest = {task.id for task in tasks}, dict[int | None, int]()
    for again in group.select(REPEATS_OF, json.dumps([*before])):
        number = again.resend_of
        while number in before:
            number = before[number]
        if again.id not in gone:
            group.change(again, resend_of=number)
            newest[number] = again.id
    for task in tasks:
        first = None if task.resend_of in {None, *gone} else group.find(task.resend_of or 0)
        has_left = task.state in {State.SUCCEEDED, State.UNCERTAIN}  # it stays sent again by that
        if first is not None and first.noted_repeat == task.id and not has_left:
            note_repeat(group, first, newest.get(first.id))


def forget_items(group: Group, items: Collection[int]) -> None:
    """Delete those of the items that have no task any more."""
    numbers = json.dumps([*items])
    group.cursor.execute(item_statements.DELETE_EMPTY_ITEMS, (numbers,))
    group.cursor.execute(item_statements.DELETE_CORRECTIONS, (numbers,))


def _searched_by(group: Group, tasks: Sequence[TaskRecord | BriefRecord]) -> list[str]:
    """Return each task's words; those of an item are found by its texts, too."""
    items = [*{task.item_id for task in tasks if task.item_id is not None}]
    bodies = group.search.bodies(items) if items else {}
    return [group.search.of(task, bodies.get(task.item_id or 0)) for task in tasks]
