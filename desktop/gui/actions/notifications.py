"""Notifications: what a person is told while they look elsewhere, and where a click leads."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop.client.api import TaskQuery
from desktop.contract.batches import BatchState
from desktop.contract.reasons import OUTAGES
from desktop.contract.states import State
from desktop.gui.batches.batch_words import headline
from desktop.gui.frame.notices.bar import BarText
from desktop.gui.frame.notices.notice_words import HELD_QUEUE, notice_words
from desktop.gui.frame.view_switch import BATCHES, CAUSES, TASKS
from desktop.gui.jobs import Job
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.causes import brief_cause_words
from desktop.gui.tasks.words.states import needing
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.causes import Cause
    from desktop.contract.events import BatchesEvent, Notice, Stats
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.tasks.task_model import TaskModel

SETTLE_MS: Final = 2000
"""Milliseconds without a new failure after which they are told of: many at once, once."""
AT_LATEST: Final = 10.0
"""Seconds after the first of them, though others follow."""
SHOW: Final = "show"
BAR: Final = "notification:"
"""How the names of bars begin that take the place of a notification."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell: ``text`` in a sentence, ``show`` leads to its rows; ``kind`` names it."""

    kind: str
    text: str
    show: Callable[[], object]
    urgent: bool = True


class Notifications(QObject):
    """Tells of batches that are done, of new causes, and of what only a person can decide.

    By the tray where there is one and the window is not in front, else in a bar. Nothing is told
    of what is on screen, and nothing that was there before the window.
    """

    def __init__(
        self, window: MainWindow, model: TaskModel, source: ApiSource, jobs: Jobs, live: Live
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._source = source
        self._jobs = jobs
        self._since = time.time()
        self.causes: set[str] | None = None
        self.trouble: list[int] | None = None
        self._told: set[str] = set()
        """Causes that the bar counts the failed tasks of."""
        self._unsure = self._unsure_told = 0
        self._at_latest = 0.0
        self._done: set[int] = set()
        self._told_batch: int | None = None
        self._news: dict[str, News] = {}
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._read_causes)
        live.stats_changed.connect(self._on_stats)
        live.batches_changed.connect(self._on_batches)
        live.notice_came.connect(self._on_notice)
        window.tray.message_clicked.connect(self._on_message_clicked)
        window.notices.action_chosen.connect(self._on_action)

    def _on_stats(self, stats: Stats) -> None:
        """Keep what is told true, and look for causes soon after other tasks failed."""
        kinds = stats["counts"], stats["seen"]
        now = [kind.get(state, 0) for kind in kinds for state in (State.FAILED, State.UNCERTAIN)]
        before, self.trouble = self.trouble, now
        if not needing(stats, State.FAILED):  # each was put aside, or is done once more
            self._take_back("cause")
        self._follow_unsure(needing(stats, State.UNCERTAIN), at_start=before is None)
        if before is None:
            self.settle.start(0)
        elif now != before:
            self._look_soon()

    def _follow_unsure(self, count: int, *, at_start: bool) -> None:
        """Tell how many tasks wait for a decision: those of before too, which wait for it still."""
        fewer = count < self._unsure_told and "decision" in self._news
        self._unsure = count
        self._unsure_told = count if at_start else min(count, self._unsure_told)
        if not count:
            self._take_back("decision")
        elif at_start or fewer:
            self._say(self._decision())

    def _look_soon(self) -> None:
        """Wait until none fails any more, but not for ever."""
        if not self.settle.isActive():
            self._at_latest = time.monotonic() + AT_LATEST
        if time.monotonic() + SETTLE_MS / 1000 <= self._at_latest:
            self.settle.start(SETTLE_MS)

    def _read_causes(self) -> None:
        if self._source.api is not None:
            states = (str(State.FAILED), str(State.UNCERTAIN))
            job = Job(self._source.api.causes, states).then(self._on_causes)
            self._jobs.start(job.otherwise(lambda _: None))  # the next failure asks again

    def _on_causes(self, causes: list[Cause]) -> None:
        known = self.causes
        self.causes = {cause["cause"] for cause in causes} | (known or set())
        if known is None:
            known = {
                each["cause"] for each in causes if (epoch(each["first_at"]) or 0) < self._since
            }
        fresh = [each for each in causes if each["cause"] not in known]
        failed = [each for each in fresh if each["states"].get(State.FAILED)]
        told = [each for each in causes if each["cause"] in self._told]
        told = [each for each in told if each["states"].get(State.FAILED)]
        if failed:
            self._tell(self._news_of([*told, *failed]))
            if "cause" in self._news:
                self._told.update(each["cause"] for each in failed)
        elif told:
            self._say(self._news_of(told))  # as many as there are by now
        else:
            self._take_back("cause")
        if self._unsure > self._unsure_told:
            self._unsure_told = self._unsure
            tell = self._say if "decision" in self._news else self._tell
            tell(self._decision())

    def _decision(self) -> News:
        words = self.tr("%Ln tasks may or may not have been done.", None, self._unsure)
        return News("decision", words, partial(self._show_state, State.UNCERTAIN))

    def _news_of(self, causes: list[Cause]) -> News:
        count = sum(each["states"].get(State.FAILED, 0) for each in causes)
        if len(causes) == 1:
            words = self.tr("%Ln tasks failed: {}", None, count)
            what = brief_cause_words(causes[0]["about"], causes[0]["title"])
            words, show = words.format(what), partial(self._show_cause, what, causes[0]["cause"])
        else:
            words = self.tr("%Ln tasks failed for {} reasons.", None, count).format(
                figure(len(causes))
            )
            show = partial(self._window.switch.choose, CAUSES)
        return News("cause", words, show)

    def _on_batches(self, event: BatchesEvent) -> None:
        open_again = {
            each["batch_id"] for each in event["rows"] if each["state"] != BatchState.DONE
        }
        if self._told_batch in open_again.union(event["gone"]):
            self._take_back("batch")
        for batch in event["rows"]:
            if batch["batch_id"] in open_again:
                self._done.discard(batch["batch_id"])
            elif batch["batch_id"] not in self._done:
                self._done.add(batch["batch_id"])
                if (epoch(batch["finished_at"]) or 0) >= self._since:
                    self._tell_batch(batch)
            elif batch["batch_id"] == self._told_batch and "batch" in self._news:
                self._say(self._news_of_batch(batch))  # a person has settled some of it

    def _tell_batch(self, batch: Batch) -> None:
        news = self._news_of_batch(batch)
        self._tell(news)
        if self._news.get("batch") is news:  # it has the bar
            self._told_batch = batch["batch_id"]

    def _news_of_batch(self, batch: Batch) -> News:
        words = self.tr("{name}: {how}").format(
            name=batch["name"], how=headline(batch, time.time())
        )
        show = partial(self._show_batch, batch["batch_id"])
        needs_person = batch["counts"]["failed"] + batch["counts"]["uncertain"]
        return News("batch", words, show, urgent=needs_person > 0)

    def _on_notice(self, notice: Notice) -> None:
        """Tell by the tray of a queue on hold: in the window its own bar says so."""
        held = notice["active"] and notice["id"].startswith(HELD_QUEUE)
        if held and notice.get("reason") not in OUTAGES and not self._window.isActiveWindow():
            words = notice_words(notice, may_act=self._window.reach.may_change)
            self._tell_outside(News(notice["id"], words, lambda: None))

    # How it is told

    def _tell(self, news: News) -> None:
        if self._is_on_screen(news):
            return
        if not self._window.isActiveWindow() and self._tell_outside(news):
            return
        self._say(news)
        QApplication.alert(self._window)

    def _say(self, news: News) -> None:
        bar = BarText(
            "warning" if news.urgent else "info",
            news.text,
            ((SHOW, self.tr("Show")),),
            dismissible=True,
            passes=not news.urgent,
        )
        self._news[news.kind] = news
        self._window.notices.say(f"{BAR}{news.kind}", bar)

    def _tell_outside(self, news: News) -> bool:
        tray = self._window.tray
        if not tray.is_available():
            return False
        self._news[""] = news
        tray.tell("Sendoff", news.text, urgent=news.urgent)
        return True

    def _is_on_screen(self, news: News) -> bool:
        """Whether the person has such rows before them: the window in front, and one in sight."""
        window = self._window
        if not window.isActiveWindow() or window.isMinimized() or window.sheets.is_one_open():
            return False
        shown = window.switch.choice.value()
        if news.kind == "batch":
            return shown == BATCHES
        if news.kind == "cause" and shown == CAUSES:
            return True
        state = State.UNCERTAIN if news.kind == "decision" else State.FAILED
        query = self._model.query
        if shown != TASKS or (query.states and state not in query.states):
            return False
        if replace(query, states=(), standing=None, sort="-id") != TaskQuery():
            return False
        in_sight = self._model.rows_between(*self._model.window)
        return any(row.state == state and not row.seen for row in in_sight)

    def _on_action(self, name: str, action: str) -> None:
        if name.startswith(BAR):
            kind = name.removeprefix(BAR)
            if action == SHOW:
                self._show(kind)
            self._take_back(kind)

    def _take_back(self, kind: str) -> None:
        self._news.pop(kind, None)
        self._window.notices.take_back(f"{BAR}{kind}")
        if kind == "cause":
            self._told.clear()

    # Where a click leads

    def _on_message_clicked(self) -> None:
        self._window.come_forward()
        self._window.sheets.close_all()
        self._show("")

    def _show(self, kind: str) -> None:
        news = self._news.pop(kind, None)
        if news is not None:
            news.show()

    def _show_state(self, state: State) -> None:
        self._window.parts.strip.needing_chosen.emit(str(state))

    def _show_cause(self, words: str, cause: str) -> None:
        self._window.parts.search.clear_now()
        self._window.views.show_tasks(words, cause=cause, seen=False)

    def _show_batch(self, number: int) -> None:
        self._window.switch.choose(BATCHES)
        self._window.parts.batches.choose(number)
