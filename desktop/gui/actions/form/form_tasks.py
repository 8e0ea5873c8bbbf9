"""The tasks that the form offers: read again when the person may have written a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop.gui.jobs import InOrder, Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.form.afterwards import Afterwards
    from desktop.gui.jobs import Jobs

TAKEN_UP_MS: Final = 3000
"""Milliseconds within which the backend takes up a file that was just saved."""


class FormTasks(QObject):
    """Reads which there are when it is told to, and when the person comes back to the window.

    A file that was saved a moment before is there at the second reading.
    """

    def __init__(self, afterwards: Afterwards, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(afterwards)
        self._afterwards = afterwards
        self._source = source
        self._jobs = jobs
        self._in_order = InOrder()
        app = cast("QApplication", QApplication.instance())
        app.applicationStateChanged.connect(self._on_state)
        self._again = QTimer(self, singleShot=True, interval=TAKEN_UP_MS)
        self._again.timeout.connect(self.learn)

    def learn(self) -> None:
        """Ask the backend which tasks there are; the boxes stay as they are without an answer."""
        if self._source.api is not None:
            show = self._in_order(self._afterwards.show_functions)
            job = Job(self._source.api.functions.all).then(show)
            self._jobs.start(job.otherwise(lambda _: None))

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.learn()
            self._again.start()
