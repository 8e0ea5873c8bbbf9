"""The line below the tasks of a cause that counts rows still in batches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from desktop.client.api import TaskQuery
from desktop.contract.states import State
from desktop.gui.kit.lists.list_table import LineBelow
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from desktop.client.api import Api, ApiSource
    from desktop.gui.link.jobs import Jobs


class Behind(NamedTuple):
    """How many rows a pause or an outage keeps in a batch; batch 0 stands for all."""

    rows: int = 0
    batch: int = 0


class RowsBehind(LineBelow):
    """Visible below ``table`` while it shows tasks of a cause and batches have more of them.

    ``batches_wanted`` carries the number of the only such batch, or 0.
    """

    batches_wanted = Signal(int)

    def __init__(self, table: QTableView, source: ApiSource, jobs: Jobs) -> None:
        super().__init__()
        self._tasks = table.model()
        self._source = source
        self._jobs = jobs
        self._cause: str | None = None
        self._behind = Behind()
        self.link.setText(self.tr("Show the batches"))
        self.link.clicked.connect(lambda: self.batches_wanted.emit(self._behind.batch))
        self.rereading = Rereading(table, self._read)
        for changed in (self._tasks.rowsInserted, self._tasks.rowsRemoved):
            changed.connect(self._show)

    def follow(self, query: TaskQuery) -> None:
        """Set the table's query; only a query by cause alone can have rows in batches."""
        of_cause = TaskQuery(cause=query.cause, seen=query.seen, sort=query.sort)
        cause = query.cause if query == of_cause else None
        if cause != self._cause:
            self._cause, self._behind = cause, Behind()
            self._show()
            self.rereading.note()

    def _read(self) -> None:
        if self._cause is not None and self._source.api is not None:
            job = Job(_find, self._source.api, self._cause).then(partial(self._take, self._cause))
            self._jobs.start(job.otherwise(lambda _: None))  # the table shows the error

    def _take(self, cause: str, behind: Behind) -> None:
        if cause == self._cause:
            self._behind = behind
            self._show()

    def _show(self) -> None:
        """Update the line; an empty table tells by itself what is to come."""
        words = self.tr(
            "%Ln more are rows of batches that are not tasks yet.", None, self._behind.rows
        )
        self.words.setText(words)
        self.setVisible(self._behind.rows > 0 and self._tasks.rowCount() > 0)


def _find(api: Api, cause: str) -> Behind:
    found = [each for each in api.causes((State.WAITING.value,)) if each["cause"] == cause]
    return Behind(found[0]["behind"], found[0]["about"].get("batch_id", 0)) if found else Behind()
