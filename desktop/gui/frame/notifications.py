"""Notifications, in the tray or in a bar: failed and uncertain tasks, finished batches."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.client.api import TaskQuery
from desktop.client.errors import BackendGone
from desktop.contract.batches import BatchState
from desktop.contract.reasons import OUTAGES
from desktop.contract.states import State
from desktop.gui.batches.undo_words import progress
from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.notices.notice_words import HELD_QUEUE, notice_words
from desktop.gui.frame.views import BATCHES, CAUSES, TASKS
from desktop.gui.kit.words.causes import brief_cause_words
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.states import needing
from desktop.gui.kit.words.task_row import epoch
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.causes import Cause
    from desktop.contract.events import BatchesEvent, Notice, Stats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.table.task_model import TaskModel


SHOW: Final = "show"
BAR: Final = "notification:"
"""The prefix of names of notification bars."""
CAUSE: Final = "cause"
DECISION: Final = "decision"
BATCH: Final = "batch"
"""Batches that need a person."""
BATCH_DONE: Final = "batch done"
"""A batch that needs no person."""


@dataclass(frozen=True, slots=True)
class News:
    """A notification: ``text`` is its sentence, ``show`` opens its rows, ``kind`` names its bar."""

    kind: str
    text: str
    show: Callable[[], object]
    urgent: bool = True


class Notifier(QObject):
    """Shows notifications, with a bar for each kind; ``closed`` carries the kind of a closed bar.

    A notification goes to the tray if there is one and the window is not in front, else to a bar.
    Rows that are on screen cause none.
    """

    closed = Signal(str)

    def __init__(self, window: MainWindow, model: TaskModel) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._news: dict[str, News] = {}
        window.tray.message_clicked.connect(self._on_message_clicked)
        window.notices.action_chosen.connect(self._on_action)

    def tell(self, news: News) -> bool:
        """Show news in the tray or in a bar, unless they are on screen; return whether in a bar."""
        if self._is_on_screen(news):
            return False
        if not self._window.isActiveWindow() and self.tell_outside(news):
            return False
        self.say(news)
        QApplication.alert(self._window)
        return True

    def say(self, news: News) -> None:
        """Show news in the bar of their kind."""
        bar = BarText(
            "warning" if news.urgent else "info",
            news.text,
            ((SHOW, self.tr("Show")),),
            dismissible=True,
            passes=not news.urgent,
        )
        self._news[news.kind] = news
        self._window.notices.say(f"{BAR}{news.kind}", bar)

    def tell_outside(self, news: News) -> bool:
        """Show news in the tray; return whether there is a tray."""
        tray = self._window.tray
        if not tray.is_available():
            return False
        self._news[""] = news
        tray.tell("Sendoff", news.text, urgent=news.urgent)
        return True

    def is_said(self, kind: str) -> bool:
        """Tell whether the bar of a kind is shown."""
        return kind in self._news

    def take_back(self, kind: str) -> None:
        """Remove the bar of a kind."""
        self._news.pop(kind, None)
        self._window.notices.take_back(f"{BAR}{kind}")

    def _is_on_screen(self, news: News) -> bool:
        """Tell whether the rows of the news are visible in the active window."""
        window = self._window
        if not window.isActiveWindow() or window.isMinimized() or window.sheets.is_one_open():
            return False
        shown = window.switch.choice.value()
        if news.kind in {BATCH, BATCH_DONE}:
            return shown == BATCHES
        if news.kind == CAUSE and shown == CAUSES:
            return True
        state = State.UNCERTAIN if news.kind == DECISION else State.FAILED
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
            self.take_back(kind)
            self.closed.emit(kind)

    def _on_message_clicked(self) -> None:
        self._window.come_forward()
        self._window.sheets.close_all()
        self._show("")

    def _show(self, kind: str) -> None:
        news = self._news.pop(kind, None)
        if news is not None:
            news.show()


class BatchNews(QObject):
    """Notifies of batches that are done since the window was opened.

    All batches that need a person share one bar. A batch leaves it when it needs no person any
    more, when the person closes the bar, or when its card is visible. It then comes back only if
    more of its messages fail. Batches that need no person have another bar.
    """

    def __init__(self, window: MainWindow, notifier: Notifier, live: Live) -> None:
        super().__init__(window)
        self._window = window
        self._notifier = notifier
        self._since = time.time()
        self._done: set[int] = set()
        self._standing: dict[int, Batch] = {}
        self._closed: dict[int, int] = {}
        """By closed batch, the number of messages that need a person: the lowest since then."""
        self._last: int | None = None
        live.batches_changed.connect(self._on_batches)
        notifier.closed.connect(self._on_closed)
        window.parts.batches.seen.connect(self._on_seen)

    def _on_batches(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            self._forget(number)
        for batch in event["rows"]:
            number, count = batch["batch_id"], _needing(batch)
            if number in self._closed:
                self._closed[number] = min(self._closed[number], count)
            if batch["state"] != BatchState.DONE:
                self._forget(number)
            elif number not in self._done:
                self._done.add(number)
                if (epoch(batch["finished_at"]) or 0) >= self._since:
                    self._tell(batch)
            elif number in self._standing:  # a person has settled some messages
                self._follow(batch)
            elif number == self._last and self._notifier.is_said(BATCH_DONE):
                self._notifier.say(self._news_of(batch))

    def _tell(self, batch: Batch) -> None:
        number, count = batch["batch_id"], _needing(batch)
        if not count:
            if self._notifier.tell(self._news_of(batch)):
                self._last = number
            return
        if count <= self._closed.get(number, 0):
            return
        others = dict(self._standing)
        self._standing[number] = batch
        if not self._notifier.tell(self._warning()):  # it is on screen or in the tray
            self._standing = others
            self._closed[number] = count

    def _follow(self, batch: Batch) -> None:
        if _needing(batch):
            self._standing[batch["batch_id"]] = batch
            self._notifier.say(self._warning())
        else:
            self._let_go(batch["batch_id"])
            self._last = batch["batch_id"]
            self._notifier.say(self._news_of(batch))

    def _forget(self, number: int) -> None:
        """Drop a batch that continues or was deleted."""
        self._done.discard(number)
        self._let_go(number)
        if number == self._last:
            self._last = None
            self._notifier.take_back(BATCH_DONE)

    def _let_go(self, number: int) -> None:
        if self._standing.pop(number, None) is None:
            return
        if self._standing:
            self._notifier.say(self._warning())
        else:
            self._notifier.take_back(BATCH)

    def _on_seen(self, number: int) -> None:
        """Drop a batch whose card is visible."""
        if self._window.sheets.is_one_open():
            return
        if number == self._last:
            self._last = None
            self._notifier.take_back(BATCH_DONE)
        if [*self._standing] == [number]:
            self._notifier.take_back(BATCH)
            self._on_closed(BATCH)

    def _on_closed(self, kind: str) -> None:
        if kind == BATCH:
            self._closed |= {number: _needing(each) for number, each in self._standing.items()}
            self._standing.clear()

    def _warning(self) -> News:
        """Return the news of the only batch that needs a person, or of their number."""
        last = [*self._standing.values()][-1]
        if len(self._standing) == 1:
            return self._news_of(last)
        count = len(self._standing)
        words = self.tr("%Ln batches: not every message is sent.", None, count)
        return News(BATCH, words, partial(self._show, last["batch_id"]))

    def _news_of(self, batch: Batch) -> News:
        how = progress(batch, time.time())
        words = self.tr("{name}: {how}").format(name=batch["name"], how=how)
        needs_person = _needing(batch) > 0
        kind = BATCH if needs_person else BATCH_DONE
        return News(kind, words, partial(self._show, batch["batch_id"]), urgent=needs_person)

    def _show(self, number: int) -> None:
        self._window.switch.choose(BATCHES)
        self._window.parts.batches.choose(number)


def _needing(batch: Batch) -> int:
    """Count the failed and uncertain messages of a batch that need a person."""
    return batch["to_retry"] + batch["counts"]["uncertain"]


SETTLE_MS: Final = 2000
"""Milliseconds without a new failure before a notification: it covers many failures at once."""
AT_LATEST: Final = 10.0
"""The most seconds between the first failure and the notification."""


class Notifications(QObject):
    """Notifies of new causes and of uncertain tasks, since the window was opened."""

    def __init__(
        self, window: MainWindow, model: TaskModel, source: ApiSource, jobs: Jobs, live: Live
    ) -> None:
        super().__init__(window)
        self._window = window
        self._notifier = Notifier(window, model)
        self._batches = BatchNews(window, self._notifier, live)
        self._source = source
        self._jobs = jobs
        self._since = time.time()
        self.causes: set[str] | None = None
        self.trouble: list[int] | None = None
        self._told: set[str] = set()
        """The causes whose failed tasks the bar counts."""
        self._unsure = self._unsure_told = 0
        self._at_latest = 0.0
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._read_causes)
        live.stats_changed.connect(self._on_stats)
        live.notice_came.connect(self._on_notice)
        self._notifier.closed.connect(self._on_closed)

    def _on_stats(self, stats: Stats) -> None:
        """Update the notifications, and read the causes soon after tasks have failed."""
        kinds = stats["counts"], stats["seen"]
        now = [kind.get(state, 0) for kind in kinds for state in (State.FAILED, State.UNCERTAIN)]
        before, self.trouble = self.trouble, now
        if not needing(stats, State.FAILED):  # all were marked as seen or are tried again
            self._take_back_causes()
        self._follow_unsure(needing(stats, State.UNCERTAIN), at_start=before is None)
        if before is None:
            self.settle.start(0)
        elif now != before:
            self._look_soon()

    def _follow_unsure(self, count: int, *, at_start: bool) -> None:
        """Show how many tasks are uncertain, including those from before the window."""
        is_said = self._notifier.is_said(DECISION)
        is_other = at_start or (is_said and count != self._unsure_told)
        self._unsure = count
        self._unsure_told = count if is_other else min(count, self._unsure_told)
        if not count:
            self._notifier.take_back(DECISION)
        elif is_other:
            self._notifier.say(self._decision())  # the same number as in the status line

    def _look_soon(self) -> None:
        """Wait until no more tasks fail, but at most ``AT_LATEST``."""
        if not self.settle.isActive():
            self._at_latest = time.monotonic() + AT_LATEST
        if time.monotonic() + SETTLE_MS / 1000 <= self._at_latest:
            self.settle.start(SETTLE_MS)

    def _read_causes(self) -> None:
        if self._source.api is None:
            self._on_unread(BackendGone())
            return
        states = (str(State.FAILED), str(State.UNCERTAIN))
        job = Job(self._source.api.causes, states).then(self._on_causes)
        self._jobs.start(job.otherwise(self._on_unread))

    def _on_unread(self, error: Exception) -> None:
        """Read the causes once the backend is back; after another error, at the next failure."""
        if isinstance(error, BackendGone):
            self._source.once_back(self, self._read_causes)

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
            self._notifier.tell(self._news_of([*told, *failed]))
            if self._notifier.is_said(CAUSE):
                self._told.update(each["cause"] for each in failed)
        elif told:
            self._notifier.say(self._news_of(told))  # with the current count
        else:
            self._take_back_causes()
        if self._unsure > self._unsure_told:
            self._unsure_told = self._unsure
            is_said = self._notifier.is_said(DECISION)
            tell = self._notifier.say if is_said else self._notifier.tell
            tell(self._decision())

    def _decision(self) -> News:
        words = self.tr(
            "%Ln tasks are uncertain: they may or may not have been done.", None, self._unsure
        )
        return News(DECISION, words, partial(self._show_state, State.UNCERTAIN))

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
        return News(CAUSE, words, show)

    def _on_notice(self, notice: Notice) -> None:
        """Notify in the tray of a queue on hold; in the window it has its own notice."""
        held = notice["active"] and notice["id"].startswith(HELD_QUEUE)
        if held and notice.get("reason") not in OUTAGES and not self._window.isActiveWindow():
            words = notice_words(notice, may_act=self._window.reach.may_change)
            self._notifier.tell_outside(News(notice["id"], words, lambda: None))

    def _take_back_causes(self) -> None:
        self._notifier.take_back(CAUSE)
        self._told.clear()

    def _on_closed(self, kind: str) -> None:
        if kind == CAUSE:
            self._told.clear()

    def _show_state(self, state: State) -> None:
        self._window.parts.strip.needing_chosen.emit(str(state))

    def _show_cause(self, words: str, cause: str) -> None:
        self._window.views.show_tasks(words, cause=cause, seen=False)
