"""The data behind the detail pane: a task with its item and links, read on a worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.client.errors import Refused, is_missing
from desktop.contract.items import MAIL_QUEUE
from desktop.gui.detail.values import target_of

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.items import Item
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.detail.values import LinkTarget


@dataclass(frozen=True, slots=True)
class TaskRead:
    """A task with its item and the target of its result; ``gone`` are linked tasks now removed."""

    task: TaskDetail
    item: Item | None
    target: LinkTarget | None
    gone: frozenset[int] = frozenset()

    @property
    def named(self) -> set[int]:
        """The other tasks that the detail pane names."""
        others = {each["id"] for each in self.item["tasks"]} if self.item else set[int]()
        return others | _named(self.task)


def read_task(api: Api, task_id: int) -> TaskRead:
    """Read a task; the result of an e-mail is the server's answer, which has no target."""
    task, item = api.task_with_item(task_id)
    is_mail = task["queue"] == MAIL_QUEUE
    target = None if is_mail else target_of(task["result"])
    return TaskRead(task, item, target, _gone(api, task, item))


def _gone(api: Api, task: TaskDetail, item: Item | None) -> frozenset[int]:
    """Return the repeats, before and after this task, that no longer exist."""
    there = {each["id"] for each in item["tasks"]} if item is not None else set[int]()
    return frozenset(number for number in _named(task) - there if _is_gone(api, number))


def _named(task: TaskDetail) -> set[int]:
    """Return the task that it repeats, and the one that repeats it."""
    return {number for number in (task["repeated_by"], task["resend_of"]) if number is not None}


def _is_gone(api: Api, number: int) -> bool:
    try:
        api.task(number)
    except Refused as error:
        return is_missing(error)
    return False
