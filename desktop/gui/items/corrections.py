"""The correction of items, one after the other: its sheet, and what reads, saves and sends them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.contract.rules.templates import FIELD, heading
from desktop.gui.items.correction_form import (
    CorrectionForm,
    MessageState,
)
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.items.form.submissions import item_leaves
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import HintedButton
from desktop.gui.kit.widgets.files import FileDrops
from desktop.gui.kit.widgets.sheet import FootQuestion, Sheet
from desktop.gui.kit.widgets.surfaces import bring_into_sight, scrolled
from desktop.gui.kit.widgets.texts import Feedback, announce
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import repeats_of, row_of
from desktop.gui.kit.words.verbs import after_batch
from desktop.gui.link.drafts import DraftItem, ItemChange
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.client.errors import BackendBusy, BackendGone, Refused, loose_words
from sendoff_tasks.model.states import OPEN, RESENDABLE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import Api
    from desktop.contract.items import CorrectedItem, ItemDetail
    from desktop.contract.office import OfficeTask
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import TaskRow


class CorrectionFoot(QWidget):
    """*Skip*, *Save*, *Save and send again*, and the ``button`` that Enter presses."""

    def __init__(self) -> None:
        super().__init__()
        self._usual = self.tr("Save")
        self._is_saving = False
        self.skip = QPushButton(self.tr("Skip"))
        self.skip.setToolTip(self.tr("Leave this one as it is; continue with the next"))
        self.save = QPushButton(self.tr("Save"))
        self.save.setToolTip(self.tr("Save without sending"))
        self.again = QPushButton(self.tr("Save and send again"))
        self.button = HintedButton(self._usual, QKeySequence("Return"))
        row = sized(QHBoxLayout(self), margins=0, spacing=8)
        row.addStretch(1)
        for button in (self.skip, self.save, self.again, self.button):
            row.addWidget(button)

    def offer(self, *, sends: bool, was_sent: bool, keeps: bool = False) -> None:
        """Show the buttons for a message; ``sends`` tells whether Enter sends, or ``keeps``, it."""
        words = self.tr("Save and keep") if keeps else self.tr("Save and send")
        self._usual = words if sends else self.tr("Save")
        self.save.setVisible(sends)
        self.again.setVisible(was_sent)
        self.show_saving(self._is_saving)

    def show_saving(self, saving: bool) -> None:
        """Show whether the correction is being saved."""
        # All stay enabled: a disabled button would pass the focus on.
        self._is_saving = saving
        self.button.setText(self.tr("Saving…") if saving else self._usual)


class InputLock(QObject):
    """Makes the fields of a sheet read-only; the focus stays.

    ``has_missed_keys`` tells whether keys were dropped: later input may then lack its beginning.
    """

    def __init__(self, sheet: QWidget, form: CorrectionForm) -> None:
        super().__init__(sheet)
        self._form = form
        self._is_on = self.has_missed_keys = False
        sheet.installEventFilter(self)

    def turn(self, *, on: bool) -> None:
        """Make the fields read-only or editable."""
        self._is_on = on
        self._form.set_closed(on)

    def words(self) -> str:
        """Return a warning if keys were dropped, or an empty text."""
        words = say("correction", "missed")
        return words if self.has_missed_keys else ""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Consume keys typed into read-only fields, so they do not trigger shortcuts."""
        if not self._is_on or not isinstance(event, QKeyEvent):
            return False
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        is_typed = bool(event.text()) and event.text().isprintable()
        is_pasted = event.matches(QKeySequence.StandardKey.Paste)
        self.has_missed_keys = self.has_missed_keys or is_typed or is_pasted
        is_taken = is_typed or event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
        event.setAccepted(is_taken)
        return is_taken


