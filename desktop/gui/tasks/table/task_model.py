"""The table's model: a list of any number of tasks, kept current by events and by reading.

Jobs read the numbers of all tasks in order, part by part, and the rows of those around the screen
(``task_list``). Events are applied at once; if an event alone does not tell the new list, the
numbers are read again, and the old list serves meanwhile.
"""

from __future__ import annotations

import time
from array import array
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from desktop.gui.kit.lists.live_rows import Cell, ListModel, PageReader
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.icons import qicon
from desktop.gui.kit.words.ages import whole_moment
from desktop.gui.kit.words.states import LOOKS, percent, whole_status
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.table.columns import COLUMNS, STATUS, TO, ColumnNames, sort_words, texts
from desktop.gui.tasks.table.task_list import KEPT, TaskList, ranges_from_the_end
from sendoff_tasks.client.calls import PAGE, SortedFilter
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from PySide6.QtGui import QColor, QIcon

    from desktop.client.api import Api
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.table.task_list import ListChanges
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import IdsPart

    Index = QModelIndex | QPersistentModelIndex


AGAIN_AFTER: Final = 500
"""Milliseconds, at least, before the numbers are read again because of an event."""
MANY: Final = 8
"""Ranges of rows that come or go at once, up to which the views are told of each."""
AHEAD_EVERY: Final = 3
"""Seconds between two readings of how many tasks are ahead of those on screen."""
_NOWHERE: Final = QModelIndex()
_NO_TASK: Final = array("q", [0])
_WITH_HINT: Final = "QList<QPersistentModelIndex>,QAbstractItemModel::LayoutChangeHint"
_ONLY_ROWS: Final = QAbstractItemModel.LayoutChangeHint.VerticalSortHint


_SIDES: Final = [
    (Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft)
    | Qt.AlignmentFlag.AlignVCenter
    for column in COLUMNS
]
_WAITED_FOR: Final = "…"
"""The text of a row that is still being read."""


class ListPart(NamedTuple):
    """The next numbers of a list that is being read, and the iterator of those to come.

    ``rows`` are those of its beginning, where they were wanted.
    """

    ids: array[int]
    parts: Iterator[IdsPart]
    rows: list[Row]
    is_last: bool


def first_part(api: Api, query: SortedFilter, *, rows: bool) -> ListPart:
    """Begin to read a list, on a worker thread; a search goes on until it has found something."""
    parts = api.ids(query)
    part = next_part(api, parts)
    while not (part.ids or part.is_last):
        part = next_part(api, parts)
    return part._replace(rows=read_rows(api, part.ids[:PAGE])) if rows and part.ids else part


def next_part(_api: Api, parts: Iterator[IdsPart]) -> ListPart:
    """Read the next numbers on a worker thread."""
    part = next(parts, None)
    if part is None:
        return ListPart(array("q"), parts, [], is_last=True)
    return ListPart(array("q", part["ids"]), parts, [], is_last=False)


def read_rows(api: Api, ids: Sequence[int]) -> list[Row]:
    """Read the rows of some tasks on a worker thread; those that are gone are left out."""
    page = api.page(SortedFilter(ids=tuple(ids)), limit=PAGE)
    return [row_of(task) for task in page["tasks"]]


@dataclass(slots=True)
class ListReading:
    """A list that is being read, and the events ``meanwhile``: it may be older than they are.

    ``ids`` are collected if the old list is shown until all have come (``is_again``).
    """

    query: SortedFilter
    is_again: bool
    parts: Iterator[IdsPart] | None = None
    ids: array[int] = field(default_factory=lambda: array("q"))
    meanwhile: list[TasksEvent] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)


