"""Adds the fields, arguments and errors of new tasks to the search index, in quiet moments."""

from __future__ import annotations

from typing import Final

from desktop.engine.store.tables import statements
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import words_of

STEP: Final = 100
"""Tasks indexed in one group, which keeps the group short."""
WAIT_MS: Final = 5_000
"""How long no new task must have come before indexing begins, ms."""
LATEST_MS: Final = 60_000
"""The longest wait while new tasks keep coming, ms."""
PAUSE_MS: Final = 10
"""Between two steps, ms; most of the time, disk and GIL are free for others."""
BUSY_MS: Final = 1_000
"""Between two steps while callers wait, ms; a step is then done only when it is late."""
TELL_MS: Final = 5_000
"""How often listeners are told at most, ms, until no task is left."""


def index_new_tasks(group: Group, *, alone: bool) -> None:
    """Do one step, and record when the next is due; ``alone``: no caller waits for the group."""
    memory, when = group.memory, group.search.indexing
    if group.search.searched_to >= memory.last_task:
        when.due = 0
        return
    when.at_latest = min(when.at_latest, group.now + LATEST_MS)  # a clock may be set back
    when.due = min(when.due, group.now + LATEST_MS)
    if memory.last_task != when.newest:
        when.newest = memory.last_task
        when.at_latest = when.at_latest if when.due else group.now + LATEST_MS
        when.due = max(when.due, min(group.now + WAIT_MS, when.at_latest))
    elif not when.due:  # tasks from before the program started
        when.due = when.at_latest = group.now + WAIT_MS
    if group.now >= when.due:
        if alone or group.now >= when.at_latest:
            _step(group)
            _tell(group)
        is_behind = group.search.searched_to < memory.last_task
        when.due = group.now + (PAUSE_MS if alone else BUSY_MS) if is_behind else 0
    if when.due:
        group.again_at(when.due)


def _step(group: Group) -> None:
    tasks = group.select(statements.TASKS_BEHIND, group.search.searched_to, STEP)
    items = group.search.texts([*{task.item_id for task in tasks if task.item_id is not None}])
    for task in tasks:
        item = None if task.item_id is None else items.get(task.item_id)
        before = words_of(task, item, deep=False)
        group.search.put(task.id, before, words_of(task, item, deep=True))
    reached = tasks[-1].id if len(tasks) == STEP else group.memory.last_task
    group.search.searched_to = reached
    group.cursor.execute(statements.PUT_META, (statements.SEARCHED_TO, str(reached)))


def _tell(group: Group) -> None:
    """Tell listeners, after the COMMIT, that searches find more."""
    reached, when = group.search.searched_to, group.search.indexing
    is_done = reached >= group.memory.last_task
    if is_done or group.now >= when.told_at + TELL_MS:
        when.told, when.told_at = reached, group.now
