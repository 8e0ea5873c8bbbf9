"""A model on a bench: over a plain list, with jobs whose order is the test's."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QThreadPool
from PySide6.QtTest import QAbstractItemModelTester

from desktop.contract.office import OfficeRow
from desktop.gui.link.jobs import ApiSource, Jobs
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from sendoff_tasks.client.calls import SortedFilter
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from sendoff_tasks.model.events import TasksEvent

TESTED = 800
"""Rows up to which Qt's tester watches: it looks at every cell at every signal."""
STATES = ["scheduled", "queued", "running", "waiting", "succeeded", "failed", "uncertain"]


class InLine(Jobs):
    """Jobs that run when told to, on this thread: the order of things is the test's."""

    def __init__(self) -> None:
        super().__init__(QThreadPool(), _fail)
        self.waiting: list[Any] = []

    def start(self, job: Any) -> Any:
        ticket = _Ticket(job)
        self.waiting.append(ticket)
        return ticket

    def ask(self) -> None:
        """Let the oldest job read; what it read is delivered by ``answer``."""
        for ticket in self.waiting:
            ticket.run()

    def answer(self) -> None:
        """Deliver, until nothing is asked for any more."""
        while self.waiting:
            ticket = self.waiting.pop(0)
            ticket.run()
            ticket.deliver()


class _Ticket:
    def __init__(self, job: Any) -> None:
        self.job, self.cancelled, self.ran = job, False, False

    def cancel(self) -> None:
        self.cancelled = True

    def run(self) -> None:
        if not self.ran:
            self.ran = True
            try:
                self.result, self.error = self.job.function(*self.job.args, **self.job.kwargs), None
            except Exception as error:  # noqa: BLE001 - handed to the job's own handler
                self.error = error

    def deliver(self) -> None:
        if self.cancelled:
            return
        if self.error is None:
            self.job.on_success(self.result)
        else:
            self.job.on_failure(self.error)


def _fail(error: Exception) -> None:
    raise error


@cache
def _rows(count: int) -> list[OfficeRow]:
    return [task_row(i, STATES[i % 7]) for i in range(1, count + 1)]


class Bench:
    """A model over a source; a short one is checked by Qt's tester at every signal."""

    def __init__(
        self, count: int, query: SortedFilter | None = None, *, tested: bool = True
    ) -> None:
        self.source = TaskSource([row.copy() for row in _rows(count)])
        self.jobs = InLine()
        self.api = ApiSource(self.jobs, self.source)  # type: ignore[arg-type]
        self.model = TaskModel(self.api, PendingActions(Delivery()))
        if tested and count <= TESTED:
            mode = QAbstractItemModelTester.FailureReportingMode.Fatal
            self.tester = QAbstractItemModelTester(self.model, mode)
        if query is not None:
            self.model.set_query(query)
        self.look(0)

    def look(self, first: int, rows: int = 30) -> None:
        self.model.watch(first, first + rows)
        self.jobs.answer()

    def settle(self) -> None:
        """Let the second pass after which unsure things are read again."""
        if self.model.again_timer.isActive():
            self.model.again_timer.stop()
            self.model.again_timer.timeout.emit()
        self.jobs.answer()

    def tell(self, event: TasksEvent) -> None:
        self.model.apply(event)

    def truth(self) -> list[int]:
        return [row["id"] for row in self.source.matching(self.model.query)]

    def on_screen(self) -> list[int | None]:
        first, last = self.model.window
        last = min(last, self.model.rowCount() - 1)
        rows = [self.model.row_at(position) for position in range(first, last + 1)]
        return [None if row is None else row.id for row in rows]

    def assert_true(self) -> None:
        """What is on screen, and the length, are those of the plain list."""
        truth = self.truth()
        first, last = self.model.window
        assert self.model.rowCount() == len(truth)
        assert self.on_screen() == truth[first : last + 1]
        for row in self.model.rows_between(first, last):
            assert row.rev == self.source.rows[row.id]["rev"]
