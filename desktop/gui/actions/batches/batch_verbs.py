"""Handles the actions of the view of batches: carries them out or passes them on."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery, new_key
from desktop.contract.causes import Cure
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.reasons import Reason
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.states import State
from desktop.gui.actions.backend.connection import Asker
from desktop.gui.actions.batches.acting_on_batches import ActingOnBatches, said_of
from desktop.gui.actions.batches.batch_grace import WITH_GRACE, BatchGrace
from desktop.gui.actions.batches.batch_reports import BatchReports
from desktop.gui.actions.tasks.task_calls import oldest, oldest_stuck
from desktop.gui.batches.batch_rest import wrong_addresses
from desktop.gui.batches.batch_waits import on_hold, ready_now
from desktop.gui.frame.view_switch import BATCHES
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.causes import short_cause_words
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.actions.batches.left_out_rows import LeftOutRows
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs


class BatchVerbs(QObject):
    """Fills the view of batches and carries out its actions.

    ``open_draft`` opens a draft. ``correction_wanted`` carries tasks whose items to correct,
    ``template_wanted`` a task whose template to edit, ``rows_template_wanted`` a template's name
    and the batch whose rows need it, ``queue_try_wanted`` a queue whose server to try now.
    """

    queue_try_wanted = Signal(str)
    correction_wanted = Signal(object)
    template_wanted = Signal(int)
    rows_template_wanted = Signal(str, object)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        live: Live,
        verbs: TaskVerbs,
        open_draft: Callable[[int], object],
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.parts.batches
        self._ask = Asker(source, jobs, self._on_failed)
        self._source = source
        self._jobs = jobs
        self._verbs = verbs
        self._open_draft = open_draft
        self.grace = BatchGrace(window, source, jobs, drafts, self._on_failed)
        asking = window, source, self._ask
        self._calls = ActingOnBatches(*asking, self.grace, verbs.many, open_draft)
        self.grace.due.connect(self._calls.call)
        self.reports = BatchReports(window, self._ask, self._on_failed)
        self._view.action_chosen.connect(self._act)
        self._view.several_chosen.connect(self._act_on_several)
        self._view.card.cure_chosen.connect(self._on_cure_chosen)
        live.batches_changed.connect(self._view.model.follow)
        rereading = Rereading(self._view, self.load, elsewhere=True)  # the search names batches
        live.was_reset.connect(rereading.note)

    def load(self) -> None:
        """Read the batches."""
        self._view.model.load()

    def show(self, number: int) -> None:
        """Switch to *Batches* and select one."""
        self._window.switch.choose(BATCHES)
        self._view.choose(number)

    def resume(self, number: int) -> None:
        """Resume a paused batch."""
        self._calls.call("resume", {new_key(): number})

    @cached_property
    def _left_out(self) -> LeftOutRows:
        from desktop.gui.actions.batches.left_out_rows import LeftOutRows

        asking = self._source, self._jobs, self._ask, self._on_failed
        return LeftOutRows(self._window, *asking, self._open_draft)

    def _act(self, verb: str, number: int) -> None:
        match verb:
            case "open":
                self._open_draft(number)
            case "rows":
                self._show_tasks(number)
            case "marked":
                self._show_marked(number)
            case "cancelled_tasks":
                self._show_cancelled(number)
            case "left_out" | "cancelled" | "to_come":
                if (batch := self._batch(number)) is not None:
                    self._left_out.show(verb, batch)
            case "correct":
                if (batch := self._batch(number)) is not None:
                    self._correct_all(
                        *(_failed_query(number, each["cause"]) for each in wrong_addresses(batch))
                    )
            case "try_now":
                self._try_now(number)
            case "try_held":
                if (batch := self._batch(number)) is not None:
                    held = (Reason.HELD_FOR_PERSON.value,)
                    query = TaskQuery(states=("waiting",), reasons=held, batch_id=number)
                    count = ready_now(batch) or batch["counts"]["open"]
                    self._verbs.carry_out("try_now", Everything(query, count))
            case "try_queue":
                if (batch := self._batch(number)) is not None:
                    self.queue_try_wanted.emit(batch["reason_data"].get("queue", MAIL_QUEUE))
            case "report":
                self.reports.ask_where(number, self._batch(number))
            case "undo":
                self.grace.undo(number)
                self._undo_tries(number)
            case _:
                self._act_on_several(verb, [number])

    def _act_on_several(self, verb: str, numbers: Sequence[int]) -> None:
        """Carry out a verb for several batches, with one announcement and one outcome."""
        if verb == "undo":
            for number in numbers:
                self._act(verb, number)
        elif verb in WITH_GRACE:
            self.grace.begin(verb, {number: self._batch(number) for number in numbers})
        else:
            self._calls.call(verb, {new_key(): number for number in numbers})

    def _on_cure_chosen(self, cure: str, cause: str, number: int) -> None:
        """Carry out the cure of a cause; without one, show the tasks that it stopped."""
        failed = _failed_query(number, cause)
        match cure:
            case Cure.MAIL_SETTINGS:
                self._window.mail_settings.open()
            case Cure.CORRECT_ADDRESS:
                self._correct_all(failed)
            case Cure.EDIT_TEMPLATE:
                held = replace(failed, states=("waiting",))
                edit = partial(self._edit_template, number)
                self._ask(lambda api: Job(oldest_stuck, api, held).then(edit))
            case Cure.RETRY:
                found = self._cause(number, cause)
                self._verbs.act("retry", Everything(failed, found["count"] if found else None))
            case _:
                self._show_tasks(number, cause, at_first=cure == Cure.RESOLVE)

    def _try_now(self, number: int) -> None:
        """Send the deferred messages of a batch without waiting for their next attempt."""
        batch = self._batch(number)
        count = batch["put_off"]["count"] if batch and batch["put_off"] else None
        put_off = TaskQuery(states=("waiting",), reasons=("retry_later",), batch_id=number)
        self._verbs.carry_out("try_now", Everything(put_off, count))

    def _undo_tries(self, number: int) -> None:
        """Undo the pending tries of a batch's waiting messages."""
        for each in self._verbs.pending.of_batch(number):
            which = [*each.ids] if each.query is None else Everything(each.query, each.count)
            self._verbs.undo(which)

    def _correct_all(self, *failed: TaskQuery) -> None:
        """Correct the addresses of failed tasks."""
        self._ask(lambda api: Job(oldest, api, *failed).then(self._correct))

    def _correct(self, tasks: list[int]) -> None:
        """Correct these tasks; if there are none left, say so."""
        if tasks:
            self.correction_wanted.emit(tasks)
        else:
            self._window.toasts.show(self.tr("All of them were sent again or marked as seen"))

    def _edit_template(self, number: int, tasks: list[int]) -> None:
        """Edit the template of the first waiting task, or of the rows to come."""
        batch = self._batch(number)
        if tasks:
            self.template_wanted.emit(tasks[0])
        elif batch is not None and on_hold(batch):
            self.rows_template_wanted.emit(batch["template"] or DEFAULT, batch)
        else:
            self._window.toasts.show(self.tr("All of them can be sent now"))

    def _show_tasks(self, number: int, cause: str | None = None, *, at_first: bool = False) -> None:
        found = self._cause(number, cause)
        named = [short_cause_words(found["about"], found["title"])] if found else []
        words = self.tr("Batch {}: {}").format(number, " · ".join([self._name(number), *named]))
        seen = None if cause is None else False  # causes count unseen tasks only
        show = self._window.views.show_tasks
        show(words, batch_id=number, cause=cause, seen=seen, at_first=at_first)

    def _show_marked(self, number: int) -> None:
        """Show the tasks of a batch that a person marked as sent."""
        words = self.tr("Batch {}, marked as sent: {}").format(number, self._name(number))
        reasons = (Reason.SETTLED_BY_PERSON.value,)
        self._window.views.show_tasks(words, batch_id=number, reasons=reasons)

    def _show_cancelled(self, number: int) -> None:
        """Show the cancelled tasks of a batch: *Retry* sends them."""
        words = self.tr("Batch {}: {}").format(number, self._name(number))
        self._window.views.show_tasks(words, batch_id=number, states=(State.CANCELLED,))

    def _batch(self, number: int) -> Batch | None:
        place = self._view.model.position_of(number)
        return None if place is None else self._view.model.batch(place)

    def _cause(self, number: int, cause: str | None) -> BatchCause | None:
        batch = self._batch(number)
        causes = batch["causes"] if batch else []
        return next((each for each in causes if each["cause"] == cause), None)

    def _name(self, number: int) -> str:
        batch = self._batch(number)
        return batch["name"] if batch else str(number)

    def _on_failed(self, error: Exception) -> None:
        self._window.toasts.show(said_of(error), icon="triangle-alert")


def _failed_query(number: int, cause: str) -> TaskQuery:
    """Return the query for tasks of a batch that failed for a cause and are not seen."""
    return TaskQuery(states=("failed",), seen=False, batch_id=number, cause=cause)
