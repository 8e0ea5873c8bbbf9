"""Joins what is done with causes: carries out their actions, exports them, tells of new ones."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop.client.items import oldest, oldest_stuck
from desktop.contract.office import OfficeCure
from desktop.gui.causes.cause_model import (
    on_the_way,
    state_words,
    stopped,
)
from desktop.gui.frame.exports import ExportedList
from desktop.gui.frame.notices.notice_bar import HELD_QUEUE, notice_words
from desktop.gui.frame.notifications import News
from desktop.gui.frame.views import CAUSES, TASKS
from desktop.gui.kit.rights import TASKS_FOLDER
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words, cause_words, short_cause_words
from desktop.gui.kit.words.states import needing
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from sendoff_tasks.client.calls import TaskQuery
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.client.api import Api
    from desktop.contract.office import OfficeStats
    from desktop.gui.causes.cause_view import CauseView
    from desktop.gui.frame.exports import Columns, Given, HowFar
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.frame.queues import Pausing
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.task_actions import Called, Verb
    from desktop.gui.tasks.room import TasksRoom
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.causes import Cause
    from sendoff_tasks.model.events import Notice


CAUSE: Final = "cause"
SETTLE_MS: Final = 2000
"""Milliseconds without a new failure before a notification: it covers many failures at once."""
AT_LATEST: Final = 10.0
"""The most seconds between the first failure and the notification."""
translate = QCoreApplication.translate


class CauseNews(QObject):
    """Notifies of new causes since the window was opened, and in the tray of uncertain tasks.

    In the window, the status line says how many are uncertain.
    """

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
        self._told: set[str] = set()
        """The causes whose failed tasks the bar counts."""
        self._unsure = self._unsure_told = 0
        self._at_latest = 0.0
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._read_causes)
        live.stats_changed.connect(self._on_stats)
        live.notice_came.connect(self._on_notice)
        self._notifier.closed.connect(self._on_closed)

    def _on_stats(self, stats: OfficeStats) -> None:
        """Update the notifications, and read the causes soon after tasks have failed."""
        kinds = stats["counts"], stats["seen"]
        now = [kind.get(state, 0) for kind in kinds for state in (State.FAILED, State.UNCERTAIN)]
        before, self.trouble = self.trouble, now
        if not needing(stats, State.FAILED):  # all were marked as seen or are tried again
            self._take_back_causes()
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
            words = say("failed", "uncertain", n=self._unsure)
            show = partial(self._tasks.show_state, str(State.UNCERTAIN))
            self._tell_outside(News(str(State.UNCERTAIN), words, show))

    def _news_of(self, causes: list[Cause]) -> News:
        count = sum(each["states"].get(State.FAILED, 0) for each in causes)
        if len(causes) == 1:
            what = brief_cause_words(causes[0]["about"])
            words = say("failed", "one_cause", n=count, cause=what)
            show = partial(self._tasks.show_part, what, cause=causes[0]["cause"], seen=False)
        else:
            words = say("failed", "causes", n=count, count=figure(len(causes)))
            show = partial(self._window.switch.choose, CAUSES)
        return News(CAUSE, words, show, is_on_screen=self._failed_are_seen)

    def _on_notice(self, notice: Notice) -> None:
        """Notify in the tray of a queue on hold; in the window it has its own notice."""
        held = notice["active"] and notice["id"].startswith(HELD_QUEUE)
        if held and notice.get("reason") not in OUTAGES:
            words = notice_words(notice, may_act=self._window.rights.may_change)
            self._tell_outside(News(notice["id"], words, lambda: None))

    def _tell_outside(self, news: News) -> None:
        """Notify in the tray unless the window, which says it too, is in front."""
        if not self._window.isActiveWindow():
            self._notifier.tell_outside(news)

    def _take_back_causes(self) -> None:
        self._notifier.take_back(CAUSE)
        self._told.clear()

    def _on_closed(self, kind: str) -> None:
        if kind == CAUSE:
            self._told.clear()

    def _failed_are_seen(self) -> bool:
        """Tell whether failures are among the rows that the window shows."""
        view = self._window.switch.choice.value()
        if view == CAUSES:
            return True
        model = self._tasks.model
        query = model.query
        if view != TASKS or (query.states and State.FAILED not in query.states):
            return False
        if replace(query, states=(), standing=None, seen=None, sort="-id") != TaskQuery():
            return False
        in_sight = model.rows_between(*model.window)
        return any(row.state == State.FAILED and not row.seen for row in in_sight)


def cause_columns() -> Columns:
    """Return the headings of an export of causes, and each column's kind."""
    return [
        (translate("causes", "Tasks"), "number"),
        (translate("causes", "States"), "text"),
        (translate("causes", "Cause"), "text"),
        (translate("causes", "Where"), "text"),
        (translate("causes", "First"), "moment"),
        (translate("causes", "Last"), "moment"),
        (translate("causes", "What helps"), "text"),
    ]


