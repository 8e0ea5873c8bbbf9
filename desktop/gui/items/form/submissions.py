"""Items of the form: kept on disk, set aside, submitted one after the other, and taken back."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop.client.items import ItemQuery
from desktop.contract.items import BY_HAND, CONFIRMATION, MAIL_QUEUE
from desktop.contract.office import office_row
from desktop.contract.rules.names import spoken_name
from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import say
from desktop.gui.link.drafts import DraftItem
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.text import plain
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.client.items import SubmittedItem
    from desktop.contract.items import NewItem
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.form.form_parts import FormSnapshot
    from desktop.gui.items.form.item_form import ItemForm, TypedPerson
    from desktop.gui.link.drafts import DraftBox, Drafts
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.problems import Problem
    from sendoff_tasks.model.tasks import Level, PendingRow


translate = QCoreApplication.translate
KEPT_FOR_S: Final = 6.0
"""Seconds for which an item can be undone that has a time of its own."""
LINE: Final = "items"
"""The line of wishes in which submissions stand."""
BACK_S: Final = 8.0
"""Seconds that *Undo* is offered after the form was cleared or an item discarded."""
BAR: Final = "aside"
BROKEN_BAR: Final = "broken drafts"
LOOKED_AT: Final = 20
"""Items read to find one like another."""
SOON_MS: Final = 500
"""Milliseconds after a change until the next number is asked for."""


def item_leaves(number: int, when: str, *, kept: bool, corrected: bool = False) -> str:
    """Say that an item is sent ``when``, or only ``kept`` in practice mode; now, if it is empty."""
    kind = "_".join(filter(None, ("corrected" * corrected, "kept" * kept)))
    return say("item_leaves", "later" if when else "now", kind, number=number, when=when)


def offer_back(toasts: Toasts, words: str, undo: Callable[[], object]) -> None:
    """Say that something was removed, and offer *Undo*."""
    toasts.show(
        words, seconds=BACK_S, action=translate("leaving", "Undo"), chosen=undo, icon="undo-2"
    )


def _queue_of(submission: DraftItem) -> str:
    """Return the queue of its message; empty if it has none."""
    return MAIL_QUEUE if CONFIRMATION in submission.body.get("tasks", [CONFIRMATION]) else ""


class ItemsAside(QObject):
    """Holds the items set aside; ``wanted`` asks to put the first into the form."""

    wanted = Signal()

    def __init__(self, window: MainWindow, box: DraftBox, box_jobs: Jobs) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._notices = window.notices
        self._box = box
        self._box_jobs = box_jobs
        self._items: deque[DraftItem] = deque()

    def put(self, submission: DraftItem) -> None:
        """Set an item aside, and write it to disk; its ``aside`` says why."""
        self._box_jobs.start(Job(self._box.save, submission))
        self.offer(submission)

    def offer(self, submission: DraftItem) -> None:
        """Offer an item that is already on disk."""
        self._items.append(submission)
        self._show()

    def take(self) -> DraftItem:
        """Take the first item."""
        first = self._items.popleft()
        self._show()
        return first

    def forget(self, address: str) -> None:
        """Drop the items of a person who was forgotten; the outbox deletes them on disk."""
        self._items = deque(each for each in self._items if not each.is_for(address))
        self._show()

    def name_broken(self, drafts: list[Path]) -> None:
        """Say which drafts of the last window could not be read."""
        words = say("aside", "broken", names=", ".join(map(str, drafts)))
        bar = BarText("warning", words, dismissible=True)
        self._notices.say(BROKEN_BAR, bar)

    def _show(self) -> None:
        if not self._items:
            self._notices.take_back(BAR)
            return
        first = self._items[0]
        words = first.aside or ""
        if len(self._items) > 1:
            words = say("aside", "first", n=len(self._items), item=words)
        level: Level = "warning" if first.problem else "info"
        actions = ((BAR, self.tr("Put it into the form")),)
        bar = BarText(level, words, actions, dismissible=True)
        self._notices.say(BAR, bar, self._on_action)

    def _on_action(self, action: str) -> None:
        if action == DISMISS:
            self._discard()
        else:
            self.wanted.emit()

    def _discard(self) -> None:
        discarded = self.take()
        self._box_jobs.start(Job(self._box.drop, discarded))
        offer_back(self._toasts, say("aside", "discarded"), partial(self.put, discarded))


class FormItems(QObject):
    """Keeps the form, the items set aside and their copies on disk together.

    A submitted item stays in the form until :meth:`free` or :meth:`bring_back`. ``aside`` has the
    items set aside. ``box_jobs`` runs on one thread, so drafts are written in order.
    """

    def __init__(
        self, window: MainWindow, form: ItemForm, source: ApiSource, box: DraftBox, box_jobs: Jobs
    ) -> None:
        super().__init__(window)
        self._form = form
        self._toasts = window.toasts
        self._ask = Asker(source, lambda _: None)  # the form only knows less
        self._box = box
        self._box_jobs = box_jobs
        self._on_its_way: DraftItem | None = None
        form.files.source = source
        form.listed.ask_at(source)
        self.aside = ItemsAside(window, box, box_jobs)
        self._number = LatestRequest(source, lambda _: None)
        self._functions = LatestRequest(source, lambda _: None)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.learn_number)
        self.aside.wanted.connect(self._swap_aside)
        self._form.clear_chosen.connect(self._on_clear_chosen)
        self._form.set_aside_chosen.connect(self._set_form_aside)
        self._form.same.asked.connect(self._on_same_asked)
        self._form.draft_changed.connect(self._save_draft)

    def restore(self, form: FormSnapshot) -> None:
        """Fill the form with what the last window left in it, unless something is typed already."""
        if self._form.is_empty():
            self._form.restore(form)

    def begin(self, submission: DraftItem) -> None:
        """Note that the item in the form is being submitted."""
        self._on_its_way = submission

    def holds(self, submission: DraftItem) -> bool:
        """Tell whether a submission under way is still in the form."""
        return self._on_its_way is not None and submission.key == self._on_its_way.key

    def free(self) -> None:
        """Empty the form for the next item, unless the person has continued typing."""
        submission, self._on_its_way = self._on_its_way, None
        snapshot = self._form.snapshot()
        if submission is not None and dict(snapshot) == submission.form:
            self._form.clear()
            self._box_jobs.start(Job(self._box.save_form, None))
        else:
            self._form.allow_submit()

    def stay(self, problem: Problem) -> None:
        """Leave the item in the form and say why it was not sent."""
        self._on_its_way = None
        self._form.show_problem(problem)

    def bring_back(self, submission: DraftItem) -> None:
        """Show an item in the form again; if the form is in use, set the item aside."""
        still_there = self.holds(submission)
        if not still_there and not self._form.is_empty():
            self.aside.put(submission)
            self.learn_number()
            return
        self._on_its_way = None
        if not still_there:
            self._form.restore(cast("FormSnapshot", submission.form))
        if submission.problem is not None:
            self._form.show_problem(submission.problem)
        self.save_draft()
        self._drop(submission)
        self.learn_number()

    def save_draft(self) -> None:
        """Save what is in the form."""
        self._save_draft(self._form.snapshot())

    def learn_number(self) -> None:
        """Ask for the next item number, past those of removed items and of rows to come."""
        self._number.ask(lambda api: Job(api.items.next_number).then(self._form.propose))

    def saw_tasks(self, event: TasksEvent) -> None:
        """Ask for it soon once an item has it, or items may be gone."""
        known = self._form.number.proposed or 0
        if event["gone"] or any(
            (office_row(row)["item_id"] or 0) >= known for row in event["rows"]
        ):
            self.learn_number_soon()

    def learn_number_soon(self, _event: object = None) -> None:
        """Ask for it soon: a started batch, too, reserves the numbers of its rows."""
        if not self._soon.isActive():
            self._soon.start()

    def learn_templates(self, followed: Mapping[str, str] | None = None) -> None:
        """Ask the backend for the templates and their fields.

        If the form's template is replaced in ``followed`` by a copy, it follows.
        """
        shown = partial(self._form.message.show_templates, followed=followed)
        self._ask(lambda api: Job(api.templates.all).then(shown))

    def learn_functions(self) -> None:
        """Ask the backend for the functions that may follow an item."""
        shown = self._form.afterwards.show_functions
        self._functions.ask(lambda api: Job(api.functions.all).then(shown))

    def _save_draft(self, snapshot: FormSnapshot) -> None:
        form = None if self._form.is_empty() else snapshot
        self._box_jobs.start(Job(self._box.save_form, form))

    def _swap_aside(self) -> None:
        """Move the first item set aside into the form, and set the form's item aside."""
        if self._on_its_way is not None:
            self._toasts.warn(say("form", "being_submitted"))
            return
        wanted = self.aside.take()
        self._set_form_aside()
        self.bring_back(wanted)

    def _on_clear_chosen(self) -> None:
        typed = self._take_from_form()
        if typed is not None:
            offer_back(self._toasts, say("form", "cleared"), partial(self.bring_back, typed))

    def _set_form_aside(self) -> None:
        typed = self._take_from_form()
        if typed is not None:
            self.aside.put(typed)

    def _take_from_form(self) -> DraftItem | None:
        """Empty the form and return its item; ``None`` if it is empty or being submitted."""
        if self._on_its_way is not None or self._form.is_empty():
            return None
        snapshot = self._form.snapshot()
        about = _about(snapshot) or self._when(snapshot.get("send_at"))
        words = say("aside", "item", item=about)
        self._form.clear()
        self.save_draft()
        return DraftItem(None, {}, dict(snapshot), aside=words)

    def _when(self, moment: str | None) -> str:
        """Name an item without any text by its time, which alone is set then."""
        at = epoch(moment or None)
        if at is None:
            return say("aside", "nameless")
        return say("aside", "planned", when=day_and_time(at, time.time()))

    def _drop(self, submission: DraftItem) -> None:
        self._box_jobs.start(Job(self._box.drop, submission))

    def _on_same_asked(self, typed: TypedPerson) -> None:
        """Check whether this person already has an item, at first of this title."""

        def shown(found: tuple[int, str] | None) -> None:
            self._form.same.show_found(typed, *(found or (None,)))

        self._ask(lambda api: Job(_item_like, api, typed).then(shown))


