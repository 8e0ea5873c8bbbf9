"""What becomes of a submitted form: kept on disk, sent, undone, or brought back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QDateTime, QLocale, QObject

from desktop.client.drafts import DraftItem
from desktop.client.errors import Refused
from desktop.contract.items import BY_HAND
from desktop.contract.states import State
from desktop.gui.desk.aside import Aside
from desktop.gui.desk.sending_line import SendingLine
from desktop.gui.desk.undo_offers import UndoOffers
from desktop.gui.frame.notice_bar import DISMISS, BarText
from desktop.gui.jobs import Job
from desktop.settings.preferences import WindowSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource, Submitted
    from desktop.client.drafts import DraftBox, Drafts
    from desktop.contract.events import TasksEvent
    from desktop.contract.items import NewItem
    from desktop.contract.problems import Problem
    from desktop.gui.form.item_form import FormSnapshot
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs

BROKEN_BAR: Final = "broken drafts"
BACK_S: Final = 8.0
"""How long *Undo* is offered for what was cleared or discarded."""


class Submissions(QObject):
    """Takes items from the form to the backend and, where they come back, into the form again.

    A submission is on disk before it is sent, stays there until it is answered, and has a key
    that makes sending it again harmless. It stays in the form until it is answered or put off.
    ``box_jobs`` runs on one thread, so that the disk sees the order of what happened.
    """

    def __init__(
        self, window: MainWindow, source: ApiSource, jobs: Jobs, box: DraftBox, box_jobs: Jobs
    ) -> None:
        super().__init__(window)
        self._form = window.parts.form
        self._toasts = window.toasts
        self._notices = window.notices
        self._source = source
        self._jobs = jobs
        self._box = box
        self._box_jobs = box_jobs
        self._in_form: DraftItem | None = None
        self._next_number = 1
        self._offers = UndoOffers(self._toasts, self)
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        self.line = SendingLine(source, jobs, self)
        self.line.accepted.connect(self._on_accepted)
        self.line.refused.connect(self._on_refused)
        self.line.expired.connect(self._on_expired)
        self.line.put_off.connect(self._on_put_off)
        self._aside = Aside(self._notices, self)
        self._notices.action_chosen.connect(self._on_notice_action)
        self._aside.wanted.connect(self._on_aside_wanted)
        self._aside.dismissed.connect(self._on_aside_dismissed)
        self._form.clear_chosen.connect(self._on_clear_chosen)
        self._form.set_aside_chosen.connect(self._set_form_aside)
        self._form.number.asked.connect(self._on_number_asked)
        self._form.submitted.connect(self.submit)
        self._form.draft_changed.connect(self._save_draft)

    def load(self) -> None:
        """Bring back what the last window left: the form, what waits, and what came back."""
        self._box_jobs.start(Job(self._box.load).then(self._on_loaded))

    def submit(self, number: int | None, body: NewItem) -> None:
        """Keep an item of the form and send it; its tasks start after the grace period."""
        body = {**body, "priority": BY_HAND}
        if self.grace_seconds > 0:
            body["delay"] = self.grace_seconds
        submission = DraftItem(number, body, dict(self._form.snapshot()))
        self._in_form = submission
        self._box_jobs.start(
            Job(self._box.keep, submission)
            .then(lambda _: self.line.join([submission]))
            .otherwise(self._on_not_kept)
        )

    def learn_number(self) -> None:
        """Ask the backend which number comes next."""
        if self._source.api is not None:
            job = Job(self._source.api.next_number).then(self._propose)
            self._jobs.start(job.otherwise(_can_wait))

    def saw_item(self, item_id: int) -> None:
        """Take note of an item that somebody registered."""
        if item_id >= self._next_number:
            self._propose(item_id + 1)

    def saw_tasks(self, event: TasksEvent) -> None:
        """Take *Undo* away from items of which a task has started."""
        for row in event["rows"]:
            if row["state"] != State.SCHEDULED and row["item_id"] is not None:
                self._offers.take_back(row["item_id"])

    def save_draft(self) -> None:
        """Keep what is in the form now: the window is about to close."""
        self._save_draft(self._form.snapshot())

    def _on_accepted(self, submission: DraftItem, answer: Submitted) -> None:
        self.saw_item(answer.item_id)
        if submission is self._in_form:
            self._clear_form()
        self._drop(submission)
        self._offers.take_back(submission.key)
        if "delay" in submission.body:
            undo = partial(self._undo, submission, answer.item_id)
            self._offers.offer(answer.item_id, submission.body["delay"], undo)
        else:
            self._toasts.show(self.tr("Item {number} is registered").format(number=answer.item_id))

    def _on_refused(self, submission: DraftItem, error: Exception) -> None:
        self._offers.take_back(submission.key)
        problem = error.problem if isinstance(error, Refused) else _problem(500, str(error))
        words = self.tr("An item was not accepted: {why}").format(why=error)
        self._bring_back(replace(submission, aside=words, problem=problem))

    def _on_expired(self, submission: DraftItem) -> None:
        """Let the person decide: it may have been registered, and the answer was lost."""
        day = QLocale().toString(QDateTime.fromSecsSinceEpoch(submission.since // 10**9).date())
        words = self.tr("An item of {day} was never answered: it may be registered already")
        self._put_aside(replace(submission, aside=words.format(day=day)))

    def _on_put_off(self, submission: DraftItem) -> None:
        """Free the form for the next item; this one goes in later by itself."""
        if submission is not self._in_form:
            return
        self._clear_form()
        self._offers.offer_kept(submission.key, partial(self._withdraw, submission))

    def _on_not_kept(self, error: Exception) -> None:
        self._in_form = None
        words = self.tr("It could not be kept on this disk, so it was not sent: {why}")
        self._form.show_problem(_problem(507, words.format(why=error)))

    def _undo(self, submission: DraftItem, item_id: int) -> None:
        if self._source.api is None:
            self._say_trouble(self.tr("Not undone: the backend is restarting"))
            return
        words = self.tr("Item {number} was taken back").format(number=item_id)
        job = Job(self._source.api.undo, item_id)
        job = job.then(lambda _: self._bring_back(replace(submission, aside=words)))
        self._jobs.start(job.otherwise(lambda error: self._say_trouble(str(error))))

    def _withdraw(self, submission: DraftItem) -> None:
        if self.line.withdraw(submission):
            self._bring_back(replace(submission, aside=self.tr("An item was taken back")))
        else:
            self._say_trouble(self.tr("It is already on its way"))

    def _bring_back(self, submission: DraftItem) -> None:
        """Show an item in the form again, or put it aside while something else is in there."""
        still_there = self._in_form is not None and submission.key == self._in_form.key
        if not still_there and not self._form.is_empty():
            self._put_aside(submission)
            self.learn_number()
            return
        self._in_form = None
        if not still_there:
            self._form.restore(cast("FormSnapshot", submission.form))
        if submission.problem is not None:
            self._form.show_problem(submission.problem)
        self._save_draft(self._form.snapshot())
        self._drop(submission)
        self.learn_number()

    def _on_aside_wanted(self) -> None:
        """Swap the items: what is in the form is set aside for the one that is wanted."""
        if self._in_form is not None:
            self._say_trouble(self.tr("The item in the form is still on its way"))
            return
        wanted = self._aside.take()
        self._set_form_aside()
        self._bring_back(wanted)

    def _on_notice_action(self, name: str, action: str) -> None:
        if (name, action) == (BROKEN_BAR, DISMISS):
            self._notices.take_back(BROKEN_BAR)

    def _on_aside_dismissed(self) -> None:
        dismissed = self._aside.take()
        self._drop(dismissed)
        self._offer_back(self.tr("The item was discarded"), partial(self._put_aside, dismissed))

    def _on_clear_chosen(self) -> None:
        typed = self._take_from_form()
        if typed is not None:
            self._offer_back(self.tr("The form was cleared"), partial(self._bring_back, typed))

    def _set_form_aside(self) -> None:
        typed = self._take_from_form()
        if typed is not None:
            self._put_aside(typed)

    def _take_from_form(self) -> DraftItem | None:
        """Empty the form; return what was typed, ``None`` where it is empty or on its way."""
        if self._in_form is not None or self._form.is_empty():
            return None
        snapshot = self._form.snapshot()
        words = self.tr("Not submitted yet: {item}").format(item=_about(snapshot))
        self._form.clear()
        self._save_draft(self._form.snapshot())
        return DraftItem(None, {}, dict(snapshot), aside=words)

    def _put_aside(self, submission: DraftItem) -> None:
        self._box_jobs.start(Job(self._box.keep, submission))
        self._aside.put(submission)

    def _offer_back(self, words: str, undo: Callable[[], object]) -> None:
        """Say that something is gone, and offer to have it back."""
        toast = self._toasts.show(words, seconds=BACK_S, action=self.tr("Undo"), icon="undo-2")
        toast.action_chosen.connect(undo)

    def _on_number_asked(self, number: int) -> None:
        """Look whether an item has a number that was typed."""
        if self._source.api is not None:
            words = self.tr("Item {number} is registered already.").format(number=number)
            job = Job(self._source.api.item, number)
            job = job.then(lambda _: self._form.number.show_taken(number, words))
            self._jobs.start(job.otherwise(_can_wait))

    def _clear_form(self) -> None:
        """Empty the form for the next item, unless the person has typed on meanwhile."""
        submission, self._in_form = self._in_form, None
        snapshot = self._form.snapshot()
        if submission is not None and dict(snapshot) == submission.form:
            self._form.clear()
            self._box_jobs.start(Job(self._box.save_form, None))
        else:
            self._form.go_on()

    def _save_draft(self, snapshot: FormSnapshot) -> None:
        form = None if self._form.is_empty() else snapshot
        self._box_jobs.start(Job(self._box.save_form, form))

    def _drop(self, submission: DraftItem) -> None:
        self._box_jobs.start(Job(self._box.drop, submission))

    def _propose(self, number: int) -> None:
        self._next_number = number
        self._form.propose(number)

    def _say_trouble(self, words: str) -> None:
        self._toasts.show(words, icon="triangle-alert")

    def _on_loaded(self, drafts: Drafts) -> None:
        waiting = [each for each in drafts.submissions if each.aside is None]
        sent_already = drafts.form in [each.form for each in waiting]
        if drafts.form and not sent_already and self._form.is_empty():
            self._form.restore(cast("FormSnapshot", drafts.form))
        for each in drafts.submissions:
            if each.aside is not None:
                self._aside.put(each)
        if drafts.broken:
            names = ", ".join(str(path) for path in drafts.broken)
            words = self.tr("A draft could not be read and was put aside: {names}")
            text = BarText("warning", words.format(names=names), dismissible=True)
            self._notices.say(BROKEN_BAR, text)
        self.line.join(waiting)


def _problem(status: int, detail: str) -> Problem:
    return {"type": "about:blank", "title": "", "status": status, "detail": detail}


def _can_wait(_error: Exception) -> None:
    """Leave the number as it is: the backend picks one, or says that it is taken."""


def _about(form: FormSnapshot) -> str:
    """Return what tells an item from others: its name, else the first thing typed."""
    values = form["values"]
    texts = (values.get("recipient.name", ""), *values.values(), form["number"])
    return next((text.strip() for text in texts if text.strip()), "")
