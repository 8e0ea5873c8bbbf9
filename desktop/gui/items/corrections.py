"""The correction of items where they are shown: how it is saved, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from desktop.gui.items.correction_form import texts_of
from desktop.gui.items.correction_head import CorrectionHead
from desktop.gui.items.form.submissions import item_leaves
from desktop.gui.items.item_words import messages
from desktop.gui.items.typed_corrections import TypedCorrections
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import after_batch
from desktop.gui.link.drafts import DraftItem, ItemChange
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.items import CorrectedItem
    from desktop.contract.office import OfficeTask
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.typed_corrections import TypedCorrection
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from desktop.gui.tasks.tasks_page import TasksPage


class Corrections(QObject):
    """Has items corrected where they are shown, and says what became of it.

    A correction is kept on disk until it is answered. ``saved`` says that an item has changed,
    ``retry_wanted`` carries the tasks that waited for that, ``added`` the new tasks of an item.
    """

    saved = Signal()
    retry_wanted = Signal(list)
    added = Signal(list)

    def __init__(
        self,
        window: MainWindow,
        page: TasksPage,
        services: RoomServices,
        verbs: TaskVerbs,
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._notes = window.notes
        self._services, self._verbs = services, verbs
        self.kept = TypedCorrections(window, drafts)
        self.kept.shown.connect(self._show)
        self.head: CorrectionHead | None = None
        self._newest = LatestRequest(services.source, lambda _: None)  # the task itself is shown

    def begin(self) -> None:
        """Let the desk correct what it shows."""
        self._page.detail.correct_with(self._make_head)
        self.kept.load()

    def _make_head(self) -> CorrectionHead:
        self.head = head = CorrectionHead(self.kept, self._verbs.pending)
        head.form.ask_at(self._services.source)
        head.letter.ask_at(self._services.source)
        head.is_practice = lambda: self._notes.starts.keeps
        head.grace = lambda: self._services.grace.seconds
        head.save_requested.connect(self.put)
        head.sent.connect(self._page.go_on)
        return head

    def _show(self, number: int, task: int) -> None:
        """Show the message at which something was typed; once it is known, the one after it."""
        self._window.desk.show_page(self._page.detail)
        self._page.detail.show_task(task or None)
        then = partial(self._on_newest, task or None)
        self._newest.ask(lambda api: Job(_newest, api, number).then(then))

    def _on_newest(self, before: int | None, newest: int | None) -> None:
        detail = self._page.detail
        if detail.task == before and newest is not None:
            detail.show_task(newest)

    def put(self, draft: DraftItem) -> None:
        """Have an item corrected."""
        number = draft.number or 0
        self.kept.under_way[number] = draft
        self._services.outbox.put(
            Wish(partial(_save, draft), draft.key, line=("item", number), kept=draft),
            partial(self._on_saved, draft),
            partial(self._on_refused, draft),
            lambda _: None,  # the outbox says how many are saved
            partial(self._on_expired, draft),
        )
        self.kept.keep(number, None, once=draft)

    def _end(self, draft: DraftItem) -> None:
        """Let what is shown be corrected again."""
        number = draft.number or 0
        if self.kept.under_way.get(number) is draft:
            del self.kept.under_way[number]
            self.kept.replaced.emit(number)

    def _is_shown(self, draft: DraftItem) -> bool:
        return self.head is not None and self.head.isVisible() and self.head.number == draft.number

    def _on_saved(self, draft: DraftItem, saved: SavedCorrection) -> None:
        self._page.detail.take_item(draft.number or 0, draft.body)
        self._end(draft)
        self.saved.emit()
        if saved.late is not None:
            self._say_late(saved.late)
        elif saved.goes_on is None:
            self._say_saved(saved.answer, has_changes=_change(draft)["changes"])
        else:
            self.retry_wanted.emit([saved.goes_on])

    def _say_late(self, task: OfficeTask) -> None:
        """Say that the message was sent before the correction."""
        row = row_of(task)
        was_sent = row.state == State.SUCCEEDED and not row.kept
        words = say("correction", "gone", to=row.to) if was_sent else say("correction", "ended")
        self._notes.warn(f"{say('item', 'name', number=task['item_id'])}: {words}")

    def _say_saved(self, answer: CorrectedItem, *, has_changes: bool) -> None:
        number = answer["item_id"]
        if answer["added"]:
            self._offer_undo(answer, has_changes=has_changes)
            self.added.emit(answer["added"])
        elif answer["uncertain"]:
            name = "saved_ask" if has_changes else "ask"
            self._notes.show(say("correction", name, number=number), icon="circle-help")
        else:
            name = "saved" if has_changes else "same"
            self._notes.show(say("correction", name, number=number), icon="check")

    def _offer_undo(self, answer: CorrectedItem, *, has_changes: bool) -> None:
        """Say that a new message will be sent, and offer *Undo*."""
        number, later = answer["item_id"], "".join(map(after_batch, answer.get("aside", {})))
        starts = self._notes.starts
        left = say("correction", "undone", number=number)

        def words(seconds: int) -> str:
            when = later or starts.when(seconds)
            return item_leaves(number, when, kept=starts.keeps, corrected=has_changes)

        done = DoneAction("correct", "correct", said=words)
        if has_changes:
            done.undo = self.tr("Undo sending")
            done.undone = partial(self._notes.show, left, icon="info")
        self._verbs.offer(done, answer.get("pending"))

    def _on_refused(self, draft: DraftItem, error: Exception) -> None:
        """Give back what was typed, and say why it was not accepted."""
        self._put_back(draft)
        if self._is_shown(draft) and self.head is not None:
            self.head.show_failure(error)
        else:
            self._notes.warn(f"{say('item', 'name', number=draft.number)}: {error!s}")

    def _on_expired(self, draft: DraftItem) -> None:
        self._put_back(draft)
        self._notes.warn(say("correction", "expired", number=draft.number))

    def _put_back(self, draft: DraftItem) -> None:
        """Have the text as it was typed again; then its copy is no longer needed."""
        number, typed = draft.number or 0, cast("TypedCorrection", dict(draft.form))
        if not draft.form:  # an earlier program kept the item alone
            typed = {"values": texts_of(draft.body), "task": _change(draft)["user"] or 0, "to": ""}
        self.kept.under_way.pop(number, None)
        self.kept.put_back(number, typed)
        given = self._services
        given.box_jobs.start(Job(given.box.drop, draft))


@dataclass(frozen=True, slots=True)
class SavedCorrection:
    """The result of a correction; ``late`` is a task that had ended too early.

    ``goes_on`` is the task that waited for the correction and is to be tried now.
    """

    answer: CorrectedItem
    late: OfficeTask | None = None
    goes_on: int | None = None


def _newest(api: Api, number: int) -> int | None:
    """Return the newest message of an item, in which it is corrected."""
    return max((each["id"] for each in messages(api.items.one(number))), default=None)


def _change(draft: DraftItem) -> ItemChange:
    return draft.change or {"send": False, "user": None, "changes": True}


def _save(draft: DraftItem, api: Api, key: str) -> SavedCorrection:
    """Correct an item; if an open task uses the correction, no new message is made."""
    change, number = _change(draft), draft.number or 0
    user, send = change["user"], change["send"]
    sends, seconds = send and user is None, draft.undo_for
    answer = api.items.correct(number, draft.body, key, send=sends, undo_for=seconds)
    if user is not None and user not in [*answer["using"], *answer["uncertain"]]:
        return SavedCorrection(answer, api.task(user))
    return SavedCorrection(answer, goes_on=user if send else None)
