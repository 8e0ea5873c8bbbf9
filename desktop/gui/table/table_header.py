"""The header of the task table: titles, the sort indicator, and the menu of columns."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QToolTip

from desktop.gui.look.icons import icon, tick
from desktop.gui.table.columns_menu import columns_menu
from desktop.gui.tasks.columns import BY_KEY, COLUMNS, PROGRESS, column_of_sort, fitted, sort_words
from desktop.gui.widgets.surfaces import give_viewport
from desktop.gui.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QMenu, QWidget

    from desktop.gui.look.theme import Theme

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
