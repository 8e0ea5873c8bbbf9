"""What cards have in common: headline, and their place below the table of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.look import icons
from desktop.gui.widgets.surfaces import Rule
from desktop.gui.widgets.texts import WholeLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


ROOM: Final = 256
"""Units of the grid that what stands below a table has in height, in every view."""
LEAST_ROWS: Final = 4
"""Rows of a table that stay in sight above what is shown of one of them."""
TITLED: Final = 480
"""Units of the grid from which on the buttons of a card stand beside its title."""


class Scrolled(QScrollArea):
    """Scrolls a card that may need more height than there is."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(card)

    def minimumSizeHint(self) -> QSize:
        """Ask for two lines: the rest scrolls."""
        return QSize(super().minimumSizeHint().width(), 2 * self.fontMetrics().height())


class RowsFirst(QObject):
    """Keeps some rows of ``table`` in sight: what is below it in ``splitter`` takes less for them.

    It has its height back as soon as there is room. A person who moves the handle decides, until
    the height of the whole or of the rows changes.
    """

    def __init__(self, splitter: QSplitter, table: QTableView) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._table = table
        self._wanted: int | None = None
        self._chosen_for: tuple[int, int] | None = None
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.fit)
        splitter.splitterMoved.connect(self._on_moved)
        for each in (splitter, table.viewport()):
            each.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the height of the whole, and the room that bars of the table leave."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._later.start()  # not while the splitter lays out
        return False

    def fit(self) -> None:
        """Take from what is below the table what the rows need, or give it back."""
        now = self._measures()
        sizes = self._splitter.sizes()
        if self._chosen_for == now or not all(sizes):
            return
        whole, row = now
        beside = sizes[0] - self._table.viewport().height()
        room = whole - beside - LEAST_ROWS * row - self._splitter.handleWidth()
        below = sizes[1] if self._wanted is None else self._wanted
        given = max(min(below, room), self._least())
        self._wanted = below if given < below else None
        if given != sizes[1]:
            self._splitter.setSizes([sum(sizes) - given, given])
            current = self._table.currentIndex()
            if current.isValid():
                self._table.scrollTo(current)

    def release(self) -> int | None:
        """Forget the height that what is below would have, and return it, if it has less."""
        wanted, self._wanted = self._wanted, None
        return wanted

    def _least(self) -> int:
        below = self._splitter.widget(1)
        return 0 if below is None else below.minimumSizeHint().height()

    def _measures(self) -> tuple[int, int]:
        return self._splitter.height(), self._table.verticalHeader().defaultSectionSize()

    def _on_moved(self) -> None:
        self._wanted, self._chosen_for = None, self._measures()


class TableAndCard(QSplitter):
    """A table, and below it the card of its current row, which may need to be scrolled.

    It fills ``view``; the card has this ``height`` at first, or a third of a low window's. Where
    several rows can be chosen, what is shown of them takes the place of the card.
    """

    def __init__(
        self,
        view: QWidget,
        table: QTableView,
        card: QWidget,
        height: int,
        several: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._height: int | None = height
        self._below = QStackedWidget()
        for each in (card, several):
            if each is not None:
                self._below.addWidget(Scrolled(each))
        self.addWidget(table)
        self.addWidget(self._below)
        self.setStretchFactor(0, 1)
        self.setHandleWidth(1)
        self.handle(1).setAccessibleName(self.tr("Height of the details"))
        self._rows_first = RowsFirst(self, table)
        self._whole = QVBoxLayout(view)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self, 1)
        view.setFocusProxy(table)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the card its height when it is first seen."""
        if self._height is not None:
            whole = self.window().height()
            height, self._height = min(self._height, whole // 3), None
            self.setSizes([whole - height, height])
            self._rows_first.fit()
        super().showEvent(event)

    def show_card(self, *, there: bool) -> None:
        """Show the card, or leave the table all the room: it has no row."""
        self._below.setVisible(there)

    def put_below(self, line: QWidget) -> None:
        """Put a line below both."""
        self._whole.addWidget(line)

    def show_several(self, *, are_chosen: bool) -> None:
        """Show what there is of several rows, or the card."""
        self._below.setCurrentIndex(1 if are_chosen else 0)


class Card(QWidget):
    """A bar for what is shown and what can be done, a line, and below it what is told.

    In a narrow one the second stands below the first. Subclasses fill ``top`` and ``column``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._titled = TITLED
        self.top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.column = QVBoxLayout()
        self._line = Rule()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.top)
        whole.addWidget(self._line)
        whole.addLayout(self.column, 1)

    def show_bar(self, *, there: bool) -> None:
        """Show the line below the bar, or leave it out: nothing is shown in the bar."""
        self._line.setVisible(there)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what can be done below the title where there is no room beside it."""
        super().resizeEvent(event)
        self._turn_top()

    def _turn_top(self) -> None:
        """Put both beside each other where they fit, or the title may take several lines."""
        parts = [
            item.sizeHint().width()
            for place in range(self.top.count())
            if (item := self.top.itemAt(place))
        ]
        margins = self.top.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self.top.spacing()
        turn(self.top, beside=self.width() >= self._titled or sum(parts) <= room)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        px = theme.px
        self._titled = px(TITLED)
        around = theme.height(5, low=2)
        self.top.setContentsMargins(px(16), around, px(16), around)
        self.top.setSpacing(px(8))
        self._turn_top()
        above = theme.height(14, low=6)
        self.column.setContentsMargins(px(16), above, px(16), theme.height(12, low=6))
        self.column.setSpacing(px(8))


def turn(layout: QBoxLayout, *, beside: bool) -> None:
    """Lay a row out as a column where there is no room beside each other."""
    direction = QBoxLayout.Direction
    layout.setDirection(direction.LeftToRight if beside else direction.TopToBottom)


class Headline(QWidget):
    """What became of something, in one sentence: a state's icon and words in the state's colour.

    It is the first line of a card, larger than what follows; long words go on in the next line.
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
        middle = QVBoxLayout(self)  # where it is higher than its words
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch()
        middle.addLayout(self._row)
        middle.addStretch()
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

    @property
    def token(self) -> str:
        """The token of its colour."""
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
        self._words.setText(self._words.text())  # in its new size it may take more lines
        if name:
            pixmap = icons.icon(name, theme.color(token), px(18), self.devicePixelRatioF())
            self._picture.setPixmap(pixmap)
