"""Repeats: whether a task may be done again, given the others of its message; the note of it."""

from __future__ import annotations

import json
from collections.abc import Callable

from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.reasons import ReasonData
from sendoff_tasks.model.states import OPEN, RESENDABLE, Refusal, State
from sendoff_tasks.store.reads.detail import REPEATS, is_done_since, same_message
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.words.table import ENGLISH

IsMeant = Callable[[TaskRecord], bool]


def has_left_by_removed(group: Group, record: TaskRecord) -> bool:
    """Tell whether another task, which was removed since, has sent a task's message."""
    noted = record.noted_repeat
    return noted is not None and group.find(noted) is None


def _alone(_: TaskRecord) -> bool:
    """Return ``False``: the call means no other task."""
    return False


class Messages:
    """The messages of a group: a task and all that repeat it are one message.

    ``is_meant`` returns whether the same call also means a given task; of the tasks of one message
    the latest is then done. A group has one record per task, so records are current.
    """

    def __init__(self, group: Group, is_meant: IsMeant = _alone) -> None:
        self._group = group
        self._is_meant = is_meant

    def check_retry(self, record: TaskRecord) -> None:
        """Refuse a task whose message another task or row is about to send, or has sent since."""
        if record.state in OPEN:
            return
        for task in self._others(record):
            is_later = self._is_meant_later(task, record) and task.copy_for == record.copy_for
            if is_later or is_done_since(task, record):
                raise Conflict(Refusal.REPEATED)
        if has_left_by_removed(self._group, record) or self._waits_elsewhere(record):
            raise Conflict(Refusal.REPEATED)

    def check_resend(self, record: TaskRecord) -> None:
        """Refuse a task if a later task of the same call sends its message to the same address."""
        for task in self._others(record):
            is_alike = task.state in RESENDABLE and task.addressee == record.addressee
            if is_alike and self._is_meant_later(task, record):
                raise Conflict(Refusal.REPEATED)

    def _waits_elsewhere(self, record: TaskRecord) -> bool:
        """Tell whether a feature is to send a task's message; not if it waits for the task."""
        if record.state == State.UNCERTAIN:
            return False
        return any(each.sends_instead(self._group, record) for each in self._group.memory.features)

    def _is_meant_later(self, task: TaskRecord, record: TaskRecord) -> bool:
        return task.id > record.id and self._is_meant(task)

    def _others(self, record: TaskRecord) -> list[TaskRecord]:
        """Return the other tasks of a task's message."""
        group = self._group
        return same_message(record, group.find, lambda number: group.select(REPEATS, number))


def mark_repeated(group: Group, record: TaskRecord, again: TaskRecord) -> None:
    """Note on a task that ``again`` repeats it; a failed task then counts as seen.

    A note of a removed task that has sent the message stays, because nothing else records it.
    """
    if record.is_repeatable:
        has_left = has_left_by_removed(group, record)
        note_repeat(group, record, record.noted_repeat if has_left else again.id, seen=1)


def bring_back(group: Group, again: TaskRecord) -> None:
    """Undo the note of a repeat that was cancelled before it began: a person decides again."""
    if again.resend_of is None or again.attempt:
        return
    record = group.find(again.resend_of)
    if record is None:
        return
    group.log(
        record, group.now, "info", ENGLISH.say("history", "repeat_cancelled", task_id=again.id)
    )
    if again.is_copy:
        return
    noted = record.noted_repeat
    if noted == again.id or (noted is None and record.state == State.FAILED):
        note_repeat(group, record, None, seen=0)


def note_repeat(
    group: Group, record: TaskRecord, number: int | None, seen: int | None = None
) -> None:
    """Note the task that repeats this one, or none; ``seen`` applies to failed tasks only."""
    data: ReasonData = json.loads(record.reason_data or "{}")
    data.pop("task_id", None)
    if number is not None:
        data["task_id"] = number
    group.change(record, reason_data=json.dumps(data, ensure_ascii=False) if data else None)
    if seen is not None and record.state == State.FAILED:
        group.change(record, seen=seen)
