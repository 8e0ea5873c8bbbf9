"""Undo: forget an item and its tasks as if they had never been submitted."""

from __future__ import annotations

import json

from desktop.contract.states import State
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.group import Group
from desktop.engine.store import statements
from desktop.engine.store.records import TaskRecord
from desktop.engine.store.words import words


def undo(group: Group, item_id: int) -> None:
    """Delete the item while none of its tasks has started; its number is free again.

    ``Conflict`` says which task has left, ``UnknownId`` that there is no such item.
    """
    tasks = group.select(statements.TASKS_OF_ITEM, item_id)
    row = group.cursor.execute(statements.ITEM, (item_id,)).fetchone()
    if row is None:
        raise UnknownId("item", item_id)
    for task in tasks:
        if task.attempt:
            raise Conflict(_left(group, task))
    body, first, count = row
    title = json.loads(body).get("title")
    group.cursor.execute(statements.DELETE_LOG_OF_ITEM, (item_id,))
    group.cursor.execute(statements.DELETE_TASKS_OF_ITEM, (item_id,))
    group.cursor.execute(statements.DELETE_ITEM, (item_id,))
    for task in tasks:
        with_item = title if first <= task.id < first + count else None
        group.forget(task, words(task.title, task.recipient, with_item))


def _left(group: Group, task: TaskRecord) -> str:
    title = task.title or group.memory.functions[task.function].title
    if task.state == State.SUCCEEDED:
        return f"“{title}” has already been done."
    return f"“{title}” has already started."
