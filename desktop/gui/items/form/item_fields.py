"""What an item is made of, from which the form is built, and what pasted text becomes in it.

Fields are named by their paths in the body of ``POST /items``, and :data:`NUMBER`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QLineEdit

from desktop.contract.items import NewItem
from desktop.contract.rules.mailbox import contacts_in
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import OFFERED, AddressOffer
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.typed import address_problem_words, copies_words
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.text import NAME_LIMIT, TITLE_LIMIT, trimmed, whole_number
from sendoff_tasks.words.typed import line_problem, text_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from desktop.contract.rules.mailbox import Mailbox
    from desktop.gui.kit.widgets.field import Field


translate = QCoreApplication.translate
NUMBER: Final = "number"
NAME: Final = "recipient.name"
EMAIL: Final = "recipient.email"
NOTE: Final = "fields.note"
COPIES: Final = ("cc", "bcc")
LONGEST: Final = 10_000
"""Longest pasted text, in characters, that is parsed; a longer one is not one item."""
_BREAKS: Final = re.compile(r"\s*[\t\r\n]\s*")


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One field of an item.

    ``path`` is its dotted place in the body of ``POST /items`` (``recipient.email``); errors of the
    API use the same path. ``check`` returns the error of a text, or ``None``.
    """

    path: str
    label: str
    placeholder: str
    check: Callable[[str], str | None]
    multiline: bool = False
    can_be_pinned: bool = False
    """Whether its text can be kept for the next item."""


def item_fields() -> tuple[FieldKind, ...]:
    """Return the fields of every item, in order: its recipient, its title and a note."""
    one_line = partial(line_problem, limit=NAME_LIMIT)
    return (
        FieldKind(NAME, translate("ItemKind", "Name"), "", one_line),
        FieldKind(EMAIL, translate("ItemKind", "E-mail"), "", address_problem_words),
        FieldKind(
            "title",
            translate("ItemKind", "Title"),
            translate("ItemKind", "What it is about"),
            partial(line_problem, limit=TITLE_LIMIT),
            can_be_pinned=True,
        ),
        FieldKind(
            NOTE,
            translate("ItemKind", "Note"),
            translate("ItemKind", "The recipient reads it"),
            text_problem,
            multiline=True,
        ),
    )


def copy_fields() -> tuple[FieldKind, ...]:
    """Return the fields of who else gets an item's message."""
    blind = translate("ItemKind", "Nobody sees that they get it")
    return (
        FieldKind("cc", translate("ItemKind", "Cc"), "", copies_words),
        FieldKind("bcc", translate("ItemKind", "Bcc"), blind, copies_words),
    )


class CopiesLink(Link):
    """A link beside the address, which opens the fields of who else gets the message."""

    def __init__(self) -> None:
        super().__init__(translate("ItemKind", "Cc…"))
        self.setToolTip(translate("ItemKind", "Let others get this e-mail, too"))
        self._copies: Sequence[Field] = ()
        self.clicked.connect(self._on_clicked)

    def lead_to(self, copies: Sequence[Field]) -> None:
        """Hide the fields behind the link, unless they have texts."""
        self._copies = copies
        self._show(shown=any(field.text() for field in copies))

    def _show(self, *, shown: bool) -> None:
        self.setVisible(not shown)
        for field in self._copies:
            field.setVisible(shown)

    def _on_clicked(self) -> None:
        self._show(shown=True)
        self._copies[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)


def number_problem(text: str) -> str | None:
    """Return the error of an item number typed by hand, or ``None``; it may be empty."""
    digits = text.strip()
    if not digits or whole_number(digits, ID_LIMIT) is not None:
        return None
    if digits.isascii() and digits.strip("0").isdigit():
        return say("value", "int_parsing_size")
    return say("form", "number_wrong")


def new_item(
    values: Mapping[str, str],
    tasks: Sequence[str],
    needed: Collection[str],
    **others: str,
) -> NewItem:
    """Make the body of ``POST /items`` from the texts of the fields by path.

    Empty texts are left out, except for ``needed`` paths, which the template asks for.
    """
    body: dict[str, Any] = {key: value for key, value in others.items() if value}
    for path, text in values.items():
        if trimmed(text) or path in needed:
            parent, dot, key = path.partition(".")
            place = body.setdefault(parent, {}) if dot else body
            place[key if dot else parent] = trimmed(text)
    body["tasks"] = list(tasks)
    return cast("NewItem", body)


def spread(texts: Mapping[str, str], into: str) -> dict[str, str]:
    """Return the fields that change, by path, when ``texts[into]`` was pasted.

    The address of a contact goes to *E-mail*; its name goes to *Name* if that is empty or the text
    was pasted there. Any other lines or cells are joined.
    """
    pasted = texts[into]
    if len(pasted) > LONGEST:
        return {}
    text = _BREAKS.sub(" ", trimmed(pasted))
    if into in {NAME, EMAIL} and (contact := _contact(text)) and _is_whole(text, contact):
        keeps_name = into == EMAIL and (texts[NAME] or not contact.name)
        found = {EMAIL: contact.address}
        found |= {} if keeps_name else {NAME: contact.name}
    else:
        found = {into: text} if _BREAKS.search(pasted) else {}
    return {path: value for path, value in found.items() if texts[path] != value}


def is_range(text: str) -> bool:
    """Tell whether a text is several rows of cells, as copied from a spreadsheet, or many contacts.

    Of a few contacts the form offers each (``OFFERED``).
    """
    if len(contacts_in(text)) > OFFERED:
        return True
    lines = [line for line in text.splitlines() if trimmed(line)]
    return len(lines) > 1 and all("\t" in line for line in lines)


def _contact(text: str) -> Mailbox | None:
    """Return the contact of a text that is one and nothing else."""
    found = contacts_in(text)
    return found[0] if len(found) == 1 else None


def _is_whole(text: str, contact: Mailbox) -> bool:
    """Tell whether a contact is more than its address, or one whose next part is being typed."""
    return text.rstrip(".") != contact.address


class ContactPaste(QObject):
    """Puts name and address of a pasted contact into ``fields``, given by path.

    A paste that was undone stays undone. ``meant`` offers what the address may mean, below its
    field, once the person does not type in it any more.
    """

    def __init__(self, fields: Mapping[str, Field], parent: QObject) -> None:
        super().__init__(parent)
        self._fields = fields
        self._before = {path: field.text() for path, field in fields.items()}
        self.meant = AddressOffer()
        self._offer_below(fields[EMAIL])
        for path, field in fields.items():
            if isinstance(field.editor, QLineEdit):
                field.edited.connect(partial(self._on_edited, path, field.editor))
                field.editor.textChanged.connect(partial(self._before.__setitem__, path))

    def _offer_below(self, email: Field) -> None:
        editor = email.editor
        if not isinstance(editor, QLineEdit):
            return

        def offer() -> None:
            self.meant.show_for("" if editor.hasFocus() or editor.isReadOnly() else editor.text())

        email.stand_below(self.meant)
        self.meant.chosen.connect(email.replace)
        self.meant.chosen.connect(lambda: editor.setFocus(Qt.FocusReason.OtherFocusReason))
        editor.textChanged.connect(offer)
        editor.editingFinished.connect(lambda: self.meant.show_for(editor.text()))
        offer()

    def _on_edited(self, path: str, editor: QLineEdit) -> None:
        texts = {each: field.text() for each, field in self._fields.items()}
        typed = {f"{self._before[path]}{sign}" for sign in ",;"}  # these are to be seen as wrong
        if texts[path] in typed or editor.isRedoAvailable():
            return
        for place, text in spread(texts, path).items():
            self._fields[place].replace(text)
