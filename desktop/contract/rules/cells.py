"""The rules for texts of a spreadsheet's cells: errors and garbled texts."""

from __future__ import annotations

import re
from contextlib import suppress
from html import unescape
from typing import Final

_CELL_ERROR: Final = re.compile(
    r"#(?:N/[ABD]|NV|I/T|Н/Д|YOK|SAKNAS|HIÁNYZIK|NENÍ_K_DISPOZICI|GETTING_DATA"
    r"|[¡¿]?[^\W\d_]\w*(?:/0)?[!?])|(?:ERR|FEHLER):\d{3}"
)


def is_cell_error(text: str) -> bool:
    """Tell whether a text is the error of a spreadsheet's cell, in the languages of programs.

    Such as ``#N/A``, ``#DIV/0!``, ``#BEZUG!``, ``#¿NOMBRE?`` and LibreOffice's ``Err:502``.
    """
    text = text.strip()
    is_shouted = text[:1] == "#" and text == text.upper()
    return (is_shouted or text[:1] in {"E", "F"}) and bool(_CELL_ERROR.fullmatch(text.upper()))


_NO_VALUE: Final = r"(?:NULL|null|\(null\)|nan|NaN|NaT|None|<NA>|undefined|\[object Object\])"
_LOST: Final = re.compile(
    rf"{_NO_VALUE}(?:\s+{_NO_VALUE})*|[+-]?\d(?:[.,]\d+)?[eE][+-]?\d{{2,3}}|#{{3,}}"
)
_ENTITY: Final = re.compile(r"&(?:#\d{2,5}|#x[\da-fA-F]{2,5}|[a-zA-Z]{2,8});")
_TWO_LETTERS: Final = re.compile(r"[^\x00-\x7f]{2}")
"""What is left of a letter beyond ASCII that was read in another encoding."""


def looks_wrong(text: str) -> bool:
    """Tell whether another program has probably garbled a text: *NULL*, *MÃ¼ller*, *4.9E+11*.

    Also the names of letters in HTML, and *####* of a narrow column.
    """
    if _LOST.fullmatch(text) or ("&" in text and _ENTITY.search(text) and unescape(text) != text):
        return True
    if text.isascii():
        return False
    is_read = _TWO_LETTERS.search(text) and any(_is_utf8(text, each) for each in _READ_AS)
    return "\ufffd" in text or bool(is_read)


_READ_AS: Final = ("latin-1", "cp1251", "mac_roman")
_AS_LATIN_1: Final = {
    ord(sign): byte
    for byte in range(0x80, 0xA0)
    if (sign := bytes([byte]).decode("cp1252", "ignore"))
}
"""The signs of Windows-1252, as the controls of Latin-1 that have the same bytes."""


def _is_utf8(text: str, encoding: str) -> bool:
    """Tell whether a text is UTF-8 that was read in another encoding."""
    with suppress(UnicodeError):
        signs = text.translate(_AS_LATIN_1) if encoding == "latin-1" else text
        return bool(signs.encode(encoding).decode())
    return False
