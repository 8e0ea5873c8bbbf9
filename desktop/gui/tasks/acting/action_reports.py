"""Says in toasts and bars what an action will do, how far it is, and what it has done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.kit.words.verbs import TRY_NOW, result, skipped_words, under_way
from desktop.gui.tasks.acting.pending_actions import AT_ONCE, TRIES
from desktop.gui.tasks.acting.tried_again import TriedAgain

if TYPE_CHECKING:
    from desktop.contract.tasks import BulkAnswer, PendingRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.pending_actions import PendingAction, PendingActions
    from desktop.gui.tasks.acting.task_actions import Verb
    from desktop.gui.tasks.tasks_page import TasksPage

AT_ONCE_S: Final = 0.001
"""Seconds an action without *Undo* waits in the backend, which tells of it as of any other."""
WITHOUT_BAR: Final = 1000
"""The most tasks of an action that has no progress bar."""
SECONDS: Final = 8
"""Seconds that a result is shown and can be undone."""
NAME: Final = "many tasks"
"""The prefix of names of progress bars."""
STOP: Final = "stop"
_ICONS: Final = {
    "cancel": "ban",
    "delete": "ban",
    "done": "check",
    "resend": "send",
    "to_me": "send",
    "send_to": "send",
    "run_now": "play",
    "remove": "trash-2",
    "seen": "eye",
    "unseen": "eye",
}


class ActionReports(QObject):
    """Tells of the ``pending`` actions, from their beginning to their outcome.

    ``retried`` follows what was tried again. ``tried`` carries tasks that the backend was asked to
    try at once, ``tried_one`` the one task of an action of this window that tries it again.
    ``undo_wanted`` carries the number of an action to undo, ``mark_wanted`` a verb that undoes a
    mark, and its tasks.
    """

    tried = Signal(list)
    tried_one = Signal(list)
    undo_wanted = Signal(object)
    mark_wanted = Signal(str, object)

    def __init__(
        self, window: MainWindow, page: TasksPage, source: ApiSource, pending: PendingActions
    ) -> None:
        super().__init__(window)
        self._pending = pending
        self._window = window
        self._toasts = window.toasts
        self.retried = TriedAgain(window, page, source)

    def begin(self, new: PendingAction, row: PendingRow) -> None:
        """Tell of an action that waits, or that has ended before it was told of."""
        number, left = row["id"], row["due_in"]
        if number in self._pending.actions:  # it was asked again, and heard of meanwhile
            self._drop(number)
        self._pending.hear(new, row)
        new.is_due = left <= AT_ONCE_S or row["answer"] is not None
        if not new.is_due and self._window.rights.may_change:
            toast = new.toast = self._toasts.show(
                partial(new.words, self._toasts),
                seconds=left,
                action=self.tr("Undo"),
                chosen=lambda: self.undo_wanted.emit(number),
                icon=_icon(new.worded_as),
            )
            toast.expired.connect(partial(self._on_grace_over, new))
        self.go_on(new, row)

    def go_on(self, known: PendingAction, row: PendingRow) -> None:
        """Show what is left of an action, and how far it is, or what it did."""
        known.is_due |= row["done"] > 0
        self._pending.hear(known, row)
        if row["answer"] is not None:
            self._on_carried_out(known, row, row["answer"])
            return
        if known.toast in self._toasts.shown:
            known.toast.say_again()
        if row["batch_id"] is None and row["done"] and row["touched"] > WITHOUT_BAR:
            stop = ((STOP, self.tr("Stop")),) if self._window.rights.may_change else ()
            words = under_way(known.worded_as, row["done"], row["touched"])
            bar = BarText("info", words, stop, icon=_icon(known.worded_as))
            self._window.notices.say(
                _bar(row["id"]), bar, lambda _: self.undo_wanted.emit(row["id"])
            )

    def end_undone(self, number: int) -> None:
        """Forget an action that is not carried out."""
        query = self._pending.actions[number].query
        self._drop(number)
        self._pending.undone.emit(query)

    def say_stopped(self, undone: PendingAction, answer: BulkAnswer) -> None:
        """Say what was done before an action that had begun was stopped, or that it is too late."""
        if "error" in answer:
            self._toasts.warn(undone.failed_words(answer))
        elif not answer.get("stopped"):
            self._toasts.warn(self.tr("Too late: it was done already"))
        elif answer["touched"]:
            words = result(undone.worded_as, answer)
            self._toasts.show(self.tr("Stopped: {}").format(words), icon="info")

    def _on_grace_over(self, known: PendingAction) -> None:
        known.is_due = True
        self._pending.changed.emit()
        self._toasts.close(known.toast)

    def _drop(self, number: int) -> None:
        """Forget an action that was carried out or undone."""
        self._toasts.close(self._pending.actions[number].toast)
        self._window.notices.take_back(_bar(number))
        self._pending.end(number)

    def _on_carried_out(self, known: PendingAction, row: PendingRow, answer: BulkAnswer) -> None:
        has_bar = _bar(row["id"]) in self._window.notices.names()
        self._drop(row["id"])
        self.retried.changes.note()
        if "error" in answer:
            self._toasts.warn(known.failed_words(answer))
            return
        if row["batch_id"] is not None:
            self._say_of_batch(known, row, answer)
            return
        if known.toast is None and known.answer is not None:  # its announcement said them
            left = [*known.answer["skipped"], *answer["skipped"]]
            answer = cast("BulkAnswer", {**answer, "skipped": left})
        tasks = answer.get("ids", [])
        if known.worded_as == TRY_NOW and tasks:
            self.tried.emit(tasks)
        if not (known.key or known.toast is not None or has_bar):
            return
        is_one = row["touched"] == 1 and known.query is None  # its row shows it
        if is_one and row["action"] in TRIES:
            self.tried_one.emit(tasks)
        if is_one and row["action"] not in {"remove", *AT_ONCE}:
            if answer["skipped"]:
                self._toasts.show(skipped_words(answer["skipped"]), icon="info")
            return
        words = result(known.worded_as, answer)
        if answer.get("stopped"):
            words = self.tr("Stopped: {}").format(words)
        begun = self._say_done(row, answer, words)
        if row["action"] in TRIES:
            self.retried.follow(_bar(row["id"]), tasks, begun)

    def _say_of_batch(self, known: PendingAction, row: PendingRow, answer: BulkAnswer) -> None:
        known.tell(self._toasts, answer)
        if tasks := answer.get("ids"):
            words = f"{known.name} · {result(known.worded_as, answer)}"
            begun = self._toasts.show(words, icon="send", seconds=SECONDS)
            self.retried.follow(_bar(row["id"]), tasks, begun, known.name)

    def _say_done(self, row: PendingRow, answer: BulkAnswer, words: str) -> Toast:
        """Say what was done in a toast; marks can be undone."""
        icon = "info" if answer["skipped"] else "check"
        ids, back, undo = answer.get("ids", []), None, ""
        if row["action"] in AT_ONCE and ids:
            other: Verb = "unseen" if row["action"] == "seen" else "seen"
            back, undo = partial(self.mark_wanted.emit, other, ids), self.tr("Undo")
        return self._toasts.show(words, icon=icon, seconds=SECONDS, action=undo, chosen=back)


def _icon(worded_as: str) -> str:
    return _ICONS.get(worded_as, "rotate-cw")


def _bar(number: int) -> str:
    return f"{NAME} {number}"
