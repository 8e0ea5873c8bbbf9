"""The result of a test e-mail: a sentence, and the conversation with the server below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.mail.mail_view import source_pane
from desktop.gui.widgets.feedback import Feedback
from desktop.gui.widgets.texts import monospaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.theme import Theme


class TriedMail(QWidget):
    """Shows a sentence in ``words`` and the conversation in ``log``; hidden while empty."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Feedback()
        self.log = source_pane(self.tr("The conversation with the server"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.words)
        self._column.addWidget(self.log)
        self.clear()

    def clear(self) -> None:
        """Clear the result."""
        self.say("", "soft")
        self.show_log([])

    def say(self, sentence: str, role: str) -> None:
        """Show progress or a result; ``role`` is the colour."""
        self.words.say(sentence, role)
        self.setVisible(bool(sentence))

    def say_why(self, sentence: str, error: Exception) -> None:
        """Show why the test failed."""
        self.words.say_why(sentence, error)
        self.setVisible(bool(sentence))

    def show_log(self, lines: Sequence[str]) -> None:
        """Show the conversation, if there was one."""
        self.log.setPlainText("\n".join(lines))
        self.log.setVisible(bool(lines))

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(12))
        self.log.setFont(monospaced(theme))
        self.log.setFixedHeight(theme.px(120))
