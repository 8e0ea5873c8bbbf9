"""A question that replaces the buttons of a sheet; Escape cancels it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.gui.widgets.flow import drop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

    from desktop.gui.look.theme import Theme


class FootQuestion(QWidget):
    """A question shown in the place of ``instead_of`` until it is answered."""

    def __init__(self, instead_of: QWidget) -> None:
        super().__init__()
        self._instead_of = instead_of
        self._came_from: QWidget | None = None
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._words)
        self._column.addLayout(self._row)
        self.hide()

    def ask(self, words: str, answers: Sequence[tuple[str, Callable[[], object] | None]]) -> None:
        """Ask; ``answers`` are button texts with their actions. The last one is the primary button.

        An answer with ``None`` only cancels the question, as Escape does.
        """
        if self.isHidden():
            self._came_from = QApplication.focusWidget()
            self._instead_of.hide()
        self._words.setText(words)
        self.setAccessibleName(words)
        for button in self.buttons:
            drop(button)
        self.buttons = [self._button(word, follows) for word, follows in answers]
        self.buttons[-1].setProperty("role", "primary")
        self.show()
        self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_about_changes(self, discard: Callable[[], object], save: Callable[[], object]) -> None:
        """Ask whether to save or discard unsaved changes; Escape keeps editing."""
        answers = (
            (self.tr("Keep editing"), None),
            (self.tr("Discard"), discard),
            (self.tr("Save"), save),
        )
        self.ask(self.tr("You have unsaved changes."), answers)

    def end(self) -> None:
        """Hide the question and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        self._instead_of.show()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(8))
        self._row.setSpacing(theme.px(8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel the question on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def _button(self, word: str, follows: Callable[[], object] | None) -> QPushButton:
        button = QPushButton(word)
        button.clicked.connect(self.end)
        if follows is not None:
            button.clicked.connect(lambda: follows())
        self._row.addWidget(button)
        return button
