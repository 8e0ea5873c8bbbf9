"""The header of the task table: titles, the sort indicator, and the menu of columns."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QGuiApplication, QHelpEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QToolTip

from desktop.gui.kit.look.icons import icon, tick
from desktop.gui.kit.widgets.surfaces import give_viewport
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.tasks.table.columns import (
    BY_KEY,
    COLUMNS,
    PROGRESS,
    STATE,
    column_of_sort,
    fitted,
    sort_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.tasks.table.task_delegate import TaskDelegate
    from desktop.gui.tasks.table.task_model import TaskModel


def columns_menu(header: QHeaderView, choose: Callable[[int, bool], object]) -> QMenu:
    """Return a menu of the columns, with shown ones checked; the last shown one cannot be hidden.

    ``choose`` is called with a column's number and whether to show it.
    """
    menu = QMenu(header)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    shown = [number for number in range(header.count()) if not header.isSectionHidden(number)]
    for number in sorted(range(header.count()), key=header.visualIndex):
        title = str(header.model().headerData(number, Qt.Orientation.Horizontal))
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setChecked(number in shown)
        if shown != [number]:
            action.toggled.connect(partial(choose, number))
            menu.addAction(action)
    return menu


_HAND = Qt.CursorShape.PointingHandCursor
_MODES = QHeaderView.ResizeMode
_OWN = b"\nown widths: "
_ASCENDING = Qt.SortOrder.AscendingOrder
_DESCENDING = Qt.SortOrder.DescendingOrder


class TableHeader(QHeaderView):
    """Titles; a click sorts by a column if the backend can.

    ``sort_chosen`` carries the order as the backend names it: ``[-]key``. ``saveState`` and
    ``restoreState`` keep widths, places and choice of the columns, and the sort order. Columns that
    do not fit are hidden until there is room again.
    """

    sort_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        give_viewport(self, tracking=True)
        self._theme = theme
        self._sort = "-id"
        self._told_by_program = False
        self._wanted: list[int] = []
        self.least: list[int] = []
        self._own: set[int] = set()
        self._gone: set[int] = set()  # hidden because they do not fit
        self._hovered = -1
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setAccessibleName(self.tr("Columns"))
        self.sortIndicatorChanged.connect(self._on_indicator)
        self.sectionResized.connect(self._on_resized)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours and sizes of another theme."""
        self._theme = theme
        with self._by_program():  # it may widen columns
            self.setMinimumSectionSize(theme.px(40))
        self.updateGeometry()
        self.viewport().update()

    def set_up_columns(self) -> None:
        """Show the default columns and forget widths that the person chose."""
        self._own.clear()
        self._gone.clear()
        with self._by_program():
            for number, column in enumerate(COLUMNS):
                self.setSectionHidden(number, not column.shown)
        self._fix_modes()
        self._share_out()
        self.show_sort("-id")

    def set_widths(self, wanted: list[int], least: list[int]) -> None:
        """Set the wanted and the least width of each column, in logical pixels."""
        self._wanted, self.least = wanted, least
        self._share_out()

    def title_width(self, section: int) -> int:
        """Return the width, in logical pixels, at which a title is not cut."""
        title = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        px = self._theme.px
        return QFontMetrics(self._title_font).horizontalAdvance(title) + 1 + px(14) + 2 * px(11)

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return Qt's state, followed by the columns whose width the person chose."""
        own = ",".join(COLUMNS[number].key for number in sorted(self._own))
        gone = self._gone
        self._leave(set())
        state = super().saveState().append(_OWN + own.encode())
        self._leave(gone)
        return state

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Restore a state of ``saveState``."""
        known = state.data() if isinstance(state, QByteArray) else state
        qt_state, _, own = bytes(known).partition(_OWN)
        with self._by_program():
            restored = super().restoreState(qt_state)
        if restored:
            self._gone.clear()
            self._own = {BY_KEY[key] for key in own.decode().split(",") if key in BY_KEY}
        self._fix_modes()
        self._share_out()
        column, order = self.sortIndicatorSection(), self.sortIndicatorOrder()
        if not restored or not 0 <= column < len(COLUMNS) or COLUMNS[column].sort is None:
            self.show_sort(self._sort)
        else:
            self._on_indicator(column, order)
        return restored

    def columns_chosen(self) -> list[int]:
        """Return the chosen columns from left to right, also those that do not fit."""
        order = sorted(range(len(COLUMNS)), key=self.visualIndex)
        return [n for n in order if not self.isSectionHidden(n) or n in self._gone]

    def show_sort(self, sort: str) -> None:
        """Set the sort indicator without emitting ``sort_chosen``."""
        self._sort = sort
        column = column_of_sort(sort)
        order = _DESCENDING if sort.startswith("-") else _ASCENDING
        with self._by_program():
            self.setSortIndicator(-1 if column is None else column, order)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self._share_out()

    def sizeHint(self) -> QSize:
        """Return the height of the header."""
        return QSize(super().sizeHint().width(), self._theme.height(30, low=24))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        """Paint one title, with an arrow if it sorts or is hovered."""
        theme, column = self._theme, COLUMNS[section]
        hovered = section == self._hovered
        painter.fillRect(rect, theme.color("hover" if hovered else "background"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("line"))
        pad = theme.px(11)
        inner = rect.adjusted(pad, 0, -pad, 0)
        sorted_by = section == self.sortIndicatorSection()
        painter.setFont(self._title_font)
        painter.setPen(theme.ink("text" if sorted_by or hovered else "soft text"))
        title = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        arrow = theme.px(14) if sorted_by or hovered else 0
        room = inner.width() - arrow
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
        length = painter.fontMetrics().horizontalAdvance(shown)
        left = inner.right() + 1 - arrow - length if column.right else inner.x()
        painter.drawText(
            QRect(left, rect.y(), length + 1, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        if sorted_by or hovered:
            descending = sorted_by and self.sortIndicatorOrder() is _DESCENDING
            token = "soft text" if sorted_by else "faint text"
            self._paint_arrow(
                painter, left + length + theme.px(3), rect, token, descending=descending
            )

    def viewportEvent(self, event: QEvent) -> bool:
        """Show a tooltip that says what a click does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())
            words = sort_words(COLUMNS[section], self._sort) if section >= 0 else ""
            QToolTip.showText(event.globalPos(), tip(words), self)
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by cursor, background and arrow that a click would sort."""
        if self.cursor().shape() == _HAND:
            self.unsetCursor()  # otherwise Qt shows no resize cursor at the edges
        super().mouseMoveEvent(event)
        section = self.logicalIndexAt(event.position().toPoint())
        sorts = section >= 0 and COLUMNS[section].sort is not None
        if sorts and self.cursor().shape() == Qt.CursorShape.ArrowCursor:
            self.setCursor(_HAND)
        self._hover(section if sorts else -1)

    def leaveEvent(self, event: QEvent) -> None:
        """Remove the highlight."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of columns."""
        self._hover(-1)
        self.columns_menu().popup(event.globalPos())

    def columns_menu(self) -> QMenu:
        """Return the menu of columns, with an entry that resets them."""
        menu = columns_menu(self, self._choose)
        tick(menu, self._theme)
        menu.addSeparator()
        menu.addAction(self.tr("Reset columns")).triggered.connect(self._on_usual)
        return menu

    def _paint_arrow(
        self, painter: QPainter, x: int, rect: QRect, token: str, *, descending: bool
    ) -> None:
        size = self._theme.px(11)
        name = "chevron-down" if descending else "chevron-up"
        pixmap = icon(name, self._theme.color(token), size, self.devicePixelRatioF())
        painter.drawPixmap(x, rect.y() + (rect.height() - size) // 2, pixmap)

    @contextmanager
    def _by_program(self) -> Iterator[None]:
        """Mark changes within this context as the program's, not the person's."""
        self._told_by_program = True
        yield
        self._told_by_program = False

    def _fix_modes(self) -> None:
        for number in range(len(COLUMNS)):
            mode = _MODES.Fixed if number == PROGRESS else _MODES.Interactive
            self.setSectionResizeMode(number, mode)

    @property
    def _title_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Medium)
        return font

    def _choose(self, number: int, shown: bool) -> None:
        """Show or hide a column; one hidden for lack of room stays shown from now on."""
        if number in self._gone:
            self._gone.remove(number)
            self._resize({number: self._wanted[number]})
            self._own.add(number)
        self.setSectionHidden(number, not shown)

    def _leave(self, gone: set[int]) -> None:
        """Hide exactly these columns for lack of room, and show the others again."""
        with self._by_program():
            for number in self._gone ^ gone:
                self.setSectionHidden(number, number in gone)
        self._gone = gone

    def _share_out(self) -> None:
        """Set the widths of the columns; those the person chose stay."""
        if not self._wanted:
            return
        wanted = {n: self._wanted[n] for n in self.columns_chosen()}
        own = {n: self.sectionSize(n) for n in wanted if n in self._own}
        widths = fitted(wanted, self.least, own, self.viewport().width())
        self._leave(wanted.keys() - widths.keys())
        self._resize(widths)

    def _stretch(self) -> None:
        """Let *Progress* alone take the rest, so a dragged edge stays under the pointer."""
        others = self.length() - self.sectionSize(PROGRESS)
        room = self.viewport().width() - others
        self._resize({PROGRESS: max(self.least[PROGRESS], room)})

    def _resize(self, widths: dict[int, int]) -> None:
        with self._by_program():
            for number, width in widths.items():
                self.resizeSection(number, width)

    def _on_resized(self, section: int, before: int, width: int) -> None:
        if self._told_by_program or not self._wanted:
            return
        if before and width:
            self._own.add(section)
            self._stretch()
        else:  # the column was hidden or shown
            self._share_out()

    def _on_usual(self) -> None:
        for number in range(len(COLUMNS)):
            self.moveSection(self.visualIndex(number), number)
        sort = self._sort
        self.set_up_columns()
        self.show_sort(sort)

    def _on_indicator(self, column: int, order: Qt.SortOrder) -> None:
        if self._told_by_program:
            return
        if not 0 <= column < len(COLUMNS) or COLUMNS[column].sort is None:
            self.show_sort(self._sort)
            return
        self._sort = f"{'-' if order is _DESCENDING else ''}{COLUMNS[column].sort}"
        self.viewport().update()
        self.sort_chosen.emit(self._sort)


