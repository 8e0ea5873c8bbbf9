"""Remove: tasks that have ended are deleted now, and not when they are old."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final

from desktop.contract.refusals import Refusal
from desktop.contract.states import OPEN, TROUBLED
from desktop.engine.errors import Conflict
from desktop.engine.store.tables import beside_tasks, item_statements, statements
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.transaction.group import Group

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
    searched = _searched_by(group, tasks)
    group.cursor.execute(statements.DELETE_TASKS, (numbers,))
    group.cursor.execute(beside_tasks.DELETE_TOKENS, (numbers,))
    group.cursor.execute(beside_tasks.DELETE_STEPS, (numbers,))
    if group.memory.has_contexts:
        group.cursor.execute(beside_tasks.DELETE_CONTEXTS, (numbers,))
    for task, found_by in zip(tasks, searched, strict=True):
        group.forget(task, found_by)
    return True


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
