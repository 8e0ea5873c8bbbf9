"""The head of a letter on the desk in which its item is corrected."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout

from desktop.contract.rules.templates import FIELD, heading
from desktop.gui.items.correction_form import CorrectionForm, consequence
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.items.form.letter import LetterFollow
from desktop.gui.items.typed_corrections import TypedCorrection
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import restyle, sized
from desktop.gui.kit.widgets.buttons import SEND_KEYS
from desktop.gui.kit.widgets.field import AUTOSAVE_MS
from desktop.gui.kit.widgets.files import FileDrops
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.widgets.surfaces import Rule, focus_in_sight, stacked
from desktop.gui.kit.widgets.texts import Feedback, announce
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import action_word
from desktop.gui.link.drafts import DraftItem, ItemChange
from desktop.gui.tasks.detail.desk_content import DeskAction, DeskContent, Foot
from desktop.gui.tasks.detail.modes import needs_person
from desktop.gui.tasks.detail.paper import PaperHead
from sendoff_tasks.client.errors import loose_words
from sendoff_tasks.model.states import OPEN, RESENDABLE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.contract.items import ItemDetail
    from desktop.contract.office import OfficeTask
    from desktop.gui.items.typed_corrections import TypedCorrections
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.detail.contents import TaskRead

SEND: Final = "send_corrected"
SAVE: Final = "save_corrected"
DISCARD: Final = "discard_correction"
_TOLD_ABOVE: Final = frozenset({"from", "to"})
"""What the head says in place of the letter."""


class CorrectionHead(PaperHead):
    """Shows what can be changed of the item of a task; the letter follows what is typed.

    ``save_requested`` carries a :class:`DraftItem`, ``sent`` the task that is sent again. While it
    is on its way, or the message is being sent, the fields are read-only.
    """

    save_requested = Signal(object)
    sent = Signal(int)

    def __init__(self, kept: TypedCorrections, pending: PendingActions) -> None:
        super().__init__()
        self._kept, self._pending = kept, pending
        self._item: ItemDetail | None = None
        self._row: Row | None = None
        self._task: OfficeTask | None = None
        self.is_practice: Callable[[], bool] = lambda: False
        self.grace: Callable[[], float] = lambda: 0.0
        self._is_closed = self._has_letter = False
        self._left_empty: Sequence[str] = ()  # those fields that were asked about
        self.form = CorrectionForm()
        self.trouble = Feedback()
        FileDrops(self, self.tr("Drop to attach"), self._on_dropped)
        attach = self.form.files.link
        self.letter = LetterFollow(self._letter_body, attach)
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self.keep_typed)
        icons.put(restyle(attach, role="quiet"), "paperclip", "text")
        line = sized(QHBoxLayout(), margins=0)
        line.addWidget(attach)
        line.addStretch(1)
        sized(stacked(self, self.form, line, self.trouble, Rule(), self.letter), spacing=4)
        self.letter.hide()
        self.letter.told.connect(self._on_letter)
        self.form.edited.connect(self._on_edited)
        kept.replaced.connect(self._on_replaced)
        kept.saving.connect(self.keep_typed)

    # What is shown

    @property
    def number(self) -> int:
        """The number of the item; 0 without one."""
        return 0 if self._item is None else self._item["item_id"]

    def dress(self, shown: DeskContent, row: Row, read: TaskRead | None) -> DeskContent:
        """Show the head of a message that can be corrected, and what saves it once it is typed."""
        self._follow(row, read)
        if self._item is None:
            return shown
        paper, letter = shown.paper, shown.paper.letter
        below = None if letter is None or self._has_letter else _without(letter, _TOLD_ABOVE)
        paper = replace(paper, letter=below, has_head=True)
        if self._is_closed or not self._offers:
            is_sent = self.number in self._kept.under_way
            foot = replace(shown.foot, works=shown.foot.works and not is_sent)
            return replace(shown, paper=paper, foot=foot)
        return self._offering(replace(shown, paper=paper))

    def _offering(self, shown: DeskContent) -> DeskContent:
        typed, main = self.has_changes(), self._main
        line = consequence(self._shown_row, self._lacks, main.text, is_older=self._is_older)
        more = []
        if typed and main.verb == SEND:
            more.append(DeskAction(SAVE, self.tr("Save only"), "check"))
        if typed:
            more.append(DeskAction(DISCARD, self.tr("Discard"), "undo-2"))
        beside = () if typed else shown.foot.right[-1:]
        leads = typed or needs_person(self._shown_row)
        foot = Foot(shown.foot.left, (*beside, main), leads, is_typed=typed)
        head, lead = replace(shown.head, more=(*more, *shown.head.more)), shown.lead
        if self._has_letter:
            head = replace(head, ways=())
        if typed and lead is not None:
            lead = lead._replace(line=line, causes=())
        return replace(shown, head=head, lead=lead, foot=foot)

    @property
    def _shown_row(self) -> Row:
        assert self._row is not None  # noqa: S101 - an item is shown
        return self._row

    @property
    def _lacks(self) -> Sequence[str]:
        return () if self._task is None else self._task["lacks"]

    @property
    def _is_older(self) -> bool:
        return self._task is not None and self._task["is_older"]

    @property
    def _offers(self) -> bool:
        """Whether it can be saved: something is typed, or has to be."""
        is_stuck = bool(self._lacks) or self._shown_row.is_address_refused
        return self.has_changes() or (is_stuck and self._sends)

    @property
    def _sends(self) -> bool:
        """Whether the main button sends the message."""
        row = self._shown_row
        return row.for_person or row.awaits_attempt or row.state in RESENDABLE

    @property
    def _main(self) -> DeskAction:
        """What Ctrl+Enter does."""
        row, keys = self._shown_row, QKeySequence(SEND_KEYS[0])
        if not self._sends:
            verb, text = SAVE, self.tr("Save")
        elif row.kept and self.is_practice():
            verb, text = SEND, self.tr("Save and keep")
        elif row.state == State.WAITING or row.kept:
            verb, text = SEND, self.tr("Save and send")
        else:
            verb, text = SEND, action_word("resend")
        return DeskAction(verb, text, "send", keys.toString(keys.SequenceFormat.NativeText))

    def has_changes(self) -> bool:
        """Tell whether anything is typed."""
        return self._item is not None and self.form.has_changes()

    def begin(self) -> bool:
        """Focus the first missing field, or the address if it was refused or typed in."""
        if self._item is None or self._is_closed or not self._offers:
            return False
        empty = self.form.empty(self._lacks)
        self.form.focus_first(FIELD + empty[0] if empty else EMAIL)
        return True

    def _follow(self, row: Row, read: TaskRead | None) -> None:
        """Follow the shown task; what is typed of another one is kept."""
        item = read.item if read is not None and _can_be_corrected(row, read) else None
        before, was_lacking = self._item, self._lacks
        number = None if item is None else item["item_id"]
        if before is None or number != before["item_id"] or self._is_closed != self._closes(row):
            self._leave()
            self._item, self._row, self._task = item, row, read.task if read else None
            if item is not None:
                self._show(item)
            return
        self._row, self._task = row, read.task if read else None
        self.trouble.forget_conflict(row.id, row.state)
        if item is not None and (item["item"] != before["item"] or self._lacks != was_lacking):
            self._item = item
            if self.form.follow(item["item"], self._lacks):
                self.trouble.say(say("correction", "elsewhere"), "error")
            self._right = self.form.body()

    def _closes(self, row: Row) -> bool:
        is_busy = row.state == State.RUNNING or self._pending.of(row) is not None
        return self._item is not None and (is_busy or self.number in self._kept.under_way)

    def _show(self, item: ItemDetail) -> None:
        self.form.show_item(item["item"], self._lacks, self._kept.of(item["item_id"]))
        self._right = self.form.body()
        self._is_closed = self._closes(self._shown_row)
        self.form.set_closed(self._is_closed)
        if self.form.has_changes() and not self._is_closed:
            self.letter.follow()

    def _leave(self) -> None:
        """Keep what is typed, and show nothing of it."""
        self.keep_typed()
        self.letter.leave()
        self.letter.hide()
        self._item, self._has_letter, self._is_closed = None, False, False
        self._left_empty = ()
        self.trouble.say("")

    def _show_again(self) -> None:
        """Show the same item with what is typed of it by now."""
        item = self._item
        self._autosave.stop()
        self._item = None  # what the fields have is not kept
        self._leave()
        self._item = item
        if item is not None:
            self._show(item)
        self.changed.emit()

    def _on_replaced(self, number: int) -> None:
        if number == self.number:
            self._show_again()

    # What is typed

    def keep_typed(self) -> None:
        """Keep what is typed by now."""
        self._autosave.stop()
        number = self.number
        if number:
            typed = self._typed() if self.form.has_changes() else None
            if typed != self._kept.of(number):
                self._kept.keep(number, typed)

    def _typed(self) -> TypedCorrection:
        row = self._shown_row
        return {**self.form.typed(), "task": row.id, "to": row.name}

    def _on_edited(self) -> None:
        if self._item is None:
            return
        if not self._autosave.isActive():
            self._autosave.start()
        self.trouble.forget_why()
        if self.form.is_right:
            self._right = self.form.body()
            self.letter.follow()
        if not self.form.has_changes():
            self._has_letter = False
            self.letter.leave()
            self.letter.hide()
        self.changed.emit()

    def _on_dropped(self, paths: list[str]) -> None:
        if not self._is_closed:
            self.form.files.add(paths)

    def _on_letter(self) -> None:
        """Show the letter of what is typed in place of that of the task."""
        if self.has_changes() and not self._has_letter:
            self._has_letter = True
            self.letter.show()
            self.changed.emit()

    def _letter_body(self) -> dict[str, Any] | None:
        """Return the request for the letter: with the last texts that were right."""
        return None if self._item is None else {"item": self._right, "item_id": self.number}

    # What is done with it

    def act(self, verb: str) -> bool:
        """Send, save or discard what is typed."""
        if verb not in {SEND, SAVE, DISCARD}:
            return False
        if self._item is None or self._is_closed:
            return True
        if verb == DISCARD:
            self.keep_typed()
            self._kept.discard(self.number)
        elif verb == SAVE:
            self._save(send=False)
        elif not self._asks_about_missing() and not self._is_listed():
            if self._shown_row.is_refused_at(self.form.fields[EMAIL].text().strip()):
                self._ask_about_address()
            else:
                self._save(send=True)
        return True

    def send(self) -> None:
        """Do what the main button does, once something is typed."""
        if self.isVisible() and self.has_changes():
            self.act(self._main.verb)

    def _asks_about_missing(self) -> bool:
        """Ask about missing fields before it is sent; tell whether the question is new."""
        before, self._left_empty = self._left_empty, self.form.empty(self._lacks)
        if self._left_empty in ([], before):
            return False
        fields = ", ".join(map(heading, self._left_empty))
        words = say("correction", "empty", fields=fields, button=self._main.text)
        self.trouble.say(words, "error")
        self.begin()
        announce(self, words)
        return True

    def _is_listed(self) -> bool:
        """Tell whether the address is on the list *Do not send*; its note has the way out."""
        if stops := self.form.listed.stops:
            focus_in_sight(self.form.listed.link, self.form.listed)
        return stops

    def _ask_about_address(self) -> None:
        """Ask before sending to an address that was refused; Enter goes back to the field."""
        self.form.focus_first(EMAIL)
        words, send = say("correction", "same_address"), partial(self._save, send=True)
        ask(self, words, self.tr("Correct the address"), (self.tr("Send anyway"), send))

    def _save(self, *, send: bool) -> None:
        """Hand what is typed over; it is kept until that is on the disk."""
        if not self.form.check() or self._item is None:
            return
        self._autosave.stop()
        row, number = self._shown_row, self.number
        user = row.id if row.state in OPEN else None
        how: ItemChange = {"send": send, "user": user, "changes": self.form.has_changes()}
        body = self.form.body(self._left_empty if send else ())
        seconds = self.grace() if send and user is None else 0
        draft = DraftItem(number, body, self._typed(), undo_for=seconds, change=how)
        self.save_requested.emit(draft)
        self._show_again()
        if send and needs_person(row):
            self.sent.emit(row.id)

    def show_failure(self, error: Exception) -> None:
        """Show why the correction was not saved, at its field or below the fields."""
        self.trouble.say_why(loose_words(error, self.form.show_error), error)


def _without(letter: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in letter.items() if key not in keys}


def _can_be_corrected(row: Row, read: TaskRead) -> bool:
    """Tell whether a task is the newest message to the person of an item that is there."""
    is_there = read.item is not None and not read.item["erased"]
    return is_there and row.is_mail and not row.is_repeated and not row.copy
