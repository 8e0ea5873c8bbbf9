"""Models of lists: rows that are read again while visible, and rows that come page by page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.words.ages import day_and_time, whole_moment
from desktop.gui.link.jobs import Job
from sendoff_tasks.client.errors import BackendGone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from PySide6.QtWidgets import QWidget

    from desktop.client.api import Api
    from desktop.gui.link.jobs import ApiSource, Ticket

    Index = QModelIndex | QPersistentModelIndex
    ReadPage = Callable[[Api, "str | None"], "Page"]

P = ParamSpec("P")
T = TypeVar("T")

_NOWHERE: Final = QModelIndex()
_READ: Final = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
_SHOWN: Final = _READ | {
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.ForegroundRole,
    Qt.ItemDataRole.TextAlignmentRole,
    Qt.ItemDataRole.DecorationRole,
}
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
EVERY_MS: Final = 500
"""Minimum milliseconds from one read to the next."""
PAUSE: Final = 1000
"""Milliseconds before a failed page is read again."""


class Cell(NamedTuple):
    """The content of a cell: its words, and the name of their colour.

    The tooltip of a ``moment`` (epoch s) shows the full time; it is formatted only when needed.
    ``icon`` has the name of an icon and that of its colour.
    """

    words: str
    ink: str = "soft text"
    is_figure: bool = False
    moment: float | None = None
    icon: tuple[str, str] = ("", "")


def moment_cell(moment: float) -> Cell:
    """Return the cell of a moment, epoch s."""
    return Cell(day_and_time(moment, time.time()), moment=moment)


class ListModel(QAbstractTableModel):
    """The model of a list: its :meth:`cell` says what is shown, copied and read out.

    ``titles`` are the titles of the columns by number, ``figures`` the columns whose title is at
    the right. ``shown`` is emitted when the rows are those asked for last, ``failed`` (a sentence,
    empty while the backend is away) when they could not be read; they are then read again after a
    pause.
    """

    shown = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles: Mapping[int, str] = {}
        self.figures: Collection[int] = ()

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title, or its side."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self.figures else _LEFT
        return self.titles[section] if role in _READ else None

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        raise NotImplementedError

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's words and look, or what its tooltip says besides: the whole moment."""
        if role not in _SHOWN or not 0 <= index.row() < self.rowCount():
            return None
        cell, roles = self.cell(index.row(), index.column()), Qt.ItemDataRole
        match role:
            case roles.ToolTipRole:
                return "" if cell.moment is None else whole_moment(cell.moment)
            case roles.ForegroundRole:
                return LOOK.theme.ink(cell.ink)
            case roles.TextAlignmentRole:
                return _RIGHT if cell.is_figure else _LEFT
            case roles.DecorationRole:
                name, ink = cell.icon
                return icons.qicon(name, LOOK.theme.ink(ink), LOOK.theme) if name else None
        return cell.words


