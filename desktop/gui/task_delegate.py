"""Paints the table's cells: icon and word of the state, progress bars, elided words."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QToolTip

from desktop.gui.cell_painter import CellPainter
from desktop.gui.columns import COLUMNS, PROGRESS, STATE

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QHelpEvent, QPainter
    from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

    from desktop.gui.paged_model import PagedModel
    from desktop.gui.task_row import Row
    from desktop.gui.theme import Theme

    Index = QModelIndex | QPersistentModelIndex
    Rect = tuple[int, int, int, int]


class TaskDelegate(QStyledItemDelegate):
    """Lean on purpose: reads rows straight from the model, one Python call per cell.

    ``frame`` is how far the running icon has turned; ``focused`` the position that has a mark of
    the keyboard's focus, or -1.
    """

    def __init__(self, model: PagedModel, theme: Theme, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.frame = 0
        self.focused = -1
        self.dress(theme, font)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours and sizes of another theme."""
        self.brush = CellPainter(theme, font)
        self._inks = [
            self.brush.inks["soft text" if column.ink == "state" else column.ink]
            for column in COLUMNS
        ]
        self._selection = self.brush.colors["selection"]
        self._line = self.brush.colors["line"]
        self._accent = self.brush.colors["accent"]
        self._mark = theme.px(3)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect = cast("Rect", option.rect.getRect())
        x, y, width, height = rect
        position = index.row()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(x, y, width, height, self._selection)
        painter.fillRect(x, y + height - 1, width, 1, self._line)
        column = index.column()
        if position == self.focused and column == STATE:
            painter.fillRect(x, y, self._mark, height - 1, self._accent)
        row = self._model.row_at(position)
        if row is None:
            self.brush.placeholder(painter, rect)
        else:
            self._paint_row(painter, rect, row, column)

    def _paint_row(self, painter: QPainter, rect: Rect, row: Row, column: int) -> None:
        text = self._model.cells(row)[column]
        if column == STATE:
            dpr = painter.device().devicePixelRatio()
            self.brush.state(painter, rect, row.state, text, self.frame, dpr)
            return
        painter.setPen(self._inks[column])
        if column == PROGRESS and (share := row.share) is not None:
            self.brush.progress(painter, rect, share, text)
        else:
            self.brush.words(painter, rect, text, right=COLUMNS[column].right)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room a cell's words need: what a double click on a column's edge gives."""
        text = self._model.data(index) or ""
        icon = self.brush.icon_size * 2 if index.column() == STATE else 0
        width = option.fontMetrics.horizontalAdvance(text)
        return QSize(width + icon + 2 * self.brush.pad, self.brush.theme.px(30))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the whole text of a cell that is cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text = str(self._model.data(index) or "")
        cut = text and self.brush.elides(text, view.visualRect(index).width())
        QToolTip.showText(event.globalPos(), text if cut else "", view)
        return True
