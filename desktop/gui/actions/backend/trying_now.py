"""*Try now*: a queue that waits for its server tries at once, and what came of it is said."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.gui.frame.notices.notice_bar import TRY_NOW
from desktop.gui.frame.notices.notice_words import HELD_QUEUE
from desktop.gui.jobs import Job
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.queues import still_awaited_words, trying_words
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource
    from desktop.contract.queues import Queue
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs

SHOWN_S: Final = 8
"""Seconds; it is two sentences to read."""
LONGEST_S: Final = 120
"""Seconds that it is said at most that a server is tried; it may take long to give no answer."""


class TryingNow(QObject):
    """Asks for a try, and reads the queue with each change until it has found something."""

    def __init__(self, window: MainWindow, source: ApiSource, jobs: Jobs, live: Live) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._source = source
        self._jobs = jobs
        self._asked: dict[str, float] = {}  # what asks and was not answered, and since when
        self._toast: Toast | None = None
        self._rereading = Rereading(window, self._read, elsewhere=True)
        window.notices.action_chosen.connect(self._on_notice_action)
        for changed in (live.was_reset, live.notices_changed):
            changed.connect(lambda *_: self._look())

    def try_queue(self, queue: str) -> None:
        """Have one task of a queue ask its server."""
        if self._source.api is not None:
            asked = partial(self._on_asked, None)
            self._jobs.start(Job(_try, self._source.api, queue).then(asked))

    def follow(self) -> None:
        """Say what comes of tasks that a person has just tried: their queue may wait."""
        if self._source.api is not None:
            asked = partial(self._on_asked, time.time())
            self._jobs.start(Job(self._source.api.queues).then(asked).otherwise(lambda _: None))

    def _on_notice_action(self, name: str, action: str) -> None:
        if action == TRY_NOW:
            self.try_queue(name.removeprefix(HELD_QUEUE))

    def _on_asked(self, since: float | None, queues: list[Queue]) -> None:
        """Wait for those that wait for their server; they were to try ``since``, or at once."""
        for queue in queues:
            moment = _next_try(queue)
            if moment is not None:
                self._asked[queue["name"]] = moment if since is None else since
                self._say(trying_words(queue), LONGEST_S, "rotate-cw")
        self._look()

    def _look(self) -> None:
        if self._asked:
            self._rereading.note()

    def _read(self) -> None:
        if self._source.api is not None:
            job = Job(self._source.api.queues).then(self._on_read)
            self._jobs.start(job.otherwise(lambda _: None))  # the next change asks again

    def _on_read(self, queues: list[Queue]) -> None:
        for queue in queues:
            asked = self._asked.get(queue["name"])
            if asked is None:
                continue
            moment = _next_try(queue)
            if moment is None:  # the queue goes on, or its bar says what it needs
                del self._asked[queue["name"]]
                self._say("")
            elif moment > asked:
                del self._asked[queue["name"]]
                self._say(still_awaited_words(queue, time.time()), SHOWN_S, "triangle-alert")

    def _say(self, words: str, seconds: float = 0, icon: str = "") -> None:
        """Say it in place of what was said before; without words, nothing any more."""
        if self._toast is not None:
            self._toasts.close(self._toast)
        self._toast = self._toasts.show(words, seconds=seconds, icon=icon) if words else None


def _try(api: Api, queue: str) -> list[Queue]:
    """Have a queue ask its server; returns it as it was before, for the try may end at once."""
    before = [each for each in api.queues() if each["name"] == queue]
    api.retry_queue(queue)
    return before


def _next_try(queue: Queue) -> float | None:
    """Return when a queue tries its server next; ``None`` where it does not wait for it."""
    return None if queue["held"] is None else epoch(queue["held"]["until"])
