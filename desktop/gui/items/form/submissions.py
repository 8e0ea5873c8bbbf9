"""Items of the form: kept on disk, set aside, submitted one after the other, and taken back."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop.client.items import ItemQuery
from desktop.contract.items import BY_HAND, CONFIRMATION, MAIL_QUEUE
from desktop.contract.office import office_row
from desktop.contract.rules.names import spoken_name
from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.pins import ASIDE, PinnedRow
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import say
from desktop.gui.link.drafts import DraftItem
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import DoneAction
from desktop.gui.tasks.detail.desk_content import (
    DeskAction,
    DeskContent,
    Fact,
    Foot,
    Head,
    Lead,
    Paper,
)
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.facts import field_title
from desktop.gui.tasks.detail.modes import saying
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.text import plain
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.client.items import SubmittedItem
    from desktop.contract.items import NewItem
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import NoteLine
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.form.form_parts import FormSnapshot
    from desktop.gui.items.form.item_form import ItemForm, TypedPerson
    from desktop.gui.link.drafts import DraftBox, Drafts
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.problems import Problem
    from sendoff_tasks.model.tasks import PendingRow


translate = QCoreApplication.translate
KEPT_FOR_S: Final = 6.0
"""Seconds for which an item can be undone that has a time of its own."""
LINE: Final = "items"
"""The line of wishes in which submissions stand."""
LOOKED_AT: Final = 20
"""Items read to find one like another."""
SOON_MS: Final = 500
"""Milliseconds after a change until the next number is asked for."""


def item_leaves(number: int, when: str, *, kept: bool, corrected: bool = False) -> str:
    """Say that an item is sent ``when``, or only ``kept`` in practice mode; now, if it is empty."""
    kind = "_".join(filter(None, ("corrected" * corrected, "kept" * kept)))
    return say("item_leaves", "later" if when else "now", kind, number=number, when=when)


def offer_back(notes: NoteLine, words: str, undo: Callable[[], object]) -> None:
    """Say that something was removed, and offer *Undo*."""
    notes.offer_undo(words, undo, icon="undo-2")


def _queue_of(submission: DraftItem) -> str:
    """Return the queue of its message; empty if it has none."""
    return MAIL_QUEUE if CONFIRMATION in submission.body.get("tasks", [CONFIRMATION]) else ""


class ItemsAside(QObject):
    """Pins the items set aside; ``wanted`` asks to put one into the form."""

    wanted = Signal(object)

    def __init__(self, window: MainWindow, box: DraftBox, box_jobs: Jobs) -> None:
        super().__init__(window)
        self._notes, self._pins = window.notes, window.pins
        self._box = box
        self._box_jobs = box_jobs
        self._items: list[DraftItem] = []
        self._broken: list[Path] = []
        self._shown: DraftItem | None = None  # on the desk
        self._page = DeskPage()
        self._page.acted.connect(lambda action: self.wanted.emit(action.about))
        name = self.tr("Item that is not sent yet")
        window.desk.add(DeskMode(self._page, name, self._page.foot, self._page.begin))
        self._desk = window.desk

    def put(self, submission: DraftItem) -> None:
        """Set an item aside, and write it to disk; its ``aside`` says why."""
        self._box_jobs.start(Job(self._box.save, submission))
        self.offer(submission)

    def offer(self, submission: DraftItem) -> None:
        """Offer an item that is already on disk."""
        self._items.append(submission)
        self._pin()

    def take(self, submission: DraftItem) -> None:
        """Take an item out of those set aside."""
        self._items.remove(submission)
        self._pin()

    def forget(self, address: str) -> None:
        """Drop the items of a person who was forgotten; the outbox deletes them on disk."""
        self._items = [each for each in self._items if not each.is_for(address)]
        self._pin()

    def name_broken(self, drafts: list[Path]) -> None:
        """Pin the drafts of the last window that could not be read; a click opens their folder."""
        self._broken = drafts
        self._pin()

    def _show(self, item: DraftItem) -> None:
        """Show on the desk what is typed of an item."""
        self._shown = item
        self._page.show_mode(of_aside(item))
        self._desk.show_page(self._page)

    def _pin(self) -> None:
        if self._shown not in self._items:
            self._shown = None
            self._page.show_mode(saying(say("desk", "choose")))
        self._pins.put(
            ASIDE, [*map(self._pin_of, self._items), *map(self._broken_pin, self._broken)]
        )

    def _pin_of(self, item: DraftItem) -> PinnedRow:
        form = cast("FormSnapshot", item.form)
        is_refused = item.problem is not None
        return PinnedRow(
            f"{ASIDE}:{item.key}",
            _name_of(form),
            item.aside or "",
            "triangle-alert" if is_refused else "pencil",
            show=partial(self._show, item),
            press=partial(self.wanted.emit, item),
            discard=partial(self._discard, item),
            ink="failed" if is_refused else "soft text",
        )

    def _broken_pin(self, path: Path) -> PinnedRow:
        folder = QUrl.fromLocalFile(str(path.parent))
        return PinnedRow(
            f"{ASIDE}:{path.name}",
            say("aside", "broken"),
            path.name,
            "triangle-alert",
            press=partial(QDesktopServices.openUrl, folder),
            discard=partial(self._put_away, path),
            ink="failed",
        )

    def _put_away(self, path: Path) -> None:
        self._broken.remove(path)
        self._pin()

    def _discard(self, discarded: DraftItem) -> None:
        self.take(discarded)
        self._box_jobs.start(Job(self._box.drop, discarded))
        offer_back(self._notes, say("aside", "discarded"), partial(self.put, discarded))


def of_aside(item: DraftItem) -> DeskContent:
    """Show an item that is set aside: why, and what is typed."""
    form = cast("FormSnapshot", item.form)
    values = form.get("values", {}).items()
    facts = (Fact(field_title(path.rpartition(".")[2]), text) for path, text in values if text)
    is_refused = item.problem is not None
    icon, ink = ("triangle-alert", "failed") if is_refused else ("pencil", "text")
    go_on = DeskAction("open", QCoreApplication.translate("aside", "Go on"), "pencil", about=item)
    return DeskContent(
        Head(_name_of(form)),
        Lead(item.aside or "", "", icon, ink),
        Paper(facts=tuple(facts)),
        foot=Foot(right=(go_on,)),
    )


class FormItems(QObject):
    """Keeps the form, the items set aside and their copies on disk together.

    ``aside`` has the items set aside. ``box_jobs`` runs on one thread, so drafts are written in
    order.
    """

    def __init__(
        self, window: MainWindow, form: ItemForm, source: ApiSource, box: DraftBox, box_jobs: Jobs
    ) -> None:
        super().__init__(window)
        self._form = form
        self._notes = window.notes
        self._ask = Asker(source, lambda _: None)  # the form only knows less
        self._box = box
        self._box_jobs = box_jobs
        form.files.source = source
        form.letter.ask_at(source)
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

    def let_go(self, submission: DraftItem) -> None:
        """Empty the stored form once its item is stored elsewhere: a crash keeps one at least."""
        self._box_jobs.start(Job(self._box.free_form, submission))

    def bring_back(self, submission: DraftItem) -> None:
        """Show an item in the form again; if the form is in use, set the item aside."""
        if not self._form.is_empty():
            self.aside.put(submission)
            self.learn_number()
            return
        self._form.wanted.emit()
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

    def learn_templates(self) -> None:
        """Ask the backend for the templates and their fields."""
        shown = self._form.message.show_templates
        self._ask(lambda api: Job(api.templates.all).then(shown))

    def learn_functions(self) -> None:
        """Ask the backend for the functions that may follow an item."""
        shown = self._form.afterwards.show_functions
        self._functions.ask(lambda api: Job(api.functions.all).then(shown))

    def _save_draft(self, snapshot: FormSnapshot) -> None:
        form = None if self._form.is_empty() else snapshot
        self._box_jobs.start(Job(self._box.save_form, form))

    def _swap_aside(self, wanted: DraftItem) -> None:
        """Move an item set aside into the form, and set the form's item aside."""
        self.aside.take(wanted)
        self._set_form_aside()
        self.bring_back(wanted)

    def _on_clear_chosen(self) -> None:
        typed = self._take_from_form()
        if typed is not None:
            self.save_draft()
            offer_back(self._notes, say("form", "cleared"), partial(self.bring_back, typed))

    def _set_form_aside(self) -> None:
        typed = self._take_from_form()
        if typed is not None:
            self.aside.put(typed)
            self.let_go(typed)

    def _take_from_form(self) -> DraftItem | None:
        """Empty the form and return its item; ``None`` if it is empty."""
        if self._form.is_empty():
            return None
        snapshot = self._form.snapshot()
        self._form.clear()
        return DraftItem(None, {}, dict(snapshot), aside=say("aside", "item"))

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


