"""The question of a sheet that is to close with unsaved changes: save, discard, or keep editing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop.gui.look.theme import Theme


class UnsavedQuestion(QWidget):
    """Stands in the place of ``instead_of`` while it is asked; Escape keeps editing.

    Each answer ends the question, and then is a signal.
    """

    save_chosen = Signal()
    discard_chosen = Signal()

    def __init__(self, instead_of: QWidget) -> None:
        super().__init__()
        self._instead_of = instead_of
        self._came_from: QWidget | None = None
        words = QLabel(self.tr("You have unsaved changes."), wordWrap=True)
        self.save = QPushButton(self.tr("Save"))
        self.save.setProperty("role", "primary")
        self.discard = QPushButton(self.tr("Discard"))
        self.keep_editing = QPushButton(self.tr("Keep editing"))
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        for button, chosen in (
            (self.keep_editing, None),
            (self.discard, self.discard_chosen),
            (self.save, self.save_chosen),
        ):
            button.clicked.connect(self.end)
            if chosen is not None:
                button.clicked.connect(chosen)
            self._buttons.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(words)
        self._column.addLayout(self._buttons)
        self.setAccessibleName(words.text())
        self.hide()

    def ask(self) -> None:
        """Show the question, with the keyboard on *Save*."""
        if self.isHidden():
            self._came_from = QApplication.focusWidget()
            self._instead_of.hide()
            self.show()
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Take the question back, and give the keyboard back."""
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
        self._buttons.setSpacing(theme.px(8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep editing at Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.keep_editing.click()
        else:
            super().keyPressEvent(event)
