"""The cards below the table of a view: their frame, headline, and share of the height."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, px, set_color, set_font, sized
from desktop.gui.kit.widgets.surfaces import Rule, stacked
from desktop.gui.kit.widgets.texts import WholeLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


ROOM: Final = 256
"""Height of the card below a table, in units of the grid, in every view."""
MOST: Final = 0.55
"""Part of the height that the card takes at most."""
TITLED: Final = 480
"""Width of a card, in units of the grid, from which its buttons stand beside its title."""


class CardScrollArea(QScrollArea):
    """A scroll area for a card that may be higher than its place."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(card)

    def minimumSizeHint(self) -> QSize:
        """Ask for the height of two lines: the rest scrolls."""
        return QSize(super().minimumSizeHint().width(), 2 * self.fontMetrics().height())


class CardHeight(QObject):
    """Keeps the height of the pane below the rows of ``splitter``, in units of the grid.

    In a low window the rows keep a part of the height; the pane has its own again as soon as there
    is room for it.
    """

    def __init__(self, splitter: QSplitter) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._height = float(ROOM)
        splitter.installEventFilter(self)
        splitter.splitterMoved.connect(self._on_moved)
        LOOK.changed.connect(self.fit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the pane to the height of the splitter."""
        if watched is self._splitter and event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Give the pane its height, as far as the rows can spare it."""
        whole = self._splitter.height()
        height = min(px(self._height), round(whole * MOST))
        self._splitter.setSizes([whole - height, height])

    def _on_moved(self) -> None:
        self._height = self._splitter.sizes()[1] / LOOK.theme.scale


class Card(QWidget):
    """A bar with a title and buttons, a rule, and the content.

    In a narrow card the buttons stand below the title. Subclasses fill ``top`` and ``column``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.top = sized(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=8)
        self.column = sized(QVBoxLayout(), margins=(16, (14, 6), 16, (12, 6)), spacing=8)
        self._line = Rule()
        self._bar = sized(QHBoxLayout(), margins=(16, (5, 2), 16, (5, 2)), spacing=8)
        self._bar.addLayout(self.top, 1)
        stacked(self, self._bar, self._line, self.column, filling=self.column)
        LOOK.changed.connect(self._turn_top)

    def show_bar(self, *, there: bool) -> None:
        """Show the rule below the bar, or hide it if the bar is empty."""
        self._line.setVisible(there)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the title if there is no room beside it."""
        super().resizeEvent(event)
        self._turn_top()

    def event(self, event: QEvent) -> bool:
        """Do the same when the title or the buttons change."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn_top()
        return super().event(event)

    def _turn_top(self) -> None:
        """Put both beside each other if they fit, or if the title has room to wrap."""
        parts = [
            (item.widget() or item).sizeHint().width()  # the item of a title asks for no width
            for place in range(self.top.count())
            if (item := self.top.itemAt(place))
        ]
        margins = self._bar.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self.top.spacing()
        turn(self.top, beside=self.width() >= px(TITLED) or sum(parts) <= room)


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
