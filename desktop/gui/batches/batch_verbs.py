"""Carries out the actions on spreadsheets, and announces those that can be undone."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.items import oldest, oldest_stuck
from desktop.contract.batch_condition import begins_later, wrong_addresses
from desktop.contract.batches import BatchState, RowOutcome
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.office import OfficeCure, OfficeReason
from desktop.gui.batches.batch_numbers import numbers
from desktop.gui.batches.batch_reports import BatchReports, RowDrafts, batches_table
from desktop.gui.batches.spreadsheets import BatchNews
from desktop.gui.batches.starting import StartedBatches
from desktop.gui.frame.exports import Listed
from desktop.gui.items.task_questions import UNDO_S, time_question
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.widgets.field import RateField
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.reasons import short_cause_words
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.verbs import after_batch, counted, tailed
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import ActionAnswer, PendingAction
from desktop.gui.tasks.detail.foot import FootQuestion
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchAnswer, BatchCause
    from desktop.gui.batches.batch_card import BatchCard, ShownRows
    from desktop.gui.batches.batch_rows import BatchRows
    from desktop.gui.batches.spreadsheets import BatchModel, Spreadsheets
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import NoteLine
    from desktop.gui.frame.queues import QueueTries
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.frame.starts import StartTimes
    from desktop.gui.tasks.detail.foot import FootAnswer
    from desktop.gui.tasks.room import TasksRoom
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.tasks import BulkAnswer


translate = QCoreApplication.translate
WITH_GRACE: Final = frozenset({"retry", "cancel", "delete"})
"""Verbs that wait in the backend, so they can be undone."""
BatchChange = Literal["limit", "put_off"]
"""The calls that change a batch under way."""
CHANGED: Final = "calendar-clock"
"""The icon of such a change."""


class OneOfBatches(PendingAction):
    """An action on a batch of the ``model``."""

    def __init__(self, model: BatchModel, action: str, number: int) -> None:
        super().__init__(action, "resend" if action == "retry" else action)
        self._model, self._batch = model, number

    @property
    def name(self) -> str:
        """The name of the batch."""
        return self._model.name_of(self._batch)

    def words(self, starts: StartTimes, left: int) -> str:
        """Say what will happen to the batch in ``left`` seconds."""
        batch = self._model.find(self._batch)
        is_paused = batch is not None and batch["state"] == BatchState.PAUSED
        when = after_batch(OfficeReason.BATCH_PAUSED) if is_paused else starts.when(left)
        if self.action == "retry":
            what = counted(self.worded_as, batch["to_retry"] if batch else self.count)
        else:
            when = say("tail", "in", s=left)
            if self.action == "delete":
                what = draft_words(self._model, self._batch, "draft", name=self.name)
            else:
                what = say("batch_action", "rest", name=self.name)
        return tailed(self.worded_as, what, when if left else say("tail", "now"))

    def ask(self, api: Api, delay: float) -> ActionAnswer:
        """Have the action wait. Raises ``Refused``."""
        if self.action == "delete":
            return ActionAnswer(api.batches.delete(self._batch, delay=delay, key=self.key))
        act = api.batches.retry if self.action == "retry" else api.batches.cancel
        return ActionAnswer(act(self._batch, self.key, delay=delay).get("pending"))

    def tell(self, notes: NoteLine, answer: BulkAnswer) -> None:
        """Say how many messages were cancelled."""
        if self.action == "cancel":
            notes.show(cancelled_words(answer), icon="ban")


def draft_words(model: BatchModel, number: int, said: str, **data: str) -> str:
    """Say something of a draft; and how many e-mails stay cancelled, if it had replaced any."""
    replaced = model.count_replaced(number)
    return say("batch_action", said, "replacing" if replaced else "", n=replaced, **data)


def cancelled_words(answer: BulkAnswer) -> str:
    """Say how many messages of a batch were cancelled, and how many may still be sent."""
    stopping = answer.get("stopping", 0)
    counts = {"cancelled": answer["touched"] - stopping, "stopping": stopping}
    said = [say("batch_action", name, n=n) for name, n in counts.items() if n]
    return " · ".join(said) or say("batch_action", "nothing")


SHOWN_AS_TASKS: Final = {
    **{name: name for name in ("kept", "failed", "uncertain")},
    "sent": "done",
    "marked": "settled",
    "bounced": "came_back",
}
"""The filter of the tasks that each number of a batch counts."""


SHOWN_AS_ROWS: Final[tuple[ShownRows, ...]] = ("left_out", "cancelled", "to_come")
"""The numbers that count rows without a task."""


class BatchTasks:
    """Narrows the table to tasks of a batch, under the batch's name."""

    def __init__(self, page: TasksPage, model: BatchModel) -> None:
        self._show = page.show_part
        self._model = model

    def show(self, number: int) -> None:
        """Show all tasks of a batch."""
        self._show(self._words(number), batch_id=number)

    def show_cause(self, number: int, cause: str, *, at_first: bool) -> None:
        """Show the tasks that a cause stopped; only unseen ones, as the cause counts them."""
        found = self.cause_of(number, cause)
        words = self._words(number)
        if found is not None:
            words = f"{words} · {short_cause_words(found['about'])}"
        self._show(words, batch_id=number, cause=cause, seen=False, at_first=at_first)

    def show_number(self, verb: str, number: int) -> None:
        """Show the tasks behind a number of a batch: *sent*, *marked*, *kept* …, by its verb."""
        found = [each for batch in self._found(number) for each in numbers(batch)]
        words = [each.word for each in found if each.verb == verb]
        said = " · ".join([self._words(number), *words])
        self._show(said, SHOWN_AS_TASKS[verb], batch_id=number)

    def cause_of(self, number: int, cause: str) -> BatchCause | None:
        """Return a cause of a batch that stopped some of its tasks."""
        causes = (each for batch in self._found(number) for each in batch["causes"])
        return next((each for each in causes if each["cause"] == cause), None)

    def _found(self, number: int) -> list[Batch]:
        batch = self._model.find(number)
        return [batch] if batch else []

    def _words(self, number: int) -> str:
        words = translate("batches", "Batch {}: {}")
        return words.format(number, self._model.name_of(number))


