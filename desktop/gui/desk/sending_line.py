"""The line of submissions on their way to the backend: one by one, in order, until answered."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.errors import BackendBusy, BackendGone
from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.client.api import ApiSource, Submitted
    from desktop.client.drafts import DraftItem
    from desktop.gui.jobs import Jobs

AGAIN_AFTER_S: Final = 1.0
"""Until one that was not answered is sent again, if nothing else tells when."""


class SendingLine(QObject):
    """Sends what joins it; every submission leaves once, as accepted, refused or expired.

    ``accepted`` carries the submission and the ``Submitted`` answer, ``refused`` the submission
    and the exception, ``expired`` one whose key no longer makes sending it again harmless;
    ``put_off`` the submission that must wait and goes in later by itself.
    """

    accepted = Signal(object, object)
    refused = Signal(object, object)
    expired = Signal(object)
    put_off = Signal(object)

    def __init__(self, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._jobs = jobs
        self._line: deque[DraftItem] = deque()
        self._sending = False
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.send)

    def join(self, submissions: Iterable[DraftItem]) -> None:
        """Put submissions that are safe on disk at the end of the line."""
        for submission in submissions:
            self._line.append(submission)
            if len(self._line) > 1:
                self.put_off.emit(submission)
        self.send()

    def send(self) -> None:
        """Send the first one now, unless it is on its way already."""
        if self._sending:
            return
        while self._line and not self._line[0].key_holds(time.time()):
            self.expired.emit(self._line.popleft())
        if not self._line:
            return
        first = self._line[0]
        if self._source.api is None:
            self.put_off.emit(first)
            return
        self._again.stop()
        self._sending = True
        self._jobs.start(
            Job(self._source.api.submit, first.number, first.body, first.key)
            .then(partial(self._on_accepted, first))
            .otherwise(partial(self._on_failed, first))
        )

    def withdraw(self, submission: DraftItem) -> bool:
        """Take one out again; ``False`` when it is on its way or was answered."""
        on_its_way = self._sending and submission is self._line[0]
        if on_its_way or submission not in self._line:
            return False
        self._line.remove(submission)
        return True

    def _on_accepted(self, submission: DraftItem, answer: Submitted) -> None:
        self._leave(submission)
        self.accepted.emit(submission, answer)
        self.send()

    def _on_failed(self, submission: DraftItem, error: Exception) -> None:
        if isinstance(error, BackendGone | BackendBusy):
            self._sending = False
            wait = error.retry_after if isinstance(error, BackendBusy) else AGAIN_AFTER_S
            self._again.start(int(wait * 1000))
            self.put_off.emit(submission)
            return
        self._leave(submission)
        self.refused.emit(submission, error)
        self.send()

    def _leave(self, submission: DraftItem) -> None:
        self._sending = False
        self._line.remove(submission)
