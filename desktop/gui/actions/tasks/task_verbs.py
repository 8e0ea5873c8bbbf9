"""Carries out actions on tasks: announces them, and undoes them or makes the calls."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast, get_args

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendGone
from desktop.contract.tasks import BulkAction
from desktop.gui.actions.tasks.announced import SENDS, Announced, as_announced, is_same, overlap
from desktop.gui.actions.tasks.many_tasks import LINE, ManyTasks
from desktop.gui.actions.tasks.sending_again import SendingAgain
from desktop.gui.actions.tasks.task_calls import call_of, is_one, meant, preview_of, to_put_aside
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.states import error_words
from desktop.gui.tasks.words.verbs import SEND, TRY_NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.actions.grace_period import GracePeriod
    from desktop.gui.actions.tasks.sending_again import SendVerb
    from desktop.gui.actions.tasks.task_calls import ActionPreview
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Called, Verb, Which
    from desktop.gui.tasks.pending_actions import PendingActions


class TaskVerbs(QObject):
    """Retries, cancels, resolves and removes tasks; the rows change by the event stream.

    An action, on one task or many, is carried out after the ``grace`` period, unless undone. It
    keeps its tasks, even if the table shows others meanwhile. ``drafts`` keeps it until then, so a
    crash of the window loses none. ``pending`` holds the pending actions. ``tried`` carries tasks
    that the backend was asked to try at once, ``undone`` the tasks of an action that is not carried
    out.
    """

    tried = Signal(list)
    undone = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        grace: GracePeriod,
        drafts: TypedDrafts,
        pending: PendingActions,
    ) -> None:
        super().__init__(grace.parent())
        self.pending = pending
        self.grace = grace
        self._toasts = window.toasts
        self._source = source
        self._jobs = jobs
        self._drafts = drafts
        self.announced: dict[QTimer, Announced] = {}
        self.many = ManyTasks(window, source, jobs, self)
        self.many.ended.connect(self._on_ended)
        self.sending_again = SendingAgain(window.toasts, source, jobs, grace, pending)

    def act(self, verb: Verb, which: Which, said: str = "") -> None:
        """Carry out a verb for one task or many; ``said`` is the verb of its texts, if another."""
        api, said = self._source.api, said or verb
        if api is None:
            self._refuse(error_words(BackendGone()))
        elif self.grace.seconds > 0 and verb in SENDS and self.sending_again.takes(which):
            self.sending_again.send(cast("SendVerb", verb), as_announced(which))
        elif self.grace.seconds > 0 and verb not in AT_ONCE:
            self._announce(api, Announced(verb, as_announced(which), said))
        else:
            self._act_now(api, Announced(verb, which, said))

    def carry_out(self, wish: Verb | Called, which: Which) -> None:
        """Carry out the action of a button, with its texts."""
        match wish:
            case "undo":
                self.undo(which)
            case "send":
                self.act("retry", which, SEND)
            case "try_now":
                self.act("retry", which, TRY_NOW)
            case "send_again":
                self.act("again", which, "resend")
            case _:
                self.act(wish, which)

    def take_up(self, key: str) -> None:
        """Announce an action again that the last window did not carry out."""
        draft, api = self._drafts.of(key), self._source.api
        if api is None:
            self._refuse(error_words(BackendGone()))
        elif draft is not None:
            self._drafts.take_up(key)
            self._announce(api, Announced.from_draft(key, draft))

    def carry_out_now(self) -> dict[str, Callable[[], object]]:
        """End all grace periods; return the calls to make now, by key.

        The window is about to end; :meth:`forget` each call that was answered.
        """
        announced, self.announced = list(self.announced.values()), {}
        api = self._source.api
        waiting = {} if api is None else {each.key: call_of(api, each) for each in announced}
        return waiting | self.many.carry_out_now()

    def forget(self, key: str) -> None:
        """Forget an action that was carried out or undone."""
        self._drafts.keep(key, None)
        self.pending.end(key)

    def undo(self, which: Which) -> None:
        """Undo the pending actions on these tasks, each as a whole."""
        for timer, announced in [*self.announced.items()]:
            if overlap(which, announced.which):
                self._take_back(timer, announced)
        self.sending_again.undo(which)

    def _announce(self, api: Api, announced: Announced) -> None:
        """Announce an action; it is carried out after the grace period, unless undone."""
        verb, which = announced.verb, announced.which
        if any(is_same(verb, which, each.verb, each.which) for each in self.announced.values()):
            self.forget(announced.key)  # the earlier one is kept
            return
        self._replace(which)
        toast = announced.toast = self._toasts.show(
            partial(announced.words, self._toasts.when),
            seconds=self.grace.seconds,
            action=self.tr("Undo"),
            icon=_ICONS.get(verb, "rotate-cw"),
            here=True,
        )
        timer = QTimer(self, singleShot=True, interval=round(self.grace.seconds * 1000))
        self.announced[timer] = announced
        self._drafts.keep(announced.key, announced.as_draft())
        self.pending.begin(announced.key, announced.started)
        timer.timeout.connect(partial(self._on_grace_over, timer, toast))
        toast.action_chosen.connect(partial(self._drop, timer))
        timer.start()
        preview = Job(preview_of, api, cast("BulkAction", verb), which)
        looked = partial(self._on_looked, timer, toast)
        self._jobs.start(preview.then(looked).otherwise(lambda _: None))  # announced without it

    def _on_looked(self, timer: QTimer, toast: Toast, looked: ActionPreview) -> None:
        """Update the announcement: how many tasks, for whom, and which are left alone.

        If there is nothing to do, the action is dropped, and its toast loses *Undo*.
        """
        announced = self.announced.get(timer)
        if announced is None:
            return
        announced.looked, announced.to, announced.named, announced.waiting = looked
        if announced.verb == "cancel" and not isinstance(announced.meant, Everything):
            self._put_off(announced, announced.meant)
        self.pending.begin(announced.key, announced.started)
        toast.say_again()
        if announced.count == 0:
            self._drop(timer)
            toast.end_action()

    def _put_off(self, announced: Announced, tasks: list[int]) -> None:
        """Postpone the tasks to be cancelled while that can still be undone."""
        self._drafts.keep(announced.key, announced.as_draft())
        api = self._source.api
        if tasks and api is not None:
            delay = self.grace.seconds + LONGER
            job = Job(api.many.act, "put_off", tasks, key=new_key(), delay=delay)
            self._jobs.start(job.otherwise(lambda _: None))  # the cancel follows all the same

    def _on_grace_over(self, timer: QTimer, toast: Toast) -> None:
        if self._source.api is None and timer in self.announced:
            self._source.once_back(timer, partial(self._on_grace_over, timer, toast))
            return
        announced = self.announced.pop(timer, None)
        timer.deleteLater()
        self._toasts.close(toast)
        if announced is not None and self._source.api is not None:
            self._drafts.keep(announced.key, announced.as_draft(due=True))
            self._act_now(self._source.api, announced)

    def _replace(self, which: Which) -> None:
        """Undo earlier pending actions on the same tasks: the last one wins."""
        if not isinstance(which, Everything):
            for timer, earlier in [*self.announced.items()]:
                if not isinstance(earlier.which, Everything) and set(earlier.which) <= set(which):
                    self._take_back(timer, earlier)

    def _take_back(self, timer: QTimer, announced: Announced) -> None:
        self._drop(timer)
        if announced.toast is not None:
            self._toasts.close(announced.toast)

    def _drop(self, timer: QTimer) -> None:
        """Drop a pending action."""
        announced = self.announced.pop(timer, None)
        if announced is not None:
            self._source.forget(timer)
            self.forget(announced.key)
            timer.stop()
            timer.deleteLater()
            self.undone.emit(announced.which)

    def _act_now(self, api: Api, wish: Announced) -> None:
        verb, which = wish.verb, wish.meant
        if verb in AT_ONCE:
            self._put_aside(wish)
            return
        self.pending.begin(wish.key, replace(wish.started, is_due=True))
        if wish.count is None or wish.count > LINE:
            self.pending.end(wish.key)  # its progress bar shows it
        if is_one(verb, which):
            failed = partial(self._on_failed, wish)
            ended = partial(self._on_ended, wish.key, wish.said, cast("list[int]", which))
            job = Job(call_of(api, wish)).then(lambda _: ended())
            self._jobs.start(job.otherwise(failed))
        else:
            icon = _ICONS.get(verb, "rotate-cw")
            self.many.act(cast("BulkAction", verb), *meant(which), icon, wish.said, wish.key)

    def _on_ended(self, key: str, said: str, tasks: list[int]) -> None:
        self.forget(key)
        if said == TRY_NOW and tasks:
            self.tried.emit(tasks)

    def _put_aside(self, wish: Announced) -> None:
        """Mark tasks as seen or unseen; *Undo* applies only to those that were changed."""
        verb = cast("BulkAction", wish.verb)
        other: Verb = "unseen" if verb == "seen" else "seen"
        back = partial(self.act, other)
        given = meant(to_put_aside(verb, wish.which))
        self.many.act(verb, *given, _ICONS[verb], wish.said, wish.key, back)

    def _on_failed(self, wish: Announced, error: Exception) -> None:
        if isinstance(error, BackendGone) and wish.verb in get_args(BulkAction):
            self._source.once_back(wish.key, partial(self._do_what_is_left, wish))
            return
        self.forget(wish.key)
        self._refuse(error_words(error))

    def _do_what_is_left(self, wish: Announced) -> None:
        """Repeat an action that had no effect: the answer was lost, or the request."""
        if (api := self._source.api) is None:
            return
        verb = cast("BulkAction", wish.verb)

        def looked(answer: BulkAnswer) -> None:
            if answer["touched"]:
                self._act_now(api, wish)
            else:
                self._on_ended(wish.key, wish.said, [])

        job = Job(api.many.preview, verb, *meant(wish.meant)).then(looked)
        self._jobs.start(job.otherwise(partial(self._on_failed, wish)))

    def _refuse(self, words: str) -> None:
        self._toasts.show(words, icon="triangle-alert")


LONGER: Final = 2.0
"""Seconds that tasks are postponed beyond the grace period: the cancel takes a moment."""
AT_ONCE: Final = frozenset({"seen", "unseen"})
"""Verbs without a grace period: nothing is sent, and each undoes the other."""
_ICONS: Final = {
    "cancel": "ban",
    "done": "check",
    "resend": "send",
    "to_me": "send",
    "run_now": "play",
    "remove": "trash-2",
    "seen": "eye",
    "unseen": "eye",
}
