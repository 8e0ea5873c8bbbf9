"""The delegate of the task table: it paints states, progress bars and elided words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QTableView

from desktop.contract.states import State
from desktop.gui.kit.lists.list_delegate import GAP, ICON, ListDelegate
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.look.appearance import LOOK, may_move
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.words.states import LOOKS, percent
from desktop.gui.tasks.table.columns import COLUMNS, PROGRESS, STATE, TASK, TO

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QStyleOptionViewItem

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.table.task_model import TaskModel

    Index = QModelIndex | QPersistentModelIndex


FRAMES: Final = 24
"""Frames in one turn of the running icon."""
BAR: Final = 90
"""Width of a progress bar, in units of the grid."""
_JOINED: Final = {TO, PROGRESS}


class TaskDelegate(ListDelegate):
    """Reads rows straight from the model, one Python call per cell: it is lean on purpose.

    ``frame`` is the current frame of the running icon. A long address extends into an empty
    *Progress* if that is the next column. While the column *Task* is hidden, the address column
    shows the task's name in rows without an address.
    """

    def __init__(self, model: TaskModel, table: QTableView) -> None:
        self._model = model
        self._table = table
        self.frame = 0
        self._joined: tuple[int, int] | None = None
        self._names_tasks = False
        self._position = -1
        self._ratio = 1.0
        self._row: Row | None = None
        self._cells: tuple[str, ...] = ()
        self._icons: dict[tuple[str, int, float], QPixmap] = {}
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
        self._joined = _joined(self._table)
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
        elif self._joined is not None and column in _JOINED and self._runs_on():
            self._paint_part(painter, option.rect, *self._joined, behind=column != TO)
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

    def icon_rect(self, cell: QRect) -> QRect:
        """Return the rectangle of the state's icon in a cell."""
        side = LOOK.theme.px(ICON)
        top = cell.top() + (cell.height() - side) // 2
        return QRect(cell.left() + self.pad, top, side, side)

    def _paint_state(self, painter: QPainter, room: QRect, state: str, text: str) -> None:
        """Paint a state's icon, turned if it is running, and its word in its colour."""
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

    def _runs_on(self) -> bool:
        """Tell whether the address of the current row is too long and *Progress* is empty."""
        words, progress = self._cells[TO], self._cells[PROGRESS]
        if self._joined is None or not words or progress:
            return False
        return self.length(words) >= self._joined[0] - self.pad - self.pad // 2

    def _paint_part(
        self, painter: QPainter, rect: QRect, before: int, after: int, *, behind: bool
    ) -> None:
        """Paint one cell's part of an address over two: each may be repainted alone."""
        painter.setClipRect(rect)
        left = rect.left() - before if behind else rect.left()
        whole = QRect(left, rect.top(), before + after, rect.height())
        room = whole.adjusted(self.pad, 0, -(self.pad // 2), -1)
        self.write(painter, room, self._cells[TO], self._column_inks[TO])
        painter.setClipping(False)

    def _state_icon(self, state: str, ratio: float) -> QPixmap:
        key = (state, self.frame if state == State.RUNNING else 0, ratio)
        found = self._icons.get(key)
        if found is None:
            look, size = LOOKS[state], LOOK.theme.px(ICON)
            color = self.colors[look.token]
            if key[1]:
                found = _turned(look.icon, color, size, ratio, key[1])
            else:
                found = icon(look.icon, color, size, ratio)
            self._icons[key] = found
        return found

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size a cell's words need; a double click on a column's edge uses it."""
        cell = self._model.cell(index.row(), index.column())
        return QSize(self.width_needed(cell), LOOK.theme.height(30, low=24))

    def shown_cell(self, index: Index) -> tuple[Cell, int]:
        """Return what a cell shows, and the width in which it does."""
        cell, width = super().shown_cell(index)
        row, column = self._model.row_at(index.row()), index.column()
        if row is not None:
            cells = self._shown_cells(row)
            cell = cell._replace(words=cells[column])
            if column == TO and self._joined is not None and not cells[PROGRESS]:
                width = sum(self._joined)
        return cell, width


def _turned(name: str, color: QColor, size: int, dpr: float, frame: int) -> QPixmap:
    """Return an icon turned by ``frame`` of FRAMES, scaled down from four times its size."""
    pixmap = QPixmap(round(size * dpr), round(size * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(size / 2, size / 2)
    painter.rotate(frame * 360 / FRAMES)
    painter.translate(-size / 2, -size / 2)
    large = icon(name, color, size, dpr * 4)
    painter.drawPixmap(QRectF(0, 0, size, size), large, QRectF(large.rect()))
    painter.end()
    return pixmap


def _joined(table: QTableView) -> tuple[int, int] | None:
    """Return the widths of *To* and *Progress*; ``None`` if they are not side by side."""
    header = table.horizontalHeader()
    if header.isSectionHidden(TO) or header.isSectionHidden(PROGRESS):
        return None
    edge = header.sectionPosition(TO) + header.sectionSize(TO)
    if header.sectionPosition(PROGRESS) != edge:
        return None
    return header.sectionSize(TO), header.sectionSize(PROGRESS)


FRAME_MS: Final = 42
"""Milliseconds of one frame: one turn takes a second."""


class RunningIcons(QObject):
    """Turns the icons of running tasks: one timer repaints only them, and stops without any."""

    def __init__(self, view: ListTable, model: TaskModel, delegate: TaskDelegate) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._delegate = delegate
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)

    @property
    def turning(self) -> bool:
        """Whether the icons turn now."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Start to turn if any are on screen and the system allows motion."""
        if not self.turning and self._view.isVisible() and may_move(self._view) and self._places():
            self._timer.start()

    def rest(self) -> None:
        """Stop turning."""
        self._timer.stop()

    def _places(self) -> list[QRect]:
        """Return the rectangles of the running icons on screen."""
        if self._view.isColumnHidden(STATE):
            return []
        x, width = self._view.columnViewportPosition(STATE), self._view.columnWidth(STATE)
        top, height = self._view.rowViewportPosition, self._view.row_height
        return [
            self._delegate.icon_rect(QRect(x, top(position), width, height))
            for position, row in self._model.pages.between(*self._model.window)
            if row.state == State.RUNNING
        ]

    def _on_frame(self) -> None:
        places = self._places()
        if not places:
            self.rest()
            return
        self._delegate.frame = (self._delegate.frame + 1) % FRAMES
        for place in places:
            self._view.viewport().update(place)
