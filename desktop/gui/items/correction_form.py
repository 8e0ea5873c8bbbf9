"""The form of the correction sheet: the texts of an item."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, cast

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
from desktop.gui.items.form.item_files import ItemFiles
from desktop.gui.items.form.listed_note import ListedNote
from desktop.gui.items.item_words import history_line
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.card import Headline
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.surfaces import drop, focus_in_sight
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import meaning_of
from desktop.gui.kit.words.states import LOOKS, sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.typed import line_problem
from desktop.gui.tasks.detail.explanation import headline, lacking
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


MAY_HAVE_LEFT: Final = frozenset({State.RUNNING, State.UNCERTAIN})
"""States in which the message is not said to be unsendable."""


class CorrectionForm(QWidget):
    """Shows the texts of an item's body, and returns the body with the changes.

    Values other than text (a number, a list) stay as they are, and so do the parts that the form
    does not show: tasks, priority, template.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.copies: CopiesLink
        self.files: ItemFiles
        self.listed: ListedNote
        self.source: ApiSource | None = None
        """Who stores files."""
        self._body: NewItem = {}
        self._column = sized(QVBoxLayout(self), margins=0, spacing=12)

    def show_item(self, body: NewItem, lacks: Iterable[str] = ()) -> None:
        """Show another item, with empty fields for what its template needs and it ``lacks``."""
        self._body = body
        for field in self.fields.values():
            drop(field)
        texts = _texts(body)
        self.fields = {
            kind.path: self._field(kind, texts.get(kind.path, "")) for kind in _kinds(body, lacks)
        }
        ContactPaste({path: self.fields[path] for path in (NAME, EMAIL)}, self.fields[EMAIL])
        self.copies.lead_to([self.fields[path] for path in COPIES])
        self.files = ItemFiles(self.fields[NOTE])
        self.files.source = self.source
        self.listed = ListedNote(self.fields[EMAIL])
        if self.source is not None:
            self.listed.ask_at(self.source)
        if not body.get(SEND_ANYWAY):
            self.listed.look()
        self.files.show_ids(body.get("attachments", ()))
        self.files.edited.connect(self.edited)
        QWidget.setTabOrder(self.fields[NOTE].editor, self.files.link)

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
            if text or key in place or path in _texts(self._body):
                place[key if dot else parent] = text
        changed["attachments"] = self.files.ids()
        if EMAIL in self.changed():  # it was lifted for the former address
            changed.pop(SEND_ANYWAY, None)
        if self.listed.is_lifted:
            changed[SEND_ANYWAY] = True
        return cast("NewItem", _without_empty(changed, self._body))

    def has_changes(self) -> bool:
        """Tell whether a text or a file was changed."""
        named = [each["id"] for each in self.files.files()]
        return bool(self.changed()) or named != self._body.get("attachments", [])

    def changed(self) -> dict[str, str]:
        """Return the changed texts by path, as they are typed."""
        texts, typed = _texts(self._body), {path: f.text() for path, f in self.fields.items()}
        return {path: text for path, text in typed.items() if text.strip() != texts.get(path, "")}

    def empty(self, names: Iterable[str]) -> list[str]:
        """Return those of these own fields that are shown and empty."""
        fields = {name: self.fields.get(FIELD + name) for name in names}
        return [name for name, each in fields.items() if each and not each.text().strip()]

    def set_closed(self, closed: bool) -> None:
        """Make the fields read-only or editable; the focus stays."""
        for field in self.fields.values():
            field.editor.setReadOnly(closed)
        self.files.setEnabled(not closed)

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

    def _field(self, kind: FieldKind, text: str) -> Field:
        link = None
        if kind.path == EMAIL:
            link = self.copies = CopiesLink()
        field = Field(kind.label, kind.check, multiline=kind.multiline, beside=link)
        field.set_text(text)
        field.show_beginning()
        field.edited.connect(self.edited)
        self._column.addWidget(field)
        return field


def _kinds(body: NewItem, lacks: Iterable[str]) -> list[FieldKind]:
    """Return the fields of every item, then the item's own text fields and those it lacks."""
    name, email, *others = item_fields()
    usual = [name, email, *copy_fields(), *others]
    known = {kind.path for kind in usual}
    own = [
        FIELD + name for name, value in (body.get("fields") or {}).items() if isinstance(value, str)
    ]
    own += [FIELD + name for name in lacks if FIELD + name not in own]
    one_line = partial(line_problem, limit=TITLE_LIMIT)
    kinds = (FieldKind(path, heading(path.removeprefix(FIELD)), "", one_line) for path in own)
    return [*usual, *(kind for kind in kinds if kind.path not in known)]


def _texts(body: NewItem) -> dict[str, str]:
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


class MessageState(QWidget):
    """Shows the headline of a message's state, and a sentence below."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = Headline()
        self.words = WholeLabel()
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addWidget(self.headline)
        column.addWidget(self.words)

    def show_row(self, row: Row, lacks: Sequence[str] = (), *, is_older: bool = False) -> None:
        """Show a task's state; ``lacks`` are fields that its message needs and does not have.

        If it ``is_older`` than its template, what is sent gets another text.
        """
        look = LOOKS[row.look]
        self.headline.say(headline(row, time.time()), look.icon, look.token)
        waits = row.for_person or row.awaits_attempt
        is_changed = is_older and (waits or row.state in RESENDABLE)
        newer = say("correction", "newer") if is_changed else ""
        self.words.setText(sentences(consequence(row, lacks), newer))
        self.words.setVisible(bool(self.words.text()))


def consequence(row: Row, lacks: Sequence[str]) -> str:
    """Return what stopped a message or what it lacks, and what saving does."""
    match row.state:
        case State.SCHEDULED | State.QUEUED:
            return say("correction", "to_come")
        case State.SUCCEEDED if not row.kept:
            return say("correction", "sent", to=row.to or "–")
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
    return sentences(lacking(lacks) if cannot else met, say("correction", does))
