"""Reads the schedules for their sheet, and runs, pauses and resumes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendGone
from desktop.gui.link.jobs import Asker, InOrder, Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.contract.tasks import TaskRow
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.run.schedules_sheet import SchedulesSheet

AT_MOST_EVERY_MS: Final = 500
"""The shortest time between two readings while tasks change."""


class Scheduling(QObject):
    """Fills the sheet of schedules and carries out its actions.

    ``told`` carries a sentence for the person.
    """

    told = Signal(str)

    def __init__(self, sheet: SchedulesSheet, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(sheet)
        self.sheet = sheet
        self._ask = Asker(source, jobs, self._on_failed)
        self._source = source
        self._in_order = InOrder()
        self._soon = QTimer(self, interval=AT_MOST_EVERY_MS, singleShot=True)
        self._soon.timeout.connect(self.load)
        sheet.wanted.connect(self.load)
        sheet.steered.connect(self._steer)

    def load(self) -> None:
        """Read the schedules."""
        show = self._in_order(self.sheet.show_schedules)
        self._ask(lambda api: Job(api.schedules.all).then(show), self._on_not_read)

    def follow(self, event: TasksEvent) -> None:
        """Read the schedules again soon if a task of one has changed."""
        concerned = any(row["task"] in self.sheet.rows for row in event["rows"])
        if concerned and self.sheet.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _steer(self, name: str, verb: str) -> None:
        match verb:
            case "run":
                key = new_key()
                self._ask(lambda api: Job(api.schedules.run, name, key).then(self._on_made))
            case "pause":
                self._ask(lambda api: Job(api.schedules.pause, name).then(self._on_steered))
            case _:
                self._ask(lambda api: Job(api.schedules.resume, name).then(self._on_steered))

    def _on_made(self, row: TaskRow) -> None:
        self.told.emit(self.tr("{} is queued as task {}").format(row["title"], row["id"]))
        self.load()

    def _on_steered(self, _schedule: object) -> None:
        self.load()

    def _on_not_read(self, error: Exception) -> None:
        if isinstance(error, BackendGone):
            self._source.once_back(self, self.load)
        self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        self.sheet.show_failure(error)
