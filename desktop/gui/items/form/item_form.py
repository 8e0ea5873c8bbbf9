"""The item form, built from the description of a kind of item."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.office import OfficeRefusal
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.frame.form_column import FormColumn
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
from desktop.gui.items.form.listed_note import ListedNote
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, keep_room, px, set_role, sized
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, IconButton, Link, give_key
from desktop.gui.kit.widgets.field import AUTOSAVE_MS, Field
from desktop.gui.kit.widgets.files import FileDrops
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.surfaces import Rule, scrolled, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, announce
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings

    from sendoff_tasks.model.problems import Problem


KEYS: Final = ("Ctrl+Return", "Ctrl+Enter")
"""The shortcuts of *Submit*."""
LEAST_NOTE: Final = 36
"""Minimum height of the note, in units of the grid: in a low window it gives way to the rest."""
ASK_AFTER_MS: Final = 400
"""Milliseconds after the last change until ``asked`` is emitted."""


class FieldColumn(QWidget):
    """Holds the fields; it scrolls only once the note has given way, also beside an error."""

    def heightForWidth(self, width: int) -> int:
        """Ask for the least height: Qt would ask for the usual one as soon as a text wraps."""
        column = self.layout()
        return -1 if column is None else column.minimumHeightForWidth(width)


class FormFrame(FormColumn):
    """Lays out heading, fields and buttons; ``trouble`` is an error text above the buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.clear_button = Link(self.tr("Clear"))
        self.clear_button.setToolTip(self.tr("Clear the form; this can be undone"))
        self.fold_button = IconButton(self.tr("Hide the form"), "x", width=24)
        sized(self.fold_button, height=24)
        self.fold_button.hide()
        self.submit_button = HintedButton(self.tr("Submit"), QKeySequence(KEYS[0]))
        self.preview_button = QPushButton(self.tr("Preview"))
        icons.put(self.preview_button, "eye", "text")
        self.preview_button.setToolTip(self.tr("Show the e-mail as it would be sent"))
        self.trouble = set_role(Paragraph(), "error")
        heading = set_role(QLabel(self.tr("New item")), "heading")
        sized(heading, least_height=20)  # as high as *Clear*, which comes and goes
        self._head = head = sized(QHBoxLayout(), spacing=12)
        head.addWidget(heading, 1)
        # With an alignment, its height does not limit the row's.
        head.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.fold_button)
        self._asked = FieldColumn()
        self._column = sized(QVBoxLayout(self._asked), spacing=12)
        self._column.addLayout(head)
        buttons = sized(QHBoxLayout(), spacing=8)
        buttons.addWidget(self.preview_button, 2)
        buttons.addWidget(self.submit_button, 3)
        self._foot = sized(QVBoxLayout(), margins=(16, 12, 16, 12), spacing=8)
        self._foot.addWidget(self.trouble)
        self._foot.addLayout(buttons)

    def hold(self, fields: list[QWidget]) -> None:
        """Put the fields in a column."""
        for field in fields:
            self._column.addWidget(field)
        self._column.addStretch(1)
        self._scroll = scrolled(self._asked)
        self._rule = Rule()
        keep_room(self._rule)
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._fit_margin())
        stacked(self, self._scroll, self._rule, self._foot, filling=self._scroll)
        LOOK.changed.connect(self._fit_margin)
        self._fit_margin()

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the fields beside their scroll bar, and of the buttons."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        fields = self._asked.minimumSizeHint().width() + bar
        return super().minimumSizeHint().expandedTo(QSize(fields, 0))

    def _fit_margin(self) -> None:
        """Align the right edges of fields and buttons: the scroll bar stands in the margin.

        If the fields scroll, a rule separates them from the buttons.
        """
        bar = self._scroll.verticalScrollBar()  # fetched each time: see `in_focus_chain`
        self._rule.setVisible(bar.maximum() > 0)
        taken = bar.sizeHint().width() if bar.maximum() else 0
        self._column.setContentsMargins(px(16), px(16), max(px(16) - taken, 0), px(8))


class TypedPerson(NamedTuple):
    """What is typed in the form to tell its person and item."""

    email: str
    title: str
    name: str


