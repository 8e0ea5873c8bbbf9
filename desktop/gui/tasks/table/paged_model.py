"""The Qt model over pages of tasks: texts of cells, and signals for each change of the list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.gui.kit.lists.live_rows import Cell, ListModel
from desktop.gui.kit.words.states import percent
from desktop.gui.tasks.acting.pending_actions import PendingActions
from desktop.gui.tasks.table.columns import COLUMNS, PROGRESS, STATE, longest_state, texts, title_of
from desktop.gui.tasks.table.task_pages import TaskPages, gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.table.task_pages import PageSegment

    Index = QModelIndex | QPersistentModelIndex

_NOWHERE: Final = QModelIndex()
_WITH_HINT: Final = "QList<QPersistentModelIndex>,QAbstractItemModel::LayoutChangeHint"
_ONLY_ROWS: Final = QAbstractItemModel.LayoutChangeHint.VerticalSortHint


class PagedModel(ListModel):
    """A list of tasks that is only partly in memory; other cells are placeholders.

    ``window`` holds the first and last position on screen. ``dataChanged`` is clipped to it, since
    a range as long as the model would repaint everything.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pages = TaskPages()
        self.window = (0, 0)
        self.pending = PendingActions(self)
        self.pending.changed.connect(self._on_pending_changed)
        self._second = int(time.time())
        self.titles = {n: title_of(n) for n in range(len(COLUMNS))}
        self.figures = [n for n, column in enumerate(COLUMNS) if column.right]
        self._longest_state, self._whole = longest_state(), percent(1)

    def row_at(self, position: int) -> Row | None:
        """Return the row at a position, or ``None`` if it is not in memory."""
        return self.pages.at(position)

    def rows_between(self, first: int, last: int) -> list[Row]:
        """Return the rows in memory from one position to another, both included."""
        return [row for _, row in self.pages.between(first, last)]

    def position_of(self, task_id: int) -> int | None:
        """Return a task's position, if its row is in memory."""
        return self.pages.find(task_id)

    def cells(self, row: Row) -> tuple[str, ...]:
        """Return the texts of a row's cells, at most a second old."""
        if row.cells_at != self._second:
            row.cells = texts(row, time.time(), self.pending.of(row))
            row.cells_at = self._second
        return row.cells

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        row = self.pages.at(position)
        return Cell("") if row is None else self.cell_of(row, column)

    def cell_of(self, row: Row, column: int) -> Cell:
        """Return the cell of a row; its mark is the look of a state, or a share of progress."""
        words, moment = self.cells(row)[column], COLUMNS[column].moment
        if column == STATE:
            return Cell(words, mark=row.look, longest=self._longest_state)
        if column == PROGRESS:
            return Cell(words, mark=row.share, longest=self._whole)
        return Cell(words) if moment is None else Cell(words, moment=moment(row))

    def refresh_ages(self) -> None:
        """Update texts such as *in 40 s* on screen; called once a second."""
        self._second = int(time.time())
        changed = set()
        for _, row in self.pages.between(*self.window):
            before = row.cells
            if before and before != self.cells(row):
                changed.add(row.id)
        self.tell_changed(changed)

    # QAbstractItemModel

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of tasks, in memory or not."""
        return 0 if parent.isValid() else self.pages.total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text or tooltip; screen readers hear that a row is still being read."""
        if role == Qt.ItemDataRole.AccessibleTextRole and self.pages.at(index.row()) is None:
            return self.tr("loading")
        return super().data(index, role)

    # Changes of the list

    def splice(self, start: int, count: int, parts: Sequence[PageSegment] = ()) -> None:
        """Replace ``count`` positions from ``start`` by ``parts`` and tell the views."""
        size = sum(part.size for part in parts)
        common = min(size, count)
        if size > count:
            # Rows that replace others are inserted as a gap first and filled then.
            self.beginInsertRows(_NOWHERE, start + count, start + size - 1)
            self.pages.splice(start + count, 0, [gap(size - count)] if common else parts)
            self.endInsertRows()
        elif size < count:
            self.beginRemoveRows(_NOWHERE, start + size, start + count - 1)
            self.pages.splice(start + size, count - size)
            self.endRemoveRows()
        if common:
            self.pages.splice(start, size, parts)
            self._tell_range(start, start + size - 1)

    def start_over(self, parts: Sequence[PageSegment]) -> None:
        """Show another list from its beginning."""
        self.beginResetModel()
        self.window = (0, self.window[1] - self.window[0])
        self.pages = TaskPages()
        self.pages.splice(0, 0, parts)
        self.endResetModel()

    def replace_all(self, parts: Sequence[PageSegment]) -> None:
        """Replace all rows; persistent indexes follow their tasks to their new positions."""
        old, persistent = self.pages, self.persistentIndexList()
        ids = [None if (row := old.at(i.row())) is None else row.id for i in persistent]
        self._change_length(sum(part.size for part in parts))
        # Without this hint, a header loses columns whose first row leaves memory.
        self.layoutAboutToBeChanged[_WITH_HINT].emit([], _ONLY_ROWS)  # type: ignore[index]
        self.pages = TaskPages()
        self.pages.splice(0, 0, parts)
        self.changePersistentIndexList(
            persistent,
            [self._index_of(task_id, i) for task_id, i in zip(ids, persistent, strict=True)],
        )
        self.layoutChanged[_WITH_HINT].emit([], _ONLY_ROWS)  # type: ignore[index]

    def tell_changed(self, ids: set[int]) -> None:
        """Emit one ``dataChanged`` for those of these tasks that are on screen."""
        touched = [at for at, row in self.pages.between(*self.window) if row.id in ids]
        if touched:
            self._tell_range(touched[0], touched[-1])

    def _on_pending_changed(self) -> None:
        """Update the rows on screen: they show pending actions."""
        for _, row in self.pages.between(*self.window):
            row.cells_at = -1
        self.tell_changed({row.id for _, row in self.pages.between(*self.window)})

    def _change_length(self, total: int) -> None:
        more = total - self.pages.total
        if more > 0:
            self.splice(self.pages.total, 0, [gap(more)])
        elif more < 0:
            self.splice(total, -more)

    def _index_of(self, task_id: int | None, old: QModelIndex) -> QModelIndex:
        """Return a task's new index; an invalid one if its row is not in memory."""
        position = None if task_id is None else self.pages.find(task_id)
        return QModelIndex() if position is None else self.index(position, old.column())

    def _tell_range(self, first: int, last: int) -> None:
        first = max(first, self.window[0], 0)
        last = min(last, self.window[1], self.pages.total - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))