SETTLE_MS: Final = 500
"""Milliseconds between two measurements of rows that keep changing."""
MOST: Final = 2.0
"""Largest width of a column, as a multiple of its usual one, unless the person widens it."""
_KEPT_TEXTS: Final = 4096


class ColumnWidths(QObject):
    """Sets the header's widths and measures again when the model reports changed rows."""

    def __init__(self, model: TaskModel, header: TableHeader, delegate: TaskDelegate) -> None:
        super().__init__(header)
        self._model = model
        self._header = header
        self._delegate = delegate
        self._needed: dict[int, int] = {}
        self._measured: set[tuple[int, str]] = set()
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.measure)
        model.shown.connect(self.measure)
        model.rows_read.connect(self.measure_soon)
        model.dataChanged.connect(self.measure_soon)

    def forget(self) -> None:
        """Forget all measurements and start again: the font or the sizes changed."""
        self._needed = {STATE: self._in_steps(self._delegate.widest_state())}
        self._measured.clear()
        self._header.set_widths(self._usual(), self._least())
        self.measure()

    def measure_soon(self) -> None:
        """Measure within ``SETTLE_MS``: other rows may be on screen."""
        if not self._timer.isActive():
            self._timer.start()

    def measure(self) -> None:
        """Widen the columns whose visible cells need more room."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self.measure_soon()  # not while the person may be dragging an edge
            return
        before = dict(self._needed)
        if len(self._measured) > _KEPT_TEXTS:
            self._measured.clear()
        for row in self._model.rows_between(*self._model.window):
            for number, text in enumerate(self._model.cells(row)):
                # The same progress text needs more room in rows with a bar: measure it each time.
                if number == PROGRESS or (number, text) not in self._measured:
                    self._measured.add((number, text))
                    needed = self._delegate.width_needed(number, row, text)
                    if needed > self._needed.get(number, 0):
                        self._needed[number] = self._in_steps(needed)
        if self._needed != before:
            self._header.set_widths(self._wanted(), self._least())

    def _in_steps(self, width: int) -> int:
        step = 2 * self._digit
        return -(-width // step) * step

    @property
    def _digit(self) -> int:
        return max(1, self._header.fontMetrics().horizontalAdvance("0"))

    def _usual(self) -> list[int]:
        """Return the widths used before any row was measured."""
        return [
            max(round(self._digit * column.width), self._header.title_width(number))
            for number, column in enumerate(COLUMNS)
        ]

    def _wanted(self) -> list[int]:
        return [
            max(min(self._needed.get(number, 0), round(usual * MOST)), least)
            for number, (usual, least) in enumerate(zip(self._usual(), self._least(), strict=True))
        ]

    def _least(self) -> list[int]:
        least = [
            max(round(self._digit * column.width * column.keeps), self._header.title_width(number))
            for number, column in enumerate(COLUMNS)
        ]
        least[PROGRESS] = max(least[PROGRESS], self._delegate.brush.least_progress)
        return least
