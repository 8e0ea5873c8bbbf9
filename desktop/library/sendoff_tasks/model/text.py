"""The rules for typed text: checked at the field in the window, and again by the API."""

from __future__ import annotations

import re
import unicodedata
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


def whole_characters(text: str) -> str:
    """Return ``text`` with U+FFFD for each half character (a lone surrogate), which UTF-8 lacks.

    File names that are not UTF-8 have some, and so does text from some clipboards.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


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
