"""Spreads pasted text over the form: a contact, a ``mailto:`` link, or a spreadsheet row.

Fields are named by their paths in the body of ``POST /items``, and :data:`NUMBER`.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.contract.rules.mailbox import contacts_in
from desktop.contract.rules.text import trimmed
from desktop.gui.kit.widgets.field import OFFERED, AddressOffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.contract.rules.mailbox import Mailbox
    from desktop.gui.kit.widgets.field import Field


NUMBER: Final = "number"
TITLE: Final = "title"
NAME: Final = "recipient.name"
EMAIL: Final = "recipient.email"
NOTE: Final = "fields.note"

LONGEST: Final = 10_000
"""Longest pasted text, in characters, that is parsed; a longer one is not one item."""
_BREAK: Final = re.compile(r"[\t\r\n]")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,6}")
"""More digits are rather a telephone or card number; a leading 0 is rather a postcode."""


def spread(texts: Mapping[str, str], into: str) -> dict[str, str]:
    """Return the fields that change, by path, when ``texts[into]`` is spread over them.

    The address of a contact goes to *E-mail*; its name goes to *Name* if that is empty or the text
    was pasted there. In a row, the cell with an @ is the e-mail and digits in the first cell are
    the number; the other cells are name, title and note, in this order.
    """
    pasted = texts[into]
    if len(pasted) > LONGEST:
        return {}
    text = trimmed(pasted)
    if _BREAK.search(text):
        found = _row(text, into)
    elif into in {NAME, EMAIL} and (contact := _contact(text)) and _is_whole(text, contact):
        keeps_name = into == EMAIL and (texts[NAME] or not contact.name)
        found = {EMAIL: contact.address}
        found |= {} if keeps_name else {NAME: contact.name}
    else:
        found = {into: text} if _BREAK.search(pasted) else {}
    return {path: value for path, value in found.items() if texts[path] != value}


def is_range(text: str) -> bool:
    """Tell whether a text is several rows of cells, as copied from a spreadsheet, or many contacts.

    Of a few contacts the form offers each (``OFFERED``).
    """
    if len(contacts_in(text)) > OFFERED:
        return True
    lines = [line for line in text.splitlines() if trimmed(line)]
    return len(lines) > 1 and all("\t" in line for line in lines)


class RangePaste(QObject):
    """Intercepts spreadsheet rows pasted into one of ``lines``; ``pasted`` carries them."""

    pasted = Signal(str)

    def __init__(self, lines: Iterable[QWidget], parent: QObject) -> None:
        super().__init__(parent)
        for line in lines:
            line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Emit the pasted rows and keep them from the line edit."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            text = QGuiApplication.clipboard().text()
            if event.matches(QKeySequence.StandardKey.Paste) and is_range(text):
                self.pasted.emit(text)
                return True
        return super().eventFilter(watched, event)


def _row(text: str, into: str) -> dict[str, str]:
    """Split a row of cells, or lines with one address, into fields; otherwise join the lines."""
    is_row = "\t" in text
    lines = text.splitlines(keepends=True)
    from desktop.sheets.separated import rows_of  # the window is shown before its package

    rows = [cells for cells, _ in rows_of(lines, "\t")] if is_row else [text.splitlines()]
    filled = [cells for row in rows if (cells := [_joined(cell) for cell in row if trimmed(cell)])]
    if len(filled) != 1:
        return {}  # several items: the field's check rejects them
    (cells,) = filled
    contacts = [(cell, contact) for cell in cells if (contact := _contact(cell))]
    if not is_row and (len(contacts) != 1 or sum("@" in cell for cell in cells) > 1):
        return {into: " ".join(cells)}
    found = {into: ""}
    name = ""
    if contacts:
        cell, contact = contacts[0]
        name, found[EMAIL] = contact.name, contact.address
        cells.remove(cell)
        if is_row and cells and _NUMBER.fullmatch(cells[0]):
            found[NUMBER] = cells.pop(0)
    if name or cells:
        found[NAME] = name or cells.pop(0)
    if cells:
        found[TITLE] = cells.pop(0)
    if cells:
        found[NOTE] = "\n".join(cells)
    return found


def _contact(text: str) -> Mailbox | None:
    """Return the contact of a text that is one and nothing else."""
    found = contacts_in(text)
    return found[0] if len(found) == 1 else None


def _is_whole(text: str, contact: Mailbox) -> bool:
    """Tell whether a contact is more than its address, or one whose next part is being typed."""
    return text.rstrip(".") != contact.address


def _joined(cell: str) -> str:
    """Return a cell as one line."""
    return " ".join(cell.split())


class Spreading(QObject):
    """Spreads pasted text over ``fields``, given by path; a paste that was undone stays undone.

    Without a field for a title, number or note, those cells are dropped. ``meant`` offers what the
    address may mean, below its field, once the person does not type in it any more.
    """

    def __init__(self, fields: Mapping[str, Field], parent: QObject) -> None:
        super().__init__(parent)
        self._fields = fields
        self.meant = AddressOffer()
        self._offer_below(fields[EMAIL])
        for path, field in fields.items():
            if isinstance(field.editor, QLineEdit):
                field.edited.connect(partial(self._on_edited, path, field.editor))

    def _offer_below(self, email: Field) -> None:
        editor = email.editor
        if not isinstance(editor, QLineEdit):
            return

        def offer() -> None:
            self.meant.show_for("" if editor.hasFocus() or editor.isReadOnly() else editor.text())

        email.stand_below(self.meant)
        self.meant.chosen.connect(email.replace)
        editor.textChanged.connect(offer)
        editor.editingFinished.connect(lambda: self.meant.show_for(editor.text()))
        offer()

    def _on_edited(self, path: str, editor: QLineEdit) -> None:
        if editor.isRedoAvailable():
            return
        texts = dict.fromkeys((NUMBER, NAME, EMAIL, TITLE, NOTE), "")
        texts |= {each: field.text() for each, field in self._fields.items()}
        for place, text in spread(texts, path).items():
            if place in self._fields:
                self._fields[place].replace(text)
