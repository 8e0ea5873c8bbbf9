"""The tab of a task's message, which is read from the backend when the tab is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.client.errors import Refused, is_missing
from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.look.appearance import sized
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.tasks.detail.values import target_of

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.client.api import Api, ApiSource
    from desktop.contract.items import Item
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.kit.widgets.message_view import TaskMessage
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.detail.values import LinkTarget


class DetailMessage(QWidget):
    """Reads the message of the shown task again after each change, but only while visible.

    ``enlarge_chosen`` carries the message, to be shown in a larger view.
    """

    enlarge_chosen = Signal(object)

    def __init__(self, api: ApiSource, jobs: Jobs) -> None:
        super().__init__()
        self._request = LatestRequest(api, jobs, self._on_failure)
        self._wanted: tuple[int, int, str] | None = None
        self._shown: tuple[int, int, str] | None = None
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "soft")
        self.words.hide()
        self._column = sized(QVBoxLayout(self), margins=(16, 12, 16, 12))
        self._column.addWidget(self.words)
        self._column.addStretch()

    @cached_property
    def mail(self) -> TaskMessage:
        """The view of the message, made on first use."""
        from desktop.gui.kit.widgets.message_view import TaskMessage

        mail = TaskMessage()
        mail.hide()
        mail.enlarge_chosen.connect(self.enlarge_chosen)
        self._column.insertWidget(1, mail, 1)
        return mail

    def show_task(self, task_id: int, attempt: int, state: str) -> None:
        """Show a task's message; it may change with each attempt and state."""
        wanted = (task_id, attempt, state)
        if wanted == self._wanted:
            return
        if self._wanted is None or self._wanted[0] != task_id:
            self._hide_mail()
            self.words.hide()
        self._wanted = wanted
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the message now that the tab is shown."""
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        if self._wanted is None or self._wanted == self._shown:
            return
        task_id, *_ = self._shown = self._wanted
        self._request.ask(lambda api: Job(api.message, task_id).then(self._on_mail))

    def _on_mail(self, mail: dict[str, Any]) -> None:
        is_remade = mail.get("remade", False)
        self.words.setText(
            self.tr(
                "This is how the e-mail would look if it were sent now. There is no copy of a sent"
                " one."
            )
            if is_remade
            else ""
        )
        self.words.setVisible(is_remade)
        self.mail.show_mail(mail)
        self.mail.show()

    def _on_failure(self, error: Exception) -> None:
        self._shown = None
        self._hide_mail()
        self.words.setText(str(error))
        self.words.show()

    def _hide_mail(self) -> None:
        if "mail" in self.__dict__:
            self.mail.hide()


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
