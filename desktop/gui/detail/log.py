"""The log of a task: every line it or the engine wrote, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor

from desktop.gui.ages import clock
from desktop.gui.parts.texts import ReadingPane
from desktop.gui.tasks.task_row import epoch

if TYPE_CHECKING:
    from desktop.contract.tasks import LogLine
    from desktop.gui.look.appearance import ThemeSource

TOKENS: Final = {"info": "text", "warning": "waiting", "error": "failed"}


class DetailLog(ReadingPane):
    """Lines with their time and attempt; stays at the end when it is there."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__("")
        self.setAccessibleName(self.tr("Log"))
        self.setPlaceholderText(self.tr("Nothing was written."))
        self._themes = themes
        self._lines: list[LogLine] = []
        self._task: int | None = None
        themes.changed.connect(self._write_all)

    def show_log(self, task_id: int, lines: list[LogLine]) -> None:
        """Show a task's lines; of one already shown only the new ones are added."""
        known = len(self._lines)
        same = task_id == self._task and lines[:known] == self._lines
        self._task, self._lines = task_id, list(lines)
        if same:
            self._write(lines[known:])
        else:
            self._write_all()

    def _write_all(self) -> None:
        self.clear()
        self._write(self._lines)

    def _write(self, lines: list[LogLine]) -> None:
        if not lines:
            return
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        theme = self._themes.theme
        for line in lines:
            if not cursor.atStart():
                cursor.insertBlock()
            at = clock(epoch(line["at"]) or 0.0, milliseconds=True)
            cursor.insertText(f"{at}  {line['attempt']}  ", _ink(theme.ink("soft text")))
            cursor.insertText(line["text"], _ink(theme.ink(TOKENS[line["level"]])))
        if at_end:
            bar.setValue(bar.maximum())


def _ink(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form
