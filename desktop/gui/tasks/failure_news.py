"""News of tasks that failed or are uncertain, told once for each new cause."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop.gui.frame.notifications import News
from desktop.gui.kit.words.notices import hold_words
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words
from desktop.gui.kit.words.states import needing
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.causes import Cause
    from sendoff_tasks.model.events import Notice


CAUSE: Final = "cause"
SETTLE_MS: Final = 2000
"""Milliseconds without a new failure before a notification: it covers many failures at once."""
AT_LATEST: Final = 10.0
"""The most seconds between the first failure and the notification."""


class FailureNews(QObject):
    """Notifies in the tray of new causes since the window was opened, and of uncertain tasks."""

    def __init__(
        self,
        window: MainWindow,
        tasks: TasksPage,
        notifier: Notifier,
        source: ApiSource,
        live: Live,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._notifier = notifier
        self._reading = LatestRequest(source, lambda _: None)  # the next failure asks again
        self._since = time.time()
        self.causes: set[str] | None = None
        self.trouble: list[int] | None = None
        self._unsure = self._unsure_told = 0
        self._at_latest = 0.0
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._read_causes)
        live.stats_changed.connect(self._on_stats)
        live.notice_came.connect(self._on_notice)

    def _on_stats(self, stats: OfficeStats) -> None:
        """Update the notifications, and read the causes soon after tasks have failed."""
        kinds = stats["counts"], stats["seen"]
        now = [kind.get(state, 0) for kind in kinds for state in (State.FAILED, State.UNCERTAIN)]
        before, self.trouble = self.trouble, now
        self._unsure = needing(stats, State.UNCERTAIN)
        self._unsure_told = self._unsure if before is None else min(self._unsure, self._unsure_told)
        if before is None:
            self.settle.start(0)
        elif now != before:
            self._look_soon()

    def _look_soon(self) -> None:
        """Wait until no more tasks fail, but at most ``AT_LATEST``."""
        if not self.settle.isActive():
            self._at_latest = time.monotonic() + AT_LATEST
        if time.monotonic() + SETTLE_MS / 1000 <= self._at_latest:
            self.settle.start(SETTLE_MS)

    def _read_causes(self) -> None:
        states = (str(State.FAILED), str(State.UNCERTAIN))
        self._reading.ask(lambda api: Job(api.causes, states).then(self._on_causes))

    def _on_causes(self, causes: list[Cause]) -> None:
        known = self.causes
        self.causes = {cause["cause"] for cause in causes} | (known or set())
        if known is None:
            known = {
                each["cause"] for each in causes if (epoch(each["first_at"]) or 0) < self._since
            }
        fresh = [each for each in causes if each["cause"] not in known]
        failed = [each for each in fresh if each["states"].get(State.FAILED)]
        if failed:
            self._tell_outside(self._news_of(failed))
        if self._unsure > self._unsure_told:
            self._unsure_told = self._unsure
            words = say("failed", "uncertain", n=self._unsure)
            show = partial(self._tasks.show_filter, str(State.UNCERTAIN))
            self._tell_outside(News(str(State.UNCERTAIN), words, show))

    def _news_of(self, causes: list[Cause]) -> News:
        count = sum(each["states"].get(State.FAILED, 0) for each in causes)
        if len(causes) == 1:
            what = brief_cause_words(causes[0]["about"])
            words = say("failed", "one_cause", n=count, cause=what)
            show = partial(self._tasks.show_part, what, cause=causes[0]["cause"], seen=False)
        else:
            words = say("failed", "causes", n=count, count=figure(len(causes)))
            show = partial(self._tasks.show_filter, "need_you")
        return News(CAUSE, words, show)

    def _on_notice(self, notice: Notice) -> None:
        """Notify in the tray of a queue on hold; in the window the sentence says it."""
        held = notice["active"] and notice["id"].startswith(NoticeId.QUEUE)
        if held and notice.get("reason") not in OUTAGES:
            words = hold_words(notice, time.time())
            self._tell_outside(News(notice["id"], words, lambda: None))

    def _tell_outside(self, news: News) -> None:
        """Notify in the tray unless the window, which says it too, is in front."""
        if not self._window.isActiveWindow():
            self._notifier.tell_outside(news)
