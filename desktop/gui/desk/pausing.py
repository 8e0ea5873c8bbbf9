"""Pausing and resuming: the button, its menu and the bars, carried out by the backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.client.errors import BackendGone
from desktop.gui.frame.notice_bar import PAUSED, RESUME
from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from desktop.client.api import Api, ApiSource
    from desktop.contract.queues import Queue
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs


class Pausing(QObject):
    """Carries out what is asked; what is paused is told by the backend's notices, to all alike."""

    def __init__(self, window: MainWindow, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._button = window.top_bar.pause
        self._toasts = window.toasts
        self._closing = window.closing
        self._source = source
        self._jobs = jobs
        menu = self._button.menu
        self._button.pause_chosen.connect(lambda: self.pause(None))
        self._button.resume_chosen.connect(lambda: self.resume(None))
        menu.pause_chosen.connect(self.pause)
        menu.resume_chosen.connect(self.resume)
        menu.aboutToShow.connect(self._read)
        window.notices.action_chosen.connect(self._on_notice_action)

    def follow(self, notices: AbstractSet[str]) -> None:
        """Learn from the names of the present notices whether everything is paused."""
        self._button.show_paused(PAUSED in notices)
        self._closing.set_paused(PAUSED in notices)

    def pause(self, queue: str | None) -> None:
        """Start nothing more of a queue, or of any."""
        self._ask(lambda api: Job(api.pause, queue), self._on_failed)

    def resume(self, queue: str | None) -> None:
        """Let a queue go on, or all."""
        self._ask(lambda api: Job(api.resume, queue), self._on_failed)

    def _read(self) -> None:
        """Fill the menu that is about to open."""
        self._ask(lambda api: Job(api.queues).then(self._on_read), self._on_unread)

    def _ask(
        self, job: Callable[[Api], Job[list[Queue]]], on_failure: Callable[[Exception], None]
    ) -> None:
        """Start the job that asks the present backend; without one, that is the failure."""
        if self._source.api is None:
            on_failure(BackendGone())
        else:
            self._jobs.start(job(self._source.api).otherwise(on_failure))

    def _on_read(self, queues: list[Queue]) -> None:
        self._button.menu.show_queues(queues)

    def _on_unread(self, error: Exception) -> None:
        self._button.menu.show_words(str(error))

    def _on_notice_action(self, name: str, action: str) -> None:
        if action == RESUME and name.startswith(PAUSED):
            self.resume(name.removeprefix(PAUSED) or None)

    def _on_failed(self, error: Exception) -> None:
        self._toasts.show(str(error), icon="triangle-alert")
