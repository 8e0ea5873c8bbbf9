"""What cards have in common: their headline, and their place below the table of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from desktop.gui.look.icons import icon

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class Scrolled(QScrollArea):
    """Scrolls a card that may need more height than there is."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(card)


class TableAndCard(QSplitter):
    """A table, and below it the card of its current row, which may need to be scrolled.

    It fills ``view``; the card has this ``height`` at first.
    """

    def __init__(self, view: QWidget, table: QWidget, card: QWidget, height: int) -> None:
        super().__init__(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._scroll = Scrolled(card)
        self.addWidget(table)
        self.addWidget(self._scroll)
        self.setStretchFactor(0, 1)
        self.setHandleWidth(1)
        self.handle(1).setAccessibleName(self.tr("Height of the details"))
        self.setSizes([480, height])
        whole = QVBoxLayout(view)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)
        view.setFocusProxy(table)

    def show_card(self, *, there: bool) -> None:
        """Show the card, or leave the table all the room: it has no row."""
        self._scroll.setVisible(there)


class Headline(QWidget):
    """What became of something, in one sentence: a state's icon and words in the state's colour.

    It is the first line of a card, larger than what follows; long words go on in the next line.
    """

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._look = ("", "text")
        self._picture = QLabel()
        self._words = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._words, 1)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def say(self, words: str, icon_name: str, token: str) -> None:
        """Show a sentence with an icon, in the colour of a token."""
        self._words.setText(words)
        if self._look != (icon_name, token):
            self._look = (icon_name, token)
            self.dress(self._themes.theme)

    def text(self) -> str:
        """Return what it says."""
        return self._words.text()

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
        if name:
            pixmap = icon(name, theme.color(token), px(18), self.devicePixelRatioF())
            self._picture.setPixmap(pixmap)