class TaskModel(ListModel):
    """Tasks as the backend orders and filters them; rows that are not in memory are placeholders.

    ``window`` holds the first and last position on screen; the last is before the first while
    nothing is. ``dataChanged`` is clipped to it, since a range as long as the model would repaint
    everything.

    Signals: ``titled``: another list has one title, or this one has more. ``reordering``: all
    positions may change, ``reordered``: they have. ``rows_read``: rows were read.
    """

    titled = Signal()
    reordering = Signal()
    reordered = Signal()
    rows_read = Signal()

    def __init__(self, api: ApiSource, pending: PendingActions) -> None:
        super().__init__()
        self.tasks = TaskList()
        self.window = (0, 0)
        self.turned: QIcon | None = None
        """The icon of running tasks, while it turns."""
        self._titles: set[str] = set()  # of the list's e-mails that were read
        self.pending = pending
        pending.changed.connect(self._on_pending_changed)
        self._second = int(time.time())
        self.names = ColumnNames()
        self.titles = self.names.titles
        self.figures = [n for n, column in enumerate(COLUMNS) if column.right]
        self._told: dict[int, Callable[[Row, int, int], Any]] = {
            Qt.ItemDataRole.DisplayRole: self._words,
            Qt.ItemDataRole.TextAlignmentRole: lambda _row, _, column: _SIDES[column],
            Qt.ItemDataRole.ForegroundRole: self._ink,
            Qt.ItemDataRole.DecorationRole: self._icon,
            Qt.ItemDataRole.ToolTipRole: self._tip,
            Qt.ItemDataRole.AccessibleTextRole: lambda row, _, n: self.cell_of(row, n).words,
        }
        self._query = SortedFilter()
        self._shown: SortedFilter | None = None
        self._reading: ListReading | None = None
        self._must_reread = False
        self._ids_reader, self._row_reader = PageReader(api, self), PageReader(api, self)
        self._ids_reader.failed.connect(self._on_ids_failed)
        for reader in (self._ids_reader, self._row_reader):
            reader.failed.connect(self.failed)
            reader.free.connect(self._read_on)
        self._seconds_ahead = 0
        self.again_timer = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self.again_timer.timeout.connect(self._on_again)

    @property
    def query(self) -> SortedFilter:
        """The current query; the rows follow once its first page is read."""
        return self._query

    @property
    def is_loaded(self) -> bool:
        """Whether the rows are those of the current query."""
        return self._shown == self._query

    def row_at(self, position: int) -> Row | None:
        """Return the row at a position, or ``None`` if it is not in memory."""
        return self.tasks.at(position)

    def ids_between(self, first: int, last: int) -> array[int]:
        """Return the tasks from one position to another; of very many, those on screen."""
        first, last = self._few(first, last)
        return self.tasks.ids[first : last + 1]

    def known_between(self, first: int, last: int) -> Iterator[tuple[int, Row]]:
        """Yield the rows in memory of ``ids_between``, each with its position."""
        first, last = self._few(first, last)
        for at, task_id in enumerate(self.tasks.ids[first : last + 1], first):
            if (row := self.tasks.row(task_id)) is not None:
                yield at, row

    def rows_between(self, first: int, last: int) -> list[Row]:
        """Return the rows in memory of ``ids_between``."""
        return [row for _, row in self.known_between(first, last)]

    def _few(self, first: int, last: int) -> tuple[int, int]:
        if last - first >= KEPT:
            first, last = max(first, self.window[0]), min(last, self.window[1])
        return max(first, 0), last

    def position_of(self, task_id: int) -> int | None:
        """Return a task's position in the list."""
        return self.tasks.position(task_id, self.window[0])

    def cells(self, row: Row) -> tuple[str, ...]:
        """Return the texts of a row's cells, at most a second old."""
        if row.cells_at != self._second:
            row.cells = texts(row, time.time(), self.pending.of(row))
            row.cells_at = self._second
        return row.cells

    def cell_of(self, row: Row, column: int) -> Cell:
        """Return the cell of a row as it is copied and read out: its words are whole."""
        of = COLUMNS[column]
        words = whole_status(row, time.time()) if column == STATUS else self.cells(row)[column]
        return Cell(words, moment=None if of.moment is None else of.moment(row))

    def _words(self, row: Row, _position: int, column: int) -> str:
        """Return the words of a cell; beside a share that is drawn, only its number."""
        if column == STATUS and row.share is not None:
            return percent(row.share)
        return self.cells(row)[column]

    def _ink(self, row: Row, position: int, column: int) -> QColor:
        """Return the colour of a cell's text; that of a state only where it is not in order."""
        if column == STATUS:
            return LOOK.theme.ink(self._state_token(row))
        above = self.tasks.at(position - 1) if row.item_id is not None else None
        is_same = above is not None and above.item_id == row.item_id
        return LOOK.theme.ink("text" if column == TO and not is_same else "soft text")

    def _icon(self, row: Row, _position: int, column: int) -> QIcon | None:
        if column != TO:
            return None
        if row.state == State.RUNNING and self.turned is not None:
            return self.turned
        color = LOOK.theme.color(self._state_token(row))
        return qicon(LOOKS[row.look].icon, color, LOOK.theme)

    def _tip(self, row: Row, _position: int, column: int) -> str:
        cell = self.cell_of(row, column)
        return cell.words if cell.moment is None else whole_moment(cell.moment)

    def _state_token(self, row: Row) -> str:
        if row.needs_person:
            return LOOKS[row.look].token
        return "running" if row.state == State.RUNNING else "soft text"

    def refresh_ages(self) -> None:
        """Update texts such as *in 40 s* on screen, once a second, and how many are ahead."""
        self._second = int(time.time())
        in_sight = self.rows_between(*self.window)
        before = [row.cells for row in in_sight]
        changed = {
            row.id
            for row, cells in zip(in_sight, before, strict=True)
            if cells and cells != self.cells(row)
        }
        self.tell_changed(changed)
        is_behind_others = any(row.reason == Reason.AHEAD for row in in_sight)
        self._seconds_ahead = (self._seconds_ahead + 1) % AHEAD_EVERY if is_behind_others else 0
        if is_behind_others and not self._seconds_ahead:
            self.tasks.age([row.id for row in in_sight])
            self._read_on()

    # QAbstractItemModel

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of tasks, in memory or not."""
        return 0 if parent.isValid() else len(self.tasks.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what the style paints of a cell, its tooltip, or what a screen reader says."""
        told = self._told.get(role)
        if told is None:
            return None
        row = self.tasks.at(index.row())
        if row is not None:
            return told(row, index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("loading")
        is_first = role == Qt.ItemDataRole.DisplayRole and index.column() == TO
        return _WAITED_FOR if is_first else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's title, or how the column sorts."""
        if role not in {Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.ToolTipRole}:
            return super().headerData(section, orientation, role)
        return sort_words(self.names.sorts[section], self._query.sort)

    # Reading

    def set_query(self, query: SortedFilter) -> None:
        """Change the query; the old rows stay until the new ones are read."""
        if query != self._query:
            self._query = query
            self._stop_reading()
            self._read_on()

    def reset(self) -> None:
        """Read everything again: events were missed, or the backend was restarted."""
        self._stop_reading()
        self._row_reader.drop()
        self.tasks.age()
        self._on_again()

    def read_search_again(self) -> None:
        """Read the numbers again if words were searched that may find more by now."""
        if self._query.text or self._query.error:
            self._on_again()

    def watch(self, first: int, last: int) -> None:
        """Set the positions on screen; missing rows there are read."""
        self.window = (first, last)
        self.tasks.forget_far_from(first, last)
        self._read_on()

    def apply(self, event: TasksEvent) -> None:
        """Apply an event; it emits at most one ``dataChanged``, clipped to the screen."""
        if self._reading is not None:
            self._reading.meanwhile.append(event)
        if self._shown is not None:
            self._carry_out(self.tasks.hear(event, *self.window))

    def _read_on(self) -> None:
        """Start to read what is missing, or wait for what is under way."""
        self._read_ids()
        wanted = self.tasks.missing(*self.window)
        if wanted and self._is_ready(self._row_reader):
            self._row_reader.read(partial(self._on_rows, wanted), read_rows, wanted)

    def _read_ids(self) -> None:
        is_new, is_seen = self._shown != self._query, self.window[0] <= self.window[1]
        reading = self._reading
        if reading is None and not is_new and not (self._must_reread and is_seen):
            return
        if not self._is_ready(self._ids_reader):
            return
        if reading is not None and reading.parts is not None:
            self._ids_reader.read(partial(self._on_part, reading), next_part, reading.parts)
            return
        self._must_reread = False
        self._reading = reading = ListReading(self._query, is_again=not is_new)
        then = partial(self._on_part, reading)
        self._ids_reader.read(then, first_part, reading.query, rows=is_new)

    def _is_ready(self, reader: PageReader) -> bool:
        """Tell whether a reader can begin; else it says when it is free."""
        reader.is_behind = not reader.is_ready
        return reader.is_ready

    def _on_part(self, reading: ListReading, part: ListPart) -> None:
        reading.parts = part.parts
        if reading.is_again:
            reading.ids += part.ids
        elif self._shown == reading.query:
            self._append(part.ids)
        else:
            self._show(reading, part)
        if part.is_last:
            self._end(reading)
        self._read_on()

    def _show(self, reading: ListReading, part: ListPart) -> None:
        """Show the beginning of another list."""
        self._shown = reading.query
        self._titles = set()
        self.beginResetModel()
        self.window = (0, self.window[1] - self.window[0])
        self.tasks.begin(reading.query, part.ids, is_whole=part.is_last)
        self.tasks.put(part.rows)
        self.endResetModel()
        self.titled.emit()
        self._learn_titles(part.rows)
        self._catch_up(reading)
        self.shown.emit()
        self.rows_read.emit()

    def _end(self, reading: ListReading) -> None:
        """Take over a list that was read to its end."""
        self._reading = None
        took = round(1000 * (time.monotonic() - reading.began))
        self.again_timer.setInterval(max(AGAIN_AFTER, 2 * took))
        if reading.is_again:
            self._replace(reading.ids)
        self.tasks.is_whole = True
        self._catch_up(reading)

    def _catch_up(self, reading: ListReading) -> None:
        """Apply the events that came while the list was read: it may be older."""
        for event in reading.meanwhile:
            self._carry_out(self.tasks.hear(event, *self.window))

    def _on_rows(self, wanted: Sequence[int], rows: Sequence[Row]) -> None:
        """Take over rows; tasks without one are gone."""
        fresh = self.tasks.put(rows)
        self._learn_titles(rows)
        gone = {*wanted} - {row.id for row in rows}
        self._carry_out(self.tasks.hear({"rows": [], "gone": [*gone]}, *self.window))
        self.tell_changed(fresh)
        self.rows_read.emit()
        self._read_on()

    @property
    def many_titles(self) -> bool:
        """Whether e-mails in the list have more than one title; of other tasks it is the name."""
        return len(self._titles) > 1

    def _learn_titles(self, rows: Iterable[Row]) -> None:
        """Notice another title in the list."""
        had_many = self.many_titles
        self._titles.update(row.title.partition(":")[0] for row in rows if row.to)
        if self.many_titles is not had_many:
            self.titled.emit()

    def _on_ids_failed(self) -> None:
        self._reading, self._must_reread = None, True

    def _stop_reading(self) -> None:
        """Drop the list that is being read; the one that is shown may be a part, or older."""
        self._must_reread |= self._reading is not None
        self._reading = None
        self._ids_reader.drop()

    def _read_again_soon(self) -> None:
        if not self.again_timer.isActive():
            self.again_timer.start()

    def _on_again(self) -> None:
        self._must_reread = True
        self._read_on()

    # Changes of the list

    def tell_changed(self, ids: set[int]) -> None:
        """Emit one ``dataChanged`` for those of these tasks that are on screen."""
        first = max(self.window[0], 0)
        seen = self.tasks.ids[first : self.window[1] + 1]
        touched = [at for at, task_id in enumerate(seen, first) if task_id in ids]
        if touched:
            end = self.index(touched[-1], len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(touched[0], 0), end)

    def _carry_out(self, changes: ListChanges) -> None:
        tasks = self.tasks
        left, groups = ranges_from_the_end(changes.left), tasks.groups(changes.arrived)
        if len(left) + len(groups) > MANY:
            self._replace(tasks.spliced(changes.left, changes.arrived))
        else:
            for first, last in left:
                self._remove(first, last)
            for at, ids in tasks.groups(changes.arrived):
                self._insert(at, ids)
        self.tell_changed(changes.changed)
        self._learn_titles(filter(None, map(tasks.row, changes.arrived)))
        if changes.unsure:
            self._read_again_soon()
        tasks.forget_far_from(*self.window)

    def _append(self, ids: array[int]) -> None:
        if ids:
            self._insert(len(self.tasks.ids), ids)

    def _insert(self, at: int, ids: array[int]) -> None:
        self.beginInsertRows(_NOWHERE, at, at + len(ids) - 1)
        self.tasks.ids[at:at] = ids
        self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(_NOWHERE, first, last)
        del self.tasks.ids[first : last + 1]
        self.endRemoveRows()

    def _replace(self, ids: array[int]) -> None:
        """Replace all numbers; persistent indexes follow their tasks to their new positions.

        The number of rows changes at the end of the list, where rows without a task come or go.
        """
        if ids == self.tasks.ids:
            return
        old, count = self.tasks.ids[:], len(ids)
        self._append(_NO_TASK * (count - len(old)))
        self.reordering.emit()
        # Without this hint, a header loses columns whose first row leaves memory.
        self.layoutAboutToBeChanged[_WITH_HINT].emit([], _ONLY_ROWS)  # type: ignore[index]
        persistent = self.persistentIndexList()
        self.tasks.take(ids + _NO_TASK * (len(old) - count))
        self.changePersistentIndexList(persistent, self._moved(old, persistent))
        self.layoutChanged[_WITH_HINT].emit([], _ONLY_ROWS)  # type: ignore[index]
        self.reordered.emit()
        if count < len(old):
            self._remove(count, len(old) - 1)

    def _moved(self, old: array[int], persistent: Sequence[QModelIndex]) -> list[QModelIndex]:
        """Return the new indexes of tasks; invalid ones of those that have left the list."""
        near = {old[each.row()]: each.row() for each in persistent if each.row() < len(old)}
        places = self.tasks.positions(near)
        moved = []
        for each in persistent:
            place = places.get(old[each.row()]) if each.row() < len(old) else None
            moved.append(QModelIndex() if place is None else self.index(place, each.column()))
        return moved

    def _on_pending_changed(self) -> None:
        """Update the rows on screen: they show pending actions."""
        seen = self.rows_between(*self.window)
        for row in seen:
            row.cells_at = -1
        self.tell_changed({row.id for row in seen})
