"""Asks where to keep the password on a computer without a keyring."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.states import sentences


class KeepingPart(QWidget):
    """The question and its answers; ``chosen`` carries *session* or *file*."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.question = Paragraph()
        self.until_quit = Link(self.tr("Keep it until you quit Sendoff"))
        self.until_quit.clicked.connect(lambda: self.chosen.emit("session"))
        self.in_file = Link(self.tr("Keep it in a file that only you can read"))
        self.in_file.setToolTip(
            self.tr("Sendoff then also sends after the next start, before you type the password")
        )
        self.in_file.clicked.connect(lambda: self.chosen.emit("file"))
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addWidget(self.question)
        for link in (self.until_quit, self.in_file):
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def ask(self, tested: str) -> None:
        """Show the question; ``tested`` is said before."""
        words = self.tr("This computer has no keyring. Choose where to keep the password.")
        self.question.setText(sentences(tested, words))
        self.show()
