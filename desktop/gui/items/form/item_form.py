"""The item form, built from the description of a kind of item."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeRefusal
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.frame.desk import DeskForm
from desktop.gui.items.form.form_parts import (
    Afterwards,
    FormSnapshot,
    MessageChoice,
    NumberField,
    Pin,
)
from desktop.gui.items.form.item_fields import (
    COPIES,
    EMAIL,
    NAME,
    NOTE,
    NUMBER,
    ContactPaste,
    CopiesLink,
    FieldKind,
    copy_fields,
    item_fields,
    new_item,
)
from desktop.gui.items.form.item_files import ItemFiles
from desktop.gui.items.form.letter import NO_ADDRESS, LetterFollow
from desktop.gui.items.form.listed_note import ListedNote
from desktop.gui.items.form.paper_page import PaperPage
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import restyle, set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import INSIDE, SEND_KEYS, HintedButton, MoreButton, give_key
from desktop.gui.kit.widgets.field import AUTOSAVE_MS, Field
from desktop.gui.kit.widgets.files import FileDrops
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.surfaces import stacked
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, announce
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings

    from sendoff_tasks.model.problems import Problem


ASK_AFTER_MS: Final = 400
"""Milliseconds after the last change until ``asked`` is emitted."""


class TypedPerson(NamedTuple):
    """What is typed in the form to tell its person and item."""

    email: str
    title: str
    name: str


class SameItem(QWidget):
    """Follows the fields of address, title and name; ``asked`` carries them after a pause.

    The receiver answers with :meth:`show_found`; an answer that comes after another change is
    dropped. The hint stands below the title.
    """

    asked = Signal(object)

    def __init__(self, email: Field, title: Field, name: Field) -> None:
        super().__init__()
        self._email = email
        self._title = title
        self._name = name
        self._pause = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._pause.timeout.connect(self._on_pause)
        self._words = set_role(ElidedLabel(), "waiting")
        icons.draw(picture := QLabel(), "triangle-alert", "waiting", 14)
        row = sized(QHBoxLayout(self), margins=0, spacing=4)
        row.addWidget(picture)
        row.addWidget(self._words, 1)
        title.stand_below(self)
        self.hide()

    def text(self) -> str:
        """Return the hint."""
        return self._words.text()

    def follow(self) -> None:
        """Follow a change: hide the hint, and ask again after a pause."""
        self.hide()
        if self._email.text().strip():
            self._pause.start()
        else:
            self._pause.stop()

    def show_found(self, typed: TypedPerson, item_id: int | None, title: str = "") -> None:
        """Show the item that was found, and whether by its title, if the fields are the same."""
        if item_id is None or typed != self._typed():
            return
        is_same = bool(title) and title == typed.title
        self._words.setText(say("form", "there" if is_same else "same_person", number=item_id))
        self.show()
        said = say("form", "there_said" if is_same else "same_person", number=item_id)
        self.setAccessibleName(said)
        announce(self._title.editor, said)

    def _typed(self) -> TypedPerson:
        fields = (self._email, self._title, self._name)
        return TypedPerson(*(field.text().strip() for field in fields))

    def _on_pause(self) -> None:
        if self._email.problem() is None:
            self.asked.emit(self._typed())


class ItemForm(DeskForm):
    """Asks for one item after the other.

    ``submitted`` carries the number typed by hand (or ``None``: the backend picks one), the
    ``NewItem`` and a :class:`FormSnapshot`; the form is empty then. ``draft_changed`` carries a
    snapshot at most :data:`AUTOSAVE_MS` after a change. Receivers of ``submitted``,
    ``clear_chosen`` and ``set_aside_chosen`` have to keep the input. Below the fields, the
    ``letter`` follows what is typed; ``trouble`` is a text above the buttons.
    """

    submitted = Signal(object, object, object)
    draft_changed = Signal(object)
    clear_chosen = Signal()
    set_aside_chosen = Signal()

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.submit_button = HintedButton(self.tr("Submit"), QKeySequence(SEND_KEYS[0]))
        self.trouble = set_role(Paragraph(), "error")
        self.more = restyle(MoreButton(self._fill_more), role="quiet")
        self.more.show()
        name, email, *others = kinds = item_fields()
        self.copies = CopiesLink()
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(lambda: self.draft_changed.emit(self.snapshot()))
        self.number = NumberField()
        self.number.edited.connect(self._on_edited)
        self.number.help_chosen.connect(self._on_proposed_chosen)
        self.pins = {
            field.path: Pin(field.path, field.label, settings)
            for field in kinds
            if field.can_be_pinned
        }
        shown = (name, email, *copy_fields(), *others)
        self.fields = {field.path: self._field(field) for field in shown}
        self.message = MessageChoice(settings)
        self.send_at = MomentField(self.tr("Send at"), self.tr("Later"))
        self.files = ItemFiles()
        self.letter = LetterFollow(self._letter_body, self.submit_button)
        self.afterwards = Afterwards(settings, self)
        self.clear_action = QAction(self.tr("Clear the form"), self)
        self.clear_action.triggered.connect(self.clear_chosen)
        self.take_dropped: Callable[[list[str]], object] = self.files.add
        """What takes files that are dropped on the form."""
        FileDrops(self, self.tr("Drop to attach"), lambda paths: self.take_dropped(paths))
        self._lay_out()
        self.same = SameItem(self.fields[EMAIL], self.fields["title"], self.fields[NAME])
        pasted = {field.path: self.fields[field.path] for field in kinds}
        self.meant = ContactPaste({NUMBER: self.number, **pasted}, self).meant
        self.listed = ListedNote(self.fields[EMAIL])
        self.listed.changed.connect(lambda: self.submit_button.setDisabled(self.listed.stops))
        self._connect()
        self.submit_button.claim = lambda: (
            AccentClaim.EMPTY if self.is_empty() else AccentClaim.TYPED
        )
        self.clear()

    # public methods

    def propose(self, number: int) -> None:
        """Set the number the next item would get."""
        if number != self.number.proposed:
            self.number.propose(number)
            self.letter.follow()

    def snapshot(self) -> FormSnapshot:
        """Return the input, for the draft and for *Undo*."""
        snapshot: FormSnapshot = {
            "number": self.number.typed(),
            "values": self._values(),
            "tasks": self.afterwards.chosen(),
            "template": self.message.value(),
            "send_at": self.send_at.moment(),
        }
        if files := self.files.files():
            snapshot["files"] = files
        return snapshot

    def restore(self, snapshot: FormSnapshot) -> None:
        """Restore the input of a snapshot.

        The focus moves to the first field, unless it is in the form already. What is typed next
        replaces the text there.
        """
        self.number.restart(snapshot["number"])
        own = [path for path in snapshot["values"] if path not in self.fields]
        self.message.choose(snapshot.get("template", ""), own)
        for path, field in self._text_fields().items():
            field.set_text(snapshot["values"].get(path, ""))
        self.copies.lead_to([self.fields[path] for path in COPIES])
        self.send_at.set_moment(snapshot.get("send_at", ""))
        self.files.show_files(snapshot.get("files", []))
        self.afterwards.choose(snapshot["tasks"])
        self._say("")
        self._autosave.stop()
        self._on_changed()
        here = QApplication.focusWidget()
        if here is None or not self.isAncestorOf(here):
            self.begin()
        elif isinstance(here, QLineEdit):
            here.selectAll()

    def clear(self) -> None:
        """Empty the form for the next item, except the template and pinned texts, and focus it."""
        tasks, template = self.afterwards.usual(), self.message.value()
        self.restore({"number": "", "values": self._pinned(), "tasks": tasks, "template": template})
        self.begin()

    def is_empty(self) -> bool:
        """Tell whether nothing has been typed, pinned texts aside."""
        pinned = self._pinned()
        typed = [text != pinned.get(path, "") for path, text in self._values().items()]
        others = self.send_at.moment() or self.files.files()
        return not (self.number.is_typed or any(typed) or others)

    def typed_name(self) -> str:
        """Return the name that is typed."""
        return self.fields[NAME].text()

    def begin(self) -> None:
        """Focus the first field, if the form is shown."""
        if self.isVisibleTo(self.window()):
            self.fields[NAME].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_new(self) -> None:
        """Begin a new item; unfinished input is set aside."""
        if not self.is_empty():
            self.set_aside_chosen.emit()
        self.begin()

    def send(self) -> None:
        """Submit what is typed, if anything is and it can be seen."""
        if self.isVisible() and not self.is_empty():
            self.submit()

    def submit(self) -> None:
        """Check every field; hand the item over if all are valid, else focus the first wrong one.

        While fields of the template are empty, or a note is not in it, it first asks; a second
        submit sends the message like this, as long as the question is there.
        """
        if self.listed.stops or not self._check():
            return
        if self.afterwards.chosen() and self._asks_first():
            return
        self.submitted.emit(self.number.number(), self._body(), self.snapshot())
        self.clear()

    def show_problem(self, problem: Problem) -> None:
        """Show the API's errors at their fields, and the others above the buttons."""
        loose = []
        for error in problem.get("errors", []):
            field = self._at(error["path"])
            if field is None:
                loose.append(error["message"])
            else:
                field.show_error(error["message"])
        if problem.get("refusal") == OfficeRefusal.NUMBER_TAKEN:
            self.number.show_taken(problem["detail"])
        elif not problem.get("errors"):
            loose.append(problem["detail"])
        self._say("\n".join(loose), "error")
        self._go_to_first_error()

    # construction

    def _field(self, kind: FieldKind) -> Field:
        pin = self.pins.get(kind.path)
        field = Field(
            kind.label,
            kind.check,
            placeholder=kind.label if kind.path in {NAME, EMAIL} else kind.placeholder,
            multiline=kind.multiline,
            beside=self.copies if kind.path == EMAIL else pin,
        )
        if kind.path != EMAIL:
            field.stand_in_line()
        if pin is not None:
            pin.follow(field)
            keep = partial(self._keep_pinned, pin, field)
            pin.pinned.connect(keep)
            field.edited.connect(keep)
        field.edited.connect(self._on_edited)
        return field

    def _lay_out(self) -> None:
        self.fields[NAME].label.setText(self.tr("To"))
        self.fields[NAME].take_in(self.fields[EMAIL])
        shown = [field for path, field in self.fields.items() if path != EMAIL]
        fields = [self.number, *shown, self.files]
        self._page = page = PaperPage(self.tr("New item"), fields, self.letter, self.trouble)
        stacked(self, page)
        page.bar.addWidget(self.number.link)
        page.bar.addStretch(1)
        page.bar.addWidget(self.message)
        for each, icon in ((self.files.link, "paperclip"), (self.send_at.begin, "clock")):
            icons.put(each, icon, "text")
            restyle(each, role="quiet")
        for part in (self.files.link, self.send_at, self.more):
            page.foot.addWidget(part)
        page.foot.addStretch(1)
        page.foot.addWidget(self.submit_button)

    def _show_own_fields(self) -> None:
        """Put the fields of the template before the note."""
        for field in self.message.fields.values():
            column = self._page.fields
            column.insertWidget(column.indexOf(self.fields[NOTE]), field)
        self._order_tabs()

    def _fill_more(self, menu: QMenu) -> None:
        menu.setToolTipsVisible(True)
        self.afterwards.fill(menu)
        menu.addSeparator()
        self.clear_action.setEnabled(not self.is_empty())
        menu.addAction(self.clear_action)

    def _order_tabs(self) -> None:
        """Let Tab lead from field to field, to the buttons, then to what is seldom needed."""
        *before, note = (field.editor for field in self.fields.values())
        rest = [
            self.files.link,
            self.send_at.begin,
            self.send_at.editor,
            self.send_at.none,
            self.more,
            self.submit_button,
            self.copies,
            *self.pins.values(),
            self.number.link,
            self.message.choice,
            self.message.edit,
        ]
        own = [field.editor for field in self.message.fields.values()]
        for chain in ([note, *rest], [before[-1], *own]):
            for widget, following in pairwise(chain):
                QWidget.setTabOrder(widget, following)

    def _connect(self) -> None:
        self.afterwards.edited.connect(self._on_edited)
        self.message.edited.connect(self._on_edited)
        self.message.template_changed.connect(self.afterwards.call_mail)
        self.message.template_changed.connect(lambda _: self.letter.follow())
        self.message.fields_changed.connect(self._show_own_fields)
        self.send_at.edited.connect(self._on_edited)
        self.files.edited.connect(self._on_edited)
        self.submit_button.clicked.connect(self.submit)
        give_key(self, SEND_KEYS, self.tr("Submit the item"), self.send, INSIDE)

    # slots

    def _on_edited(self) -> None:
        self._say("")
        if not self._autosave.isActive():
            self._autosave.start()
        self._on_changed()

    def _keep_pinned(self, pin: Pin, field: Field) -> None:
        pin.keep(field.text())
        self._on_changed()

    def _on_changed(self) -> None:
        ACCENT.choose()
        self._name_submit()
        self.letter.follow()
        self.same.follow()
        self.listed.follow()
        self.changed.emit()

    def _on_proposed_chosen(self) -> None:
        self.number.restart()
        self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_edited()

    def _say(self, words: str, role: str = "error") -> None:
        """Say something above the buttons."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
        restyle(self.trouble, role=role)
        self._name_submit()

    def _name_submit(self) -> None:
        text = self.tr("Plan") if self.send_at.moment() else self.tr("Submit")
        self.submit_button.setText(self.tr("Submit as it is") if self._is_asking else text)

    @property
    def _is_asking(self) -> bool:
        """Whether it is asked if the item is to be submitted as it is."""
        return self.trouble.property("role") == "waiting" and bool(self.trouble.text())

    def _check(self) -> bool:
        is_right = all([self._check_texts(), self.send_at.check(), self.files.check()])
        if not is_right:
            self._go_to_first_error()
        return is_right

    def _asks_first(self) -> bool:
        """Ask about empty fields and a note that is not in the e-mail; tell if that is new."""
        doubtful, words, note = self.message.empty(), list[str](), self.fields[NOTE]
        if doubtful:
            names = ", ".join(field.label.text() for field in doubtful)
            words.append(say("form", "empty", fields=names))
        if note.text().strip() and not self.message.has_note():
            words.append(say("form", "without_note"))
            doubtful.append(note)
        said = " ".join(words)
        if not doubtful or (self._is_asking and self.trouble.text() == said):
            return False
        self._say(said, "waiting")
        doubtful[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(doubtful[0].editor, said)
        return True

    def _go_to_first_error(self) -> None:
        texts = (self.number, *self._text_fields().values())
        fields: list[Field | MomentField] = [*texts, self.send_at]
        wrong = next((field for field in fields if field.error), None)
        if wrong is not None:
            wrong.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text_fields(self) -> dict[str, Field]:
        """Return the text fields by path, those of the template last."""
        return {**self.fields, **self.message.fields}

    def _values(self) -> dict[str, str]:
        return {path: field.text() for path, field in self._text_fields().items()}

    def _check_texts(self) -> bool:
        """Check the number and the texts, show the errors, and tell whether there are none."""
        right = [field.check() for field in (self.number, *self._text_fields().values())]
        return all(right)

    def _at(self, path: str) -> Field | MomentField | ItemFiles | None:
        """Find the field for the path of an error, or the first field inside that path."""
        if path in {"item_id", "number"}:
            return self.number
        if path == "run_at":
            return self.send_at
        if path.partition(".")[0] == "attachments":
            return self.files
        fields = self._text_fields()
        inside = (field for place, field in fields.items() if place.startswith(f"{path}."))
        return fields.get(path) or next(inside, None)

    def _pinned(self) -> dict[str, str]:
        return {path: pin.text_kept() for path, pin in self.pins.items()}

    def _letter_body(self) -> dict[str, Any] | None:
        """Return the request for the letter; what is wrong is not in it yet."""
        if CONFIRMATION not in self.afterwards.chosen():
            return None
        fields = self._text_fields()
        texts = {path: each.text() for path, each in fields.items() if each.problem() is None}
        template, needed = self.message.value(), self.message.fields.keys() & texts.keys()
        item = new_item({EMAIL: NO_ADDRESS} | texts, [], needed=needed, template=template)
        if files := self.files.ids():
            item["attachments"] = files
        number = self.number.number() if self.number.problem() is None else None
        return {"item": item} if number is None else {"item": item, "item_id": number}

    def _body(self) -> object:
        chosen = self.message.value()
        body = new_item(
            self._values(),
            self.snapshot()["tasks"],
            needed=self.message.fields.keys(),
            template="" if chosen == DEFAULT else chosen,
            run_at=self.send_at.moment(),
        )
        if files := self.files.ids():
            body["attachments"] = files
        if self.listed.is_lifted:
            body["send_anyway"] = True
        return body
