"""The HTML side of a message, made from its text: paragraphs, line breaks and links."""

from __future__ import annotations

import re
from html import escape
from typing import Final

_LINK: Final = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]]")
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n\s*")
_STYLE: Final = (
    "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:15px;line-height:22px;"
)


def html_of(text: str) -> str:
    """Return a page that shows a plain text as a reader expects it; everything is escaped."""
    paragraphs = [_paragraph(each) for each in _PARAGRAPHS.split(text.strip("\n")) if each.strip()]
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n'
        f'<body style="{_STYLE}">\n' + "\n".join(paragraphs) + "\n</body></html>\n"
    )


def _paragraph(text: str) -> str:
    lines = [_with_links(line) for line in text.split("\n")]
    return f'<p style="margin:0 0 16px;">{"<br>".join(lines)}</p>'


def _with_links(line: str) -> str:
    pieces, done = [], 0
    for found in _LINK.finditer(line):
        address = escape(found[0])
        pieces += [_spaced(line[done : found.start()]), f'<a href="{address}">{address}</a>']
        done = found.end()
    return "".join([*pieces, _spaced(line[done:])])


def _spaced(text: str) -> str:
    """Escape a text; what is indented or set in columns stays so."""
    shown = escape(text).replace("  ", "&nbsp; ")
    return f"&nbsp;{shown[1:]}" if shown.startswith(" ") else shown
