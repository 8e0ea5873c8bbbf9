"""The HTML of a plain text: paragraphs, line breaks and links."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK: Final = re.compile(
    r"https?://[^\s<>\"“”„«»‹›…\u200b-\u200f\u2060\ufeff\u3000-\u3002\u300c-\u3011\uff01-\uff0f]+"
)
"""An address with what may follow it in a sentence; quotation marks and full-width punctuation do
not occur in one."""
_AFTER: Final = frozenset(".,;:!?'‘’*")
"""Characters that end a sentence, a quotation or an emphasis when an address ends with them."""
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}
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


def linked(line: str) -> Iterator[tuple[str, bool]]:
    """Split a line at its web addresses; each piece tells whether it is one."""
    done = 0
    for found in _LINK.finditer(line):
        link = _without_end(found[0])
        yield line[done : found.start()], False
        yield link, True
        done = found.start() + len(link)
    yield line[done:], False


def _without_end(link: str) -> str:
    """Leave out the punctuation after an address; a bracket stays if it was opened in it."""
    while link[-1] in _AFTER or link.count(link[-1]) > link.count(_CLOSING.get(link[-1], link[-1])):
        link = link[:-1]
    return link


def spaced(text: str) -> str:
    """Escape a text, and keep its runs of spaces."""
    shown = escape(text).replace("  ", "&nbsp; ")
    return f"&nbsp;{shown[1:]}" if shown.startswith(" ") else shown
