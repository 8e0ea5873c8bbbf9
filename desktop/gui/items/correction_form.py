"""The form of a correction: the texts of an item."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypedDict, cast

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.contract.do_not_send import SEND_ANYWAY
from desktop.contract.items import Version
from desktop.contract.rules.file_names import shown_name
from desktop.contract.rules.templates import FIELD, heading
from desktop.gui.items.form.item_fields import (
    COPIES,
    EMAIL,
    NAME,
    NOTE,
    ContactPaste,
    CopiesLink,
    FieldKind,
    copy_fields,
    item_fields,
)
from desktop.gui.items.form.item_files import FormFile, ItemFiles
from desktop.gui.items.form.listed_note import ListedNote
from desktop.gui.items.item_words import history_line
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.surfaces import drop, focus_in_sight
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import meaning_of
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.typed import line_problem
from desktop.gui.tasks.detail.leads import lacking
from sendoff_tasks.model.states import RESENDABLE, State
from sendoff_tasks.model.text import TITLE_LIMIT
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desktop.contract.items import ItemDetail, NewItem
    from desktop.contract.office import OfficeTask
    from desktop.gui.items.item_words import Corrected
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.problems import FieldError


translate = QCoreApplication.translate
TITLE: Final = "title"
MAY_HAVE_LEFT: Final = frozenset({State.RUNNING, State.UNCERTAIN})
"""States in which the message is not said to be unsendable."""


class TypedTexts(TypedDict):
    """What is typed of a correction: texts by path, and files if they are others."""

    values: dict[str, str]
    files: NotRequired[list[FormFile]]


class CorrectionForm(QWidget):
    """Shows the texts of an item's body, and returns the body with the changes.

    Values other than text (a number, a list) stay as they are, and so do the parts that the form
    does not show: tasks, priority, template.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.files = ItemFiles()
        self.files.edited.connect(self.edited)
        self.copies = CopiesLink()
        self._body: NewItem = {}
        self._column = sized(QVBoxLayout(), spacing=2)
        name, email, *others = item_fields()
        self._usual = {
            kind.path: self._field(kind) for kind in (name, email, *copy_fields(), *others)
        }
        self._own: dict[str, Field] = {}
        self._usual[NAME].label.setText(self.tr("To"))
        self._usual[NAME].take_in(self._usual[EMAIL])
        person = {path: self._usual[path] for path in (NAME, EMAIL)}
        self.meant = ContactPaste(person, self).meant
        self.listed = ListedNote(self._usual[EMAIL])
        column = sized(QVBoxLayout(self), margins=0, spacing=2)
        column.addLayout(self._column)
        column.addWidget(self.files)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by path, those of the template last."""
        return {**self._usual, **self._own}

    def ask_at(self, source: ApiSource) -> None:
        """Ask this backend about addresses, and let it store files."""
        self.files.source = source
        self.listed.ask_at(source)

    def show_item(
        self, body: NewItem, lacks: Iterable[str] = (), typed: TypedTexts | None = None
    ) -> None:
        """Show another item, with empty fields for what its template needs and it ``lacks``.

        What was ``typed`` stands in place of its texts.
        """
        self._body, texts = body, texts_of(body)
        values = {} if typed is None else typed["values"]
        self._have_own(texts, [*(FIELD + name for name in lacks), *values])
        for path, field in self.fields.items():
            if (text := values.get(path, texts.get(path, ""))) != field.text():
                field.set_text(text)  # an equal one keeps its caret
                field.show_beginning()
        self.copies.lead_to([self._usual[path] for path in COPIES])
        self.listed.restart(is_lifted=bool(body.get(SEND_ANYWAY)))
        if typed is not None and "files" in typed:
            self.files.show_files(typed["files"])
        else:
            self.files.show_ids(body.get("attachments", ()))

    def follow(self, body: NewItem, lacks: Iterable[str]) -> bool:
        """Take over what was changed elsewhere; tell whether that is in a text typed here, too."""
        before, typed = texts_of(self._body), self.typed()
        again = {path for path in typed["values"] if texts_of(body).get(path) != before.get(path)}
        self.show_item(body, lacks, typed)
        return bool(again)

    def typed(self) -> TypedTexts:
        """Return what is typed and not saved, as :meth:`show_item` takes it."""
        typed: TypedTexts = {"values": self.changed()}
        if self._has_other_files:
            typed["files"] = self.files.files()
        return typed

    def body(self, left_empty: Iterable[str] = ()) -> NewItem:
        """Return the corrected body of the item; own fields ``left_empty`` are in it all the same.

        A template that asks for a field accepts an empty one, but not a missing one.
        """
        changed: dict[str, Any] = {**self._body}
        changed["recipient"] = {**(self._body.get("recipient") or {})}
        changed["fields"] = {**(self._body.get("fields") or {}), **dict.fromkeys(left_empty, "")}
        for path, field in self.fields.items():
            parent, dot, key = path.partition(".")
            place = changed[parent] if dot else changed
            text = field.text().strip()
            if text or key in place or path in texts_of(self._body):
                place[key if dot else parent] = text
        changed["attachments"] = self.files.ids()
        if EMAIL in self.changed():  # it was lifted for the former address
            changed.pop(SEND_ANYWAY, None)
        if self.listed.is_lifted:
            changed[SEND_ANYWAY] = True
        return cast("NewItem", _without_empty(changed, self._body))

    def has_changes(self) -> bool:
        """Tell whether a text or a file was changed."""
        return bool(self.changed()) or self._has_other_files

    @property
    def _has_other_files(self) -> bool:
        named = [each["id"] for each in self.files.files()]
        return named != self._body.get("attachments", [])

    @property
    def is_right(self) -> bool:
        """Whether no text has an error."""
        return all(field.problem() is None for field in self.fields.values())

    def changed(self) -> dict[str, str]:
        """Return the changed texts by path, as they are typed."""
        texts, typed = texts_of(self._body), {path: f.text() for path, f in self.fields.items()}
        return {path: text for path, text in typed.items() if text.strip() != texts.get(path, "")}

    def empty(self, names: Iterable[str]) -> list[str]:
        """Return those of these own fields that are shown and empty."""
        fields = {name: self.fields.get(FIELD + name) for name in names}
        return [name for name, each in fields.items() if each and not each.text().strip()]

    def set_closed(self, closed: bool) -> None:
        """Make the fields read-only or editable; the focus stays."""
        for field in self.fields.values():
            field.editor.setReadOnly(closed)
        for part in (self.files, self.files.link, self.copies):
            part.setEnabled(not closed)

    def check(self) -> bool:
        """Check every field, show the errors, and tell whether there are none."""
        right = [field.check() for field in self.fields.values()]
        return all([*right, self.files.check()])

    def show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; tell whether there is such a field."""
        path = error["path"].removeprefix("item.")
        is_file = path.partition(".")[0] == "attachments"
        field = self.files if is_file else self.fields.get(path)
        if field is not None:
            field.show_error(error["message"])
        return field is not None

    def focus_first(self, path: str) -> None:
        """Focus a field, select its text, and scroll to it."""
        editor = self.fields[path].editor
        focus_in_sight(editor, self.fields[path])
        editor.selectAll()

    def _have_own(self, texts: Iterable[str], also: Iterable[str]) -> None:
        """Have a field before the note for each own field of the item, and ``also`` for these."""
        paths = [each for each in dict.fromkeys([*texts, *also]) if each.startswith(FIELD)]
        paths = [each for each in paths if each not in self._usual]
        if paths == [*self._own]:
            return
        for field in self._own.values():
            drop(field)
        one_line = partial(line_problem, limit=TITLE_LIMIT)
        kinds = (FieldKind(path, heading(path.removeprefix(FIELD)), "", one_line) for path in paths)
        self._own = {kind.path: self._field(kind) for kind in kinds}
        note, before = self._usual[NOTE], self._usual[TITLE].editor
        for field in self._own.values():
            self._column.insertWidget(self._column.indexOf(note), field)
            field.show()
        for stop in (*(each.editor for each in self._own.values()), note.editor):
            QWidget.setTabOrder(before, stop)
            before = stop

    def _field(self, kind: FieldKind) -> Field:
        is_beside = kind.path in {NAME, EMAIL}
        field = Field(
            kind.label,
            kind.check,
            placeholder=kind.label if is_beside else kind.placeholder,
            multiline=kind.multiline,
            beside=self.copies if kind.path == EMAIL else None,
        )
        field.edited.connect(self.edited)
        if kind.path != EMAIL:
            field.stand_in_line()
            self._column.addWidget(field)
        return field


