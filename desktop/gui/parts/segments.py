"""A choice of a few, side by side: one tab stop, arrow keys move between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QAbstractButton


class Segments(QWidget):
    """Exactly one of ``choices``, given as (value, words).

    ``chosen`` carries the value when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for value, words in choices:
            button = QPushButton(words)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # a radio button to screen readers
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.setProperty("role", "segment")
            button.setAccessibleDescription(name)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button)
            self._buttons[value] = button
            row.addWidget(button, 1)
        self._buttons[choices[0][0]].setProperty("edge", "first")
        self._buttons[choices[-1][0]].setProperty("edge", "last")
        self._group.buttonToggled.connect(_take_tab)
        self._buttons[choices[0][0]].setChecked(True)
        self._group.buttonClicked.connect(lambda: self.chosen.emit(self.value()))

    def value(self) -> str:
        """Return the value chosen."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Choose a value without ``chosen``."""
        self._buttons[value].setChecked(True)

    def button(self, value: str) -> QPushButton:
        """Return the button of a value."""
        return self._buttons[value]


def _take_tab(button: QAbstractButton, chosen: bool) -> None:
    """Let Tab lead to the one chosen; Qt leads to the one that was in focus last."""
    policy = Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus
    button.setFocusPolicy(policy)