class SameItem(QWidget):
    """Follows the fields of address, title and name; ``asked`` carries them after a pause.

    The receiver answers with :meth:`show_found`; an answer that comes after another change is
    dropped. The hint stands in the line of the title's label, so nothing moves when it appears.
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
        row.addStretch(1)
        row.addWidget(picture)
        row.addWidget(self._words)
        title.stand_beside_label(self)
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


class ItemForm(FormFrame):
    """Asks for one item after the other.

    ``submitted`` carries the number typed by hand (or ``None``: the backend picks one) and the
    ``NewItem``. The form keeps its text until :meth:`clear`, which the receiver calls once the
    submission is saved; until then, or until :meth:`allow_submit`, it ignores a second submit.
    ``draft_changed`` carries a :class:`FormSnapshot` at most :data:`AUTOSAVE_MS` after a change.
    Receivers of ``clear_chosen`` and ``set_aside_chosen`` have to keep the input.
    ``preview_requested`` carries the same as ``submitted``; ``preview_stalled`` carries the reason
    why there is no preview, empty if nothing is typed.
    """

    submitted = Signal(object, object)
    draft_changed = Signal(object)
    clear_chosen = Signal()
    set_aside_chosen = Signal()
    preview_requested = Signal(object, object)
    preview_stalled = Signal(str)

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        name, email, *others = kinds = item_fields()
        self.copies = CopiesLink()
        self._pending = False
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(lambda: self.draft_changed.emit(self.snapshot()))
        self.number = NumberField()
        self._head.insertWidget(2, self.number.link, 0, Qt.AlignmentFlag.AlignVCenter)
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
        self.send_at = MomentField(self.tr("Send at"), self.tr("Send later…"))
        self.files = ItemFiles(self.fields[NOTE])
        FileDrops(self, self.tr("Drop to attach"), self.files.add)
        self.same = SameItem(self.fields[EMAIL], self.fields["title"], self.fields[NAME])
        pasted = {field.path: self.fields[field.path] for field in kinds}
        self.meant = ContactPaste({NUMBER: self.number, **pasted}, self).meant
        self.listed = ListedNote(self.fields[EMAIL])
        self.listed.changed.connect(lambda: self.submit_button.setDisabled(self.listed.stops))
        self.afterwards = Afterwards(settings)
        *before, note = self.fields.values()
        asked = [self.number, *before, self.message, note, self.send_at]
        self.hold([*asked, self.afterwards])
        self._connect()
        self.clear()

    # public methods

    def propose(self, number: int) -> None:
        """Set the number the next item would get."""
        self.number.propose(number)

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
        self.allow_submit()
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

    def allow_submit(self) -> None:
        """Keep the input and allow another submit."""
        self._pending = False
        self.trouble.hide()

    def is_empty(self) -> bool:
        """Tell whether nothing has been typed, pinned texts aside."""
        pinned = self._pinned()
        typed = [text != pinned.get(path, "") for path, text in self._values().items()]
        others = self.send_at.moment() or self.files.files()
        return not (self.number.is_typed or any(typed) or others)

    def begin(self) -> None:
        """Focus the first field."""
        self.fields[NAME].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_new(self) -> None:
        """Begin a new item; unfinished input is set aside."""
        if not self.is_empty() and not self._pending:
            self.set_aside_chosen.emit()
        self.begin()

    def submit_from(self, unless: Callable[[], bool], *places: QWidget) -> None:
        """Let the shortcut of *Submit* work in other places, too, once something is typed.

        It calls ``unless()`` first, and submits only if that returns ``False``.
        """
        pressed = partial(self._on_keys_elsewhere, unless)
        for place in places:
            give_key(place, KEYS, self.tr("Submit the item"), pressed, INSIDE)

    def submit(self) -> None:
        """Check every field; emit the item if all are valid, or else focus the first wrong one.

        While fields of the template are empty, or a note is not in it, it first asks; a second
        submit sends the message like this, as long as the question is there.
        """
        if self._pending or self.listed.stops or not self._check():
            return
        if self.afterwards.chosen() and self._asks_first():
            return
        self._pending = True
        self.submitted.emit(self.number.number(), self._body())

    def show_problem(self, problem: Problem) -> None:
        """Show the API's errors at their fields, and the others above the buttons."""
        self.allow_submit()
        loose = self.point_out(problem)
        if problem.get("refusal") == OfficeRefusal.NUMBER_TAKEN:
            self.number.show_taken(problem["detail"])
        elif not problem.get("errors"):
            loose.append(problem["detail"])
        self.trouble.setText("\n".join(loose))
        self.trouble.setVisible(bool(loose))
        self._go_to_first_error()

    def point_out(self, problem: Problem) -> list[str]:
        """Show the API's errors at their fields; return those without a field."""
        loose = []
        for error in problem.get("errors", []):
            field = self._at(error["path"])
            if field is None:
                loose.append(error["message"])
            else:
                field.show_error(error["message"])
        return loose

    def tell_preview(self) -> None:
        """Emit the current item for the preview, or why there is none, without showing errors."""
        if self.is_empty():
            self.preview_stalled.emit("")
            return
        for field in (self.number, *self._text_fields().values()):
            if (problem := field.problem()) is not None:
                self.preview_stalled.emit(f"{field.label.text()}: {problem}")
                return
        self.preview_requested.emit(self.number.number(), self._body())

    # construction

    def _field(self, kind: FieldKind) -> Field:
        pin = self.pins.get(kind.path)
        field = Field(
            kind.label,
            kind.check,
            placeholder=kind.placeholder,
            multiline=kind.multiline,
            beside=self.copies if kind.path == EMAIL else pin,
        )
        if kind.multiline:
            sized(field.editor, least_height=LEAST_NOTE)
        if pin is not None:
            pin.follow(field)
            keep = partial(self._keep_pinned, pin, field)
            pin.pinned.connect(keep)
            field.edited.connect(keep)
        field.edited.connect(self._on_edited)
        return field

    def _order_tabs(self) -> None:
        """Let Tab lead from field to field; pins and the template come after the last one."""
        *before, note = (field.editor for field in self.fields.values())
        rest = [
            self.files.link,
            self.copies,
            *self.pins.values(),
            self.message.edit,
            self.message.choice,
        ]
        own = [field.editor for field in self.message.fields.values()]
        for chain in ([note, *rest], [before[-1], *own]):
            for widget, following in pairwise(chain):
                QWidget.setTabOrder(widget, following)

    def _connect(self) -> None:
        self.afterwards.edited.connect(self._on_edited)
        self.message.edited.connect(self._on_edited)
        self.message.template_changed.connect(self.afterwards.call_mail)
        self.message.template_changed.connect(lambda _: self._order_tabs())
        self.send_at.edited.connect(self._on_edited)
        self.files.edited.connect(self._on_edited)
        self.clear_button.clicked.connect(self.clear_chosen)
        self.submit_button.clicked.connect(self.submit)
        self.preview_button.clicked.connect(self._on_preview)
        give_key(self, KEYS, self.tr("Submit the item"), self.submit, INSIDE)

    # slots

    def _on_edited(self) -> None:
        self.trouble.hide()
        if not self._autosave.isActive():
            self._autosave.start()
        self._on_changed()

    def _keep_pinned(self, pin: Pin, field: Field) -> None:
        pin.keep(field.text())
        self._on_changed()

    def _on_changed(self) -> None:
        self.clear_button.setVisible(not self.is_empty())
        self.same.follow()
        self.listed.follow()
        self.changed.emit()

    def _on_proposed_chosen(self) -> None:
        self.number.restart()
        self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_edited()

    def _on_keys_elsewhere(self, unless: Callable[[], bool]) -> None:
        if not unless() and self.isVisible() and not self.is_empty():
            self.submit()

    def _on_preview(self) -> None:
        if self._check_texts():
            self.preview_requested.emit(self.number.number(), self._body())
        else:
            self._go_to_first_error()

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
        said = " ".join([*words, say("form", "submit_again")])
        if not doubtful or (self.trouble.text() == said and not self.trouble.isHidden()):
            return False
        self.trouble.setText(said)
        self.trouble.show()
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
