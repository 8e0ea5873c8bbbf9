"""The delegate of the task table: it paints states, progress bars and elided words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QTableView

from desktop.gui.kit.lists.list_delegate import GAP, ICON, ListDelegate
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.words.states import LOOKS, percent
from desktop.gui.tasks.table.columns import COLUMNS, PROGRESS, STATE, TASK, TO

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.table.task_model import TaskModel

    Index = QModelIndex | QPersistentModelIndex


BAR: Final = 90
"""Width of a progress bar, in units of the grid."""


class TaskDelegate(ListDelegate):
    """Reads rows straight from the model, one Python call per cell: it is lean on purpose.

    While the column *Task* is hidden, the address column shows the task's name in rows without an
    address.
    """

    def __init__(self, model: TaskModel, table: QTableView) -> None:
        self._model = model
        self._table = table
        self._names_tasks = False
        self._position = -1
        self._ratio = 1.0
        self._row: Row | None = None
        self._cells: tuple[str, ...] = ()
        self._icons: dict[tuple[str, float], QPixmap] = {}
        super().__init__(table)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        super().dress(theme)
        self._column_inks = [
            self.inks["soft text" if column.ink == "state" else column.ink] for column in COLUMNS
        ]
        self._icons.clear()

    def begin(self) -> None:
        """Prepare for a repaint of the table."""
        super().begin()
        self._position = -1
        self._ratio = self._table.viewport().devicePixelRatioF()
        self._names_tasks = self._table.isColumnHidden(TASK)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        position, column = index.row(), index.column()
        if position != self._position:
            self._position = position
            self._row = row = self._model.row_at(position)
            self._cells = () if row is None else self._shown_cells(row)
        room = option.rect.adjusted(self.pad, 0, -(self.pad // 2), -1)
        row = self._row
        if row is None:
            self._paint_placeholder(painter, room)
            return
        text, ink = self._cells[column], self._column_inks[column]
        if column == STATE:
            self._paint_state(painter, room, row.look, text)
        elif column == PROGRESS and (share := row.share) is not None:
            length = room.width() - LOOK.theme.px(GAP) - self.length(f"{percent(1)}…")
            whole = max(0, min(LOOK.theme.px(BAR), length))
            self.write(painter, self.bar(painter, room, share, whole, "running"), text, ink)
        elif text:
            is_error = column == PROGRESS and row.met == row.error  # the end of an error tells most
            is_right = COLUMNS[column].right
            self.write(painter, room, text, ink, right=is_right, keeps_end=is_error)

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of a cell's words behind its icon or bar."""
        if isinstance(cell.mark, str):
            words = max(self.length(each, bolder=True) for each in (cell.words, cell.longest))
            return theme.px(ICON) + theme.px(GAP) + words + 1
        bar = theme.px(BAR) + theme.px(GAP)
        words = self.length(cell.words) + (0 if cell.mark is None else bar)
        longest = self.length(cell.longest) + bar if cell.longest else 0  # a bar may come
        return max(words, longest) + 1

    def _paint_state(self, painter: QPainter, room: QRect, state: str, text: str) -> None:
        """Paint a state's icon, and its word in its colour."""
        top = room.top() + (room.height() + 1 - self.side) // 2
        painter.drawPixmap(room.left(), top, self._state_icon(state, self._ratio))
        words = room.adjusted(self.side + self.gap, 0, 0, 0)
        self.write(painter, words, text, self.inks[LOOKS[state].token], bolder=True)

    def _paint_placeholder(self, painter: QPainter, room: QRect) -> None:
        """Paint a faint bar in a row that is still being read."""
        length, height = min(room.width() // 2, LOOK.theme.px(BAR)), LOOK.theme.px(6)
        if length > 0:
            top = room.top() + (room.height() - height) // 2
            painter.fillRect(room.left(), top, length, height, self.colors["hover"])

    def _shown_cells(self, row: Row) -> tuple[str, ...]:
        cells = self._model.cells(row)
        if self._names_tasks and not cells[TO]:
            return (*cells[:TO], cells[TASK], *cells[TO + 1 :])
        return cells

    def _state_icon(self, state: str, ratio: float) -> QPixmap:
        key = (state, ratio)
        if key not in self._icons:
            look = LOOKS[state]
            color, size = self.colors[look.token], LOOK.theme.px(ICON)
            self._icons[key] = icon(look.icon, color, size, ratio)
        return self._icons[key]

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size a cell's words need; a double click on a column's edge uses it."""
        cell = self._model.cell(index.row(), index.column())
        return QSize(self.width_needed(cell), LOOK.theme.height(30, low=24))

    def shown_cell(self, index: Index) -> tuple[Cell, int]:
        """Return what a cell shows, and the width in which it does."""
        cell, width = super().shown_cell(index)
        row = self._model.row_at(index.row())
        if row is not None:
            cell = cell._replace(words=self._shown_cells(row)[index.column()])
        return cell, width