def texts_of(body: NewItem) -> dict[str, str]:
    """Return the texts of a body by path."""
    recipient = body.get("recipient")
    found: dict[str, Any] = {name: body.get(name, "") for name in ("title", "cc", "bcc")}
    if recipient:
        found |= {f"recipient.{key}": value for key, value in recipient.items()}
    found |= {FIELD + str(name): value for name, value in (body.get("fields") or {}).items()}
    return {path: text for path, text in found.items() if isinstance(text, str)}


def _without_empty(changed: dict[str, Any], before: NewItem) -> dict[str, Any]:
    """Leave out empty parts that the former body did not have."""
    recipient = {key: text for key, text in changed["recipient"].items() if text}
    if "name" in recipient and "last_name" in changed["recipient"]:
        recipient["last_name"] = changed["recipient"]["last_name"]  # also an empty one
    result = {**changed, "recipient": recipient}
    for key in ("recipient", "fields", "title", "cc", "bcc", "attachments"):
        if not result.get(key) and key not in before:
            result.pop(key, None)
    return result


def earlier(detail: ItemDetail, now: float) -> list[str]:
    """Return a paragraph for each earlier version: until when, and the old values; newest first."""
    lines = []
    present = Version(at=detail["corrected_at"] or "", item=detail["item"])
    for at, changed in corrections_of([present, *detail["versions"]]):
        until = say("item_history", "until", when=day_and_time(epoch(at) or now, now))
        lines.append("\n".join([until, *(f"{key}: {was}" for key, was, _ in changed)]))
    return lines


