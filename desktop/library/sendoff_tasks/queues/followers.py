"""Order between tasks: tasks that start behind another one, or after its success."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sendoff_tasks.causes import Because, because
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import LETS_OTHERS_GO, State
from sendoff_tasks.store.tables import beside_tasks, statements
from sendoff_tasks.store.tables.beside_tasks import COUNT_FOLLOWERS, INSERT_TOKEN, Follower
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import BriefRecord, Hold, TaskRecord
from sendoff_tasks.submission import NewTask, Place
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Watcher
from sendoff_tasks.words.table import ENGLISH

_OVER: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.UNCERTAIN})
_AGAIN: Final = frozenset({Reason.RETRY_LATER, Reason.ALONE_AFTER_CRASH})


class Followers(Watcher):
    """How many tasks wait for others, or will; and the tasks of a group that may have such."""

    def __init__(self) -> None:
        self.count = 0
        self.moved_tasks: set[int] = set()
        self.collected = (self.moved_tasks,)

    def load(self, source: Source) -> None:
        """Count them."""
        self.count = source.execute(COUNT_FOLLOWERS).fetchone()[0]

    def moved(self, record: TaskRecord, before: str) -> None:
        """Note a task that lets others go, or has come to its own time."""
        if self.count and (record.state in LETS_OTHERS_GO or before == State.SCHEDULED):
            self.moved_tasks.add(record.id)

    def forgotten(self, record: TaskRecord | BriefRecord) -> None:
        """Note a task that others may wait for in vain."""
        if self.count:
            self.moved_tasks.add(record.id)


def line_up(group: Group, followers: Collection[Follower]) -> None:
    """Make new tasks wait for others; those with nothing left to wait for continue at once.

    A task with a start time of its own waits for that first.
    """
    group.cursor.executemany(beside_tasks.INSERT_FOLLOWER, followers)
    known = group.part(Followers)
    known.count += len(followers)
    for follower in followers:
        record = group.new_tasks.get(follower.task_id) or group.read(follower.task_id)
        if record.state == State.QUEUED:
            _wait_for(group, record, follower)
        if follower.success:
            known.moved_tasks.add(follower.awaited)


def follow(group: Group) -> None:
    """Release or cancel followers according to the new states of the tasks they follow."""
    moved = group.part(Followers).moved_tasks
    stuck: set[int] = set()
    spread: set[int] = set()
    passed: set[int] = set()
    while moved or stuck:
        numbers = json.dumps([*moved | stuck]), json.dumps([*moved])
        moved.clear()
        group.flush()
        rows = group.cursor.execute(beside_tasks.MOVED, numbers).fetchall()
        group.select(statements.TASKS, json.dumps([n for row in rows for n in row[:2]]))
        found = defaultdict[int, list[Follower]](list)
        for row in rows:
            found[row[0]].append(Follower(*row))
        stuck = {number for number in found if _judge(group, number, found[number], passed)}
        stuck -= spread
        spread |= stuck


def _judge(group: Group, number: int, rows: Iterable[Follower], passed: set[int]) -> bool:
    """Release, cancel or keep one task by these of its rows; tell whether it got stuck by them.

    Then only successes are left. The line behind it may continue, because they may never come.
    """
    record = group.find(number)
    if record is None or not _may_wait(record):
        _let_go_of_all(group, number)
        return False
    only_success = True
    for row in rows:
        if row.success and _is_cancelled_with(group, record, row.awaited):
            return False
        has_succeeded = bool(row.success) and _has_succeeded(group, row.awaited)
        only_success &= has_succeeded
        if has_succeeded or (not row.success and _is_passed(group, row.awaited, passed)):
            group.cursor.execute(beside_tasks.LET_GO, row)
            group.part(Followers).count -= 1
    if record.state == State.SCHEDULED:
        return False  # looked at again at its time
    left = group.cursor.execute(beside_tasks.FOLLOWERS, (number,)).fetchone()
    if left is None:
        if record.state == State.WAITING:
            group.move(record, State.QUEUED, held=Hold.NOTHING.value)
        return False
    first = Follower(*left)
    if record.state != State.WAITING:
        _wait_for(group, record, first)
    elif record.reason_columns(_because(first)):
        group.explain(record, _because(first))
    return bool(first.success) and not only_success


def _may_wait(record: TaskRecord) -> bool:
    """Tell whether the task has not begun, and no person has started it."""
    if record.state == State.QUEUED:
        return record.reason != Reason.ASKED_AGAIN
    return record.state == State.SCHEDULED or record.held == Hold.TASK.value


def _is_cancelled_with(group: Group, record: TaskRecord, number: int) -> bool:
    """Cancel a task if the one it is after was cancelled or is gone; tell whether it was."""
    other = group.find(number)
    if other is not None and other.state != State.CANCELLED:
        return False
    _let_go_of_all(group, record.id)
    said = ENGLISH.say("reason", Reason.CANCELLED_WITH_TASK, task_id=number)
    group.log(record, group.now, "info", f"{said}.")
    group.move(record, State.CANCELLED, because(Reason.CANCELLED_WITH_TASK, task_id=number))
    return True


def _is_passed(group: Group, number: int, passed: set[int]) -> bool:
    """Tell whether the next task of a line may start: this one ended, or waits for a retry.

    A task that waits only for successes lets the next one start as soon as one of those that it is
    after would. ``passed`` has what is known to do so.
    """
    asked, seen = [number], {number}
    while asked:
        each = asked.pop()
        record = group.find(each)
        if each in passed or record is None or record.state in _OVER:
            break
        if record.state == State.WAITING and record.held != Hold.TASK.value:
            if record.run_at is not None and record.reason in _AGAIN:
                break
        elif record.state == State.WAITING:
            rows = group.cursor.execute(beside_tasks.FOLLOWERS, (each,)).fetchall()
            if all(success for _, _, success in rows):
                lacking = {n for _, n, _ in rows if not _has_succeeded(group, n)} - seen
                asked += lacking
                seen |= lacking
    else:
        return False
    passed.add(number)
    return True


def _has_succeeded(group: Group, number: int) -> bool:
    record = group.find(number)
    return record is not None and record.state == State.SUCCEEDED


def _wait_for(group: Group, record: TaskRecord, follower: Follower) -> None:
    group.move(record, State.WAITING, _because(follower), held=Hold.TASK.value)


def _because(follower: Follower) -> Because:
    return because(Reason.AFTER_TASK, task_id=follower.awaited)


def _let_go_of_all(group: Group, number: int) -> None:
    let_go = group.cursor.execute(beside_tasks.LET_GO_OF_ALL, (number,)).rowcount
    group.part(Followers).count -= let_go


def check_order(group: Group, tasks: Iterable[NewTask]) -> None:
    """Raise ``UnknownId`` if a task should start after one that does not exist."""
    for task in tasks:
        for other in task.options.after:
            if not isinstance(other, Place) and group.find(other) is None:
                raise UnknownId("task", other)


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
        if number in joined or (behind is None and not after):
            continue
        while behind is not None and numbers[behind.number] in joined:
            behind = tasks[behind.number].behind
        if behind is not None:
            followers.append(Follower(number, numbers[behind.number], 0))
        awaited = (numbers[each.number] if isinstance(each, Place) else each for each in after)
        followers += [Follower(number, other, 1) for other in dict.fromkeys(awaited)]
    if followers:
        line_up(group, followers)
