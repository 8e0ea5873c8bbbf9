"""Messages: what stands against doing a task once more, among the others that send the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from desktop.contract.refusals import Refusal
from desktop.contract.states import OPEN, RESENDABLE, State
from desktop.engine.errors import Conflict
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group

REPEATED: Final = "It was sent again since, as another task."

IsMeant = Callable[[TaskRecord], bool]


def _alone(_: TaskRecord) -> bool:
    """Say that a call means no other task."""
    return False


class Messages:
    """What the items of a group send: a task and all that repeat it are one message.

    ``is_meant`` tells whether the same call means a task too: of those that would send the same,
    the latest is done. An item's tasks are read once; a group has one record of each, so they are
    as they are now.
    """

    def __init__(self, group: Group, is_meant: IsMeant = _alone) -> None:
        self._group = group
        self._is_meant = is_meant
        self._messages: dict[int, dict[int, list[TaskRecord]]] = {}

    def check_retry(self, record: TaskRecord) -> None:
        """Refuse a task whose message is on its way by another one, or has left by it since.

        A copy to the sender is another message.
        """
        if record.state in OPEN:
            return
        for task in self._others(record):
            is_repeat = _is_done_since(task, record) or self._is_meant_later(task, record)
            if is_repeat and task.is_copy == record.is_copy:
                raise Conflict(REPEATED, Refusal.REPEATED)

    def check_resend(self, record: TaskRecord) -> None:
        """Refuse a task where the call sends its message to the same address by a later one."""
        for task in self._others(record):
            is_alike = task.state in RESENDABLE and task.addressee == record.addressee
            if is_alike and self._is_meant_later(task, record):
                raise Conflict(REPEATED, Refusal.REPEATED)

    def _is_meant_later(self, task: TaskRecord, record: TaskRecord) -> bool:
        return task.id > record.id and self._is_meant(task)

    def _others(self, record: TaskRecord) -> list[TaskRecord]:
        """Return the other tasks of a task's message; without an item, those that it repeats."""
        if record.item_id is None:
            return [*self._repeated_by(record)]
        if record.item_id not in self._messages:
            self._messages[record.item_id] = self._of_item(record.item_id)
        message = self._messages[record.item_id].get(record.id, [])
        return [task for task in message if task is not record]

    def _repeated_by(self, record: TaskRecord) -> Iterator[TaskRecord]:
        while record.resend_of is not None:
            repeated = self._group.find(record.resend_of)
            if repeated is None:
                return
            yield repeated
            record = repeated

    def _of_item(self, item_id: int) -> dict[int, list[TaskRecord]]:
        """Return each task's message; one whose first task was removed is known by its number."""
        messages: dict[int, list[TaskRecord]] = {}
        for task in self._group.select(statements.TASKS_OF_ITEM, item_id):
            message = messages.setdefault(task.resend_of or task.id, [])
            message.append(task)
            messages[task.id] = message
        return messages


def _is_done_since(task: TaskRecord, record: TaskRecord) -> bool:
    """Tell whether a task does what ``record`` would do, or did so after that one was made."""
    if task.state in OPEN:
        return True
    has_left = task.state in {State.SUCCEEDED, State.UNCERTAIN}
    return has_left and (task.id > record.id or task.finished_at > record.created_at)
