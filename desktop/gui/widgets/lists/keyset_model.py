"""A list model that reads page by page; the view fetches the next page at the end of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QTimer, Signal

from desktop.client.errors import BackendGone
from desktop.gui.jobs import Job
from desktop.gui.widgets.lists.live_rows import LiveRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from desktop.client.api import Api, ApiSource
    from desktop.gui.jobs import Jobs, Ticket

    Index = QModelIndex | QPersistentModelIndex
    ReadPage = Callable[[Api, "str | None"], "Page"]

PAUSE: Final = 1000
"""Milliseconds before a failed page is read again."""


class Page(NamedTuple):
    """Rows in order, the cursor of the next page, and what the answer says ``about`` them."""

    rows: Sequence[Any]
    next: str | None
    about: Any = None


class KeysetModel(LiveRows):
    """The rows of a list in the order of the backend's pages; :meth:`show` sets the list.

    ``shown`` is emitted when the rows are those of the list asked for last, ``failed`` (a sentence)
    when a page could not be read; it is then read again after a pause.
    """

    shown = Signal()
    failed = Signal(str)

    def __init__(
        self, source: ApiSource, jobs: Jobs, number_of: str, parent: QObject | None = None
    ) -> None:
        """``number_of`` is the key of a row's number."""
        super().__init__(number_of, parent)
        self._source = source
        self._jobs = jobs
        self._read: ReadPage | None = None
        self._ticket: Ticket | None = None
        self._next: str | None = None
        self.is_loaded = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.reset)

    def show(self, read: ReadPage | None) -> None:
        """Show another list, read on a worker thread; the old rows stay until the new ones arrive.

        Without a reader the list is empty.
        """
        self._read = read
        self.is_loaded = False
        if read is None:
            self._drop()
            self._start_over(Page([], None))
        else:
            self.reset()

    def reset(self) -> None:
        """Read the list again from its beginning."""
        self._drop()
        self._ask(None, self.take_first)
        if self._ticket is None and self._read is not None:
            self._pause.start()  # until there is a backend

    # QAbstractItemModel

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether there are more rows; the view asks when it is scrolled to the end."""
        return not parent.isValid() and self._next is not None and self._ticket is None

    def fetchMore(self, parent: Index) -> None:
        """Read the next page."""
        if self.canFetchMore(parent):
            self._ask(self._next, self._on_next)

    def _ask(
        self,
        after: str | None,
        then: Callable[[Page], object],
        otherwise: Callable[[Exception], object] | None = None,
    ) -> None:
        if self._source.api is not None and self._read is not None:
            job = Job(self._read, self._source.api, after).then(then)
            self._ticket = self._jobs.start(job.otherwise(otherwise or self._on_failed))

    def _drop(self) -> None:
        self._pause.stop()
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = None

    def take_first(self, page: Page) -> None:
        """Replace all rows by those of the first page."""
        self._ticket = None
        self.is_loaded = True
        self._start_over(page)

    def _start_over(self, page: Page) -> None:
        self.beginResetModel()
        self.rows = list(page.rows)
        self._next = page.next
        self.endResetModel()
        self.shown.emit()

    def _on_next(self, page: Page) -> None:
        self._ticket = None
        self._next = page.next
        known = {row[self._name_of] for row in self.rows}
        new = [row for row in page.rows if row[self._name_of] not in known]
        if new:
            self.insert(len(self.rows), new)

    def _on_failed(self, error: Exception) -> None:
        self._ticket = None
        self._pause.start()
        if not isinstance(error, BackendGone):
            self.failed.emit(str(error))
