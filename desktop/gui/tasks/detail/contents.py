"""The tabs of what a task works with: its message, its arguments and its result."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.texts import Paragraph, ReadingPane
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.client.api import Api
    from desktop.contract.items import Item
    from desktop.contract.office import OfficeTask
    from desktop.gui.kit.widgets.message_view import MessageView
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource


translate = QCoreApplication.translate

LENGTH_LIMIT: Final = 2000
"""Longest text, in characters, that is taken for an address or a path."""
SHORT: Final = 60
"""Longest value, in characters, that is written on one line."""
_PROGRAMS: Final = re.compile(
    r"\.(app|bat|cmd|com|command|cpl|desktop|exe|hta|jar|js|jse|lnk|msc|msi|pif|ps1|py|pyw|reg|scf"
    r"|scr|sh|url|vbe|vbs|wsf|wsh)",
    re.IGNORECASE,
)
"""Endings of files that the system would run."""
LEAST_IN_TAB: Final = 150
"""Minimum height of a message, in units of the grid; the tab scrolls if there is less."""


class Opens(Enum):
    """What opening a result shows."""

    PAGE = auto()
    FILE = auto()
    FOLDER = auto()
    """The folder of a file: opening the file itself would run it."""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """The target of a result: an address, or a path on this computer."""

    opens: Opens
    where: str


def target_of(result: Any) -> LinkTarget | None:
    """Return the target of a result that is an address or an existing file; reads the disk."""
    if not isinstance(result, str) or not result or len(result) > LENGTH_LIMIT:
        return None
    if not result.isprintable():
        return None
    return _page(result) or _file(result)


def _page(text: str) -> LinkTarget | None:
    try:
        parts = urlsplit(text)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return LinkTarget(Opens.PAGE, text) if is_page and " " not in text else None


def _file(text: str) -> LinkTarget | None:
    """Find a file or folder by its absolute path; paths of other computers are not touched."""
    if text.startswith(("//", "\\\\")):
        return None
    path = Path(text)
    try:
        if not path.is_absolute() or not (path.is_file() or path.is_dir()):
            return None
        runs = _PROGRAMS.fullmatch(path.suffix) is not None or (
            path.is_file() and os.name == "posix" and os.access(path, os.X_OK)
        )
    except OSError:
        return None
    return LinkTarget(Opens.FOLDER, str(path.parent)) if runs else LinkTarget(Opens.FILE, str(path))


class DetailValues(QWidget):
    """Arguments at the left, the result at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.arguments = ReadingPane(self.tr("Arguments"))
        self.arguments.setPlaceholderText(self.tr("It was called without arguments."))
        self.result = ReadingPane(self.tr("Result"))
        columns = sized(QHBoxLayout(self), margins=(16, 12, 16, 8), spacing=32)
        for words, pane in (
            (self.tr("Arguments"), self.arguments),
            (self.tr("Result"), self.result),
        ):
            column = sized(QVBoxLayout(), spacing=6)
            column.addWidget(editor_label(words, pane))
            column.addWidget(sized(pane, least_height=36), 1)  # two lines; the page scrolls
            columns.addLayout(column, 1)

    def show_values(self, detail: OfficeTask) -> None:
        """Show arguments and result of a task."""
        known = len(detail["parameters"])
        names = [*detail["parameters"], *map(str, range(known + 1, len(detail["args"]) + 1))]
        placed = dict(zip(names, detail["args"], strict=True))
        lines = [_written(name, each) for name, each in (placed | detail["kwargs"]).items()]
        _show(self.arguments, "\n".join(lines))
        result = detail["result"]
        nothing = "" if result is None else _json(result)
        _show(self.result, result if isinstance(result, str) else nothing)
        self.result.setPlaceholderText(self._no_result(detail["state"]))

    def _no_result(self, state: str) -> str:
        if state == State.SUCCEEDED:
            return self.tr("It returned nothing.")
        return self.tr("There is no result.")


def _show(pane: ReadingPane, text: str) -> None:
    """Set a text, unless it is unchanged: the person may have selected a part of it."""
    if pane.toPlainText() != text:
        pane.setPlainText(text)