class BatchVerbs(QObject):
    """Fills the place *Spreadsheets* and carries out its actions.

    ``draft_wanted`` carries a draft to open, ``ending`` a batch about to be deleted or cancelled.
    ``template_wanted`` carries a task whose template to edit.
    """

    draft_wanted = Signal(int)
    ending = Signal(int)
    template_wanted = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        view: Spreadsheets,
        services: RoomServices,
        tasks: TasksRoom,
        tries: QueueTries,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.view = view
        self._model = view.model
        self._source = services.source
        self._outbox = services.outbox
        self._ask = Asker(services.source, self._on_failed)
        self._acting = tasks
        self._tries = tries
        self._verbs = tasks.verbs
        self._verbs.on_batch = partial(OneOfBatches, view.model)
        self._started = StartedBatches(
            window.starts, self._verbs, view.model, self.draft_wanted.emit
        )
        self.reports = BatchReports(window, self._ask)
        self._tasks = BatchTasks(tasks.page, view.model)
        drafts = RowDrafts(window, self._ask, self.draft_wanted.emit)
        self._ways: dict[str, Callable[[int], object]] = {
            "open": self.draft_wanted.emit,
            "rows": self._tasks.show,
            **{verb: partial(self._tasks.show_number, verb) for verb in SHOWN_AS_TASKS},
            **{which: partial(self._show_rows, which) for which in SHOWN_AS_ROWS},
            "correct": self._correct_addresses,
            "correct_rows": partial(drafts.make, RowOutcome.LEFT_OUT),
            "send_cancelled": partial(drafts.make, RowOutcome.CANCELLED),
            "limit": self._ask_limit,
            "time": self._ask_time,
            "try_now": partial(self._try_waiting, Reason.RETRY_LATER),
            "try_held": partial(self._try_waiting, Reason.HELD_FOR_PERSON),
            "try_queue": self._try_queue,
            "report": self._save_report,
            "undo": self._undo,
        }
        """What each verb of one batch does; other verbs are calls to the backend."""
        self.view.action_chosen.connect(self._act)
        self.view.card.cure_chosen.connect(self._on_cure_chosen)
        live = services.live
        live.batches_changed.connect(self._model.follow)
        rereading = Rereading(view, self.load, elsewhere=True)  # the search names batches
        live.was_reset.connect(rereading.note)
        for changed in (
            view.model.shown,
            view.model.rowsInserted,
            view.model.rowsRemoved,
            view.model.dataChanged,
        ):
            changed.connect(self._name_batches)
        exports, words = services.exports, view.export.accessibleName()
        exports.offer(Listed(words, "batches", lambda: batches_table), view)
        view.export.clicked.connect(exports.ask_where)
        self.news = BatchNews(window, view, services.notifier, live)
        window.cases.lead("resume_batch", lambda number: self.resume(int(number)))
        window.cases.lead("show_batch", lambda number: self.show(int(number)))

    def load(self) -> None:
        """Read the batches."""
        self._model.load()

    def show(self, number: int) -> None:
        """Open the place, and select a batch."""
        self.view.choose(number)
        self.view.open()

    def tell_started(self, batch: BatchAnswer) -> None:
        """Let the desk show a batch that was started, and say when its messages are sent."""
        self._started.tell(batch)
        self.view.choose(batch["batch_id"])
        self._window.desk.show_page(self.view.card)
        self._window.pins.choose(f"batch:{batch['batch_id']}")
        if begins_later(batch, time.time()):
            self._window.planned.emit()

    def resume(self, number: int) -> None:
        """Resume a paused batch."""
        self._call("resume", number)

    @cached_property
    def _rows(self) -> BatchRows:
        from desktop.gui.batches.batch_rows import BatchRows

        return BatchRows(self._source, self.view)

    def _on_desk(self, number: int) -> BatchCard:
        """Return the card of a batch, in sight."""
        self.view.choose(number)
        self._window.desk.show_page(self.view.card)
        self._window.halves.show_desk()
        return self.view.card

    def _ask_limit(self, number: int) -> None:
        if (batch := self._model.find(number)) is None:
            return
        rate, before = RateField(self.tr("At most")), batch["rate"]
        rate.set_rate(before)
        title, save = self.tr("Limit of a batch"), self.tr("Save")
        question = FootQuestion(title, save, say("batch_action", "limit"), {"rate": rate})
        change = partial(self._change, "limit", number, before, question.answer)
        question.answered.connect(lambda: change(rate.rate()))
        question.ask(self._on_desk(number).foot)

    def _ask_time(self, number: int) -> None:
        if (batch := self._model.find(number)) is not None:
            before = batch["run_at"] or ""
            change = partial(self._change, "put_off", number, before)
            time_question(batch["name"], before, change).ask(self._on_desk(number).foot)

    def _change(
        self,
        verb: BatchChange,
        number: int,
        before: str | None,
        answer: FootAnswer,
        to: str | None,
    ) -> None:
        """Change a batch; *Undo* sets what was ``before``, unless that is a time that is over."""

        def done(batch: Batch) -> None:
            answer.is_done()
            if verb == "put_off" and (epoch(before) or 0.0) < time.time() + UNDO_S:
                self._say_changed(verb, batch)
                return
            back = _changing(verb, number, before)
            undo = partial(self._outbox.put, back, partial(self._say_changed, verb))
            words = _changed_words(verb, batch)
            self._window.notes.offer_undo(words, undo, seconds=UNDO_S, icon=CHANGED)

        failed = partial(answer.has_failed, self._on_failed)
        self._outbox.put(_changing(verb, number, to, (verb, number)), done, failed, failed)

    def _say_changed(self, verb: BatchChange, batch: Batch) -> None:
        self._window.notes.show(_changed_words(verb, batch), icon=CHANGED)

    def _name_batches(self, *_: object) -> None:
        self._acting.search.learn_batches(self._model.rows)

    def _act(self, verb: str, number: int) -> None:
        if (way := self._ways.get(verb)) is not None:
            way(number)
        elif verb in WITH_GRACE:
            self._verbs.act_on_batch(verb, number)
            if verb != "retry":
                self.ending.emit(number)
        else:
            self._call(verb, number)

    def _call(self, verb: str, number: int) -> None:
        """Have a verb that cannot be undone carried out."""
        done = partial(self._on_done, verb, number)
        wish = Wish(partial(_act, verb, number), line=("batch", number))
        self._outbox.put(wish, done)

    def _on_done(self, verb: str, number: int, _: object) -> None:
        if verb == "take_back":
            said = draft_words(self._model, number, "taken_back")
            self._window.notes.show(said, icon="undo-2")
            self.draft_wanted.emit(number)

    def _on_cure_chosen(self, cure: str, cause: str, number: int) -> None:
        """Carry out the cure of a cause; without one, show the tasks that it stopped."""
        failed = _failed_query(number, cause)
        match cure:
            case OfficeCure.MAIL_SETTINGS | OfficeCure.SIGN_IN:
                self._window.menu.mail_settings_chosen.emit()
            case OfficeCure.CORRECT_ADDRESS:
                self._correct_all(failed)
            case OfficeCure.EDIT_TEMPLATE:
                held = replace(failed, states=(State.WAITING,))
                self._ask(lambda api: Job(oldest_stuck, api, held).then(self._edit_template))
            case Cure.RETRY:
                self._verbs.act("retry", failed)
            case _:
                self._tasks.show_cause(number, cause, at_first=cure == Cure.RESOLVE)

    def _show_rows(self, which: ShownRows, number: int) -> None:
        if (batch := self._model.find(number)) is not None:
            self._on_desk(number)
            self._rows.show(which, batch)

    def _correct_addresses(self, number: int) -> None:
        """Correct the addresses that the mail server refused."""
        if (batch := self._model.find(number)) is not None:
            causes = [each["cause"] for each in wrong_addresses(batch)]
            self._correct_all(*(_failed_query(number, cause) for cause in causes))

    def _try_waiting(self, reason: Reason, number: int) -> None:
        """Send the messages of a batch that wait for a reason: postponed ones, or those on hold."""
        query = SortedFilter(states=(State.WAITING,), reasons=(reason,), batch_id=number)
        self._verbs.carry_out("try_now", query)

    def _try_queue(self, number: int) -> None:
        """Try the server that the queue of a batch waits for."""
        if (batch := self._model.find(number)) is not None:
            self._tries.try_queue(batch["leaves"]["reason_data"].get("queue", MAIL_QUEUE))

    def _save_report(self, number: int) -> None:
        self.reports.ask_where(number, self._model.find(number))

    def _undo(self, number: int) -> None:
        """Undo what waits to be done to a batch, or to its waiting messages."""
        pending = self._verbs.pending
        found = [pending.of_batch(number), *pending.tries_of(number)]
        self._verbs.undo(each.number for each in found if each is not None)

    def _correct_all(self, *failed: SortedFilter) -> None:
        """Correct the addresses of failed tasks."""
        self._ask(lambda api: Job(oldest, api, *failed).then(self._acting.correct))

    def _edit_template(self, tasks: list[int]) -> None:
        """Edit the template of the first waiting task."""
        if tasks:
            self.template_wanted.emit(tasks[0])
        else:
            self._window.notes.show(say("batch_action", "all_fixed"))

    def _on_failed(self, error: Exception) -> None:
        self._window.notes.warn(error_sentence(error))


def _act(verb: str, number: int, api: Api, key: str) -> None:
    """Carry out a verb for a batch; repeated without its key, *Take back* deletes the draft."""
    if verb == "take_back":
        api.batches.delete(number, key=key)
    else:
        getattr(api.batches, verb)(number)


def _changing(verb: BatchChange, number: int, to: str | None, about: object = None) -> Wish[Batch]:
    """Make the wish for another limit or time of a batch."""
    return Wish(lambda api, _: getattr(api.batches, verb)(number, to), about=about)


def _changed_words(verb: BatchChange, batch: Batch) -> str:
    """Say which limit or time a batch has now."""
    rate, moment = WORDS.rate(batch["rate"]), epoch(batch["run_at"]) or 0.0
    if verb == "put_off":
        now = say("batch_progress", "starts", when=minute_of_day(moment, time.time()))
    else:
        now = say("batch_times", "at_most", rate=rate) if rate else say("batch_times", "at_once")
    return f"{batch['name']} · {now}"


def _failed_query(number: int, cause: str) -> SortedFilter:
    """Return the query for tasks of a batch that failed for a cause and are not seen."""
    return SortedFilter(states=(State.FAILED,), seen=False, batch_id=number, cause=cause)