class CorrectionSheet(Sheet):
    """Shows one item at a time, set by :meth:`show_item`.

    ``save_requested`` carries ``{"item_id", "item", "send"}``; the receiver answers with the next
    item or :meth:`show_failure`. ``next_requested`` asks for the next item without saving. Until
    the answer, the fields are read-only.
    """

    save_requested = Signal(object)
    next_requested = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(420, host)
        self._item: ItemDetail | None = None
        self._task: OfficeTask | None = None
        self._row_shown: Row | None = None
        self.is_saving = self.sends = False
        self.is_practice: Callable[[], bool] = lambda: False
        self._lacks: Sequence[str] = ()
        self._left_empty: Sequence[str] = ()  # those of them that were asked about
        self.state = MessageState()
        self.form = CorrectionForm()
        self._lock = InputLock(self, self.form)
        FileDrops(self, self.tr("Drop to attach"), lambda paths: self.form.files.add(paths))
        self.trouble = sized(Feedback(), margins=(20, 8, 20, 8))
        self._lay_out()

    def show_item(self, item: ItemDetail, task: OfficeTask, place: int = 1, among: int = 1) -> None:
        """Show an item and one of its tasks; it is the ``place``-th of ``among`` to correct."""
        self._item, self._task = item, task
        self._lock.has_missed_keys &= self.isVisible()
        self._buttons.setEnabled(True)
        title = self.tr("Correct item {}").format(item["item_id"])
        many = self.tr("{title} · {place} of {among}")
        self.set_title(title if among == 1 else many.format(title=title, place=place, among=among))
        self.skip_button.setVisible(among > 1)
        self._lacks, self._left_empty = task["lacks"], ()
        self.form.show_item(item["item"], self._lacks)
        self._set_closed(False)
        self._show_task(task)
        self.trouble.say(self._lock.words())
        if self.isVisible():
            self.focus_first()
            self._scroll.verticalScrollBar().setValue(0)

    def follow_task(self, task: TaskRow) -> None:
        """Follow the item's task; the input stays.

        Another task matters only if its state was the reason why saving was refused.
        """
        self.trouble.forget_conflict(task["id"], task["state"])
        if self._task is None or task["id"] != self._task["id"] or task["rev"] < self._task["rev"]:
            return
        before = self.state.headline.text()
        self._task = cast("OfficeTask", {**self._task, **task})
        self._show_task(task)
        if self.state.headline.text() != before:
            announce(self, self.state.headline.text())

    def _show_task(self, task: TaskRow) -> None:
        """Show the state of the message, and the buttons for it."""
        self._row_shown = row_of(task)
        is_older = self._task is not None and self._task["is_older"]
        self.state.show_row(self._row_shown, self._lacks, is_older=is_older)
        was_sent = task["state"] == State.SUCCEEDED and not self._row_shown.kept
        waits = self._row_shown.for_person or self._row_shown.awaits_attempt
        self.sends = (waits or State(task["state"]) in RESENDABLE) and not was_sent
        keeps = self._row_shown.kept and self.is_practice()
        self._buttons.offer(sends=self.sends, was_sent=was_sent, keeps=keeps)

    @property
    def sending_word(self) -> str:
        """The text of the button that sends the message."""
        return (self.button if self.sends else self.again_button).text()

    def show_failure(self, error: Exception) -> None:
        """Show why the correction was not saved, at its field or above the buttons."""
        self._set_closed(False)
        self.trouble.say_why(loose_words(error, self.form.show_error), error)

    def await_next(self, error: Exception) -> None:
        """Say that the next item is not available yet; the shown one is saved."""
        self._set_closed(True)
        self._buttons.show_saving(False)
        self._buttons.setEnabled(False)
        self.trouble.say_why(say("correction", "next"), error, "soft")

    def close(self) -> bool:
        """Close, or ask about unsaved changes first; tell whether the sheet is closed."""
        if self.isHidden() or self.is_saving or not self.has_changes():
            self.question.end()
            return super().close()
        self._ask_about_changes(self._discard)
        return False

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return self.form.has_changes()

    def focus_first(self) -> None:
        """Focus the first missing field, or else the address."""
        if empty := self.form.empty(self._lacks):
            self.form.focus_first(FIELD + empty[0])
        elif EMAIL in self.form.fields:
            self.form.focus_first(EMAIL)

    def _asks_about_missing(self, button: QPushButton) -> bool:
        """Ask about missing fields before ``button`` saves; tell whether the question is new."""
        before, self._left_empty = self._left_empty, self.form.empty(self._lacks)
        if self._left_empty in ([], before):
            return False
        fields = ", ".join(map(heading, self._left_empty))
        words = say("correction", "empty", fields=fields, button=button.text())
        self.trouble.say(words, "error")
        self.focus_first()
        announce(self, words)
        return True

    def _lay_out(self) -> None:
        asked = QWidget()
        sized(self.body, margins=0)
        column = sized(QVBoxLayout(asked), margins=(20, 12, 20, 8), spacing=12)
        for part in (self.state, self.form):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = scrolled(asked)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self.trouble)
        self._buttons = foot = CorrectionFoot()
        self.skip_button, self.save_button = foot.skip, foot.save
        self.again_button, self.button = foot.again, foot.button
        self.question = FootQuestion(self._buttons)
        self.foot.addWidget(self._buttons)
        self.foot.addWidget(self.question)
        self.skip_button.clicked.connect(self._on_skip)
        self.save_button.clicked.connect(lambda: self._save(send=False))
        self.again_button.clicked.connect(self._on_again)
        self.button.clicked.connect(self._on_button)
        self.set_default(self.button)

    def _ask_about_changes(self, discard: Callable[[], object]) -> None:
        self.question.ask_about_changes(discard, lambda: self._save(send=False))

    def _on_button(self) -> None:
        if self.is_saving or self._asks_about_missing(self.button):
            return
        if self.sends and self._is_listed():
            return
        if missed := self._lock.words():
            self._lock.has_missed_keys = False
            self.trouble.say("")  # the question repeats it
            self._ask_about_address(missed, self.button.text())
        elif self.sends and self._is_refused():
            words = say("correction", "same_address")
            self._ask_about_address(words, self.tr("Send anyway"))
        else:
            self._save(send=self.sends, left_empty=self._left_empty)

    def _on_again(self) -> None:
        is_asked = self.is_saving or self._asks_about_missing(self.again_button)
        if not is_asked and not self._is_listed():
            self._save(send=True, left_empty=self._left_empty)

    def _is_refused(self) -> bool:
        """Tell whether the address is still the one that the server refused."""
        row, email = self._row_shown, self.form.fields.get(EMAIL)
        return row is not None and email is not None and row.is_refused_at(email.text().strip())

    def _is_listed(self) -> bool:
        """Tell whether the address is on the list *Do not send*; its note has the way out."""
        if stops := self.form.listed.stops:
            self.form.listed.link.setFocus(Qt.FocusReason.OtherFocusReason)
            bring_into_sight(self._scroll, self.form.listed)
        return stops

    def _ask_about_address(self, words: str, anyway: str) -> None:
        """Ask before sending to a doubtful address; Enter then goes back to the field."""
        answers = (
            (anyway, lambda: self._save(send=self.sends, left_empty=self._left_empty)),
            (self.tr("Correct the address"), lambda: self.form.focus_first(EMAIL)),
        )
        self.question.ask(words, answers)

    def _on_skip(self) -> None:
        """Skip this item; ask first if something was typed."""
        if self.is_saving:
            return
        if self.has_changes():
            self._ask_about_changes(self._skip_changes)
        else:
            self._leave()

    def _skip_changes(self) -> None:
        self._drop_changes()
        self._leave()

    def _leave(self) -> None:
        self._set_closed(True)
        self.next_requested.emit()

    def _set_closed(self, closed: bool) -> None:
        """Make the fields read-only until the answer or the next item arrives."""
        self.is_saving = closed
        self._lock.turn(on=closed)
        if not closed:
            self._buttons.show_saving(False)

    def _save(self, *, send: bool, left_empty: Sequence[str] = ()) -> None:
        right = self.form.check()
        if self.is_saving or self._item is None or not right:
            return
        self._set_closed(True)
        self._buttons.show_saving(True)
        self.trouble.say("")
        body = self.form.body(left_empty)
        self.save_requested.emit({"item_id": self._item["item_id"], "item": body, "send": send})

    def _drop_changes(self) -> None:
        if self._item is not None:
            self.form.show_item(self._item["item"])

    def _discard(self) -> None:
        self._drop_changes()
        super().close()


