"""The tasks that the form offers: read again now and then, as a person may write a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.gui.jobs import InOrder, Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.form.afterwards import Afterwards
    from desktop.gui.jobs import Jobs

LOOK_EVERY_MS: Final = 5000
"""Milliseconds after which a window in sight asks again; the backend looks at files as often."""


class FormTasks(QObject):
    """Reads which there are when it is told to, when the person comes back, and now and then.

    ``learned`` carries them, as they were read last.
    """

    learned = Signal(list)

    def __init__(self, afterwards: Afterwards, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(afterwards)
        self._afterwards = afterwards
        self._source = source
        self._jobs = jobs
        self._in_order = InOrder()
        app = cast("QApplication", QApplication.instance())
        app.applicationStateChanged.connect(self._on_state)
        self.learned.connect(afterwards.show_functions)
        self._clock = QTimer(self, interval=LOOK_EVERY_MS)
        self._clock.timeout.connect(self._look)
        self._clock.start()

    def learn(self) -> None:
        """Ask the backend which tasks there are; the boxes stay as they are without an answer."""
        if self._source.api is not None:
            show = self._in_order(self.learned.emit)
            job = Job(self._source.api.functions.all).then(show)
            self._jobs.start(job.otherwise(lambda _: None))

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.learn()

    def _look(self) -> None:
        window = self._afterwards.window()
        if window.isVisible() and not window.isMinimized():
            self.learn()
