"""Deepening: tasks that came are found by their fields, arguments and errors, in quiet moments."""

from __future__ import annotations

from typing import Final

from desktop.engine.store.tables import statements
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import words_of

STEP: Final = 100
"""Tasks looked at in one group, so that it stays short."""
WAIT_MS: Final = 5_000
"""How long after new tasks came; what comes meanwhile is done with them."""
PAUSE_MS: Final = 10
"""Between two steps, so that most of the time disk and interpreter are free for others."""
BUSY: Final = 512
"""Under constant load one group in so many still does a step."""


def deepen(group: Group, *, alone: bool) -> None:
    """Do one step, and note when the next is due; ``alone``: no caller waits for the group."""
    memory = group.memory
    if memory.searched_to >= memory.last_task:
        return
    if memory.next_deepening == 0:
        memory.next_deepening = group.now + WAIT_MS
    if group.now < memory.next_deepening:
        group.due(memory.next_deepening)
        return
    memory.not_deepened = 0 if alone else memory.not_deepened + 1
    if memory.not_deepened % BUSY:
        group.due(group.now + PAUSE_MS)
        return
    _step(group)
    memory.next_deepening = 0
    if memory.searched_to < memory.last_task:
        memory.next_deepening = group.now + PAUSE_MS
        group.due(memory.next_deepening)


def _step(group: Group) -> None:
    memory = group.memory
    tasks = group.select(statements.TASKS_BEHIND, memory.searched_to, STEP)
    bodies = group.search.bodies([*{task.item_id for task in tasks if task.item_id is not None}])
    for task in tasks:
        body = None if task.item_id is None else bodies.get(task.item_id)
        before = words_of(task, body, deep=False)
        group.search.put(task.id, before, words_of(task, body, deep=True))
    memory.searched_to = tasks[-1].id if len(tasks) == STEP else memory.last_task
    group.cursor.execute(statements.PUT_META, (statements.SEARCHED_TO, str(memory.searched_to)))