def corrections_of(bodies: Sequence[Version]) -> Iterator[Corrected]:
    """Yield each correction, newest first: its time, and the changed values before and after."""
    for later, before in pairwise(bodies):
        was, became = _labelled(before["item"]), _labelled(later["item"])
        changed = [
            (key, was.get(key) or "–", became.get(key) or "–")
            for key in became | was
            if was.get(key, "") != became.get(key, "")
        ]
        if changed:
            yield later["at"], changed


def _labelled(body: NewItem) -> dict[str, str]:
    """Return the values of an item by the labels of the form."""
    labels = {kind.path: kind.label for kind in (*item_fields(), *copy_fields())}
    labels["attachments"] = translate("items", "Attachments")
    recipient = body.get("recipient")
    said = {name: str(body.get(name) or "") for name in ("title", "cc", "bcc")}
    said["attachments"] = ", ".join(map(shown_name, body.get("attachments", ())))
    if recipient:
        said["recipient.name"] = recipient.get("name", "")
        said["recipient.email"] = recipient["email"]
    said |= {FIELD + name: str(value) for name, value in (body.get("fields") or {}).items()}
    names = {path: heading(path.removeprefix(FIELD)) for path in said}
    return {labels.get(path, names[path]): text for path, text in said.items()}


def done_words(detail: ItemDetail, messages: Sequence[OfficeTask], now: float) -> list[str]:
    """Return lines on what people did, and on earlier versions.

    ``messages`` are the tasks to report on, oldest first. If nothing was done about the only one,
    which needs a person, a line says so.
    """
    before = earlier(detail, now)
    log = [line for task in messages for line in task["log"]]
    deeds = history_line(messages, log, partial(day_and_time, now=now))
    if not deeds and not before and len(messages) == 1 and _needs_person(messages[0]):
        deeds = say("item_history", "nothing")
    return [*([deeds] if deeds else []), *before]


def _needs_person(task: OfficeTask) -> bool:
    return task["state"] in {State.FAILED, State.UNCERTAIN} and not task["seen"]


def consequence(row: Row, lacks: Sequence[str], button: str, *, is_older: bool = False) -> str:
    """Return what stopped a message or what it lacks, and what the ``button`` does.

    If it ``is_older`` than its template, what is sent gets another text.
    """
    waits = row.for_person or row.awaits_attempt
    newer = say("correction", "newer") if is_older and (waits or row.state in RESENDABLE) else ""
    return sentences(_consequence(row, lacks, button), newer)


def _consequence(row: Row, lacks: Sequence[str], button: str) -> str:
    match row.state:
        case State.SCHEDULED | State.QUEUED:
            return say("correction", "to_come")
        case State.SUCCEEDED if not row.kept:
            return say("correction", "sent", to=row.to or "–", button=button)
        case State.WAITING if row.for_person:
            does = "save_and_send"
        case State.WAITING if row.awaits_attempt:
            does = "postponed"
        case State.WAITING | State.RUNNING | State.UNCERTAIN:
            does = row.state
        case State.SUCCEEDED:
            does = "kept"
        case _:
            does = "save_and_send"
    cannot = lacks and row.state not in MAY_HAVE_LEFT
    met = meaning_of(row.met) or row.error or ""
    return sentences(lacking(lacks) if cannot else met, say("correction", does, button=button))
