"""The header of the task table: the sort indicator, the menu of columns, and what is remembered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import QMenu, QToolTip

from desktop.gui.kit.lists.list_delegate import ListHeader
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.icons import tick
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.tasks.table.columns import BY_KEY, COLUMNS, column_of_sort, sort_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent
    from PySide6.QtWidgets import QHeaderView

    from desktop.gui.kit.lists.list_widths import ListWidths


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


_HAND: Final = Qt.CursorShape.PointingHandCursor
_OWN: Final = b"\nown widths: "
_DESCENDING: Final = Qt.SortOrder.DescendingOrder


class TableHeader(ListHeader):
    """A click on a title sorts by its column if the backend can.

    ``sort_chosen`` carries the order as the backend names it: ``[-]key``. ``saveState`` and
    ``restoreState`` keep widths, places and choice of the columns, and the sort order.
    """

    sort_chosen = Signal(str)
    has_arrows = True

    def __init__(self) -> None:
        super().__init__()
        self._sort = "-id"
        self._is_told = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setSortIndicatorShown(True)
        self.sortIndicatorChanged.connect(self._on_indicator)

    def follow(self, widths: ListWidths) -> None:
        """Show the default columns; ``widths`` gives them their widths from now on."""
        self._widths = widths
        self.set_up_columns()

    def set_up_columns(self) -> None:
        """Show the default columns and forget widths that the person chose."""
        with self._widths.by_program():
            for number, column in enumerate(COLUMNS):
                self.setSectionHidden(number, not column.shown)
        self._widths.begin_again()
        self.show_sort("-id")

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return Qt's state, followed by the columns whose width the person chose."""
        own = ",".join(COLUMNS[number].key for number in sorted(self._widths.own))
        gone = self._widths.gone
        self._widths.leave(set())
        state = super().saveState().append(_OWN + own.encode())
        self._widths.leave(gone)
        return state

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Restore a state of ``saveState``."""
        known = state.data() if isinstance(state, QByteArray) else state
        qt_state, _, own = bytes(known).partition(_OWN)
        self._is_told = True
        with self._widths.by_program():
            restored = super().restoreState(qt_state)
        self._is_told = False
        if restored:
            keys = own.decode().split(",")
            self._widths.begin_again([BY_KEY[key] for key in keys if key in BY_KEY])
        column, order = self.sortIndicatorSection(), self.sortIndicatorOrder()
        if not restored or not 0 <= column < len(COLUMNS) or COLUMNS[column].sort is None:
            self.show_sort(self._sort)
        else:
            self._on_indicator(column, order)
        return restored

    def columns_chosen(self) -> list[int]:
        """Return the chosen columns from left to right, also those that do not fit."""
        return sorted(self._widths.shown, key=self.visualIndex)

    def show_sort(self, sort: str) -> None:
        """Set the sort indicator without emitting ``sort_chosen``."""
        self._sort = sort
        column = column_of_sort(sort)
        order = _DESCENDING if sort.startswith("-") else Qt.SortOrder.AscendingOrder
        self._is_told = True
        self.setSortIndicator(-1 if column is None else column, order)
        self._is_told = False
        self.viewport().update()

    def arrow_of(self, section: int) -> tuple[str, str] | None:
        """Return the arrow of a title that sorts or is hovered."""
        is_sorted = section == self.sortIndicatorSection()
        if not is_sorted and section != self.hovered:
            return None
        is_descending = is_sorted and self.sortIndicatorOrder() is _DESCENDING
        name = "chevron-down" if is_descending else "chevron-up"
        return name, "soft text" if is_sorted else "faint text"

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
        if section != self.hovered:
            self.hovered = section
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of columns."""
        self._hover(-1)
        self.columns_menu().popup(event.globalPos())

    def columns_menu(self) -> QMenu:
        """Return the menu of columns, with an entry that resets them."""
        menu = columns_menu(self, self._choose)
        tick(menu, LOOK.theme)
        menu.addSeparator()
        menu.addAction(self.tr("Reset columns")).triggered.connect(self._on_usual)
        return menu

    def _choose(self, number: int, shown: bool) -> None:
        """Show or hide a column; one hidden for lack of room stays shown from now on."""
        if number in self._widths.gone:
            self._widths.bring_back(number)
        self.setSectionHidden(number, not shown)

    def _on_usual(self) -> None:
        for number in range(len(COLUMNS)):
            self.moveSection(self.visualIndex(number), number)
        sort = self._sort
        self.set_up_columns()
        self.show_sort(sort)

    def _on_indicator(self, column: int, order: Qt.SortOrder) -> None:
        if self._is_told:
            return
        if not 0 <= column < len(COLUMNS) or COLUMNS[column].sort is None:
            self.show_sort(self._sort)
            return
        self._sort = f"{'-' if order is _DESCENDING else ''}{COLUMNS[column].sort}"
        self.viewport().update()
        self.sort_chosen.emit(self._sort)
