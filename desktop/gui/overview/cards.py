"""The cards of the overview: a title, a note, a large figure, and content below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from desktop.gui.widgets.card import turn
from desktop.gui.widgets.texts import ElidedLabel, WholeLabel, tip

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


LEAST: Final = 160
"""Minimum width of a card, in units of the grid."""


class OverviewCard(QFrame):
    """A titled frame with a note at the right of the title; its content goes into ``body``."""

    def __init__(self, title: str, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.title = soft(title)
        self.note = soft("")
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addWidget(self.title)
        self._head.addWidget(self.note, 1)
        self.body = QVBoxLayout(self)
        self.body.addLayout(self._head)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def minimumSizeHint(self) -> QSize:
        """Ask for the minimum width only: the content adapts."""
        return QSize(self._themes.theme.px(LEAST), super().minimumSizeHint().height())

    @property
    def room(self) -> int:
        """The width of the content, in logical pixels."""
        margins = self.body.contentsMargins()
        return self.width() - margins.left() - margins.right()

    def explain(self, words: str) -> None:
        """Set the tooltip and the accessible description."""
        self.setToolTip(tip(words))
        self.setAccessibleDescription(words)

    def head_width(self) -> int:
        """Return the width that title and note need side by side, in logical pixels."""
        words = self.title.sizeHint().width() + self.note.sizeHint().width()
        return words + self._head.spacing()

    def turn_head(self, *, beside: bool) -> None:
        """Put the note beside the title, or below it."""
        turn(self._head, beside=beside)
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
        self.note.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        px = theme.px
        self.setStyleSheet(
            f"#card {{ background: {theme.color('raised').name()}; border-radius: {px(8)}px;"
            f" border: 1px solid {theme.color('line').name()}; }}"
        )
        self.body.setContentsMargins(px(16), px(12), px(16), px(12))
        self.body.setSpacing(px(8))
        self._head.setSpacing(px(8))


class FigureCard(OverviewCard):
    """A card with one large figure above a picture."""

    def __init__(self, title: str, picture: QWidget, themes: ThemeSource) -> None:
        self.figure = WholeLabel()
        super().__init__(title, themes)
        self.body.addWidget(self.figure)
        self.body.addStretch(1)
        self.body.addWidget(picture)

    def show_figure(self, figure: str, note: str) -> None:
        """Show another figure and note."""
        self.figure.setText(figure)
        self.note.setText(note)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        font = QFont(self.font())
        font.setPixelSize(theme.px(20))
        font.setWeight(QFont.Weight.DemiBold)
        self.figure.setFont(font)
        self.figure.setText(self.figure.text())  # the new size may take more lines


def soft(text: str) -> ElidedLabel:
    """Make a soft label for secondary text."""
    label = ElidedLabel()
    label.setText(text)
    label.setProperty("role", "soft")
    return label
