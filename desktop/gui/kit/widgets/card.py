"""The cards below the table of a view: their frame, headline, and share of the height."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
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
LEAST_ROWS: Final = 4
"""Number of rows that stay visible in the table above a card, in at most a third of the height."""
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


class EnlargeButton(QPushButton):
    """Gives the details nearly the whole height, or gives it back; shown while they lack room."""

    def __init__(self) -> None:
        super().__init__()
        self.is_enlarged = False
        self.setProperty("role", "quiet")
        sized(self, width=32)
        self._say()
        self.hide()

    def show_room(self, *, lacking: bool, enlarged: bool) -> None:
        """Show whether the details lack room, or are enlarged."""
        self.is_enlarged = enlarged
        self._say()
        self.setVisible(lacking or enlarged)

    def _say(self) -> None:
        effect = self.tr("Show more rows") if self.is_enlarged else self.tr("Enlarge the details")
        self.setToolTip(effect)
        self.setAccessibleName(effect)
        icons.put(self, "minimize-2" if self.is_enlarged else "maximize-2")


class RowsFirst(QObject):
    """Keeps some rows of ``table`` visible by shrinking the pane below it in ``splitter``.

    Beside the table a pane takes no rows: then it does nothing. The rows take at most a third of
    the height. The pane gets its height back as soon as there is
    room; until then, a button of the pane enlarges it, and one row stays visible. If the person
    moves the handle, that place stays until the height of the splitter or of the rows changes.
    """

    def __init__(self, splitter: QSplitter, table: QTableView) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._table = table
        self._wanted: int | None = None
        self._given = 0  # the pane's height at the last fit; Qt may have made it lower since
        self._chosen_for: tuple[int, int] | None = None
        self._is_enlarged = False
        self._buttons: list[EnlargeButton] = []
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.fit)
        splitter.splitterMoved.connect(self._on_moved)
        for each in (splitter, table.viewport()):
            each.installEventFilter(self)

    def offer(self, button: EnlargeButton) -> None:
        """Let a button enlarge the pane."""
        self._buttons.append(button)
        button.clicked.connect(lambda: self.enlarge(enlarged=not self._is_enlarged))

    def enlarge(self, *, enlarged: bool = True) -> None:
        """Give the pane all but one row if it lacks room, or give the rows their room back."""
        self._is_enlarged = enlarged and self._wanted is not None
        self._chosen_for = None
        self.fit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Fit again when the splitter or the viewport of the table changes its size."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._later.start()  # not during the splitter's own layout
        return False

    def fit(self) -> None:
        """Take the height that the rows need from the pane below the table, or give it back."""
        now = self._measures()
        sizes = self._splitter.sizes()
        is_beside = self._splitter.orientation() == Qt.Orientation.Horizontal
        if is_beside or self._chosen_for == now or not all(sizes):
            return
        whole, row = now
        room = whole - (sizes[0] - self._table.viewport().height()) - self._splitter.handleWidth()
        below = max(sizes[1], self._given) if self._wanted is None else self._wanted
        given = max(min(below, room - self._rows(room, row)), self._least())
        self._wanted = below if given < below else None
        self._is_enlarged = self._is_enlarged and given < below
        if self._is_enlarged:
            given = max(given, room - row)
        self._tell()
        self._given = given
        if given != sizes[1]:
            self._splitter.setSizes([sum(sizes) - given, given])
            current = self._table.currentIndex()
            if current.isValid():
                self._table.scrollTo(current)

    @property
    def wanted(self) -> int:
        """The height that what is below would have, if it has another; otherwise 0."""
        return self._wanted or 0

    def want(self, height: int) -> None:
        """Give what is below this height, as soon as there is room for it."""
        self._wanted = height

    def release(self) -> int | None:
        """Forget the height taken from the pane; return its full height if it has another now."""
        wanted, self._wanted = self._wanted, None
        self._given, self._is_enlarged = 0, False
        self._tell()
        return wanted

    def _rows(self, room: int, row: int) -> int:
        """Return the height that the rows need: some of them in a third of it, but at least two."""
        return row * max(2, min(LEAST_ROWS, room // 3 // row)) if row else 0

    def _tell(self) -> None:
        for each in self._buttons:
            each.show_room(lacking=self._wanted is not None, enlarged=self._is_enlarged)

    def _least(self) -> int:
        below = self._splitter.widget(1)
        return 0 if below is None else below.minimumSizeHint().height()

    def _measures(self) -> tuple[int, int]:
        return self._splitter.height(), self._table.verticalHeader().defaultSectionSize()

    def _on_moved(self) -> None:
        self._wanted, self._chosen_for = None, self._measures()
        self._given, self._is_enlarged = self._splitter.sizes()[1], False
        self._tell()


class Card(QWidget):
    """A bar with a title and buttons, a rule, and the content.

    In a narrow card the buttons stand below the title. Subclasses fill ``top`` and ``column``;
    what holds the card offers ``enlarge``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.top = sized(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=8)
        self.enlarge = EnlargeButton()
        self.column = sized(QVBoxLayout(), margins=(16, (14, 6), 16, (12, 6)), spacing=8)
        self._line = Rule()
        self._bar = sized(QHBoxLayout(), margins=(16, (5, 2), 16, (5, 2)), spacing=8)
        self._bar.addLayout(self.top, 1)
        self._bar.addWidget(self.enlarge, 0, Qt.AlignmentFlag.AlignTop)
        stacked(self, self._bar, self._line, self.column, filling=self.column)
        LOOK.changed.connect(self._turn_top)

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
