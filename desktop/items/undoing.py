"""Undo: delete an item and its tasks as if they had never been submitted."""

from __future__ import annotations

import json
from typing import Final

from desktop.contract.states import State
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.remove import forget
from desktop.items.tables import item_statements

IN_BATCH: Final = "It came with a batch; cancel it instead."


def undo(group: Group, item_id: int) -> None:
    """Delete an item if none of its tasks has started; its number becomes free again.

    Raises ``Conflict`` with the task that has started, or ``UnknownId``.
    """
    tasks = group.select(statements.TASKS_OF_ITEM, item_id)
    if group.cursor.execute(item_statements.ITEM, (item_id,)).fetchone() is None:
        raise UnknownId("item", item_id)
    for task in tasks:
        if task.batch_id is not None:
            raise Conflict(IN_BATCH)
        if task.attempt:
            raise Conflict(_why_not(group, task))
    forget(group, tasks)
    if not tasks:
        group.all_changed()
    group.cursor.execute(item_statements.DELETE_ITEM, (item_id,))
    group.cursor.execute(item_statements.DELETE_CORRECTIONS, (json.dumps([item_id]),))


def _why_not(group: Group, task: TaskRecord) -> str:
    title = task.title or group.memory.functions[task.function].title
    if task.state == State.SUCCEEDED:
        return f"“{title}” has already been done."
    return f"“{title}” has already started."