def cause_cells(cause: Cause, help_of: Callable[[Cause], str]) -> list[Any]:
    """Return the cells of a cause, in the order of :func:`cause_columns`."""
    return [
        stopped(cause) + on_the_way(cause),
        state_words(cause),
        cause_words(cause["about"]),
        ", ".join(cause["where"]) or None,
        cause["first_at"],
        cause["last_at"],
        help_of(cause) or None,
    ]


@contextmanager
def causes_table(rows: list[list[Any]], _: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield the rows that were read."""
    how_far.read = len(rows)
    yield ExportedList(cause_columns(), [rows])


_VERBS: Final[dict[str, tuple[Verb | Called, State]]] = {
    "retry": ("retry", State.FAILED),
    "try_now": ("try_now", State.WAITING),
    "done": ("done", State.UNCERTAIN),
    "again": ("again", State.UNCERTAIN),
}


class CauseVerbs(QObject):
    """Keeps the view of causes current and carries out its actions.

    ``batch_resume_wanted`` carries a paused batch.
    """

    batch_resume_wanted = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        view: CauseView,
        services: RoomServices,
        tasks: TasksRoom,
        pausing: Pausing,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._ask = Asker(services.source, window.toasts.warn)
        self._tasks = tasks
        self._pausing = pausing
        view.action_chosen.connect(self._on_action_chosen)
        view.table.row_chosen.connect(tasks.questions.withdraw)
        pausing.stopped.connect(view.set_stopped)
        live = services.live
        for changed in (live.tasks_changed, live.batches_changed, live.notices_changed):
            changed.connect(lambda _: view.rereading.note())
        live.was_reset.connect(view.rereading.note)
        services.link.ready.connect(view.rereading.note)
        services.exports.offer(CAUSES, self._given)
        self.news = CauseNews(window, tasks.page, services.notifier, services.source, live)

    def _given(self) -> Given:
        """Return what reads the rows for an export."""
        model = self._view.model
        return partial(causes_table, [cause_cells(each, model.help_of) for each in model.rows])

    def _on_action_chosen(self, verb: str, cause: Cause) -> None:
        match verb:
            case OfficeCure.MAIL_SETTINGS | OfficeCure.SIGN_IN:
                self._window.menu.mail_settings_chosen.emit()
            case Cure.TASKS_FOLDER:
                self._tasks.wishes.carry_out(TASKS_FOLDER, [])
            case OfficeCure.CORRECT_ADDRESS:
                self._find(oldest, cause, State.FAILED, self._tasks.correct)
            case OfficeCure.EDIT_TEMPLATE:
                self._find(oldest_stuck, cause, State.WAITING, self._edit_template)
            case "tasks":
                self._show_tasks(cause)
            case "undo":
                self._undo(cause)
            case "resume":
                self._resume(cause)
            case _:
                self._try_again(verb, cause)

    def _try_again(self, wanted: str, cause: Cause) -> None:
        """Carry out a verb for all of a cause's tasks in one state."""
        verb, state = _VERBS[wanted]
        query = TaskQuery(states=(state.value,), seen=False, cause=cause["cause"])
        if verb == "again":
            self._tasks.wishes.carry_out(verb, query)
        else:
            self._tasks.verbs.carry_out(verb, query)

    def _resume(self, cause: Cause) -> None:
        """End the pause that is the cause."""
        about = cause["about"]
        if "batch_id" in about:
            self.batch_resume_wanted.emit(about["batch_id"])
        else:
            self._pausing.resume_from(about.get("queue", ""))

    def _undo(self, cause: Cause) -> None:
        """Undo the pending actions on a cause's tasks."""
        self._tasks.verbs.undo(
            each.number for each in self._tasks.verbs.pending.of_cause(cause["cause"])
        )

    def _find(
        self,
        read: Callable[[Api, TaskQuery], list[int]],
        cause: Cause,
        state: State,
        show: Callable[[list[int]], None],
    ) -> None:
        query = TaskQuery(states=(state.value,), seen=False, cause=cause["cause"])
        self._ask(lambda api: Job(read, api, query).then(show))

    def _edit_template(self, tasks: list[int]) -> None:
        """Edit the template of the first waiting task; if none waits, say so."""
        if tasks:
            self._tasks.wishes.carry_out("edit_template", tasks)
        else:
            self._window.toasts.show(say("batch_action", "all_fixed"))

    def _show_tasks(self, cause: Cause) -> None:
        """Show the tasks that a cause counts, which excludes seen ones."""
        short = short_cause_words(cause["about"])
        words = self.tr("Cause: {}").format(short)
        self._tasks.page.show_part(words, cause=cause["cause"], seen=False)
