"""Links of the detail: to related tasks, to a result, to an enlarged message."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.contract.reasons import STANDING, Reason
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.tasks.detail.values import Opens, open_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop.contract.tasks import TaskDetail
    from desktop.gui.tasks.detail.values import LinkTarget


_WIDEST: Final = 26
"""Longest text of a link, in characters; the tooltip has all of it."""
STOPPING: Final = STANDING | {Reason.BATCH_PAUSED}
"""Reasons that stop a task along with others; its earlier error is another cause."""
REPEAT, REPEATED = "repeat", "repeated"
ITEM, BATCH, CAUSE, RESULT = "item", "batch", "cause", "result"


class DetailLinks(QWidget):
    """A link for each place; ``chosen`` carries the place's name and the target."""

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._leads: dict[str, Any] = {}
        self._grid = sized(QGridLayout(self), margins=0, across=16, down=2)  # a link is high
        self._grid.setColumnStretch(1, 1)
        self.links: dict[str, Link] = {}
        self.names: dict[str, QLabel] = {}
        for line, (place, words) in enumerate(self._words().items()):
            link = Link("")
            name = editor_label(words, link)
            link.clicked.connect(lambda _=False, place=place: self._on_clicked(place))
            self.names[place], self.links[place] = name, link
            self._grid.addWidget(name, line, 0)
            self._grid.addWidget(link, line, 1, Qt.AlignmentFlag.AlignLeft)

    def show_task(
        self, detail: TaskDetail, target: LinkTarget | None, gone: Collection[int] = ()
    ) -> None:
        """Show the links of a task; ``target`` is that of its result.

        Links to tasks that are ``gone`` are disabled.
        """
        self._leads = {
            REPEAT: detail["repeated_by"],
            REPEATED: detail["resend_of"],
            ITEM: detail["item_id"],
            BATCH: detail["batch_id"],
            CAUSE: detail["cause"] and (detail["cause"], _cause_words(detail)),
            RESULT: target and detail["result"],
        }
        said = {
            REPEAT: self._task(detail["repeated_by"], gone),
            REPEATED: self._task(detail["resend_of"], gone),
            ITEM: (str(detail["item_id"]), self.tr("Show the tasks of this item")),
            BATCH: (str(detail["batch_id"]), self.tr("Show the tasks of this batch")),
            CAUSE: (self.tr("All tasks like this"), self.tr("Show the tasks of this cause")),
            RESULT: (_name(target, detail["result"]), open_words(target) if target else ""),
        }
        for place, (words, about) in said.items():
            link = self.links[place]
            link.setText(_cut(words))
            link.setToolTip(tip(about if words == _cut(words) else f"{words}\n{about}"))
            link.setAccessibleName(f"{self.names[place].text()}: {words}")
            link.setAccessibleDescription(about)
            link.setEnabled(place not in {REPEAT, REPEATED} or self._leads[place] not in gone)
            for part in (link, self.names[place]):
                part.setVisible(bool(self._leads[place]))

    def lines(self) -> list[str]:
        """Return the shown links as lines of text, to be copied."""
        return [
            f"{self.names[place].text()}: {link.text()}"
            for place, link in self.links.items()
            if self._leads.get(place) and place != CAUSE
        ]

    def align(self, names: int) -> None:
        """Set the least width of the names, in logical pixels."""
        self._grid.setColumnMinimumWidth(0, names)

    def _task(self, number: int | None, gone: Collection[int]) -> tuple[str, str]:
        """Return the name of a task, and the tooltip of its link."""
        if number in gone:
            return self.tr("Task {} (removed)").format(number), self.tr("It was removed.")
        return self.tr("Task {}").format(number), self.tr("Show this task")

    def _words(self) -> dict[str, str]:
        return {
            REPEAT: self.tr("Repeated by"),
            REPEATED: self.tr("Repeats"),  # it may name the first of several repeats
            ITEM: self.tr("Item"),
            BATCH: self.tr("Batch"),
            CAUSE: self.tr("Cause"),
            RESULT: self.tr("Result"),
        }

    def _on_clicked(self, place: str) -> None:
        if self._leads.get(place):
            self.chosen.emit(place, self._leads[place])


def _cause_words(detail: TaskDetail) -> str:
    """Return the cause a task shares with others: its current stop, or its last error."""
    stopped = detail["why"] if detail["reason"] in STOPPING else ""
    return stopped or detail["error"] or detail["why"]


def _name(target: LinkTarget | None, result: Any) -> str:
    """Return a short name for a result that can be opened."""
    if target is None:
        return ""
    if target.opens is Opens.PAGE:
        parts = urlsplit(target.where)
        return f"{parts.hostname}{parts.path}".rstrip("/")
    return PurePath(result).name


def _cut(words: str) -> str:
    half = _WIDEST // 2
    return words if len(words) <= _WIDEST else f"{words[:half]}…{words[-half + 1 :]}"
