"""The rules for typed text: checked at the field in the window, and again by the API."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from html import unescape
from typing import Final

TITLE_LIMIT: Final = 200
NAME_LIMIT: Final = 200
DIRECTION_MARKS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidi embeddings, overrides and isolates: they change the order of the following text."""


def trimmed(text: str) -> str:
    """Strip invisible characters from both ends: blanks, line breaks, direction marks."""
    start, end = 0, len(text)
    while start < end and _is_unseen(text[start]):
        start += 1
    while start < end and _is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]


_NOT_WORDS: Final = re.compile(r"[\W_]+")
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
)


def plain(words: str) -> str:
    """Return words as they are compared: lower case, without accents, blanks between them."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    kept = "".join(each for each in apart if not unicodedata.combining(each))
    return _NOT_WORDS.sub(" ", kept.translate(_LETTERS)).strip()


def line_problem(text: str, limit: int) -> str | None:
    """Return what is wrong with one line of typed text, or ``None``.

    Line breaks and control characters would end up in mail headers. Characters that change the
    direction of text could make one address look like another; right-to-left text does not need
    them.
    """
    if text.isprintable():  # a fast check: printable text has none of these characters
        return f"This is longer than {limit} characters." if len(text) > limit else None
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        return "Line breaks and control characters cannot be used here."
    if any(unicodedata.category(character) == "Cs" for character in text):
        return "This text holds half a character."
    if not DIRECTION_MARKS.isdisjoint(text):
        return "Characters that turn the direction of text cannot be used here."
    if len(text) > limit:
        return f"This is longer than {limit} characters."
    return None


def text_problem(text: str) -> str | None:
    """Return what is wrong with text of one or more lines, or ``None``.

    Tabs and line breaks are allowed. Other control characters would control terminals and end up
    in e-mails.
    """
    if text.isprintable():
        return None
    categories = {character: unicodedata.category(character) for character in set(text)}
    if any(of == "Cc" and character not in "\t\n\r" for character, of in categories.items()):
        return "Control characters cannot be used here."
    return "This text holds half a character." if "Cs" in categories.values() else None


def whole_characters(text: str) -> str:
    """Return ``text`` with U+FFFD for each half character (a lone surrogate), which UTF-8 lacks.

    File names that are not UTF-8 have some, and so does text from some clipboards.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


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


def whole_number(text: str, limit: int) -> int | None:
    """Parse a number from 1 to ``limit``; ``None`` for any other text.

    The length is checked first: pasted text may have more digits than ``int`` accepts.
    """
    digits = text.strip()
    counted = digits.lstrip("0")
    if not (digits.isascii() and counted.isdigit()) or len(counted) > len(str(limit)):
        return None
    return number if (number := int(counted)) <= limit else None


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Zs"}


_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_PLAIN: Final = re.compile(r"[+-]?[\d ., ]*\d")
"""Numbers and telephone numbers, which are not formulas."""


def defused(text: str) -> str:
    """Escape a cell of a text file that a spreadsheet program could take for a formula."""
    if _FORMULA.match(text) and not _PLAIN.fullmatch(text):
        return f"'{text}"
    return text