def _item_like(api: Api, typed: TypedPerson) -> tuple[int, str] | None:
    """Find the newest item with this address and title, else one of the same person.

    Returns its number and title. Another name at the same address is another person.
    """
    same_person = None
    for item in api.items.page(ItemQuery(text=typed.email), limit=LOOKED_AT)["items"]:
        to, title = item["recipient"], item["title"] or ""
        if to is None or to["email"].casefold() != typed.email.casefold():
            continue
        if typed.title and title == typed.title:
            return item["item_id"], title
        names = {plain(spoken_name(each)) for each in (to.get("name") or "", typed.name)}
        if same_person is None and len(names - {""}) <= 1:
            same_person = item["item_id"], title
    return same_person


def _about(form: FormSnapshot) -> str:
    """Return a name for an item: its recipient's, else the first typed value."""
    values = form["values"]
    texts = (values.get("recipient.name", ""), *values.values(), form["number"])
    return next((text.strip() for text in texts if text.strip()), "")


class Submissions(QObject):
    """Submits items from the form through the outbox, one after the other.

    A submission stays in the form until it is answered or put off; ``form_items`` takes submissions
    that come back.
    """

    added = Signal(list, bool)
    """The tasks of an accepted item, and whether they start once it cannot be undone."""
    correction_left = Signal(object)
    """A correction that the last window left without an answer."""

    def __init__(
        self, window: MainWindow, form: ItemForm, services: RoomServices, verbs: TaskVerbs
    ) -> None:
        super().__init__(window)
        self._form = form
        self._toasts = window.toasts
        self._outbox = services.outbox
        self._grace = services.grace
        self._verbs = verbs
        self._box, self._box_jobs = services.box, services.box_jobs
        self.form_items = FormItems(window, form, services.source, self._box, self._box_jobs)
        self._form.submitted.connect(self.submit)
        for kind in ("submit", "correct"):
            verbs.on_done[kind] = self._of_earlier

    def load(self) -> None:
        """Load what the last window left: the form, waiting submissions, and items set aside."""
        self._box_jobs.start(Job(self._box.load).then(self._on_loaded))

    def submit(self, number: int | None, body: NewItem) -> None:
        """Submit an item, which can be taken back for a while."""
        seconds = KEPT_FOR_S if "run_at" in body else self._grace.seconds
        body, form = {**body, "priority": BY_HAND}, dict(self._form.snapshot())
        submission = DraftItem(number, body, form, undo_for=seconds)
        self.form_items.begin(submission)
        self._put(submission)

    def _put(self, submission: DraftItem) -> None:
        self._outbox.put(
            Wish(partial(_submit, submission), submission.key, line=LINE, kept=submission),
            partial(self._on_accepted, submission),
            partial(self._on_refused, submission),
            partial(self._on_away, submission),
            partial(self._on_expired, submission),
        )

    def _on_loaded(self, drafts: Drafts) -> None:
        waiting = [e for e in drafts.submissions if e.aside is None and e.change is None]
        if drafts.form and drafts.form not in [each.form for each in waiting]:
            self.form_items.restore(cast("FormSnapshot", drafts.form))
        for each in drafts.submissions:
            if each.aside is not None:
                self.form_items.aside.offer(each)
            elif each.change is not None:
                self.correction_left.emit(each)
        if drafts.broken:
            self.form_items.aside.name_broken(drafts.broken)
        for each in waiting:
            self._put(each)

    def _on_accepted(self, submission: DraftItem, answer: SubmittedItem) -> None:
        self.form_items.learn_number()
        if self.form_items.holds(submission):
            self.form_items.free()
        self._announce(submission, answer)
        self.added.emit(answer.task_ids, "run_at" not in submission.body)

    def _announce(self, submission: DraftItem, answer: SubmittedItem) -> None:
        """Say when the item is sent, and offer *Undo* unless it is sent at once."""
        number, row = answer.item_id, answer.pending
        if row is None:
            self._toasts.show(say("submission", "registered", number=number))
            return
        body, queue, toasts = submission.body, _queue_of(submission), self._toasts
        moment = epoch(body.get("run_at"))

        def words(left: int) -> str:
            when = toasts.when(left, queue) if moment is None else toasts.at(moment, queue)
            return item_leaves(number, when, kept=toasts.keeps)

        words_back = say("submission", "taken_back", number=number)
        back = partial(self.form_items.bring_back, replace(submission, aside=words_back))
        icon_of = "submit" if moment is None else "planned"
        done = DoneAction("submit", icon_of, said=words, undone=back)
        self._verbs.offer(done, row)

    def _of_earlier(self, row: PendingRow) -> DoneAction:
        """Tell of an item that an earlier window has submitted or corrected."""
        number, action, toasts = row["subject"] or 0, row["action"], self._toasts

        def words(left: int) -> str:
            is_old = action == "correct"
            return item_leaves(number, toasts.when(left), kept=toasts.keeps, corrected=is_old)

        return DoneAction(action, action, said=words)

    def _on_refused(self, submission: DraftItem, error: Exception) -> None:
        if isinstance(error, OSError):
            words = say("submission", "not_saved", why=error_sentence(error))
            self.form_items.stay(_problem(507, words))
            return
        if isinstance(error, Refused):
            words = say("submission", "not_accepted", why=error)
            problem = error.problem
        else:
            words = say("submission", "not_confirmed", why=error)
            problem = _problem(500, words)
        self.form_items.bring_back(replace(submission, aside=words, problem=problem))

    def _on_expired(self, submission: DraftItem) -> None:
        """Set an old submission aside: it may be registered, with the answer lost."""
        day = day_and_time(submission.since / 10**9, time.time())
        words = say("submission", "expired", day=day)
        self.form_items.aside.put(replace(submission, aside=words))

    def _on_away(self, submission: DraftItem, _: Exception) -> None:
        """Free the form for the next item; this submission is sent by itself once it can be."""
        if self.form_items.holds(submission):
            self.form_items.free()


def _submit(submission: DraftItem, api: Api, key: str) -> SubmittedItem:
    seconds = submission.undo_for
    return api.items.submit(submission.number, submission.body, key, undo_for=seconds)


def _problem(status: int, detail: str) -> Problem:
    return {"type": "about:blank", "title": "", "status": status, "detail": detail}
