"""How a test mail went: a sentence, and the conversation with the server below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from desktop.gui.widgets.feedback import Feedback

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.theme import Theme


class TriedMail(QWidget):
    """Empty until something is said; ``words`` and ``log`` are where."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Feedback()
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
        self.words.say(sentence, role)
        self.setVisible(bool(sentence))

    def say_why(self, sentence: str, error: Exception) -> None:
        """Say why it was not done."""
        self.words.say_why(sentence, error)
        self.setVisible(bool(sentence))

    def show_log(self, lines: Sequence[str]) -> None:
        """Show the conversation, where there was one."""
        self.log.setPlainText("\n".join(lines))
        self.log.setVisible(bool(lines))

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(12))
        self.log.setFixedHeight(theme.px(120))