class LiveRows(ListModel):
    """Rows that are mappings, each with its identifier under the key ``name_of``."""

    def __init__(self, name_of: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name_of = name_of
        self.rows: list[Any] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows read so far."""
        return 0 if parent.isValid() else len(self.rows)

    def row_at(self, position: int) -> Any:
        """Return the row at a position, or ``None`` if it was not read."""
        return self.rows[position] if 0 <= position < len(self.rows) else None

    def position_of(self, name: Any) -> int | None:
        """Return the position of a row, or ``None`` if it was not read."""
        key = self._name_of
        return next((at for at, row in enumerate(self.rows) if row[key] == name), None)

    def put(self, position: int, row: Any) -> None:
        """Replace a row."""
        self.rows[position] = row
        self._tell_changed(position, position)

    def insert(self, position: int, rows: Sequence[Any]) -> None:
        """Insert rows."""
        self.beginInsertRows(_NOWHERE, position, position + len(rows) - 1)
        self.rows[position:position] = rows
        self.endInsertRows()

    def remove(self, first: int, last: int | None = None) -> None:
        """Remove a row, or the rows from ``first`` to ``last``."""
        last = first if last is None else last
        self.beginRemoveRows(_NOWHERE, first, last)
        del self.rows[first : last + 1]
        self.endRemoveRows()

    def replace(self, start: int, stop: int, rows: Sequence[Any]) -> None:
        """Replace the rows from ``start`` to before ``stop``.

        Rows that stay are moved or reported as changed, so a view keeps its selection.
        """
        key = self._name_of
        wanted = {row[key] for row in rows}
        stop -= self._remove_others(start, stop, wanted)
        first = last = -1
        for place, row in enumerate(rows, start):
            found = self._find(row[key], place, stop)
            if found is None:
                more = self._new_ones(rows[place - start :], place, stop)
                self.insert(place, more)
                stop += len(more)
                continue
            if found != place:
                self._move(found, place)
            if self.rows[place] != row:
                self.rows[place] = row
                first, last = (place if first < 0 else first), place
        if first >= 0:
            self._tell_changed(first, last)

    def _remove_others(self, start: int, stop: int, wanted: set[Any]) -> int:
        """Remove the rows that are not wanted, range by range; return how many they were."""
        removed, at = 0, stop
        while at > start:
            end = at
            while at > start and self.rows[at - 1][self._name_of] not in wanted:
                at -= 1
            if at < end:
                self.remove(at, end - 1)
                removed += end - at
            else:
                at -= 1
        return removed

    def _new_ones(self, rows: Sequence[Any], place: int, stop: int) -> list[Any]:
        """Return the first of ``rows``, up to one that the model already has."""
        known = {row[self._name_of] for row in self.rows[place:stop]}
        found = []
        for row in rows:
            if row[self._name_of] in known:
                break
            found.append(row)
        return found

    def _find(self, name: Any, place: int, stop: int) -> int | None:
        key = self._name_of
        return next((at for at in range(place, stop) if self.rows[at][key] == name), None)

    def _move(self, source: int, target: int) -> None:
        self.beginMoveRows(_NOWHERE, source, source, _NOWHERE, target)
        self.rows.insert(target, self.rows.pop(source))
        self.endMoveRows()

    def _tell_changed(self, first: int, last: int) -> None:
        end = self.index(last, self.columnCount() - 1)
        self.dataChanged.emit(self.index(first, 0), end)


class Rereading(QObject):
    """Calls ``read`` soon after :meth:`note`, at most twice a second.

    While ``view`` is hidden it waits, unless the data is needed ``elsewhere``, too.
    """

    def __init__(
        self, view: QWidget, read: Callable[[], object], *, elsewhere: bool = False
    ) -> None:
        super().__init__(view)
        self._view = view
        self._read = read
        self._elsewhere = elsewhere
        self._is_due = not elsewhere  # the first read is due
        self._pause = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._pause.timeout.connect(self._read_if_due)
        view.installEventFilter(self)

    def note(self) -> None:
        """Note a change: the data is to be read again."""
        self._is_due = True
        if not self._pause.isActive():
            self._read_if_due()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read when the view is shown, if something changed while it was hidden."""
        if event.type() == QEvent.Type.Show and self._is_due:
            self.note()
        return super().eventFilter(watched, event)

    def _read_if_due(self) -> None:
        if self._is_due and (self._elsewhere or self._view.isVisible()):
            self._is_due = False
            self._pause.start()
            self._read()


class PageReader(QObject):
    """Reads one page at a time on a worker thread.

    ``failed`` carries an error as a sentence, empty while the backend is away: the window shows
    that elsewhere. ``free`` is emitted after a page if another one was wanted meanwhile, and a
    pause after a failure.
    """

    failed = Signal(str)
    free = Signal()

    def __init__(self, source: ApiSource, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._ticket: Ticket | None = None
        self.is_behind = False
        """Whether another page is wanted after the one under way."""
        self.meanwhile: list[Any] = []
        """The events since the last page was asked for; the page may be older."""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.free)

    @property
    def is_ready(self) -> bool:
        """Whether no page is under way, and none has just failed."""
        return self._ticket is None and not self._pause.isActive()

    def read(
        self,
        then: Callable[[T], object],
        function: Callable[Concatenate[Api, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Read a page with ``function`` for ``then``; without a backend, pause as if it failed."""
        if self._ticket is not None:
            self.is_behind = True
            return
        self.drop()
        self.meanwhile = []
        if self._source.api is None:
            self._pause.start()
            return
        job = Job(function, self._source.api, *args, **kwargs).then(partial(self._on_read, then))
        self._ticket = self._source.jobs.start(job.otherwise(self._on_failed))

    def note(self, event: object) -> None:
        """Keep an event that comes while a page is under way."""
        if self._ticket is not None:
            self.meanwhile.append(event)

    def drop(self) -> None:
        """Drop the page under way, or the pause after a failure."""
        self._pause.stop()
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self.is_behind = None, False

    def _on_read(self, then: Callable[[T], object], page: T) -> None:
        """Hand the page over; only then another one is read, and drops the events meanwhile."""
        ticket = self._ticket
        try:
            then(page)
        finally:
            if self._ticket is ticket:  # no other list was asked for
                self._ticket = None
                if self.is_behind:
                    self.is_behind = False
                    self.free.emit()

    def _on_failed(self, error: Exception) -> None:
        self._ticket, self.is_behind = None, False
        self._pause.start()
        self.failed.emit("" if isinstance(error, BackendGone) else str(error))


class Page(NamedTuple):
    """Rows in order, the cursor of the next page, and what the answer says ``about`` them."""

    rows: Sequence[Any]
    next: str | None
    about: Any = None


class KeysetModel(LiveRows):
    """The rows of a list in the order of the backend's pages; :meth:`show` sets the list."""

    def __init__(self, source: ApiSource, name_of: str, parent: QObject | None = None) -> None:
        super().__init__(name_of, parent)
        self._reader = PageReader(source, self)
        self._reader.failed.connect(self.failed)
        self._reader.free.connect(self._on_free)
        self._read: ReadPage | None = None
        self._next: str | None = None
        self._asked: tuple[str | None, Callable[[Page], object]] = None, self.take_first
        self.is_loaded = False

    def show(self, read: ReadPage | None) -> None:
        """Show another list, read on a worker thread; the old rows stay until the new ones arrive.

        Without a reader the list is empty.
        """
        self._read = read
        self.is_loaded = False
        if read is None:
            self._reader.drop()
            self._start_over(Page([], None))
        else:
            self.reset()

    def reset(self) -> None:
        """Read the list again from its beginning."""
        self._reader.drop()
        self._ask(None, self.take_first)

    # QAbstractItemModel

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether there are more rows; the view asks when it is scrolled to the end."""
        return not parent.isValid() and self._next is not None and self._reader.is_ready

    def fetchMore(self, parent: Index) -> None:
        """Read the next page."""
        if self.canFetchMore(parent):
            self._ask(self._next, self._on_next)

    def _ask(self, after: str | None, then: Callable[[Page], object]) -> None:
        self._asked = after, then
        if self._read is not None:
            self._reader.read(then, self._read, after)

    def take_first(self, page: Page) -> None:
        """Replace all rows by those of the first page."""
        self.is_loaded = True
        self._start_over(page)

    def _start_over(self, page: Page) -> None:
        self.beginResetModel()
        self.rows = list(page.rows)
        self._next = page.next
        self.endResetModel()
        self.shown.emit()

    def _on_next(self, page: Page) -> None:
        self._next = page.next
        known = {row[self._name_of] for row in self.rows}
        new = [row for row in page.rows if row[self._name_of] not in known]
        if new:
            self.insert(len(self.rows), new)

    def _on_free(self) -> None:
        """Ask again for the page that failed."""
        self._ask(*self._asked)
