"""Letters: their limits, the marks of fields and tags in them, and where bold may begin and end."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MARKDOWN: Final = "markdown"
"""The ``format`` of a letter: its text is Markdown, and its HTML is made from that."""
LOGO_SIDE: Final = 240
"""Pixels of the logo's width and height at most."""
LOGO_LIMIT: Final = 64 * 1024
"""Bytes of the logo at most: each letter carries it."""
LOGO_HEIGHT: Final = 40
"""Pixels of the height in which letters show the logo."""
COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
"""A colour of the letterhead."""
JINJA: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
"""What Jinja reads in a template's text."""
_TAG: Final = re.compile(r"\{%[-+]?\s*(?:(end)|(else|elif)\b|if\b|for\b)")
MARK: Final = re.compile("[\U000f0000-\U000ffffd]")


class JinjaMarks:
    """Private characters in the place of what Jinja reads: Markdown takes them for letters."""

    def __init__(self) -> None:
        self._kept: list[str] = []

    def mark(self, text: str) -> str:
        """Return a text with marks."""
        return JINJA.sub(lambda found: self.of(found[0]), MARK.sub("", text))

    def put_back(self, made: str) -> str:
        """Return what was made of a text with marks, with Jinja's parts."""
        return MARK.sub(self.kept_at, made)

    def of(self, part: str) -> str:
        """Return a new mark for a part."""
        self._kept.append(part)
        return chr(0xF0000 + len(self._kept) - 1)

    def kept_at(self, mark: re.Match[str]) -> str:
        """Return the part of a mark."""
        return self._kept[ord(mark[0]) - 0xF0000]

    def is_field(self, mark: re.Match[str]) -> bool:
        """Tell whether the part of a mark is ``{{ … }}``, which shows something."""
        return self.kept_at(mark).startswith("{{")

    def tag_at(self, sign: str) -> str:
        """Return what a tag does that a sign stands for: ``begin``, ``else`` or ``end``.

        It is nothing for any other sign, as for a field.
        """
        mark = MARK.fullmatch(sign)
        tag = _TAG.match(self.kept_at(mark)) if mark else None
        return "" if tag is None else "end" if tag[1] else "else" if tag[2] else "begin"


_QUOTED: Final = frozenset({
    "()", "[]", "{}", "<>", "（）", "「」", "『』", "【】",
    '""', "''", "“”", "„“", "„”", "””", "‘’", "‚‘", "’’", "«»", "»«", "‹›", "›‹", "||", "//",
})  # fmt: skip
"""What stands around a sign that is meant itself, and is no mark: (**)."""
_BEGINNINGS: Final = frozenset("\"'¡¿#@§&_\\")
"""Signs with which a text may begin, besides opening brackets and quotation marks."""


def opens_bold(before: str, after: str) -> bool:
    """Tell whether ``**`` may begin bold between two characters; a blank is the end of a line."""
    kinds = unicodedata.category(before), unicodedata.category(after)
    if after.isspace() or after in ",;:" or kinds[1] == "Pe" or before + after in _QUOTED:
        return False
    begins = kinds[1][0] != "P" or kinds[1] in {"Ps", "Pi", "Pf"} or after in _BEGINNINGS
    return begins or before.isspace() or kinds[0] in {"Ps", "Pi"}


def is_in_word(before: str, after: str) -> bool:
    """Tell whether a place is between two letters or digits of a script with blanks."""
    return all(sign.isalnum() and unicodedata.category(sign) != "Lo" for sign in (before, after))


def closes_bold(before: str, after: str) -> bool:
    """Tell whether ``**`` may end bold between two characters."""
    is_opening = unicodedata.category(before) == "Ps"
    return not (before.isspace() or is_opening or before + after in _QUOTED)
