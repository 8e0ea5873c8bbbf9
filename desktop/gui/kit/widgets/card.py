"""The headline of a card, and what turns a line into a column."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_color, set_font, sized
from desktop.gui.kit.widgets.texts import WholeLabel


def turn(layout: QBoxLayout, *, beside: bool) -> None:
    """Lay out the items of a layout beside each other or as a column."""
    direction = QBoxLayout.Direction
    layout.setDirection(direction.LeftToRight if beside else direction.TopToBottom)


class Headline(QWidget):
    """The first line of a card: a sentence with a state's icon, in the state's colour.

    It is larger than the text that follows; a long sentence wraps.
    """

    def __init__(self) -> None:
        super().__init__()
        self._look = ("", "text")
        self._picture = QLabel()
        self._words = set_color(set_font(WholeLabel(), 15), "text")
        row = sized(QHBoxLayout(), spacing=8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        middle = QVBoxLayout(self)  # centres the row if there is more height
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch()
        middle.addLayout(row)
        middle.addStretch()

    def say(self, words: str, icon_name: str, token: str) -> None:
        """Show a sentence with an icon, in the colour that ``token`` names in the theme."""
        self._words.setText(words)
        if self._look != (icon_name, token):
            self._look = (icon_name, token)
            set_color(self._words, token)
            if icon_name:
                icons.draw(self._picture, icon_name, token, 18)

    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()

    @property
    def token(self) -> str:
        """The name of its colour in the theme."""
        return self._look[1]
