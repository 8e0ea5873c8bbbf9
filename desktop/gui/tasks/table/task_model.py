"""The table's model: a list of any number of tasks, kept current by events and by reading pages.

Only runs of rows around the screen are in memory (``task_pages``). Jobs read pages
(``PageReader``). Events are applied at once (``LiveChanges``); if an event alone is not enough,
the rows on screen are read again, at most once a second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.lists.live_rows import Cell, ListModel, PageReader
from desktop.gui.kit.words.states import ASIDE, LOOKS, look_word, percent
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.table.columns import (
    COLUMNS,
    PROGRESS,
    STATE,
    TASK,
    TO,
    sort_words,
    texts,
    title_of,
)
from desktop.gui.tasks.table.task_pages import (
    LiveChanges,
    PageRead,
    TaskPages,
    by_number,
    fitted,
    gap,
    place_of,
    run,
    sort_out,
)
from sendoff_tasks.client.calls import PAGE, TaskQuery
from sendoff_tasks.model.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.table.task_pages import PageSegment
    from sendoff_tasks.model.events import TasksEvent

    Index = QModelIndex | QPersistentModelIndex


AROUND: Final = PAGE // 2
"""Rows read ahead above and below the screen."""
OVERLAP: Final = 4
"""Rows above a gap that are read again, to see that the page joins them."""
AGAIN_AFTER: Final = 1000
"""Milliseconds before the rows on screen are read again because of an event."""
AHEAD_EVERY: Final = 3
"""Seconds between two readings of how many tasks are ahead of those on screen."""
_NOWHERE: Final = QModelIndex()
_WITH_HINT: Final = "QList<QPersistentModelIndex>,QAbstractItemModel::LayoutChangeHint"
_ONLY_ROWS: Final = QAbstractItemModel.LayoutChangeHint.VerticalSortHint


class CellMark(Enum):
    """Cells that are painted in a way of their own."""

    ADDRESS = auto()
    """A name with an address, or either."""
    LOADING = auto()
    """A row that is still being read."""


_LOADING: Final = Cell("", mark=CellMark.LOADING)


class PagePurpose(Enum):
    """Why a page is read."""

    START = auto()
    """The first page of another query."""
    AGAIN = auto()
    """The rows on screen again, because the list has changed elsewhere."""
    GAP = auto()
    """A part of the list that is not in memory."""


@dataclass(slots=True)
class PageRequest:
    """A page to read: after ``cursor`` if there is one, else from ``offset``.

    ``wanted`` is the list position that the page is read for; it moves with the list.
    """

    purpose: PagePurpose
    query: TaskQuery
    offset: int = 0
    cursor: str | None = None
    wanted: int = 0


def read_page(api: Api, query: TaskQuery, cursor: str | None, offset: int) -> PageRead:
    """Read one page on a worker thread; a search continues until it has found something."""
    if cursor is not None:
        page = api.page(query, after=cursor, limit=PAGE)
    else:
        page = api.page(query, offset=offset or None, limit=PAGE)
    while page["next"] is not None and not page["tasks"]:
        page = api.page(query, after=page["next"], limit=PAGE)
    rows = [row_of(task) for task in page["tasks"]]
    # A search that stopped early may not count what follows: add one row for it.
    least = offset + len(rows) + (page["next"] is not None)
    return PageRead(rows, page["next"], max(page["total"], least))


def gap_request(pages: TaskPages, query: TaskQuery, first: int, last: int) -> PageRequest | None:
    """Return the request for rows missing on screen, else near it, else ``None``."""
    for low, high in ((first, last), (first - AROUND, last + AROUND)):
        missing = _first_gap(pages, max(low, 0), min(high, pages.total - 1))
        if missing is not None:
            return _request_for(pages, query, *missing)
    return None


def _first_gap(pages: TaskPages, first: int, last: int) -> tuple[int, int, str | None] | None:
    """Return the first gap between two positions: its start, the wanted position, a cursor."""
    cursor: str | None = None
    for start, segment in pages.segments():
        if segment.rows is None and start <= last and start + segment.size > first:
            return start, max(start, first), cursor
        cursor = segment.cursor
    return None


def _request_for(
    pages: TaskPages, query: TaskQuery, start: int, wanted: int, cursor: str | None
) -> PageRequest:
    if wanted - start > AROUND:
        offset = max(min(wanted - AROUND, pages.total - PAGE), start)
        return PageRequest(PagePurpose.GAP, query, offset=offset, wanted=offset)
    if cursor is not None:
        return PageRequest(PagePurpose.GAP, query, cursor=cursor, wanted=start)
    return PageRequest(PagePurpose.GAP, query, offset=max(start - OVERLAP, 0), wanted=start)


class TaskModel(ListModel):
    """Tasks as the backend orders and filters them; those not in memory are placeholders.

    ``window`` holds the first and last position on screen. ``dataChanged`` is clipped to it, since
    a range as long as the model would repaint everything.

    Signals: ``reordered``: all positions may have changed. ``rows_read`` (first, last):
    placeholders became rows.
    """

    reordered = Signal()
    rows_read = Signal(int, int)

    def __init__(self, api: ApiSource, pending: PendingActions) -> None:
        super().__init__()
        self.pages = TaskPages()
        self.window = (0, 0)
        self.names_tasks = False
        """Whether the address column names the task of a row without an address."""
        self.pending = pending
        pending.changed.connect(self._on_pending_changed)
        self._second = int(time.time())
        self.titles = {n: title_of(n) for n in range(len(COLUMNS))}
        self.figures = [n for n, column in enumerate(COLUMNS) if column.right]
        states = (look_word(each, queue) for each in LOOKS for queue in ("", MAIL_QUEUE))
        self._longest_state, self._whole = max(states, key=len), percent(1)
        self._query = TaskQuery()
        self._shown: TaskQuery | None = None
        self._newest = self._newest_asked = 0
        self._request: PageRequest | None = None  # under way
        self._reader = PageReader(api, self)
        self._reader.failed.connect(self.failed)
        self._reader.free.connect(self._read_on)
        self._must_reread = False
        self._is_outdated = False  # the page under way may have been read before a search grew
        self._seconds_ahead = 0
        self.again_timer = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self.again_timer.timeout.connect(self._on_again)

    @property
    def query(self) -> TaskQuery:
        """The current query; the rows follow once its first page is read."""
        return self._query

    @property
    def is_loaded(self) -> bool:
        """Whether the rows are those of the current query."""
        return self._shown == self._query

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
        return _LOADING if row is None else self.cell_of(row, column)

    def cell_of(self, row: Row, column: int) -> Cell:
        """Return the cell of a row; its mark is the look of a state, a share, or a kind.

        A row that was marked as seen needs no person, so its state is grey.
        """
        words, of = self.cells(row)[column], COLUMNS[column]
        if column == STATE:
            ink = ASIDE if row.seen else LOOKS[row.look].token
            return Cell(words, ink, row.look, longest=self._longest_state)
        if column == PROGRESS:
            # The end of an error tells most.
            is_error = row.share is None and row.met == row.error and words.endswith(row.met)
            return Cell(words, of.ink, row.share, keeps_end=is_error, longest=self._whole)
        if column == TO:
            said = words or (self.cells(row)[TASK] if self.names_tasks else "")
            return Cell(said, of.ink, CellMark.ADDRESS)
        moment = None if of.moment is None else of.moment(row)
        return Cell(words, of.ink, is_figure=of.right, moment=moment)

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
            self._read_again_soon()

    # QAbstractItemModel

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of tasks, in memory or not."""
        return 0 if parent.isValid() else self.pages.total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text or tooltip; screen readers hear that a row is still being read."""
        if role == Qt.ItemDataRole.AccessibleTextRole and self.pages.at(index.row()) is None:
            return self.tr("loading")
        return super().data(index, role)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's title, or how the column sorts."""
        if role not in {Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.ToolTipRole}:
            return super().headerData(section, orientation, role)
        return sort_words(COLUMNS[section], self._query.sort)

    # Reading

    def set_query(self, query: TaskQuery) -> None:
        """Change the query; the old rows stay until the new ones are read."""
        if query != self._query:
            self._query = query
            self._reader.drop()
            self._read_on()

    def reset(self) -> None:
        """Read the rows on screen again: events were missed, or the backend was restarted."""
        self._reader.drop()
        self._must_reread = True
        self._read_on()

    def read_search_again(self) -> None:
        """Read the rows on screen again if words were searched that may find more by now."""
        if self._query.text or self._query.error:
            self._is_outdated = True
            self._on_again()

    def watch(self, first: int, last: int) -> None:
        """Set the positions on screen; missing rows there are read."""
        self.window = (first, last)
        self.pages.forget_far_from(first, last)
        self._read_on()

    def apply(self, event: TasksEvent) -> None:
        """Apply an event; it emits at most one ``dataChanged``, clipped to the screen."""
        self._reader.note(event)
        if self._shown is not None:
            changes = sort_out(event, self.pages, self._shown, self._newest)
            self._carry_out(changes, self._shown)
        self._newest = max([self._newest, *(task["id"] for task in event["rows"])])

    def _read_on(self) -> None:
        """Start the most urgent request, if any; while one is under way, once it is answered."""
        if not self._reader.is_ready:
            self._reader.is_behind = True
            return
        self._request = request = self._next_request()
        if request is not None:
            self._is_outdated = False
            self._newest_asked = self._newest
            then, given = partial(self._on_page, request), (request.query, request.cursor)
            self._reader.read(then, read_page, *given, request.offset)

    def _next_request(self) -> PageRequest | None:
        if self._shown != self._query:
            return PageRequest(PagePurpose.START, self._query)
        if self._must_reread:
            offset = max(self.window[0] - AROUND, 0)
            return PageRequest(PagePurpose.AGAIN, self._query, offset=offset)
        return gap_request(self.pages, self._query, *self.window)

    def _on_page(self, request: PageRequest, page: PageRead) -> None:
        self._request = None
        match request.purpose:
            case PagePurpose.START:
                self._show_first_page(request.query, page)
            case PagePurpose.AGAIN:
                self._replace_rows(request.offset, request.query, page)
            case PagePurpose.GAP if by_number(request.query):
                self._fit_page(request, page)
            case PagePurpose.GAP:
                self._place_page(request, page)
        self._must_reread |= self._is_outdated
        self._read_on()

    def _show_first_page(self, query: TaskQuery, page: PageRead) -> None:
        """Show the first page of another query."""
        self._shown = query
        self._must_reread = False
        self.start_over(_parts(0, page))
        self._catch_up(query, page, everything=True)
        self.shown.emit()

    def _replace_rows(self, start: int, query: TaskQuery, page: PageRead) -> None:
        """Replace everything in memory by a page: its length and positions are right."""
        if not page.rows and page.total:
            self.window = (max(page.total - AROUND, 0), page.total - 1)
            return
        self._must_reread = False
        self.replace_all(_parts(start, page))
        self._catch_up(query, page, everything=True)
        self.reordered.emit()

    def _fit_page(self, request: PageRequest, page: PageRead) -> None:
        """Fit a page into its gap, in a list by number."""
        fitting = fitted(
            self.pages,
            request.wanted,
            page,
            descending=request.query.sort == "-id",
            from_above=request.cursor is not None or request.offset == 0,
        )
        if fitting is None:
            return
        read = sum(part.size for part in fitting.parts if part.rows)
        if not read and sum(part.size for part in fitting.parts) == fitting.size:
            self._read_again_soon()
            return
        self.splice(fitting.start, fitting.size, fitting.parts)
        self._tell_filled(fitting.start + fitting.parts[0].size, read, request.query, page)

    def _place_page(self, request: PageRequest, page: PageRead) -> None:
        """Put a page at the position it was read for, in another order, if that is still right."""
        start, size = request.wanted, len(page.rows)
        free = not any(True for _ in self.pages.between(start, start + size - 1))
        known = any(row.id in self.pages for row in page.rows)
        if not free or known or not size or page.total != self.pages.total:
            self._replace_rows(start, request.query, page)
            return
        self.splice(start, size, [run(page.rows, page.cursor)])
        self._tell_filled(start, size, request.query, page)

    def _tell_filled(self, start: int, size: int, query: TaskQuery, page: PageRead) -> None:
        self._catch_up(query, page, everything=False)
        self.rows_read.emit(start, start + size - 1)

    def _catch_up(self, query: TaskQuery, page: PageRead, *, everything: bool) -> None:
        """Apply the events that came while the page was read: the page may be older."""
        self._newest = max([self._newest, *(row.id for row in page.rows)])
        for event in self._reader.meanwhile:
            seen = self._newest, self._newest_asked
            changes = sort_out(event, self.pages, query, *seen)
            if not everything:  # the rest was applied when the event first came
                changes = LiveChanges(changed=changes.changed, left=changes.left)
            self._carry_out(changes, query)

    def _read_again_soon(self) -> None:
        if not self.again_timer.isActive():
            self.again_timer.start()

    def _on_again(self) -> None:
        self._must_reread = True
        self._read_on()

    # Changes of the list

    def splice(self, start: int, count: int, parts: Sequence[PageSegment] = ()) -> None:
        """Replace ``count`` positions from ``start`` by ``parts`` and tell the views.

        The position of the request under way moves with the list.
        """
        size = sum(part.size for part in parts)
        if self._request is not None and self._request.wanted >= start + count:
            self._request.wanted += size - count
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

    def _carry_out(self, changes: LiveChanges, query: TaskQuery) -> None:
        for row in changes.changed:
            self.pages.put(row)
        self._remove(changes.left)
        self._insert(changes.arrived, descending=query.sort == "-id")
        if changes.beyond:
            newest_end = 0 if query.sort == "-id" else self.pages.total
            self.splice(newest_end, 0, [gap(changes.beyond)])
        self.tell_changed({row.id for row in changes.changed})
        if changes.unsure:
            self._read_again_soon()
        self.pages.forget_far_from(*self.window)

    def _remove(self, ids: set[int]) -> None:
        found = [position for task_id in ids if (position := self.pages.find(task_id)) is not None]
        for first, last in _ranges_from_the_end(found):
            self.splice(first, last - first + 1)

    def _insert(self, rows: Sequence[Row], *, descending: bool) -> None:
        """Insert new rows, adjacent ones together."""
        groups: dict[int, list[Row]] = {}
        for row in sorted(rows, key=lambda each: each.id, reverse=descending):
            place = place_of(self.pages, row.id, descending=descending)
            groups.setdefault(place.position, []).append(row)
        for position in sorted(groups, reverse=True):
            self.splice(position, 0, [run(groups[position])])

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


def _parts(start: int, page: PageRead) -> list[PageSegment]:
    stop = start + len(page.rows)
    return [gap(start), run(page.rows, page.cursor), gap(max(page.total - stop, 0))]


def _ranges_from_the_end(positions: list[int]) -> list[tuple[int, int]]:
    """Join adjacent positions to ranges, last first, so removing one moves no other."""
    ranges: list[tuple[int, int]] = []
    for position in sorted(positions, reverse=True):
        if ranges and ranges[-1][0] == position + 1:
            ranges[-1] = (position, ranges[-1][1])
        else:
            ranges.append((position, position))
    return ranges
