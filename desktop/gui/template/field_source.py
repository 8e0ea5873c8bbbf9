"""Conversion between a document with chips and its source, and the places of its fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QTextCursor

from desktop.gui.template.field_chips import NAME
from desktop.gui.widgets.texts import utf16_cut, utf16_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QTextDocument

OBJECT: Final = "\ufffc"
"""The character of a chip."""
PLACEHOLDER: Final = re.compile(r"\{\{([^{}\n]*)\}\}")


def source_between(document: QTextDocument, start: int, end: int) -> str:
    """Return the source of a range: its text, with fields as ``{{ name }}``."""
    parts = []
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        first = max(0, start - block.position())
        last = min(block.length() - 1, end - block.position())
        text = utf16_cut(block.text(), first, last)
        parts.append("".join(_source_of(document, text, block.position() + first)))
        block = block.next()
    return "\n".join(parts).replace("\u2028", "\n")


def _source_of(document: QTextDocument, text: str, position: int) -> list[str]:
    """Return the source of a text within a block; ``position`` is its start."""
    pieces = text.split(OBJECT)
    written = [pieces[0]]
    cursor = QTextCursor(document)
    at = position + utf16_units(pieces[0])
    for piece in pieces[1:]:
        cursor.setPosition(at + 1)
        name = cursor.charFormat().property(NAME)
        written += ["{{ " + str(name) + " }}" if name else "", piece]
        at += 1 + utf16_units(piece)
    return written


def placeholders(document: QTextDocument) -> list[tuple[int, int, str]]:
    """Return the expressions that are plain text: start, end, and the text between the braces."""
    found: list[tuple[int, int, str]] = []
    block = document.firstBlock()
    while block.isValid():
        at, text = block.position(), block.text()
        found += [
            (at + utf16_units(text[: each.start()]), at + utf16_units(text[: each.end()]), each[1])
            for each in PLACEHOLDER.finditer(text)
        ]
        block = block.next()
    return found


def chips(document: QTextDocument) -> Iterator[tuple[int, int, str]]:
    """Yield the chips: start, end, and field."""
    cursor = QTextCursor(document)
    *pieces, _ = document.toRawText().split(OBJECT)
    at = 0
    for piece in pieces:
        at += utf16_units(piece) + 1
        cursor.setPosition(at)
        name = cursor.charFormat().property(NAME)
        if name:
            yield at - 1, at, str(name)
