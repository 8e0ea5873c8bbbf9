"""Cards: a title, a side note, a large figure, and what is below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.parts.texts import ElidedLabel

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class Card(QFrame):
    """A titled area; what it holds goes into ``body``."""

    def __init__(self, title: str, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.title = soft(title)
        self.note = soft("")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.note, 1)
        self.body = QVBoxLayout(self)
        self.body.addLayout(self._head)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        px = theme.px
        self.setStyleSheet(
            f"#card {{ background: {theme.color('raised').name()}; border-radius: {px(8)}px;"
            f" border: 1px solid {theme.color('line').name()}; }}"
        )
        self.body.setContentsMargins(px(16), px(12), px(16), px(12))
        self.body.setSpacing(px(8))
        self._head.setSpacing(px(12))


class FigureCard(Card):
    """A card with one large figure above a picture."""

    def __init__(self, title: str, picture: QWidget, themes: ThemeSource) -> None:
        self.figure = QLabel(textFormat=Qt.TextFormat.PlainText)
        super().__init__(title, themes)
        self.body.addWidget(self.figure)
        self.body.addWidget(picture, 1)

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


def soft(text: str) -> ElidedLabel:
    """Make a label of what is said beside."""
    label = ElidedLabel()
    label.setText(text)
    label.setProperty("role", "soft")
    return label
