"""The HTML of a plain text: paragraphs, line breaks and links."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from desktop.contract.rules.links import linked

_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n\s*")
_STYLE: Final = (
    "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:15px;line-height:22px;"
)


def html_of(text: str) -> str:
    """Return an HTML page for a plain text: paragraphs, line breaks and links, all escaped."""
    paragraphs = [_paragraph(each) for each in _PARAGRAPHS.split(text.strip("\n")) if each.strip()]
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n'
        f'<body style="{_STYLE}">\n' + "\n".join(paragraphs) + "\n</body></html>\n"
    )


def _paragraph(text: str) -> str:
    lines = [_with_links(line) for line in text.split("\n")]
    return f'<p dir="auto" style="margin:0 0 16px;text-align:start;">{"<br>".join(lines)}</p>'


def _with_links(line: str) -> str:
    return "".join(
        f'<a href="{escape(piece)}">{escape(piece)}</a>' if is_link else spaced(piece)
        for piece, is_link in linked(line)
    )


def spaced(text: str) -> str:
    """Escape a text, and keep its runs of spaces."""
    shown = escape(text).replace("  ", "&nbsp; ")
    return f"&nbsp;{shown[1:]}" if shown.startswith(" ") else shown
