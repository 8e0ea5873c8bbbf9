"""What typed text may hold: asked at the field in the window, and again by the API."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TITLE_LIMIT: Final = 200
NAME_LIMIT: Final = 200
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidi embeddings, overrides and isolates: what follows one is read in another order."""


def trimmed(text: str) -> str:
    """Return text without what cannot be seen at its ends: blanks, breaks, marks of direction."""
    start, end = 0, len(text)
    while start < end and _is_unseen(text[start]):
        start += 1
    while start < end and _is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]


def line_problem(text: str, limit: int) -> str | None:
    """Say what is wrong with one line of typed text, or ``None``.

    Line breaks and control characters would end up in mail headers; characters that turn the
    direction of text could show one address as another. Text written from right to left needs none.
    """
    if text.isprintable():  # then it has none of them; a quick look, as most text is
        return f"This is longer than {limit} characters." if len(text) > limit else None
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        return "Line breaks and control characters cannot be used here."
    if any(unicodedata.category(character) == "Cs" for character in text):
        return "This text holds half a character."
    if not _TURNS.isdisjoint(text):
        return "Characters that turn the direction of text cannot be used here."
    if len(text) > limit:
        return f"This is longer than {limit} characters."
    return None


def text_problem(text: str) -> str | None:
    """Say what is wrong with text of one line or more, or ``None``.

    Tabs and line breaks are text; other control characters steer terminals and end up in e-mails.
    """
    if text.isprintable():
        return None
    categories = {character: unicodedata.category(character) for character in set(text)}
    if any(of == "Cc" and character not in "\t\n\r" for character, of in categories.items()):
        return "Control characters cannot be used here."
    return "This text holds half a character." if "Cs" in categories.values() else None


def whole_number(text: str, limit: int) -> int | None:
    """Read a number from 1 to ``limit`` as people type it; ``None`` for any other text.

    Of pasted digits there may be more than ``int`` takes.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(limit)):
        return None
    number = int(digits)
    return number if 1 <= number <= limit else None


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Zs"}


_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_PLAIN: Final = re.compile(r"[+-]?[\d ., ]*\d")
"""Numbers, also of telephones: nothing in them is a formula."""


def defused(text: str) -> str:
    """Write a cell of a text file as what no spreadsheet program takes for a formula."""
    if _FORMULA.match(text) and not _PLAIN.fullmatch(text):
        return f"'{text}"
    return text
