"""Addresses in texts, and the targets of links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_LINK: Final = r"(?!(?:\[[^\[\]]*)?\]\()"
"""Not the beginning of a link in Markdown, nor that of its target."""
_WEB: Final = (
    rf"(?P<web>https?://(?:{_NO_LINK}[^\s<>\"\\“”„«»‹›…"
    r"\u200b-\u200f\u2060\ufeff\u3000-\u3002\u300c-\u3011\uff01-\uff0f])+)"
)
_PATH: Final = (
    r"(?:(?<![\w\\])\\\\[\w.$-]+\\(?=[\w\U000f0000-\U000ffffd])"
    r"|(?<=[A-Za-z])(?<![\w\\][A-Za-z]):\\(?!\\))"
    rf"(?:{_NO_LINK}[^\s*?\"<>|“”„«»])*"
)
ADDRESS: Final = re.compile(f"{_WEB}|{_PATH}", re.IGNORECASE)
"""An address of the ``web`` with what may follow it in a sentence, or the path of a file on a
Windows disk, from its ``:`` or ``\\\\`` on. Quotation marks and full-width punctuation occur in
neither."""
_WEB_ADDRESS: Final = re.compile(_WEB, re.IGNORECASE)
_AFTER: Final = frozenset(".,;:!?'‘’*")
"""Characters that end a sentence, a quotation or an emphasis when an address ends with them."""
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


def linked(line: str) -> Iterator[tuple[str, bool]]:
    """Split a line at its web addresses; each piece tells whether it is one."""
    done = 0
    for found in _WEB_ADDRESS.finditer(line):
        link = without_end(found[0])
        yield line[done : found.start()], False
        yield link, True
        done = found.start() + len(link)
    yield line[done:], False


def without_end(link: str) -> str:
    """Leave out the punctuation after an address; a bracket stays if it was opened in it."""
    while link[-1] in _AFTER or link.count(link[-1]) > link.count(_CLOSING.get(link[-1], link[-1])):
        link = link[:-1]
    return link


_ABSOLUTE: Final = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
_HOST: Final = re.compile(
    r"(?!\d+(?:\.\d+){1,2}\Z"  # a number or a date
    r"|[^/]*\.(?:pdf|docx?|xlsx?|pptx?|od[pst]|csv|txt|html?|ics|jpe?g|png|zip)\Z)"  # a file
    r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#][^\s<>\"]*)?"
)
_MAILBOX: Final = re.compile(r"[^\s@<>\"/:?]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"tel:(\+?)((?:[\s()./-]*\d){2,})", re.IGNORECASE)


def link_to(wanted: str) -> str | None:
    """Return the target of a link: an address of the web or of a person, or ``tel:`` and a number.

    ``None`` is any other text.
    """
    wanted = wanted.strip()
    for form, before in ((_ABSOLUTE, ""), (_MAILBOX, "mailto:"), (_HOST, "https://")):
        if form.fullmatch(wanted):
            return f"{before}{wanted}"
    phone = _PHONE.fullmatch(wanted)
    if phone is None:
        return None
    plus, number = phone.groups()
    digits = re.sub(r"\D", "", number.replace("(0)", "") if plus else number)
    return f"tel:{plus}{digits}"
