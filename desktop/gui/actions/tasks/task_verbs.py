"""Asks the backend for actions on tasks, tells of those that wait, and undoes them."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, Signal

from desktop.client.errors import BackendGone, TooSlow, is_missing
from desktop.gui.actions.tasks.announced import (
    SENDS,
    Announced,
    as_announced,
    is_same,
    numbers_in,
    overlap,
)
from desktop.gui.actions.tasks.many_tasks import LINE, ManyTasks
from desktop.gui.actions.tasks.sending_again import SendingAgain
from desktop.gui.actions.tasks.task_calls import (
    ask_later,
    call_for_one,
    is_one,
    meant,
    to_put_aside,
)
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.refused import skipped_words
from desktop.gui.tasks.words.states import error_words
from desktop.gui.tasks.words.verbs import SEND, TRY_NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api, ApiSource
    from desktop.contract.events import PendingEvent
    from desktop.contract.tasks import BulkAction, PendingRow, Skipped
    from desktop.gui.actions.grace_period import GracePeriod
    from desktop.gui.actions.tasks.sending_again import SendVerb
    from desktop.gui.actions.tasks.task_calls import Asked
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Called, Verb, Which
    from desktop.gui.tasks.pending_actions import PendingActions


class TaskVerbs(QObject):
    """Retries, cancels, resolves and removes tasks; the rows change by the event stream.

    An action, on one task or many, waits for the ``grace`` period in the backend, unless undone: by
    this window, another one, or the shell. All of them are told of it. It keeps its tasks, even if
    the table shows others meanwhile. ``pending`` holds the pending actions. ``tried`` carries tasks
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
        pending: PendingActions,
    ) -> None:
        super().__init__(grace.parent())
        self.pending = pending
        self.grace = grace
        self._reach = window.reach
        self._toasts = window.toasts
        self._source = source
        self._jobs = jobs
        self.announced: dict[str, Announced] = {}
        """By key."""
        self._undone: set[int] = set()
        self._unread: list[PendingRow] = []
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
            self._announce(Announced(verb, as_announced(which), said))
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

    def undo(self, which: Which) -> None:
        """Undo the pending actions on these tasks, each as a whole."""
        for announced in [*self.announced.values()]:
            if overlap(which, announced.which):
                self._undo(announced)
        self.sending_again.undo(which)

    def load(self) -> None:
        """Read what is pending: it was asked for before, or elsewhere."""
        if (api := self._source.api) is not None:
            self._jobs.start(Job(api.many.pending).then(self._on_read).otherwise(lambda _: None))

    def follow(self, event: PendingEvent) -> None:
        """Take actions that began to wait, go on, were carried out or were undone."""
        for row in event["rows"]:
            self._hear(row)
        for number in event["gone"]:
            announced = self._numbered(number)
            if announced is not None:
                self._drop(announced)
                self.undone.emit(announced.which)

    def _on_read(self, rows: list[PendingRow]) -> None:
        there = {row["id"] for row in rows}
        for announced in [*self.announced.values()]:
            if announced.number is not None and announced.number not in there:
                self._drop(announced)  # it was carried out or undone while nothing was heard
        for row in rows:
            self._hear(row)

    def _numbered(self, number: int) -> Announced | None:
        return next((each for each in self.announced.values() if each.number == number), None)

    def _hear(self, row: PendingRow) -> None:
        announced = self._numbered(row["id"])
        if row["id"] in self._undone:
            return
        if announced is None and any(each.number is None for each in self.announced.values()):
            self._unread.append(row)  # perhaps of a call that is not answered yet
        elif announced is None and row["answer"] is None:
            left = (epoch(row["due_at"]) or 0.0) - time.time()
            self._show(Announced.of_row(row), left)
        elif announced is not None and row["answer"] is not None:
            self._on_carried_out(announced, row)
        elif announced is not None:
            self._on_changed(announced, row)

    def _on_changed(self, announced: Announced, row: PendingRow) -> None:
        """Show what is left of an action, or how far it is."""
        if announced.looked is not None:
            announced.looked["touched"] = row["touched"]
        announced.named = numbers_in(row["tasks"]) or announced.named
        if row["done"]:
            self.many.follow(announced, row, _icon(announced.verb))
        else:
            self.pending.begin(announced.key, announced.started)
            if announced.toast in self._toasts.shown:
                announced.toast.say_again()

    def _on_carried_out(self, announced: Announced, row: PendingRow) -> None:
        answer = row["answer"]
        self._drop(announced)
        if answer is None:
            return
        if row["touched"] == 1 and row["action"] != "remove":
            ids = [*announced.meant] if not isinstance(announced.meant, Everything) else []
            self._on_ended(announced.key, announced.said, ids if answer["touched"] else [])
            if answer["skipped"]:
                self._toasts.show(skipped_words(answer["skipped"]), icon="info")
        else:
            self.many.follow(announced, row, _icon(announced.verb))

    def _announce(self, announced: Announced) -> None:
        """Announce an action, and have the backend wait with it."""
        verb, which = announced.verb, announced.which
        if any(is_same(verb, which, each.verb, each.which) for each in self.announced.values()):
            return
        self._replace(which)
        self._show(announced, self.grace.seconds)
        self._ask(announced)

    def _show(self, announced: Announced, left: float) -> None:
        """Tell of an action that is carried out in ``left`` s."""
        self.announced[announced.key] = announced
        self.pending.begin(announced.key, announced.started)
        if left <= 0 or not self._reach.may_change:
            return
        toast = announced.toast = self._toasts.show(
            partial(announced.words, self._toasts.when),
            seconds=left,
            action=self.tr("Undo"),
            icon=_icon(announced.verb),
        )
        toast.action_chosen.connect(partial(self._undo, announced))
        toast.expired.connect(partial(self._on_grace_over, announced))

    def _ask(self, announced: Announced) -> None:
        api = self._source.api
        if api is None:
            self._source.once_back(announced.key, partial(self._ask, announced))
            return
        job = Job(ask_later, api, announced, self.grace.seconds)
        job = job.then(partial(self._on_waits, announced))
        self._jobs.start(job.otherwise(partial(self._on_not_asked, announced)))

    def _on_waits(self, announced: Announced, asked: Asked) -> None:
        """Update the announcement: how many tasks, for whom, and which are left alone.

        If there is nothing to do, the action is dropped, and its toast loses *Undo*.
        """
        announced.looked, announced.to, named, announced.waiting = asked
        toast = announced.toast
        announced.number = asked.answer["pending"]["id"] if "pending" in asked.answer else None
        if isinstance(announced.which, Everything) and named:
            announced.named = named
        if announced.number is None:
            announced.toast = None  # it tells that there is nothing to do
            self._drop(announced)
            self.undone.emit(announced.which)
        elif announced.is_undone:
            self._take_back(announced.number)
        else:
            self.pending.begin(announced.key, announced.started)
        if toast in self._toasts.shown:
            toast.say_again()
            if announced.number is None:
                toast.end_action()
        unread, self._unread = self._unread, []
        for row in unread:
            self._hear(row)

    def _on_not_asked(self, announced: Announced, error: Exception) -> None:
        if isinstance(error, TooSlow):
            self._ask(announced)
        elif isinstance(error, BackendGone):  # with the same key, the repeated call is harmless
            self._source.once_back(announced.key, partial(self._ask, announced))
        elif not announced.is_undone:
            self._drop(announced)
            self.undone.emit(announced.which)
            self._refuse(error_words(error))

    def _on_grace_over(self, announced: Announced) -> None:
        if announced.key in self.announced:
            self.pending.begin(announced.key, replace(announced.started, is_due=True))
            if announced.toast is not None:
                self._toasts.close(announced.toast)

    def _replace(self, which: Which) -> None:
        """Undo earlier pending actions on the same tasks: the last one wins."""
        if not isinstance(which, Everything):
            for earlier in [*self.announced.values()]:
                if not isinstance(earlier.which, Everything) and set(earlier.which) <= set(which):
                    self._undo(earlier)

    def _undo(self, announced: Announced) -> None:
        """Take back an action; one that may be on its way to the backend once that answers."""
        announced.is_undone = True
        self._drop(announced)
        self.undone.emit(announced.which)
        if announced.number is not None:
            self._take_back(announced.number)

    def _take_back(self, number: int) -> None:
        self._undone.add(number)
        api, again = self._source.api, partial(self._take_back, number)
        if api is None:
            self._source.once_back((TaskVerbs, number), again)
            return
        failed = partial(self._on_not_taken_back, again, number)
        self._jobs.start(Job(api.many.undo, number).otherwise(failed))

    def _on_not_taken_back(self, again: Callable[[], None], number: int, error: Exception) -> None:
        if isinstance(error, BackendGone):
            self._source.once_back((TaskVerbs, number), again)
        elif not is_missing(error):
            self._refuse(self.tr("Too late: it was done already"))

    def _drop(self, announced: Announced) -> None:
        """Forget an action that was carried out, undone or refused."""
        if self.announced.pop(announced.key, None) is not None:
            self.pending.end(announced.key)
            if announced.toast is not None:
                self._toasts.close(announced.toast)

    def _act_now(self, api: Api, wish: Announced) -> None:
        verb, which = wish.verb, wish.meant
        if verb in AT_ONCE:
            self._put_aside(wish)
            return
        self.pending.begin(wish.key, replace(wish.started, is_due=True))
        if wish.count is None or wish.count > LINE:
            self.pending.end(wish.key)  # its progress bar shows it
        if is_one(verb, which):
            job = Job(call_for_one, api, wish).then(partial(self._on_done_to_one, wish))
            self._jobs.start(job.otherwise(partial(self._on_failed, wish)))
        else:
            verb = cast("BulkAction", verb)
            self.many.act(verb, *meant(which), _icon(verb), wish.said, wish.key)

    def _on_done_to_one(self, wish: Announced, refused: Skipped | None) -> None:
        self._on_ended(wish.key, wish.said, [] if refused else cast("list[int]", wish.meant))
        if refused is not None:
            self._refuse(skipped_words([refused]))

    def _on_ended(self, key: str, said: str, tasks: list[int]) -> None:
        self.pending.end(key)
        if said == TRY_NOW and tasks:
            self.tried.emit(tasks)

    def _put_aside(self, wish: Announced) -> None:
        """Mark tasks as seen or unseen; *Undo* applies only to those that were changed."""
        verb = cast("BulkAction", wish.verb)
        other: Verb = "unseen" if verb == "seen" else "seen"
        back = partial(self.act, other)
        given = meant(to_put_aside(verb, wish.which))
        self.many.act(verb, *given, _icon(verb), wish.said, wish.key, back)

    def _on_failed(self, wish: Announced, error: Exception) -> None:
        if isinstance(error, BackendGone):
            self._source.once_back(wish.key, partial(self._act_again, wish))
            return
        self.pending.end(wish.key)
        self._refuse(error_words(error))

    def _act_again(self, wish: Announced) -> None:
        if (api := self._source.api) is not None:
            self._act_now(api, wish)

    def _refuse(self, words: str) -> None:
        self._toasts.show(words, icon="triangle-alert")


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


def _icon(verb: str) -> str:
    return _ICONS.get(verb, "rotate-cw")
