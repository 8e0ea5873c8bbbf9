"""Which tasks stand under *Afterwards* in the form: those that take an item by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.form.afterwards import Afterwards
    from desktop.gui.jobs import Jobs


class FormTasks(QObject):
    """Reads them when it is told to, and when the person comes back: from a new file, maybe."""

    def __init__(self, afterwards: Afterwards, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(afterwards)
        self._afterwards = afterwards
        self._source = source
        self._jobs = jobs
        app = cast("QApplication", QApplication.instance())
        app.applicationStateChanged.connect(self._on_state)

    def learn(self) -> None:
        """Ask the backend which tasks there are; the boxes stay as they are without an answer."""
        if self._source.api is not None:
            job = Job(self._source.api.functions.all).then(self._afterwards.show_functions)
            self._jobs.start(job.otherwise(lambda _: None))

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.learn()
