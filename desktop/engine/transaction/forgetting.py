"""Forgetting tasks: their rows, and all there is of them elsewhere."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final

from desktop.engine.store.tables import order, statements, steps
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.transaction.group import Group

NO_LIMIT: Final = 1 << 62


def forget(group: Group, tasks: Sequence[TaskRecord | BriefRecord], limit: int = NO_LIMIT) -> bool:
    """Delete tasks that do not run, with their history, log and words; their items stay.

    A task may have brought thousands of lines. Where there are more than ``limit`` of them in all
    only so many go, and the tasks stay for the next call; returns whether they are gone.
    """
    group.flush()
    numbers = json.dumps([task.id for task in tasks])
    for statement in (statements.DELETE_LOG, statements.DELETE_ATTEMPTS):
        if group.cursor.execute(statement, (numbers, limit)).rowcount == limit:
            return False
    searched = _searched_by(group, tasks)
    group.cursor.execute(statements.DELETE_TASKS, (numbers,))
    group.cursor.execute(order.DELETE_TOKENS, (numbers,))
    group.cursor.execute(steps.DELETE_STEPS, (numbers,))
    if group.memory.has_contexts:
        group.cursor.execute(steps.DELETE_CONTEXTS, (numbers,))
    for task, found_by in zip(tasks, searched, strict=True):
        group.forget(task, found_by)
    return True


def forget_items(group: Group, items: Collection[int]) -> None:
    """Delete those of the items that have no task any more."""
    numbers = json.dumps([*items])
    group.cursor.execute(statements.DELETE_EMPTY_ITEMS, (numbers,))
    group.cursor.execute(statements.DELETE_CORRECTIONS, (numbers,))


def _searched_by(group: Group, tasks: Sequence[TaskRecord | BriefRecord]) -> list[str]:
    """Return each task's words; those of an item are found by its texts, too."""
    items = [*{task.item_id for task in tasks if task.item_id is not None}]
    bodies = group.search.bodies(items) if items else {}
    return [group.search.of(task, bodies.get(task.item_id or 0)) for task in tasks]