class Corrections(QObject):
    """Shows the items of tasks one after the other, until the sheet is closed.

    A correction is kept on disk until it is answered: if Sendoff does not answer, the next item
    follows. ``saved`` says that an item has changed, ``retry_wanted`` carries the tasks that waited
    for that, ``added`` the new tasks of an item.
    """

    saved = Signal()
    retry_wanted = Signal(list)
    added = Signal(list)

    def __init__(
        self, sheet: CorrectionSheet, toasts: Toasts, services: RoomServices, verbs: TaskVerbs
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        sheet.form.source = services.source
        self._toasts = toasts
        sheet.is_practice = lambda: toasts.keeps
        self._grace, self._outbox = services.grace, services.outbox
        self._box, self._box_jobs = services.box, services.box_jobs
        self._verbs = verbs
        self._left: deque[int] = deque()  # the first is being read, or is next
        self._among = 0
        self._read = LatestRequest(services.source, self._on_not_read)
        self._task: OfficeTask | None = None  # as it was when its item was shown
        sheet.save_requested.connect(self._on_save_requested)
        sheet.next_requested.connect(self._next)
        sheet.closed.connect(self._stop)

    def correct(self, tasks: Sequence[int]) -> None:
        """Show the items of these tasks, one after the other."""
        if self._sheet.close():
            self._left = deque(tasks)
            self._among = len(tasks)
            self._next()

    def follow(self, event: TasksEvent) -> None:
        """Apply an event to the task whose item is shown."""
        for row in event["rows"]:
            if self._task is not None and row["id"] == self._task["id"]:
                self._task = cast("OfficeTask", {**self._task, **row})
            self._sheet.follow_task(row)

    def _next(self) -> None:
        """Read the next item and show it; it stays the next one until it is read."""
        if not self._left:
            self._sheet.close()
            return
        task = self._left[0]
        self._read.ask(lambda api: Job(_read, api, task).then(self._on_read))

    def _stop(self) -> None:
        self._left.clear()
        self._read.drop()

    def _on_save_requested(self, wanted: dict[str, Any]) -> None:
        task, send = self._task, bool(wanted["send"])
        user = task["id"] if task is not None and task["state"] in OPEN else None
        how: ItemChange = {"send": send, "user": user, "changes": self._sheet.has_changes()}
        seconds = self._grace.seconds if send and user is None else 0
        body, number = wanted["item"], wanted["item_id"]
        self.put(DraftItem(number, body, {}, undo_for=seconds, change=how))

    def put(self, draft: DraftItem) -> None:
        """Have an item corrected."""
        self._outbox.put(
            Wish(partial(_save, draft), draft.key, line=("item", draft.number), kept=draft),
            partial(self._on_saved, draft),
            partial(self._on_refused, draft),
            partial(self._on_away, draft),
            partial(self._on_expired, draft),
        )

    def _on_read(self, read: tuple[ItemDetail, OfficeTask]) -> None:
        self._left.popleft()
        self._show(*read)

    def _show(self, item: ItemDetail, task: OfficeTask) -> None:
        self._task = task
        self._sheet.show_item(item, task, self._among - len(self._left), self._among)
        self._sheet.open()

    def _on_not_read(self, error: Exception) -> None:
        """Skip an item that cannot be read; while the backend is away, wait for it."""
        if not isinstance(error, BackendGone | BackendBusy):
            self._left.popleft()
            self._toasts.warn(error)
            self._next()
        elif self._sheet.isHidden():
            self._stop()
            self._toasts.warn(error)
        else:
            self._sheet.await_next(error)

    def _is_shown(self, draft: DraftItem) -> bool:
        """Tell whether the sheet still shows the item that was saved."""
        is_it = self._task is not None and self._task["item_id"] == draft.number
        return is_it and self._sheet.is_saving and self._sheet.isVisible()

    def _on_saved(self, draft: DraftItem, saved: SavedCorrection) -> None:
        is_shown, has_changes = self._is_shown(draft), _change(draft)["changes"]
        self.saved.emit()
        if saved.late is not None:
            self._say_late(saved.late, is_shown=is_shown)
            return
        if saved.goes_on is None:
            self._say_saved(saved.answer, has_changes=has_changes)
        else:
            self.retry_wanted.emit([saved.goes_on])
        if is_shown:
            self._next()

    def _on_away(self, draft: DraftItem, _: Exception) -> None:
        if self._is_shown(draft):
            self._next()

    def _say_late(self, late: tuple[ItemDetail, OfficeTask], *, is_shown: bool) -> None:
        """Say that the message was sent before the correction, and offer to send it again."""
        row = row_of(late[1])
        if row.state == State.SUCCEEDED and not row.kept:
            words = say("correction", "gone", to=row.to)
        else:
            words = say("correction", "ended")
        if is_shown:
            self._show(*late)
            offer = say("correction", "offer", button=self._sheet.sending_word)
            self._sheet.trouble.say(f"{words} {offer}", "error")
        else:
            name = say("item", "name", number=late[0]["item_id"])
            self._toasts.warn(f"{name}: {words}")

    def _say_saved(self, answer: CorrectedItem, *, has_changes: bool) -> None:
        number = answer["item_id"]
        if answer["added"]:
            self._offer_undo(answer, has_changes=has_changes)
            self.added.emit(answer["added"])
        elif answer["uncertain"]:
            name = "saved_ask" if has_changes else "ask"
            self._toasts.show(say("correction", name, number=number), icon="circle-help")
        else:
            name = "saved" if has_changes else "same"
            self._toasts.show(say("correction", name, number=number), icon="check")

    def _offer_undo(self, answer: CorrectedItem, *, has_changes: bool) -> None:
        """Say that a new message will be sent, and offer *Undo*."""
        number, later = answer["item_id"], "".join(map(after_batch, answer.get("aside", {})))
        left = say("correction", "undone", number=number)

        def words(seconds: int) -> str:
            when = later or self._toasts.when(seconds)
            return item_leaves(number, when, kept=self._toasts.keeps, corrected=has_changes)

        done = DoneAction("correct", "correct", said=words)
        if has_changes:
            done.undo = self.tr("Undo sending")
            done.undone = partial(self._toasts.show, left, icon="info")
        self._verbs.offer(done, answer.get("pending"))

    def _on_refused(self, draft: DraftItem, error: Exception) -> None:
        is_shown = self._is_shown(draft)
        if is_shown or isinstance(error, Refused):  # else the next window asks again
            self._drop(draft)
        if is_shown:
            self._sheet.show_failure(error)
        else:
            name = say("item", "name", number=draft.number)
            self._toasts.warn(f"{name}: {error!s}")

    def _on_expired(self, draft: DraftItem) -> None:
        self._drop(draft)
        self._toasts.warn(say("correction", "expired", number=draft.number))

    def _drop(self, draft: DraftItem) -> None:
        self._box_jobs.start(Job(self._box.drop, draft))


def _read(api: Api, task_id: int) -> tuple[ItemDetail, OfficeTask]:
    """Read a task's item, and the task or the newest one that repeats it."""
    task = api.task(task_id)
    number = task["item_id"]
    if number is None:
        raise LookupError(f"Task {task_id} belongs to no item.")
    item = api.items.one(number)
    for repeat in reversed(repeats_of(task_id, item["tasks"])):
        if repeat["state"] != State.CANCELLED:
            newer = api.task(repeat["id"])
            if not newer["copy"]:
                return item, newer
    return item, task


@dataclass(frozen=True, slots=True)
class SavedCorrection:
    """The result of a correction; ``late`` is the item and a task that had ended too early.

    ``goes_on`` is the task that waited for the correction and is to be tried now.
    """

    answer: CorrectedItem
    late: tuple[ItemDetail, OfficeTask] | None = None
    goes_on: int | None = None


def _change(draft: DraftItem) -> ItemChange:
    return draft.change or {"send": False, "user": None, "changes": True}


def _save(draft: DraftItem, api: Api, key: str) -> SavedCorrection:
    """Correct an item; if an open task uses the correction, no new message is made."""
    change, number = _change(draft), draft.number or 0
    user, send = change["user"], change["send"]
    sends, seconds = send and user is None, draft.undo_for
    answer = api.items.correct(number, draft.body, key, send=sends, undo_for=seconds)
    if user is not None and user not in [*answer["using"], *answer["uncertain"]]:
        return SavedCorrection(answer, _read(api, user))
    return SavedCorrection(answer, goes_on=user if send else None)
