"""Spreads pasted text over the form: a contact, a ``mailto:`` link, or a spreadsheet row.

Fields are named by their paths in the body of ``POST /items``, and :data:`NUMBER`.
"""

from __future__ import annotations

import csv
import re
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.contract.rules.text import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.gui.widgets.field import Field


NUMBER: Final = "number"
TITLE: Final = "title"
NAME: Final = "recipient.name"
EMAIL: Final = "recipient.email"
NOTE: Final = "fields.note"

LONGEST: Final = 10_000
"""Longest pasted text, in characters, that is parsed; a longer one is not one item."""
_BREAK: Final = re.compile(r"[\t\r\n]")
_CONTACT: Final = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]+@[^<>\s]+)>\s*[;,]?")
_ADDRESS: Final = re.compile(r"[^\s<>@,;:]+@[^\s<>@,;:]+")
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
    elif into in {NAME, EMAIL} and (contact := _contact(text)):
        name, address = contact
        keeps_name = into == EMAIL and (texts[NAME] or not name)
        found = {EMAIL: address} if keeps_name else {NAME: name, EMAIL: address}
    else:
        found = {into: text} if _BREAK.search(pasted) else {}
    return {path: value for path, value in found.items() if texts[path] != value}


def is_range(text: str) -> bool:
    """Tell whether a text is several rows of cells, as copied from a spreadsheet."""
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
    rows = csv.reader(StringIO(text, newline=""), "excel-tab") if is_row else [text.splitlines()]
    filled = [cells for row in rows if (cells := [_joined(cell) for cell in row if trimmed(cell)])]
    if len(filled) != 1:
        return {}  # several items: the field's check rejects them
    (cells,) = filled
    contacts = [contact for cell in cells if (contact := _contact(cell) or _plain(cell))]
    if not is_row and (len(contacts) != 1 or sum("@" in cell for cell in cells) > 1):
        return {into: " ".join(cells)}
    found = {into: ""}
    name = ""
    if contacts:
        name, found[EMAIL] = contacts[0]
        cells.remove(next(cell for cell in cells if _contact(cell) or _plain(cell)))
        if is_row and cells and _NUMBER.fullmatch(cells[0]):
            found[NUMBER] = cells.pop(0)
    if name or cells:
        found[NAME] = name or cells.pop(0)
    if cells:
        found[TITLE] = cells.pop(0)
    if cells:
        found[NOTE] = "\n".join(cells)
    return found


def _contact(text: str) -> tuple[str, str] | None:
    """Read ``Name <address>`` or a ``mailto:`` link; return name, perhaps empty, and address."""
    if text[:7].lower() == "mailto:":
        target = trimmed(unquote(text[7:].partition("?")[0]))
        return _plain(target) or _contact(target)
    match = _CONTACT.fullmatch(text)
    if match is None:
        return None
    name, address = match["name"].strip(), match["address"]
    if not name.startswith('"') and re.search(r"@.*[,;]", name):
        return None  # more than one address
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0])
    for quote in '"', "'":
        if len(name) > 1 and name[0] == name[-1] == quote:
            from email.utils import (
                unquote as without_quotes,  # here, as the import takes 3 ms of the window's start
            )

            name = trimmed(without_quotes(name) if quote == '"' else name[1:-1])
    return ("" if name == address else name), address


def _plain(text: str) -> tuple[str, str] | None:
    """Read a bare address as a contact without a name."""
    return ("", text) if _ADDRESS.fullmatch(text) else None


def _joined(cell: str) -> str:
    """Return a cell as one line."""
    return " ".join(cell.split())


class Spreading(QObject):
    """Spreads pasted text over ``fields``, given by path; a paste that was undone stays undone.

    Without a field for a title, number or note, those cells are dropped.
    """

    def __init__(self, fields: Mapping[str, Field], parent: QObject) -> None:
        super().__init__(parent)
        self._fields = fields
        for path, field in fields.items():
            if isinstance(field.editor, QLineEdit):
                field.edited.connect(partial(self._on_edited, path, field.editor))

    def _on_edited(self, path: str, editor: QLineEdit) -> None:
        if editor.isRedoAvailable():
            return
        texts = dict.fromkeys((NUMBER, NAME, EMAIL, TITLE, NOTE), "")
        texts |= {each: field.text() for each, field in self._fields.items()}
        for place, text in spread(texts, path).items():
            if place in self._fields:
                self._fields[place].replace(text)
