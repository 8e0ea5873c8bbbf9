"""Addresses in texts, and the targets of links."""

from __future__ import annotations

import re
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


ABSOLUTE: Final = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#][^\s<>\"]*)?")
_MAILBOX: Final = re.compile(r"[^\s@<>\"/:?]+@[\w-]+(?:\.[\w-]+)+")


def link_to(wanted: str) -> str | None:
    """Return the target of a link: an address of the web or of a person; ``None`` if neither."""
    for form, before in ((ABSOLUTE, ""), (_MAILBOX, "mailto:"), (_HOST, "https://")):
        if form.fullmatch(wanted.strip()):
            return f"{before}{wanted.strip()}"
    return None
