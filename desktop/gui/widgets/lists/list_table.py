"""A table of rows that belong together: how it looks, and the keys it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.gui.look.icons import icon
from desktop.gui.look.theme import tabular
from desktop.gui.widgets.lists.list_widths import PAD, ListWidths, rows_in_sight
from desktop.gui.widgets.surfaces import give_viewport

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QColor, QKeyEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex

LAST: Final = 90
"""Units of the grid that the last column has at least."""
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


def show_rows(table: QTableView) -> None:
    """Have a table show whole rows, as quiet lines without a grid."""
    give_viewport(table)
    table.setFont(tabular(table.font()))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    end = QWidget()  # the header goes on above the scroll bar
    end.setProperty("area", "header")
    end.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    table.addScrollBarWidget(end, Qt.AlignmentFlag.AlignTop)


def fit_rows(table: QTableView, theme: Theme) -> None:
    """Give the rows of a table the height that a theme and its font need."""
    height = max(theme.px(30), table.fontMetrics().height() + theme.px(8))
    table.verticalHeader().setMinimumSectionSize(height)
    table.verticalHeader().setDefaultSectionSize(height)
    table.verticalScrollBar().setSingleStep(height)
    for end in table.scrollBarWidgets(Qt.AlignmentFlag.AlignTop):
        end.setFixedHeight(theme.px(30))


class ListDelegate(QStyledItemDelegate):
    """Paints a row's ground and line, then each cell: its words in the ink its model names.

    Subclasses paint cells that hold more than words in :meth:`paint_cell`.
    """

    def __init__(self, themes: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        theme, rect = self._themes.theme, option.rect
        state = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        table = self.parent()
        is_hovered = isinstance(table, ListTable) and table.hovered == index.row()
        ground = "selection" if is_chosen else "hover" if is_hovered else "surface"
        painter.save()
        painter.fillRect(rect, theme.color(ground))
        bottom = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(bottom, theme.color("line"))
        if isinstance(table, QTableView) and is_chosen and table.hasFocus() and not index.column():
            edge = QRect(rect.left(), rect.top(), theme.px(3), rect.height() - 1)
            painter.fillRect(edge, theme.color("accent"))
        pad = theme.px(PAD)
        self.paint_cell(painter, rect.adjusted(pad, 0, -pad // 2, -1), index, theme)
        painter.restore()

    def paint_cell(self, painter: QPainter, room: QRect, index: Index, theme: Theme) -> None:
        """Paint what is in a cell, within ``room``."""
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        font = index.data(Qt.ItemDataRole.FontRole)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if index.data(Qt.ItemDataRole.TextAlignmentRole) is not None:  # figures, at the right
            length = painter.fontMetrics().horizontalAdvance(words)
            right = theme.px(PAD) - theme.px(PAD) // 2  # below the title, which ends there
            room = room.adjusted(max(0, room.width() - length - 1 - right), 0, 0, 0)
        self.write(painter, room, words, ink or theme.ink("text"), font)

    def width_needed(self, index: Index, font: QFont, theme: Theme) -> int:
        """Return the width of a cell in which nothing is cut, in logical pixels."""
        own = index.data(Qt.ItemDataRole.FontRole)
        metrics = QFontMetrics(own if isinstance(own, QFont) else font)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        return self.margins(theme) + metrics.horizontalAdvance(words) + 1 if words else 0

    def margins(self, theme: Theme) -> int:
        """Return the width of what is left free at both edges of a cell."""
        return theme.px(PAD) + theme.px(PAD) // 2

    def mark(self, painter: QPainter, room: QRect, name: str, color: QColor) -> QRect:
        """Paint an icon at the beginning of ``room``; returns what is left of it."""
        px = self._themes.theme.px
        pixmap = icon(name, color, px(16), painter.device().devicePixelRatioF())
        painter.drawPixmap(room.left(), room.center().y() - px(8), pixmap)
        return room.adjusted(px(16 + 8), 0, 0, 0)

    def write(
        self, painter: QPainter, room: QRect, words: str, ink: QColor, font: QFont | None = None
    ) -> int:
        """Write words in the middle of ``room``, cut where they are too long; returns the width."""
        if isinstance(font, QFont):
            painter.setFont(font)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(ink)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        return painter.fontMetrics().horizontalAdvance(shown)


class ListTable(QTableView):
    """One row is chosen at a time.

    ``hovered`` is the row under the pointer. ``activated_row`` carries the one that Enter or a
    double click is for; ``row_chosen`` says that another one is the current row; ``menu_wanted``
    carries where on the screen the menu of the current row is to open.
    """

    activated_row = Signal(int)
    row_chosen = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        model: QAbstractItemModel,
        name: str,
        widths: Mapping[Any, int],
        themes: ThemeSource,
        least: Mapping[Any, int] | None = None,
        last: int = LAST,
        fitted: Collection[Any] = (),
    ) -> None:
        """``widths`` are those of the columns, in units of the grid; the last one has the rest.

        Where room is short, those in ``least`` give way down to these widths; ``last`` is what
        the last one keeps. Columns that are ``fitted`` grow with the words in sight.
        """
        super().__init__()
        show_rows(self)
        self.viewport().setMouseTracking(True)
        self.hovered = -1
        self._last = (least or {}).get(model.columnCount() - 1, last)
        self._themes = themes
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setAccessibleName(QCoreApplication.translate("lists", "Columns"))
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))
        self._widths = ListWidths(self, widths, least or {}, last, fitted, self._width_needed)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is for the current row."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Want the menu of the row under the pointer, or of the current row below it."""
        at, row = event.globalPos(), self.indexAt(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            row = self.currentIndex()
            self.scrollTo(row)
            at = self.viewport().mapToGlobal(self.visualRect(row).bottomLeft())
        if row.isValid():
            self.selectRow(row.row())
            self.menu_wanted.emit(at)

    def mouseMoveEvent(self, event: Any) -> None:
        """Light up the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: Any) -> None:
        """Light up none."""
        super().leaveEvent(event)
        self._hover(-1)

    def focusInEvent(self, event: Any) -> None:
        """Give the keyboard a row to begin at, and show where it is."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.selectRow(rows_in_sight(self)[0])
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        fit_rows(self, theme)
        header = self.horizontalHeader()
        header.setStyleSheet(
            f"QHeaderView::section {{ background: {theme.color('background').name()};"
            f" color: {theme.ink('soft text').name()}; border: none;"
            f" padding: {px(4)}px {px(PAD)}px; font-weight: 500;"
            f" border-bottom: 1px solid {theme.color('line').name()}; }}"
        )
        header.setFixedHeight(px(30))
        header.setStretchLastSection(False)
        header.resizeSection(header.count() - 1, px(self._last))  # stretched it is never narrower
        header.setStretchLastSection(True)
        self._widths.dress(theme)
        self.viewport().update()

    def resizeEvent(self, event: Any) -> None:
        """Have columns give way to those that must be seen."""
        super().resizeEvent(event)
        self._widths.share_out(self._themes.theme)

    def _width_needed(self, index: QModelIndex) -> int:
        delegate = self.itemDelegate()
        if not isinstance(delegate, ListDelegate):
            return 0
        return delegate.width_needed(index, self.font(), self._themes.theme)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit()
