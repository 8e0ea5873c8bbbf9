"""A small sheet that asks for a value or two before something is done to tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from desktop.gui.parts.buttons import HintedButton
from desktop.gui.parts.surfaces import Sheet
from desktop.gui.tasks.words.states import error_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.appearance import ThemeSource


class AskingSheet(Sheet):
    """``answered`` says that what is typed is right and wanted; Enter does it.

    It is told once, and followed by ``close`` or :meth:`show_failure`.
    """

    answered = Signal()

    def __init__(self, title: str, word: str, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(400, host, themes)
        self.set_title(title)
        self._pending = False
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.about.setProperty("role", "soft")
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.trouble.setProperty("role", "error")
        self.button = HintedButton(word, QKeySequence("Return"), themes)
        self.button.clicked.connect(self._on_answer)
        self.set_default(self.button)

    def hold(self, *fields: QWidget) -> None:
        """Lay out what is asked."""
        for part in (self.about, *fields, self.trouble):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, about: str) -> None:
        """Open, and say what it is about."""
        self.about.setText(about)
        self._say("")
        self.open()

    def show_failure(self, error: Exception) -> None:
        """Say why it was not done; it can be answered again."""
        self._say(error_words(error))

    def _say(self, sentence: str) -> None:
        self._pending = False
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def is_right(self) -> bool:
        """Show what is wrong with what is typed; tell whether all is right."""
        raise NotImplementedError

    def _on_answer(self) -> None:
        if not self._pending and self.is_right():
            self._pending = True
            self.answered.emit()
