"""Submits items of the form: each is kept on disk, sent in order, and can be undone."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.drafts import DraftItem
from desktop.client.errors import BackendBusy, BackendGone, Refused
from desktop.contract.items import BY_HAND
from desktop.contract.states import State
from desktop.gui.items.form.form_items import FormItems, UndoOffers
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.client.api import ApiSource
    from desktop.client.calls.items import Submitted
    from desktop.client.drafts import DraftBox, Drafts
    from desktop.contract.events import TasksEvent
    from desktop.contract.items import NewItem
    from desktop.contract.problems import Problem
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import GracePeriod
    from desktop.gui.items.form.form_fields import FormSnapshot
    from desktop.gui.items.form.item_form import ItemForm
    from desktop.gui.link.jobs import Jobs

AGAIN_AFTER_S: Final = 1.0
"""Seconds until an unanswered submission is sent again, if the backend names no time."""


class Submissions(QObject):
    """Sends items from the form to the backend, one by one and in order.

    A submission is written to disk before it is sent, and stays there until it is answered. Its key
    makes sending it again harmless. It stays in the form until it is answered or put off;
    ``form_items`` takes submissions that come back. ``box_jobs`` runs on one thread, so drafts
    are written in order.
    """

    waiting_changed = Signal(int)
    """How many submissions wait until the backend answers again."""

    def __init__(
        self,
        window: MainWindow,
        form: ItemForm,
        source: ApiSource,
        jobs: Jobs,
        grace: GracePeriod,
        box: DraftBox,
        box_jobs: Jobs,
    ) -> None:
        super().__init__(window)
        self._form = form
        self._toasts = window.toasts
        self._source = source
        self._jobs = jobs
        self._grace = grace
        self._box = box
        self._box_jobs = box_jobs
        self._line: deque[DraftItem] = deque()
        self._sending = self._is_waiting = False
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.send)
        self._offers = UndoOffers(window)
        self._ask = Asker(source, jobs, window.toasts.warn)
        self.form_items = FormItems(window, form, source, jobs, box, box_jobs)
        self._form.submitted.connect(self.submit)

    def load(self) -> None:
        """Load what the last window left: the form, waiting submissions, and items set aside."""
        self._box_jobs.start(Job(self._box.load).then(self._on_loaded))

    def submit(self, number: int | None, body: NewItem) -> None:
        """Save an item and send it; its tasks start after the grace period."""
        body = {**body, "priority": BY_HAND}
        if self._grace.seconds > 0 and "run_at" not in body:
            body["delay"] = self._grace.seconds
        submission = DraftItem(number, body, dict(self._form.snapshot()))
        self.form_items.begin(submission)
        self._box_jobs.start(
            Job(self._box.keep, submission)
            .then(lambda _: self._join([submission]))
            .otherwise(self._on_not_kept)
        )

    def send(self) -> None:
        """Send the first submission, unless one is being sent."""
        if self._sending:
            return
        while self._line and not self._line[0].key_holds(time.time()):
            self._expire(self._line[0])
        if not self._line:
            return
        first = self._line[0]
        if self._source.api is None:
            self._put_off(first)
            return
        self._again.stop()
        self._sending = True
        self._jobs.start(
            Job(self._source.api.items.submit, first.number, first.body, first.key)
            .then(partial(self._on_accepted, first))
            .otherwise(partial(self._on_failed, first))
        )

    def saw_tasks(self, event: TasksEvent) -> None:
        """Remove *Undo* from items whose task has started."""
        for row in event["rows"]:
            if row["state"] != State.SCHEDULED and row["item_id"] is not None:
                self._offers.take_back(row["item_id"])

    def _on_loaded(self, drafts: Drafts) -> None:
        waiting = [each for each in drafts.submissions if each.aside is None]
        if drafts.form and drafts.form not in [each.form for each in waiting]:
            self.form_items.restore(cast("FormSnapshot", drafts.form))
        for each in drafts.submissions:
            if each.aside is not None:
                self.form_items.aside.offer(each)
        if drafts.broken:
            self.form_items.aside.name_broken(drafts.broken)
        self._join(waiting)

    def _join(self, submissions: Iterable[DraftItem]) -> None:
        """Append submissions that are on disk to the line, and send the first."""
        for submission in submissions:
            self._line.append(submission)
            if len(self._line) > 1:
                self._put_off(submission)
        self.send()

    def _leave(self, submission: DraftItem) -> None:
        self._sending = False
        self._drop(submission)

    def _drop(self, submission: DraftItem) -> None:
        self._line.remove(submission)
        if self._is_waiting:
            self._is_waiting = bool(self._line)
            self.waiting_changed.emit(len(self._line))

    def _on_accepted(self, submission: DraftItem, answer: Submitted) -> None:
        self._leave(submission)
        self.form_items.learn_number()
        if self.form_items.holds(submission):
            self.form_items.free()
        self._box_jobs.start(Job(self._box.drop, submission))
        self._offers.take_back(submission.key)
        undo = partial(self._undo, submission, answer.item_id)
        if "delay" in submission.body:
            self._offers.for_new(submission, answer.item_id, undo)
        elif "run_at" in submission.body:
            self._offers.for_later(submission, answer.item_id, undo)
        else:
            self._toasts.show(self.tr("Item {number} is registered").format(number=answer.item_id))
        self.send()

    def _on_failed(self, submission: DraftItem, error: Exception) -> None:
        if isinstance(error, BackendGone | BackendBusy):
            self._sending = False
            wait = error.retry_after if isinstance(error, BackendBusy) else AGAIN_AFTER_S
            self._again.start(int(wait * 1000))
            self._put_off(submission)
            return
        self._leave(submission)
        self._offers.take_back(submission.key)
        problem = error.problem if isinstance(error, Refused) else _problem(500, str(error))
        words = self.tr("An item was not accepted: {why}").format(why=error)
        self.form_items.bring_back(replace(submission, aside=words, problem=problem))
        self.send()

    def _expire(self, submission: DraftItem) -> None:
        """Set an old submission aside: it may be registered, with the answer lost."""
        self._drop(submission)
        day = day_and_time(submission.since / 10**9, time.time())
        words = self.tr(
            "An item of {day} was submitted but not confirmed: it may be registered already"
        )
        self.form_items.aside.put(replace(submission, aside=words.format(day=day)))

    def _put_off(self, submission: DraftItem) -> None:
        """Free the form for the next item; this submission is sent later by itself."""
        self._is_waiting = True
        self.waiting_changed.emit(len(self._line))
        if not self.form_items.holds(submission):
            return
        self.form_items.free()
        self._offers.for_saved(submission, partial(self._withdraw, submission))

    def _on_not_kept(self, error: Exception) -> None:
        words = self.tr("It could not be saved on this disk, so it was not submitted: {why}")
        self.form_items.stay(_problem(507, words.format(why=error)))

    def _undo(self, submission: DraftItem, item_id: int) -> None:
        words = self.tr("Item {number} was taken back").format(number=item_id)
        back = partial(self.form_items.bring_back, replace(submission, aside=words))
        self._ask(lambda api: Job(api.items.undo, item_id).then(lambda _: back()))

    def _withdraw(self, submission: DraftItem) -> None:
        """Take a submission out of the line, unless it is being sent or was answered."""
        on_its_way = self._sending and submission is self._line[0]
        if on_its_way or submission not in self._line:
            self._toasts.warn(self.tr("It is already being submitted"))
            return
        self._drop(submission)
        words = self.tr("An item was taken back")
        self.form_items.bring_back(replace(submission, aside=words))


def _problem(status: int, detail: str) -> Problem:
    return {"type": "about:blank", "title": "", "status": status, "detail": detail}