def _written(name: str, value: Any) -> str:
    """Write an argument on one line, or a long one on several."""
    short = json.dumps(value, ensure_ascii=False)
    return f"{name}: {short if len(short) <= SHORT else _json(value)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


class DetailMessage(QWidget):
    """Reads the message of the shown task again after each change, but only while visible.

    ``enlarge_chosen`` carries the message, to be shown in a larger view.
    """

    enlarge_chosen = Signal(object)

    def __init__(self, api: ApiSource) -> None:
        super().__init__()
        self._request = LatestRequest(api, self._on_failure)
        self._wanted: tuple[int, int, str, bool] | None = None
        self._shown: tuple[int, int, str, bool] | None = None
        self.words = set_role(Paragraph(), "soft")
        self.words.hide()
        self.other = Link("")
        self.other.setToolTip(self.tr("The template was saved with another text since"))
        self.other.hide()
        self.other.clicked.connect(self._on_other)
        self._is_again = False
        self._column = sized(QVBoxLayout(self), margins=(16, 12, 16, 12))
        self._column.addWidget(self.words)
        self._column.addWidget(self.other)
        self._column.addStretch()
        self._message: dict[str, Any] = {}
        self._state = ("", "soft text")

    @cached_property
    def mail(self) -> MessageView:
        """The view of the message, made on first use."""
        from desktop.gui.kit.widgets.message_view import MessageView

        mail = MessageView(may_turn=True)
        mail.hide()
        mail.say_state(*self._state)
        mail.choice.hide()  # the larger view has it
        sized(mail, least_height=LEAST_IN_TAB)
        self._column.insertWidget(2, mail, 1)
        return mail

    def enlarge(self) -> None:
        """Ask for the larger view of the message, if one is shown."""
        if "mail" in self.__dict__ and not self.mail.isHidden():
            self.enlarge_chosen.emit(self._message)

    def show_task(self, row: Row) -> None:
        """Show a task's message; it may change with each attempt and state."""
        task_id, wanted = row.id, (row.id, row.attempt, row.state, row.is_repeated)
        if wanted == self._wanted:
            return
        if self._wanted is None or self._wanted[0] != task_id:
            self._hide_mail()
            self.words.hide()
            self.other.hide()
        self._wanted, self._is_again = wanted, False
        if self.isVisible():
            self._read()

    def offer_newer(self, is_newer: bool) -> None:
        """Offer to show what *Send again* sends, if that has a newer text."""
        self.other.setVisible(is_newer)

    def say_state(self, state: str, token: str) -> None:
        """Say above a message that was not sent what became of it, or when it goes."""
        self._state = state, token
        if "mail" in self.__dict__:
            self.mail.say_state(state, token)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the message now that the tab is shown."""
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        if self._wanted is None or self._wanted == self._shown:
            return
        self._shown = self._wanted
        self._ask()

    def _ask(self) -> None:
        if self._shown is not None:
            number, again = self._shown[0], self._is_again
            self._request.ask(lambda api: Job(api.message, number, again=again).then(self._on_mail))

    def _on_other(self) -> None:
        """Show what was sent, or what sending it again would send."""
        self._is_again = not self._is_again
        self._ask()

    def _on_mail(self, mail: dict[str, Any]) -> None:
        is_repeated = self._shown is not None and self._shown[-1] and not self._is_again
        if mail.get("remade", False) and is_repeated:
            self._hide_mail()  # the item may have another recipient by now
            self.words.setText(self.tr("Replaced: nothing more is sent by this task."))
            self.words.show()
            return
        self.words.hide()
        again, sent = self.tr("Show what “Send again” sends"), self.tr("Show the earlier text")
        self.other.setText(sent if self._is_again else again)
        self._message = mail
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
    """A task with its item and the target of its result."""

    task: OfficeTask
    item: Item | None
    target: LinkTarget | None


def read_task(api: Api, task_id: int) -> TaskRead:
    """Read a task; the result of an e-mail is the server's answer, which has no target."""
    task, item = api.task_with_item(task_id)
    is_mail = task["queue"] == MAIL_QUEUE
    return TaskRead(task, item, None if is_mail else target_of(task["result"]))
