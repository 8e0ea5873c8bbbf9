"""The parts common to all cards: their frame and headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.below_table import EnlargeButton
from desktop.gui.widgets.surfaces import Rule
from desktop.gui.widgets.texts import WholeLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


TITLED: Final = 480
"""Width of a card, in units of the grid, from which its buttons stand beside its title."""


class Card(QWidget):
    """A bar with a title and buttons, a rule, and the content.

    In a narrow card the buttons stand below the title. Subclasses fill ``top`` and ``column``;
    what holds the card offers ``enlarge``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._titled = TITLED
        self.top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.enlarge = EnlargeButton()
        self.column = QVBoxLayout()
        self._line = Rule()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._bar = QHBoxLayout()
        self._bar.addLayout(self.top, 1)
        self._bar.addWidget(self.enlarge, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(self._bar)
        whole.addWidget(self._line)
        whole.addLayout(self.column, 1)

    def show_bar(self, *, there: bool) -> None:
        """Show the rule below the bar, or hide it if the bar is empty."""
        self._line.setVisible(there)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the title if there is no room beside it."""
        super().resizeEvent(event)
        self._turn_top()

    def _turn_top(self) -> None:
        """Put both beside each other if they fit, or if the title has room to wrap."""
        parts = [
            item.sizeHint().width()
            for place in range(self.top.count())
            if (item := self.top.itemAt(place))
        ]
        margins = self._bar.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self.top.spacing()
        if not self.enlarge.isHidden():
            room -= self.enlarge.width() + self._bar.spacing()
        turn(self.top, beside=self.width() >= self._titled or sum(parts) <= room)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        px = theme.px
        self._titled = px(TITLED)
        around = theme.height(5, low=2)
        self.enlarge.dress(theme)
        self._bar.setContentsMargins(px(16), around, px(16), around)
        self._bar.setSpacing(px(8))
        self.top.setSpacing(px(8))
        self._turn_top()
        above = theme.height(14, low=6)
        self.column.setContentsMargins(px(16), above, px(16), theme.height(12, low=6))
        self.column.setSpacing(px(8))


def turn(layout: QBoxLayout, *, beside: bool) -> None:
    """Lay out the items of a layout beside each other or as a column."""
    direction = QBoxLayout.Direction
    layout.setDirection(direction.LeftToRight if beside else direction.TopToBottom)


class Headline(QWidget):
    """The first line of a card: a sentence with a state's icon, in the state's colour.

    It is larger than the text that follows; a long sentence wraps.
    """

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._look = ("", "text")
        self._picture = QLabel()
        self._words = WholeLabel()
        self._row = QHBoxLayout()
        self._row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._words, 1)
        middle = QVBoxLayout(self)  # centres the row if there is more height
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch()
        middle.addLayout(self._row)
        middle.addStretch()
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def say(self, words: str, icon_name: str, token: str) -> None:
        """Show a sentence with an icon, in the colour that ``token`` names in the theme."""
        self._words.setText(words)
        if self._look != (icon_name, token):
            self._look = (icon_name, token)
            self.dress(self._themes.theme)

    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()

    @property
    def token(self) -> str:
        """The name of its colour in the theme."""
        return self._look[1]

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px, (name, token) = theme.px, self._look
        self._row.setSpacing(px(8))
        font = QFont(self.font())
        font.setPixelSize(px(15))
        font.setWeight(QFont.Weight.Medium)
        self._words.setFont(font)
        palette = QPalette(theme.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.ink(token))
        self._words.setPalette(palette)
        self._words.setText(self._words.text())  # the new size may take more lines
        if name:
            pixmap = icons.icon(name, theme.color(token), px(18), self.devicePixelRatioF())
            self._picture.setPixmap(pixmap)