def _name_of(form: FormSnapshot) -> str:
    """Return a name for an item: its recipient's, else the first typed value, else its time."""
    values = form.get("values", {})
    texts = (values.get("recipient.name", ""), *values.values(), form.get("number", ""))
    name = next((text.strip() for text in texts if text.strip()), "")
    at = epoch(form.get("send_at") or None)
    if name or at is None:
        return name or say("aside", "nameless")
    return say("aside", "planned", when=day_and_time(at, time.time()))


class Submissions(QObject):
    """Submits items from the form through the outbox, one after the other.

    ``form_items`` takes submissions that come back.
    """

    added = Signal(list, bool)
    """The tasks of an accepted item, and whether they start once it cannot be undone."""
    correction_left = Signal(object)
    """A correction that the last window left without an answer."""

    def __init__(
        self, window: MainWindow, form: ItemForm, services: RoomServices, verbs: TaskVerbs
    ) -> None:
        super().__init__(window)
        self._notes = window.notes
        self._outbox = services.outbox
        self._grace = services.grace
        self._verbs = verbs
        self._box, self._box_jobs = services.box, services.box_jobs
        self.form_items = FormItems(window, form, services.source, self._box, self._box_jobs)
        form.submitted.connect(self.submit)
        for kind in ("submit", "correct"):
            verbs.on_done[kind] = self._of_earlier

    def load(self) -> None:
        """Load what the last window left: the form, waiting submissions, and items set aside."""
        self._box_jobs.start(Job(self._box.load).then(self._on_loaded))

    def submit(self, number: int | None, body: NewItem, form: FormSnapshot) -> None:
        """Submit an item, which can be taken back for a while."""
        seconds = KEPT_FOR_S if "run_at" in body else self._grace.seconds
        body = {**body, "priority": BY_HAND}
        submission = DraftItem(number, body, dict(form), undo_for=seconds)
        self._put(submission)
        self.form_items.let_go(submission)

    def _put(self, submission: DraftItem) -> None:
        self._outbox.put(
            Wish(partial(_submit, submission), submission.key, line=LINE, kept=submission),
            partial(self._on_accepted, submission),
            partial(self._on_refused, submission),
            lambda _: None,  # the outbox says how many are saved
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
        self._announce(submission, answer)
        self.added.emit(answer.task_ids, "run_at" not in submission.body)

    def _announce(self, submission: DraftItem, answer: SubmittedItem) -> None:
        """Say when the item is sent, and offer *Undo* unless it is sent at once."""
        number, row = answer.item_id, answer.pending
        if row is None:
            self._notes.show(say("submission", "registered", number=number))
            return
        body, queue, starts = submission.body, _queue_of(submission), self._notes.starts
        moment = epoch(body.get("run_at"))

        def words(left: int) -> str:
            when = starts.when(left, queue) if moment is None else starts.at(moment, queue)
            return item_leaves(number, when, kept=starts.keeps)

        words_back = say("submission", "taken_back", number=number)
        back = partial(self.form_items.bring_back, replace(submission, aside=words_back))
        icon_of = "submit" if moment is None else "planned"
        done = DoneAction("submit", icon_of, said=words, undone=back)
        unsure = self._unconfirmed(submission)
        done.kept = replace(submission, aside=unsure, key=new_key())
        self._verbs.offer(done, row)

    def _of_earlier(self, row: PendingRow) -> DoneAction:
        """Tell of an item that an earlier window has submitted or corrected."""
        number, action, starts = row["subject"] or 0, row["action"], self._notes.starts

        def words(left: int) -> str:
            is_old = action == "correct"
            return item_leaves(number, starts.when(left), kept=starts.keeps, corrected=is_old)

        return DoneAction(action, action, said=words)

    def _on_refused(self, submission: DraftItem, error: Exception) -> None:
        if isinstance(error, Refused):
            words, problem = say("submission", "not_accepted", why=error), error.problem
        elif isinstance(error, OSError):
            words = say("submission", "not_saved", why=error_sentence(error))
            problem = _problem(507, words)
        else:
            words = say("submission", "not_confirmed", why=error)
            problem = _problem(500, words)
        self.form_items.bring_back(replace(submission, aside=words, problem=problem))

    def _on_expired(self, submission: DraftItem) -> None:
        """Set an old submission aside: it may be registered, with the answer lost."""
        self.form_items.aside.put(replace(submission, aside=self._unconfirmed(submission)))

    @staticmethod
    def _unconfirmed(submission: DraftItem) -> str:
        """Say that an item may be registered or not."""
        day = day_and_time(submission.since / 10**9, time.time())
        return say("submission", "expired", day=day)


def _submit(submission: DraftItem, api: Api, key: str) -> SubmittedItem:
    seconds = submission.undo_for
    return api.items.submit(submission.number, submission.body, key, undo_for=seconds)


def _problem(status: int, detail: str) -> Problem:
    return {"type": "about:blank", "title": "", "status": status, "detail": detail}
