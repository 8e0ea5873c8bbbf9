"""The row at the foot of a sheet: a sentence, with buttons at its right or below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from desktop.gui.widgets.card import turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.theme import Theme

BESIDE: Final = 640
"""Width, in units of the grid, from which the buttons stand beside the sentence."""


class FootRow(QBoxLayout):
    """Lays out ``foot``: ``words`` beside ``parts``, or in a line of their own."""

    def __init__(self, foot: QWidget, words: QWidget, parts: Sequence[QWidget]) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight, foot)
        self._beside = BESIDE
        self._parts = QHBoxLayout()
        self._parts.addStretch(1)
        for part in parts:
            self._parts.addWidget(part)
        self.setContentsMargins(0, 0, 0, 0)
        self.addWidget(words, 1)
        self.addLayout(self._parts)

    def fit(self, width: int) -> None:
        """Choose the layout for a width in logical pixels."""
        turn(self, beside=width >= self._beside)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._beside = theme.px(BESIDE)
        self.setSpacing(theme.px(8))
        self._parts.setSpacing(theme.px(8))
        self.fit(self.geometry().width())
