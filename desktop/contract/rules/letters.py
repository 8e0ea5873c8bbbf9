"""The Markdown of letters: headings, bold, lists and links, read around fields and tags."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.links import ABSOLUTE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

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


_NUMBERED: Final = re.compile(r"^((?:[ \t]*[-+*][ \t])*[ \t]*\d+)([.)])(?=[ \t]|$)", re.MULTILINE)
"""The beginning of a numbered list: in letters mostly a date, *1. May*, so it stays text."""


def read_letter(text: str, marks: JinjaMarks) -> list[Token]:
    """Read a letter's Markdown; ``marks`` stand for what Jinja reads."""
    return _parser().parse(_NUMBERED.sub(r"\1\\\2", marks.mark(text)))


_KNOWN: Final = ("heading", "emphasis", "list", "link", "newline", "escape")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 20 ms that a start can save

    parser = MarkdownIt("zero", {"breaks": True}).enable(_KNOWN)
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: bool(ABSOLUTE.fullmatch(url) or MARK.fullmatch(url))  # type: ignore[method-assign]
    return parser
