"""How a test mail went: a sentence, and the conversation with the server below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.theme import Theme


class TriedMail(QWidget):
    """Empty until something is said; ``words`` and ``log`` are where."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setAccessibleName(self.tr("The conversation with the server"))
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setTabChangesFocus(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.words)
        self._column.addWidget(self.log)
        self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self.say("", "soft")
        self.show_log([])

    def say(self, sentence: str, role: str) -> None:
        """Say how it goes or went; ``role`` is the colour."""
        self.words.setProperty("role", role)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.words.setText(sentence)
        for part in (self, self.words):
            part.setVisible(bool(sentence))

    def show_log(self, lines: Sequence[str]) -> None:
        """Show the conversation, where there was one."""
        self.log.setPlainText("\n".join(lines))
        self.log.setVisible(bool(lines))

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(12))
        self.log.setFixedHeight(theme.px(120))
