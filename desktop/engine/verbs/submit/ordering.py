"""Ordering: what the tasks of a submission wait for, and the tokens that lead to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from desktop.engine.errors import UnknownId
from desktop.engine.queues.followers import line_up
from desktop.engine.store.tables.order import INSERT_TOKEN, Follower
from desktop.engine.submission import NewTask, Place
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit.prepare import PreparedTask


def check_order(group: Group, tasks: Iterable[PreparedTask]) -> None:
    """Raise ``UnknownId`` for a task that is to begin after one that is not there."""
    for task in tasks:
        after = task.task.after
        if isinstance(after, int) and group.find(after) is None:
            raise UnknownId("task", after)


def set_order(
    group: Group, tasks: Sequence[NewTask], numbers: Sequence[int], joined: Collection[int]
) -> None:
    """Have new tasks wait for others as they ask for it, and give them their tokens.

    One that was open already is not of this line, and waits for nothing more.
    """
    followers = []
    for task, number in zip(tasks, numbers, strict=True):
        if task.token is not None:
            group.cursor.execute(INSERT_TOKEN, (task.token, number))
        if number in joined or (task.behind is None and task.after is None):
            continue
        behind = task.behind
        while behind is not None and numbers[behind.number] in joined:
            behind = tasks[behind.number].behind
        after = numbers[task.after.number] if isinstance(task.after, Place) else task.after
        if behind is not None or after is not None:
            before = None if behind is None else numbers[behind.number]
            followers.append(Follower(number, before, after))
    if followers:
        line_up(group, followers)
