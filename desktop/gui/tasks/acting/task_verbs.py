"""Asks the backend for actions on tasks and batches, and undoes those that wait there."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery, new_key
from desktop.client.errors import BackendBusy, BackendGone, Refused
from desktop.gui.kit.words.verbs import SEND, TRY_NOW, beside, nothing_to_do
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.tasks.acting.action_news import ActionNews
from desktop.gui.tasks.acting.action_reports import AT_ONCE_S, ActionReports
from desktop.gui.tasks.acting.pending_actions import (
    AT_ONCE,
    ActionAnswer,
    ActionCall,
    PendingAction,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import GracePeriod
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.acting.task_actions import Called, Verb, Which
    from desktop.gui.tasks.tasks_page import TasksPage


class TaskVerbs(QObject):
    """Has actions on tasks and batches wait in the backend.

    An action waits for the ``grace`` period, unless undone: by this window, another one, or the
    shell. ``pending`` shows it in rows and at buttons; ``news`` follows it, ``reports`` tells of
    it. ``asking_changed`` carries how many calls are not answered yet.
    """

    asking_changed = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        page: TasksPage,
        source: ApiSource,
        grace: GracePeriod,
        pending: PendingActions,
    ) -> None:
        super().__init__(grace.parent())
        self.pending = pending
        self.grace = grace
        self._toasts = window.toasts
        self._source = source
        self._ask = Asker(source, self._toasts.warn)
        self._undoing = set[int]()  # calls that are not answered yet
        self.reports = ActionReports(window, page, source, pending)
        self.reports.undo_wanted.connect(lambda number: self.undo([number]))
        self.reports.mark_wanted.connect(self.act)
        self.news = ActionNews(source, pending, self.reports)

    # Asking

    def act(self, verb: Verb, which: Which, worded_as: str = "") -> None:
        """Have a verb carried out; ``worded_as`` is the verb of its texts, if another."""
        self.ask(ActionCall(verb, which, worded_as))

    def act_on_batch(self, action: str, number: int) -> None:
        """Have an action on a batch carried out."""
        call = self.news.on_batch(action, number)
        call.key = new_key()
        self.ask(call)

    def carry_out(self, wish: Verb | Called, which: Which) -> None:
        """Carry out the action of a button, with its texts."""
        match wish:
            case "undo":
                self.undo([] if isinstance(which, TaskQuery) else which)
            case "send":
                self.act("retry", which, SEND)
            case "try_now":
                self.act("retry", which, TRY_NOW)
            case "send_again":
                self.act("again", which, "resend")
            case "run_anyway":
                self.act("run_anyway", which, "run_now")
            case _:
                self.act(wish, which)

    def ask(self, call: PendingAction) -> None:
        """Ask for an action, by itself until there is an answer; the backend waits with it."""
        self.pending.asked[call.key] = call
        self._count_calls()
        delay = AT_ONCE_S if call.action in AT_ONCE else max(self.grace.seconds, AT_ONCE_S)
        refused = partial(self._on_refused, call)

        def job(api: Api) -> Job[Any]:
            call.tries += 1
            return Job(call.ask, api, delay).then(partial(self._on_asked, call))

        if self._source.api is None:
            refused(BackendGone())
        elif call.failed is not None:  # the person asks again
            self._ask(job, refused)
        else:
            LatestRequest(self._source, partial(self._on_not_asked, call)).ask(job)

    def _on_asked(self, call: PendingAction, answered: ActionAnswer) -> None:
        """Announce the action: how many tasks, for whom, and which are left alone."""
        self._end_call(call)
        call.answer, call.to = answered.answer, answered.to
        call.address = call.address or self.pending.delivery.me
        call.asked()
        row = call.row or answered.row
        if row is not None and self.news.was_undone(row):
            self.pending.undone.emit(call.query)
        elif row is not None:
            self.reports.begin(call, row)
            if call.tries > 1:  # a repeated call has the first answer, and much may have come since
                self.news.look_up(row["id"])
        else:
            beside_it = beside(call.answer) if call.answer else []
            self._toasts.show("\n".join([nothing_to_do(), *beside_it]), icon="info")
            self.pending.undone.emit(call.query)

    def _on_not_asked(self, call: PendingAction, error: Exception) -> None:
        if not isinstance(error, BackendGone):  # else it is asked again
            self._on_refused(call, error)

    def _on_refused(self, call: PendingAction, error: Exception) -> None:
        self._end_call(call)
        (call.failed or self._toasts.warn)(error)
        self.pending.undone.emit(call.query)
        if call.row is not None:
            self.news.hear(call.row)  # it waits nevertheless

    def _count_calls(self) -> None:
        self.asking_changed.emit(len(self.pending.asked) + len(self._undoing))

    def _end_call(self, call: PendingAction) -> None:
        del self.pending.asked[call.key]
        self._count_calls()

    # Undoing

    def undo(self, numbers: Iterable[int]) -> None:
        """Undo actions that wait, by their numbers."""
        for number in [*numbers]:
            if number in self.pending.actions:
                self.pending.undoing[number] = self.pending.actions[number]
                self.reports.end_undone(number)
                self._take_back(number)

    def _take_back(self, number: int) -> None:
        self._undoing.add(number)
        self._count_calls()
        request = LatestRequest(self._source, partial(self._on_not_taken_back, number))
        taken_back = partial(self._on_taken_back, number)
        request.ask(lambda api: Job(api.actions.undo, number).then(taken_back))

    def _on_taken_back(self, number: int, _: None = None) -> None:
        self._undoing.discard(number)
        self._count_calls()

    def _on_not_taken_back(self, number: int, error: Exception) -> None:
        """Ask a busy backend again; show an action again that may not be undone."""
        if isinstance(error, BackendGone):
            return  # it is asked again once the backend is back
        if isinstance(error, BackendBusy):
            self.news.once_free(error, partial(self._take_back, number))
            return
        self._on_taken_back(number)
        match error:
            case Refused(status=HTTPStatus.NOT_FOUND):
                pass  # it was undone already
            case Refused(status=HTTPStatus.CONFLICT):
                self.news.look_up(number)
            case _:
                self.pending.undoing.pop(number, None)
                self._toasts.warn(error)
                self.news.load()
