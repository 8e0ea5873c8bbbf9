"""The tab of a task's log: its lines, oldest first, with a search and a level filter above."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.widgets.buttons import CheckBox, ClearableLine
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.texts import ReadingPane
from desktop.gui.kit.words.ages import clock
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from desktop.contract.tasks import LogLine

_LEVELS: Final = {
    "info": frozenset({"info", "warning", "error"}),
    "warning": frozenset({"warning", "error"}),
    "error": frozenset({"error"}),
}


class LogPage(QWidget):
    """Shows the log of one task after the other; the search stays."""

    def __init__(self) -> None:
        super().__init__()
        self.log = DetailLog()
        self.search = ClearableLine(self.tr("Search the log"))
        self.search.textChanged.connect(self._narrow)
        self.level = Choice(self.tr("Which lines are shown"))
        self.level.set_choices(
            [
                ("info", self.tr("All lines")),
                ("warning", self.tr("Warnings and errors")),
                ("error", self.tr("Errors")),
            ]
        )
        self.level.chosen.connect(self._narrow)
        self.follow = CheckBox(self.tr("Follow"))
        self.follow.setToolTip(self.tr("Stay at the end when lines are added"))
        self.follow.setChecked(True)
        self.follow.toggled.connect(self.log.follow)
        self.log.following_changed.connect(self._on_following)
        bar = sized(QHBoxLayout(), spacing=12)
        bar.addWidget(self.search, 3)
        bar.addWidget(self.level, 1)
        bar.addWidget(self.follow)
        column = sized(QVBoxLayout(self), margins=(16, 8, 16, 8), spacing=8)
        column.addLayout(bar)
        column.addWidget(self.log, 1)
        self.setFocusProxy(self.search)
        for field in (self.search, self.level):
            sized(field, least_width=60)
        sized(self.level, most_width=190)
        sized(self.log, least_height=54)  # three lines; the page scrolls

    def show_log(self, task_id: int, lines: list[LogLine]) -> None:
        """Show a task's lines."""
        self.log.show_log(task_id, lines)

    def _narrow(self) -> None:
        self.log.show_only(self.search.text(), _LEVELS[self.level.value()])

    def _on_following(self, follows: bool) -> None:
        with QSignalBlocker(self.follow):
            self.follow.setChecked(follows)
        self.follow.update()


TOKENS: Final = {"info": "text", "warning": "waiting", "error": "failed"}


class DetailLog(ReadingPane):
    """Lines with their time and attempt; while it ``follows``, it scrolls to each new line.

    ``following_changed`` is emitted when the person scrolls away from the end, or back to it.
    """

    following_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__("")
        self.setAccessibleName(self.tr("Log"))
        self.setPlaceholderText(self.tr("Nothing was written."))
        self._lines: list[LogLine] = []
        self._task: int | None = None
        self._text = ""
        self._levels: frozenset[str] = frozenset(TOKENS)
        self._writing = False
        self.follows = True
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        LOOK.changed.connect(self._write_all)

    def show_log(self, task_id: int, lines: list[LogLine]) -> None:
        """Show a task's lines; for the same task, only append the new ones."""
        known = len(self._lines)
        same = task_id == self._task and lines[:known] == self._lines
        if task_id != self._task:
            self.follow(True)
        self._task, self._lines = task_id, list(lines)
        if same:
            self._write(lines[known:])
        else:
            self._write_all()

    def show_only(self, text: str, levels: frozenset[str]) -> None:
        """Show only lines of these levels that contain a text, and highlight it."""
        self._text, self._levels = text.strip().casefold(), levels
        nothing, none = self.tr("Nothing was written."), self.tr("No line matches.")
        self.setPlaceholderText(none if self._lines else nothing)
        self._write_all()

    def follow(self, follows: bool) -> None:
        """Scroll to the end now and with each new line, or stay at the current place."""
        if follows != self.follows:
            self.follows = follows
            self.following_changed.emit(follows)
        if follows:
            self._go_to_end()

    def _on_scrolled(self, value: int) -> None:
        if not self._writing and self.isVisible():
            self.follow(value >= self.verticalScrollBar().maximum())

    def _go_to_end(self) -> None:
        bar = self.verticalScrollBar()
        self._writing = True
        bar.setValue(bar.maximum())
        self._writing = False

    def _write_all(self) -> None:
        self._writing = True
        self.clear()
        self._writing = False
        self._write(self._lines)

    def _write(self, lines: list[LogLine]) -> None:
        shown = [line for line in lines if self._is_shown(line)]
        if not shown:
            return
        self._writing = True
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        theme = LOOK.theme
        for line in shown:
            if not cursor.atStart():
                cursor.insertBlock()
            at = clock(epoch(line["at"]) or 0.0)
            cursor.insertText(f"{at}  {line['attempt']}  ", _ink(theme.ink("soft text")))
            ink = _ink(theme.ink(TOKENS[line["level"]]))
            for part, is_found in _found(line["text"], self._text):
                found = QTextCharFormat(ink)
                found.setBackground(theme.tint("waiting", 0.35))
                cursor.insertText(part, found if is_found else ink)
        self._writing = False
        if self.follows:
            self._go_to_end()

    def _is_shown(self, line: LogLine) -> bool:
        return line["level"] in self._levels and self._text in line["text"].casefold()


def _found(text: str, wanted: str) -> list[tuple[str, bool]]:
    """Split a text into parts, each with whether it matches the search."""
    if not wanted:
        return [(text, False)]
    parts = re.split(f"({re.escape(wanted)})", text, flags=re.IGNORECASE)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def _ink(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form
