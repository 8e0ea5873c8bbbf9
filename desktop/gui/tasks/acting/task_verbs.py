"""Asks the backend for actions on tasks and batches, tells of those that wait, and undoes them."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notes import NoteKind
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.verbs import (
    SEND,
    TRY_NOW,
    beside,
    result,
    skipped_words,
    under_way,
)
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import (
    ActionAnswer,
    ActionCall,
    DoneAction,
    PendingAction,
)
from desktop.gui.tasks.acting.retries import RetryNotes
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.errors import Refused, is_missing
from sendoff_tasks.model.tasks import MARKS, TRIES, UNDOABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.room import UndoTime
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from desktop.gui.tasks.acting.task_actions import Called, Verb, Which
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.events import PendingEvent
    from sendoff_tasks.model.tasks import BulkAnswer, PendingRow

AT_ONCE_S: Final = 0.001
"""Seconds an action without *Undo* waits in the backend, which tells of it as of any other."""
WITHOUT_BAR: Final = 1000
"""The most tasks of an action that does not say how far it is."""
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
    "submit": "mail-check",
    "planned": "calendar-clock",
    "correct": "send",
    "run": "play",
    "start": "mail-check",
}


class TaskVerbs(QObject):
    """Has actions on tasks and batches wait in the backend, and tells of all that wait there.

    An action waits for the ``grace`` period, unless undone: by this window, another one, or the
    shell. ``pending`` shows it in rows and at buttons, ``retries`` follows what was tried again.
    ``tried`` carries tasks that the backend was asked to try at once, ``undone`` the query of an
    action that is not carried out. ``tried_one`` carries the one task of an action of this window
    that tries it again.
    """

    tried = Signal(list)
    undone = Signal(object)
    tried_one = Signal(list)

    def __init__(
        self,
        window: MainWindow,
        page: TasksPage,
        source: ApiSource,
        outbox: Outbox,
        grace: UndoTime,
    ) -> None:
        super().__init__(window)
        self.pending = page.model.pending
        self.grace = grace
        self._window = window
        self._notes = window.notes
        self._source = source
        self._outbox = outbox
        self._reading = LatestRequest(source, lambda _: None)
        self.asking: dict[str, PendingAction] = {}
        """The calls that are not answered yet, by key."""
        self.on_batch: Callable[[str, int], PendingAction]
        """Makes an action on the batch with a number; *Batches* sets it."""
        self.on_done: dict[str, Callable[[PendingRow], DoneAction]] = {}
        """Make of a row what an earlier window has done, by its kind; rooms set them."""
        self._has_read = False
        self._undone: dict[int, PendingAction] = {}
        self._over = set[int]()  # heard of as carried out or undone
        self.retries = RetryNotes(window, page, source)

    # Asking

    def act(self, verb: Verb, which: Which, worded_as: str = "") -> None:
        """Have a verb carried out; ``worded_as`` is the verb of its texts, if another."""
        self.ask(ActionCall(verb, which, worded_as))

    def act_on_batch(self, action: str, number: int) -> None:
        """Have an action on a batch carried out."""
        call = self.on_batch(action, number)
        call.key = new_key()
        self.ask(call)

    def carry_out(self, wish: Verb | Called, which: Which) -> None:
        """Carry out the action of a button, with its texts."""
        match wish:
            case "undo":
                self.undo([] if isinstance(which, SortedFilter) else which)
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
        self.asking[call.key] = call
        delay = AT_ONCE_S if call.action in MARKS else max(self.grace.seconds, AT_ONCE_S)
        wish = Wish(lambda api, _: call.ask(api, delay), call.key, about=call.key)
        asked, refused = partial(self._on_asked, call), partial(self._on_refused, call)
        given_up = None if call.failed is None else partial(self._on_given_up, call)
        self._outbox.put(wish, asked, refused, given_up, partial(self._end, call))

    def offer(self, done: DoneAction, row: PendingRow | None) -> None:
        """Tell of what the backend did for this window; with *Undo*, if it has a ``row``.

        The answer to a repeated call is that to the first: much may have come since.
        """
        if row is None:
            self._notes.show(done.said(0), icon=_icon(done.action))
        else:
            self._tell_of_new(done, row)

    def _tell_of_new(self, new: PendingAction, row: PendingRow) -> None:
        is_over = row["answer"] is None and row["id"] in self._over
        if is_over and not isinstance(new, DoneAction):
            self.undone.emit(new.query)  # another window has undone it meanwhile
            return
        self._begin(new, row)
        if is_over or self._outbox.tries[row["key"]] > 1:
            self._look_up(row["id"])

    def _on_asked(self, call: PendingAction, answered: ActionAnswer) -> None:
        """Announce the action: how many tasks, for whom, and which are left alone."""
        self.asking.pop(call.key, None)
        call.answer, call.to = answered.answer, answered.to
        call.address = call.address or self.pending.delivery.me
        call.asked()
        row = call.row or answered.row
        if row is not None:
            self._tell_of_new(call, row)
        else:
            beside_it = beside(call.answer) if call.answer else []
            self._notes.show("\n".join([say("tail", "nothing"), *beside_it]), icon="info")
            self.undone.emit(call.query)

    def _on_given_up(self, call: PendingAction, error: Exception) -> None:
        """Ask no more while the backend does not answer: the person does."""
        self._outbox.withdraw(call.key)
        self._on_refused(call, error)

    def _on_refused(self, call: PendingAction, error: Exception) -> None:
        (call.failed or self._notes.warn)(error)
        self._end(call)

    def _end(self, call: PendingAction) -> None:
        """Forget a call without an answer."""
        self.asking.pop(call.key, None)
        self.undone.emit(call.query)
        if call.row is not None:
            self._hear(call.row)  # it waits nevertheless

    def undo(self, numbers: Iterable[int]) -> None:
        """Undo actions that wait, by their numbers."""
        for number in [*numbers]:
            if number in self.pending.actions:
                self._undone[number] = self.pending.actions[number]
                self._undo_here(number)
                self._take_back(number)

    # Hearing

    def load(self) -> None:
        """Read what waits: it was asked for before, or elsewhere."""
        then = partial(self._on_read, {*self.pending.actions})
        self._reading.ask(lambda api: Job(api.actions.pending).then(then))

    def follow(self, event: PendingEvent) -> None:
        """Take actions that began to wait, go on, were carried out or were undone."""
        for row in event["rows"]:
            self._hear(row)
            if row["answer"] is not None:
                self._over.add(row["id"])
        self._over.update(event["gone"])
        for number in event["gone"]:
            self._undone.pop(number, None)
            if number in self.pending.actions:
                self._undo_here(number)

    def _on_read(self, before: set[int], rows: list[PendingRow]) -> None:
        is_first, self._has_read = not self._has_read, True
        for row in rows:
            if row["id"] not in self._over:  # else it has ended since it was read
                self._hear(row, is_first=is_first)
        for number in before & self.pending.actions.keys() - {row["id"] for row in rows}:
            self._look_up(number)

    def _look_up(self, number: int) -> None:
        """Read an action that was carried out or undone while nothing was heard."""
        if number in self.pending.actions or number in self._undone:
            request = LatestRequest(self._source, partial(self._on_not_found, number))
            request.ask(lambda api: Job(api.actions.pending_one, number).then(self._hear))

    def _on_not_found(self, number: int, error: Exception) -> None:
        if is_missing(error) and number in self.pending.actions:
            self._undo_here(number)

    def _hear(self, row: PendingRow, *, is_first: bool = False) -> None:
        """Take a row; of what was done already, the ``is_first`` rows tell: that window is gone."""
        number = row["id"]
        if number in self._undone:
            if row["answer"] is not None:
                self._tell_of_undone(row, row["answer"])
            return
        call, known = self.asking.get(row["key"]), self.pending.actions.get(number)
        if call is not None:
            call.row = row  # told once the call is answered
        elif known is not None:
            self._tell(known, row)
        elif row["answer"] is None:  # else another window has told of it
            make, is_done = self.on_done.get(row["action"]), row["action"] in UNDOABLE
            is_told = not is_done or (is_first and make is not None)
            self._begin(self._others(row), row, is_told=is_told)

    def _others(self, row: PendingRow) -> PendingAction:
        action, batch = row["action"], row["batch_id"]
        if action in UNDOABLE:
            make = self.on_done.get(action)
            return DoneAction(action, action) if make is None else make(row)
        return PendingAction(action, action) if batch is None else self.on_batch(action, batch)

    def _begin(self, new: PendingAction, row: PendingRow, *, is_told: bool = True) -> None:
        """Tell of an action that waits, or that has ended before it was told of."""
        number, left = row["id"], row["due_in"]
        if number in self.pending.actions:  # it was asked again, and heard of meanwhile
            self._drop(number)
        self.pending.hear(new, row)
        new.is_due = left <= AT_ONCE_S or row["answer"] is not None
        if is_told and not new.is_due and self._window.rights.may_change:
            word = new.undo if isinstance(new, DoneAction) else ""
            note = new.note = self._notes.offer_undo(
                partial(new.words, self._notes.starts),
                partial(self.undo, [number]),
                seconds=left,
                word=word,
                icon=_icon(new.worded_as),
            )
            note.expired.connect(partial(self._on_grace_over, new))
        self._tell(new, row)

    def _tell(self, known: PendingAction, row: PendingRow) -> None:
        """Show what is left of an action, and how far it is, or what it did."""
        known.is_due |= row["done"] > 0
        self.pending.hear(known, row)
        if row["answer"] is not None:
            self._on_carried_out(known, row, row["answer"])
            return
        if known.note in self._notes.shown:
            known.note.say_again()
        if row["batch_id"] is None and row["done"] and row["touched"] > WITHOUT_BAR:
            words = under_way(known.worded_as, row["done"], row["touched"])
            self._say_progress(known, words)

    def _say_progress(self, known: PendingAction, words: str) -> None:
        """Say how far a long action is, with *Stop*."""
        if known.note in self._notes.shown and known.note.kind is NoteKind.WORKING:
            known.note.say(words)
            return
        self._notes.close(known.note)
        may_stop = self._window.rights.may_change
        stop = (self.tr("Stop"), partial(self.undo, [known.number])) if may_stop else None
        known.note = self._notes.work(words, stop, icon=_icon(known.worded_as))

    def _on_grace_over(self, known: PendingAction) -> None:
        known.is_due = True
        self.pending.changed.emit()
        if not isinstance(known, DoneAction):  # its note then says what comes now
            self._notes.close(known.note)

    def _undo_here(self, number: int) -> None:
        """Forget an action that is not carried out."""
        query = self.pending.actions[number].query
        self._drop(number)
        self.undone.emit(query)

    def _drop(self, number: int) -> None:
        """Forget an action that was carried out or undone."""
        self._notes.close(self.pending.actions[number].note)
        self.pending.end(number)

    # Undoing

    def _take_back(self, number: int, *, is_kept: bool = True) -> None:
        undone = self._undone[number]
        kept = undone.kept if is_kept and isinstance(undone, DoneAction) else None
        key = new_key() if kept is None else kept.key
        wish = Wish(lambda api, _: api.actions.undo(number), key, ("undo", number), kept=kept)
        self._outbox.put(
            wish,
            lambda _: undone.undone(),
            refused=partial(self._on_not_taken_back, number, undone, wish),
            ended=partial(self._show_again, number),
        )

    def _on_not_taken_back(
        self, number: int, undone: PendingAction, wish: Wish[None], error: Exception
    ) -> None:
        match error:
            case OSError():  # without its copy, which cannot be written
                self._take_back(number, is_kept=False)
                return
            case Refused(status=HTTPStatus.NOT_FOUND):  # it was undone already
                if self._outbox.tries[wish.key] > 1:  # by this window
                    undone.undone()
            case Refused(status=HTTPStatus.CONFLICT) if isinstance(undone, DoneAction):
                self._undone.pop(number, None)
                self._notes.warn(WORDS.fill("undoing", undone.action) or error)
            case Refused(status=HTTPStatus.CONFLICT):
                self._look_up(number)
            case _:
                self._notes.warn(error)
                self._show_again(number)
        self._outbox.drop_copy(wish)  # after all that was written

    def _show_again(self, number: int) -> None:
        """Show an action again that was not undone."""
        self._undone.pop(number, None)
        self.load()

    def _tell_of_undone(self, row: PendingRow, answer: BulkAnswer) -> None:
        """Say what was done before an action that had begun was stopped, or that it is too late."""
        undone = self._undone.pop(row["id"])
        if "error" in answer:
            self._notes.warn(undone.failed_words(answer))
        elif not answer.get("stopped"):
            self._notes.show(say("undoing", "done"), icon="triangle-alert")
        elif answer["touched"]:
            words = result(undone.worded_as, answer)
            self._notes.show(say("undoing", "stopped", what=words), icon="info")

    # Telling what was done

    def _on_carried_out(self, known: PendingAction, row: PendingRow, answer: BulkAnswer) -> None:
        if isinstance(known, DoneAction):
            self.pending.end(row["id"])
            if known.note in self._notes.shown:
                known.note.end_undo()
            return
        self._drop(row["id"])
        self.retries.changes.note()
        if "error" in answer:
            self._notes.warn(known.failed_words(answer))
            return
        if row["batch_id"] is not None:
            self._say_of_batch(known, answer)
            return
        if known.note is None and known.answer is not None:  # its announcement said them
            left = [*known.answer["skipped"], *answer["skipped"]]
            answer = cast("BulkAnswer", {**answer, "skipped": left})
        tasks = answer.get("ids", [])
        if known.worded_as == TRY_NOW and tasks:
            self.tried.emit(tasks)
        if not (known.key or known.note is not None):
            return
        is_one = row["touched"] == 1 and known.query is None  # its row shows it
        if is_one and known.key and row["action"] in TRIES:
            self.tried_one.emit(tasks)
        if is_one and row["action"] not in {"remove", *MARKS}:
            if answer["skipped"]:
                self._notes.show(skipped_words(answer["skipped"]), icon="info")
            return
        words = result(known.worded_as, answer)
        if answer.get("stopped"):
            words = say("undoing", "stopped", what=words)
        begun = self._say_done(row, answer, words)
        if row["action"] in TRIES:
            self.retries.follow(tasks, begun)

    def _say_of_batch(self, known: PendingAction, answer: BulkAnswer) -> None:
        known.tell(self._notes, answer)
        if tasks := answer.get("ids"):
            words = f"{known.name} · {result(known.worded_as, answer)}"
            begun = self._notes.show(words, icon="send")
            self.retries.follow(tasks, begun, known.name)

    def _say_done(self, row: PendingRow, answer: BulkAnswer, words: str) -> WindowNote:
        """Say what was done; marks can be undone."""
        icon, ids = "info" if answer["skipped"] else "check", answer.get("ids", [])
        if row["action"] not in MARKS or not ids:
            return self._notes.show(words, icon=icon)
        other: Verb = "unseen" if row["action"] == "seen" else "seen"
        return self._notes.offer_undo(words, partial(self.act, other, ids), icon=icon)


def _icon(worded_as: str) -> str:
    return _ICONS.get(worded_as, "rotate-cw")
