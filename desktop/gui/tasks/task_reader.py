"""Reads the table's pages, one request at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.errors import BackendGone
from desktop.gui.jobs import Job
from desktop.gui.tasks.placement import PageRead
from desktop.gui.tasks.task_pages import PAGE
from desktop.gui.tasks.task_row import row_of

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.gui.jobs import Jobs, Ticket
    from desktop.gui.tasks.task_pages import TaskPages

AROUND: Final = PAGE // 2
"""Rows read ahead above and below the screen."""
OVERLAP: Final = 4
"""Rows above a gap that are read again, to see that the page joins them."""
PAUSE: Final = 1000
"""Milliseconds before a failed request is tried again."""


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


class TaskReader(QObject):
    """Runs one request at a time as a job.

    ``page_read`` carries the request and its :class:`PageRead`. ``read_failed`` carries an error as
    a sentence, except when the backend is gone, which the window shows elsewhere. After any
    failure, ``free`` is emitted a second later.
    """

    page_read = Signal(object, object)
    read_failed = Signal(str)
    free = Signal()

    def __init__(self, api: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._api = api
        self._jobs = jobs
        self._ticket: Ticket | None = None
        self._request: PageRequest | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.free)

    @property
    def request(self) -> PageRequest | None:
        """The request under way."""
        return self._request

    @property
    def ready(self) -> bool:
        """Whether a request can be started now."""
        return self._request is None and not self._pause.isActive() and self._api.api is not None

    def read(self, request: PageRequest) -> None:
        """Start a request; without a backend, do nothing."""
        if self._api.api is None:
            return
        self._request = request
        job = Job(read_page, self._api.api, request.query, request.cursor, request.offset)
        self._ticket = self._jobs.start(job.then(self._on_read).otherwise(self._on_failure))

    def drop(self) -> None:
        """Drop the request under way, and the pause after a failure."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = self._request = None
        self._pause.stop()

    def _on_read(self, page: PageRead) -> None:
        request, self._request, self._ticket = self._request, None, None
        self.page_read.emit(request, page)

    def _on_failure(self, error: Exception) -> None:
        self._request = self._ticket = None
        self._pause.start()
        if not isinstance(error, BackendGone):
            self.read_failed.emit(str(error))


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
    return PageRead(rows, page["next"], max(page["total"], least), page["total_is_exact"])


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
