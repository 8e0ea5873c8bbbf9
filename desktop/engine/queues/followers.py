"""Order between tasks: tasks that start behind another one, or after its success."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.errors import UnknownId
from desktop.engine.reason_data import Because, because
from desktop.engine.store.tables import beside_tasks, statements
from desktop.engine.store.tables.beside_tasks import INSERT_TOKEN, Follower
from desktop.engine.store.tables.records import Hold, TaskRecord
from desktop.engine.submission import NewTask, Place
from desktop.engine.transaction.group import Group

WAITS: Final = "It begins after task {}."
CANCELLED: Final = "Task {}, which it follows, was cancelled."
FORGOTTEN: Final = "Task {}, which it follows, is no longer there."
_OVER: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.UNCERTAIN})
_AGAIN: Final = frozenset({Reason.RETRY_LATER, Reason.ALONE_AFTER_CRASH})


def line_up(group: Group, followers: Iterable[Follower]) -> None:
    """Make new tasks wait for others; those with nothing left to wait for continue at once.

    A task with a start time of its own waits for that first.
    """
    found = list(followers)
    group.cursor.executemany(beside_tasks.INSERT_FOLLOWER, found)
    group.memory.followers += len(found)
    for follower in found:
        record = group.new_tasks.get(follower.task_id) or group.read(follower.task_id)
        if record.state == State.QUEUED:
            _put_aside(group, record, follower)
        if follower.after is not None:
            group.moved.add(follower.after)


def follow(group: Group) -> None:
    """Release or cancel followers according to the new states of the tasks they follow."""
    spread: set[int] = set()
    while group.moved:
        numbers = json.dumps([*group.moved])
        group.moved.clear()
        group.flush()
        rows = group.cursor.execute(beside_tasks.MOVED, (numbers,) * 3).fetchall()
        followers = [Follower(*row) for row in rows]
        group.select(statements.TASKS, json.dumps([n for each in followers for n in each if n]))
        stuck = {each.task_id for each in followers if _judge(group, each)}
        group.moved |= stuck - spread
        spread |= stuck


def _judge(group: Group, follower: Follower) -> bool:
    """Release, cancel or keep one follower; return whether it waits only for a success.

    The line behind such a task may continue, because the success may never come.
    """
    record = group.find(follower.task_id)
    if record is None or not _may_wait(record):
        _remove(group, follower)
        return False
    if _is_cancelled(group, record, follower):
        return False
    if follower.behind is not None and _lets_next_start(group, follower.behind):
        group.cursor.execute(beside_tasks.LET_GO, (follower.task_id,))
        follower = follower._replace(behind=None)
    if record.state == State.SCHEDULED:
        return False  # looked at again at its time
    is_aside = record.state == State.WAITING
    if follower.behind is None and _has_succeeded(group, follower.after):
        _remove(group, follower)
        if is_aside:
            group.move(record, State.QUEUED, held=Hold.NOTHING.value)
        return False
    if not is_aside:
        _put_aside(group, record, follower)
    elif record.why != WAITS.format(follower.behind or follower.after):
        group.explain(record, *_because(follower))
    return follower.behind is None


def _may_wait(record: TaskRecord) -> bool:
    """Return whether the task has not begun, and no person has started it."""
    if record.state == State.QUEUED:
        return record.reason != Reason.ASKED_AGAIN
    return record.state == State.SCHEDULED or record.held == Hold.TASK.value


def _is_cancelled(group: Group, record: TaskRecord, follower: Follower) -> bool:
    """Cancel a follower whose ``after`` task was cancelled or is gone; return whether it was."""
    if follower.after is None:
        return False
    other = group.find(follower.after)
    if other is not None and other.state != State.CANCELLED:
        return False
    why = (FORGOTTEN if other is None else CANCELLED).format(follower.after)
    _remove(group, follower)
    group.log(record, group.now, "info", why)
    group.move(
        record,
        State.CANCELLED,
        why,
        because(Reason.CANCELLED_WITH_TASK, task_id=follower.after),
        held=Hold.NOTHING.value,
        run_at=None,
        deadline=None,
        finished_at=group.now,
    )
    return True


def _lets_next_start(group: Group, number: int) -> bool:
    """Return whether the next task of a line may start: this one ended, or waits for a retry.

    A task that waits only for a success lets the next one start as soon as that task would.
    """
    record = group.find(number)
    if record is None or record.state in _OVER:
        return True
    if record.state != State.WAITING:
        return False
    if record.held != Hold.TASK.value:
        return record.run_at is not None and record.reason in _AGAIN
    row = group.cursor.execute(beside_tasks.FOLLOWER, (number,)).fetchone()
    follower = None if row is None else Follower(*row)
    if follower is None or follower.behind is not None or follower.after is None:
        return False
    return not _has_succeeded(group, follower.after) and _lets_next_start(group, follower.after)


def _has_succeeded(group: Group, number: int | None) -> bool:
    record = None if number is None else group.find(number)
    return number is None or (record is not None and record.state == State.SUCCEEDED)


def _put_aside(group: Group, record: TaskRecord, follower: Follower) -> None:
    group.move(record, State.WAITING, *_because(follower), held=Hold.TASK.value)


def _because(follower: Follower) -> tuple[str, Because]:
    number = follower.behind or follower.after
    return WAITS.format(number), because(Reason.AFTER_TASK, task_id=number)


def _remove(group: Group, follower: Follower) -> None:
    group.cursor.execute(beside_tasks.DELETE_FOLLOWER, (follower.task_id,))
    group.memory.followers -= 1


def check_order(group: Group, tasks: Iterable[NewTask]) -> None:
    """Raise ``UnknownId`` if a task should start after one that does not exist."""
    for task in tasks:
        after = task.options.after
        if isinstance(after, int) and group.find(after) is None:
            raise UnknownId("task", after)


def set_order(
    group: Group, tasks: Sequence[NewTask], numbers: Sequence[int], joined: Collection[int]
) -> None:
    """Make new tasks wait for others as they ask, and store their tokens.

    A task that was already open (``joined``) is not part of this line and waits for nothing more.
    """
    followers = []
    for task, number in zip(tasks, numbers, strict=True):
        if task.token is not None:
            group.cursor.execute(INSERT_TOKEN, (task.token, number))
        behind, after = task.behind, task.options.after
        if number in joined or (behind is None and after is None):
            continue
        while behind is not None and numbers[behind.number] in joined:
            behind = tasks[behind.number].behind
        if isinstance(after, Place):
            after = numbers[after.number]
        if behind is not None or after is not None:
            before = None if behind is None else numbers[behind.number]
            followers.append(Follower(number, before, after))
    if followers:
        line_up(group, followers)
