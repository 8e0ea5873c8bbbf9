"""Cards: a title, a note, a large figure, and what is below."""

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
"""Units of the grid that a card is wide at least."""


class OverviewCard(QFrame):
    """A titled area with a note at the right of the title; what it holds goes into ``body``."""

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
        """Ask for little width: what is inside takes what there is."""
        return QSize(self._themes.theme.px(LEAST), super().minimumSizeHint().height())

    @property
    def room(self) -> int:
        """The width of what it holds, in logical pixels."""
        margins = self.body.contentsMargins()
        return self.width() - margins.left() - margins.right()

    def explain(self, words: str) -> None:
        """Say more of its figure to the pointer and to a screen reader."""
        self.setToolTip(tip(words))
        self.setAccessibleDescription(words)

    def head_width(self) -> int:
        """Return the width in which title and note stand beside each other, in logical pixels."""
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
        """Show another figure, and what else is to be said of it."""
        self.figure.setText(figure)
        self.note.setText(note)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        font = QFont(self.font())
        font.setPixelSize(theme.px(20))
        font.setWeight(QFont.Weight.DemiBold)
        self.figure.setFont(font)
        self.figure.setText(self.figure.text())  # in its new size it may take more lines


def soft(text: str) -> ElidedLabel:
    """Make a label of what is said beside."""
    label = ElidedLabel()
    label.setText(text)
    label.setProperty("role", "soft")
    return label
