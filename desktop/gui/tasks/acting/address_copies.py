"""Copies the addresses of all matching tasks in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.client.calls.tasks import walk
from desktop.client.errors import BackendGone
from desktop.gui.frame.notices.bars import BarText
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Job
from desktop.gui.tasks.acting.task_menu import addresses_of

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.table.task_table import TaskTable

COPY: Final = "copied addresses"
LOOK_MS: Final = 250
"""Milliseconds between two updates of the progress."""


class CollectedAddresses:
    """The addresses of all matching tasks, collected on a worker thread; others read its progress.

    With ``is_stopped``, it ends after the current page.
    """

    def __init__(self, query: TaskQuery) -> None:
        self.read = self.total = 0
        self.is_stopped = False
        self._query = query

    def collect(self, api: Api) -> list[str]:
        """Return each address once, in the order of the tasks. Raises ClientError."""
        found: dict[str, None] = {}
        for page in walk(api, self._query):
            if self.is_stopped:
                break
            self.total = max(self.total, page["total"])
            found |= dict.fromkeys(addresses_of([row_of(task) for task in page["tasks"]]))
            self.read += len(page["tasks"])
        return list(found)


class AddressCopies(QObject):
    """Copies the addresses of all matching tasks; a long copy has a bar with *Cancel*."""

    def __init__(self, window: MainWindow, table: TaskTable, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._source = source
        self._jobs = jobs
        self._collection: CollectedAddresses | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        table.addresses_wanted.connect(self.copy)
        window.notices.action_chosen.connect(self._on_action)

    def copy(self, query: TaskQuery) -> None:
        """Copy the addresses of the matching tasks; a copy under way is stopped."""
        if self._source.api is None:
            self._window.toasts.warn(BackendGone())
            return
        self._stop()
        collection = self._collection = CollectedAddresses(query)
        done, failed = partial(self._on_done, collection), partial(self._on_failed, collection)
        job = Job(collection.collect, self._source.api)
        self._jobs.start(job.then(done).otherwise(failed))
        self._look.start()

    def _show_progress(self) -> None:
        if self._collection is None:
            return
        words = self.tr("Copying the addresses: {read} of %Ln tasks", None, self._collection.total)
        words = words.format(read=QLocale().toString(self._collection.read))
        cancel = (("cancel", self.tr("Cancel")),)
        self._window.notices.say(COPY, BarText("info", words, cancel, icon="mail"))

    def _on_done(self, collection: CollectedAddresses, addresses: list[str]) -> None:
        if collection is not self._collection:
            return
        self._stop()
        if addresses:
            QGuiApplication.clipboard().setText(", ".join(addresses))
        words = self.tr("%Ln addresses are copied, each once", None, len(addresses))
        self._window.toasts.show(words if addresses else self.tr("None of them has an address"))

    def _on_failed(self, collection: CollectedAddresses, error: Exception) -> None:
        if collection is self._collection:
            self._stop()
            self._window.toasts.warn(error)

    def _on_action(self, name: str, action: str) -> None:
        if name == COPY and action == "cancel":
            self._stop()
            self._window.toasts.show(self.tr("No address is copied"), icon="ban")

    def _stop(self) -> None:
        """Stop the copy under way, if any."""
        if self._collection is not None:
            self._collection.is_stopped = True
        self._collection = None
        self._look.stop()
        self._window.notices.take_back(COPY)
