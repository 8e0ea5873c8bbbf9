"""A list that is read page by page, the next one when the end of what is there comes into sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QTimer, Signal

from desktop.client.errors import BackendGone
from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

    from desktop.client.api import Api, ApiSource
    from desktop.gui.jobs import Jobs, Ticket

    Index = QModelIndex | QPersistentModelIndex
    Page = tuple[Sequence[Any], str | None]
    ReadPage = Callable[[Api, str | None], Page]

PAUSE: Final = 1000
"""Milliseconds before a page that could not be read is tried again."""
_NOWHERE: Final = QModelIndex()


class KeysetModel(QAbstractTableModel):
    """Rows in the order of the backend's pages; which pages, :meth:`show` is told.

    ``shown`` says that the rows are those of the list asked for last, ``failed`` (a sentence) that
    a page could not be read; it is tried again by itself.
    """

    shown = Signal()
    failed = Signal(str)

    def __init__(
        self, source: ApiSource, jobs: Jobs, number_of: str, parent: QObject | None = None
    ) -> None:
        """``number_of`` is the key under which a row has its number."""
        super().__init__(parent)
        self._source = source
        self._jobs = jobs
        self._number_of = number_of
        self._read: ReadPage | None = None
        self._ticket: Ticket | None = None
        self._next: str | None = None
        self.rows: list[Any] = []
        self.is_loaded = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.reset)

    def show(self, read: ReadPage | None) -> None:
        """Show another list, read on a worker thread; the rows stay until the new ones are there.

        Without a reader there are none.
        """
        self._read = read
        self.is_loaded = False
        if read is None:
            self._drop()
            self._start_over([], None)
        else:
            self.reset()

    def reset(self) -> None:
        """Read the list again from its beginning: it has changed, or was not read."""
        self._drop()
        if self._read is not None and self._source.api is not None:
            job = Job(self._read, self._source.api, None)
            self._ticket = self._jobs.start(job.then(self._on_first).otherwise(self._on_failed))

    def position_of(self, number: int) -> int | None:
        """Return where a row is, if it was read."""
        key = self._number_of
        return next((at for at, row in enumerate(self.rows) if row[key] == number), None)

    def put(self, position: int, row: Any) -> None:
        """Replace a row."""
        self.rows[position] = row
        last = self.index(position, self.columnCount() - 1)
        self.dataChanged.emit(self.index(position, 0), last)

    def insert(self, position: int, row: Any) -> None:
        """Put a row between others."""
        self.beginInsertRows(_NOWHERE, position, position)
        self.rows.insert(position, row)
        self.endInsertRows()

    def remove(self, position: int) -> None:
        """Take a row out."""
        self.beginRemoveRows(_NOWHERE, position, position)
        del self.rows[position]
        self.endRemoveRows()

    # QAbstractItemModel

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many rows were read."""
        return 0 if parent.isValid() else len(self.rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether there are more; the view asks when it is scrolled to the end."""
        return not parent.isValid() and self._next is not None and self._ticket is None

    def fetchMore(self, parent: Index) -> None:
        """Read the next page."""
        if self._source.api is None or self._read is None or not self.canFetchMore(parent):
            return
        job = Job(self._read, self._source.api, self._next)
        self._ticket = self._jobs.start(job.then(self._on_next).otherwise(self._on_failed))

    def _drop(self) -> None:
        self._pause.stop()
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = None

    def _on_first(self, page: Page) -> None:
        self._ticket = None
        self.is_loaded = True
        self._start_over(*page)

    def _start_over(self, rows: Sequence[Any], following: str | None) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self._next = following
        self.endResetModel()
        self.shown.emit()

    def _on_next(self, page: Page) -> None:
        self._ticket = None
        rows, self._next = page
        known = {row[self._number_of] for row in self.rows}
        new = [row for row in rows if row[self._number_of] not in known]
        if new:
            self.beginInsertRows(_NOWHERE, len(self.rows), len(self.rows) + len(new) - 1)
            self.rows += new
            self.endInsertRows()

    def _on_failed(self, error: Exception) -> None:
        self._ticket = None
        self._pause.start()
        if not isinstance(error, BackendGone):
            self.failed.emit(str(error))
