"""Parses a mailbox: ``Ada Lovelace <ada@example.org>``, or the address alone.

:func:`parse_mailbox` reads what Sendoff writes and refuses anything else; :func:`contacts_in` reads
what people write and paste, also a whole line of recipients.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from desktop.contract.rules import addresses
from sendoff_tasks.model.text import NAME_LIMIT, trimmed
from sendoff_tasks.words.table import ENGLISH, WordTable
from sendoff_tasks.words.typed import line_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE: Final = tomllib.loads(Path(__file__).with_name("mailbox.toml").read_text("utf-8"))
PROVIDERS: Final = tuple(each for listed in _TABLE.values() for each in listed.split())
"""Domains; of those that are near, the first is meant."""
_KNOWN: Final = frozenset(PROVIDERS)
_SHORT: Final = 4
"""Letters of a name, as in *web.de*, to which many other domains are near."""


@lru_cache(1024)
def provider_meant(domain: str) -> str | None:
    """Return the provider whose domain was probably meant; ``None`` mostly.

    One letter may be missing, added or another one, or two may have changed places.
    """
    typed = domain.strip().casefold()
    if typed in _KNOWN:
        return None
    return next((each for each in PROVIDERS if _is_slip(typed, each)), None)


def _is_slip(typed: str, meant: str) -> bool:
    name = meant.partition(".")[0]
    if len(typed) == len(meant) and _is_swapped(typed, meant):
        return True
    if len(name) > _SHORT or typed.startswith((f"{name}.", f"{name},")):
        return _is_one_apart(typed, meant)
    return typed == meant.replace(".", "") or (
        len(typed) == len(meant) + 1 and _without_doubles(typed) == meant
    )


def _is_swapped(typed: str, meant: str) -> bool:
    wrong = [at for at, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    first, second = wrong
    return typed[first] == meant[second] and typed[second] == meant[first]


def _is_one_apart(typed: str, meant: str) -> bool:
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    more, less = typed[start:], meant[start:]
    return more[1:] == less[1:] or more[1:] == less or more == less[1:]


def _without_doubles(text: str) -> str:
    return "".join(letter for letter, _ in groupby(text))


LENGTH_LIMIT: Final = 2 * (NAME_LIMIT + addresses.ADDRESS_LIMIT)
"""Characters of a written mailbox, with quotation marks."""
LINE_LIMIT: Final = 100_000
"""Characters of a line of recipients."""
_WRITTEN: Final = re.compile(
    r"""\s*(?:(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<name>[^<>]*?))\s*<(?P<inside>[^<>]*)>
    |(?P<alone>[^<>]*?))\s*""",
    re.VERBOSE,
)
_QUOTES: Final = r'"“”„‟«»‹›'
_OUTSIDE: Final = rf"\s<>()\[\]{{}}{_QUOTES},;:@|/\\、，；"
"""Characters that end an address."""
_ADDRESS: Final = (
    rf"(?<![^{_OUTSIDE}{addresses.MARKS}])(?![{addresses.MARKS}.])[^{_OUTSIDE}]{{1,{addresses.LOCAL_LIMIT}}}"
    rf"@[^{_OUTSIDE}]{{0,{addresses.ADDRESS_LIMIT}}}[^{_OUTSIDE}{addresses.MARKS}.]"
)
LIKE_ADDRESS: Final = re.compile(_ADDRESS)
"""What looks like an address within a text."""
_CONTACT: Final = re.compile(
    rf"""(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<name>(?:[^<>@;\r\n]|(?<=\s)@(?=\s))*?))
        \s*<\s*(?:mailto:)?[{addresses.MARKS}]*(?P<inside>{_ADDRESS})[{addresses.MARKS}.\s]*>
    |(?P<before>[^<>@,;()\[\]\r\n]+?)\s*[(\[]\s*(?:mailto:)?(?P<boxed>{_ADDRESS})\s*[)\]]
    |(?P<opens>[{addresses.MARKS}{_QUOTES}<(\[]*)(?:mailto:)?(?P<alone>{_ADDRESS})
        (?P<closes>[{addresses.MARKS}{_QUOTES}>)\].]*)(?:\s*\((?P<comment>[^()@]*)\))?""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"[\s,;/|&+、，；]*(?:(?:and|or|und|oder|et|ou|y|e|o|og|och|eller|en|of|i|a|ja|и)\s+)?",
    re.IGNORECASE,
)
"""What separates two contacts."""
_OTHER: Final = re.compile(r'(?:"[^"\r\n]*"|[^;,\r\n])+')
"""An entry of a line of recipients that is no contact."""
_MOST_OTHERS: Final = 50
"""Entries of a line that may be no contacts; with more it is no line of recipients."""
_LABEL: Final = re.compile(
    r"(?:to|cc|bcc|an|kopie|à|a|para|til|till|aan|do|e-?mail|mail)\s*:\s*"
    r"|(?:[-*•–]|\d{1,3}[.)])\s+",
    re.IGNORECASE,
)
"""What stands before the contacts of a line: *To:*, or the mark of a list."""
_LINK: Final = re.compile(r"mailto:(?P<target>[^\s<>()\[\]]+)", re.IGNORECASE)
_LINKED: Final = re.compile(
    rf"(?P<address>{_ADDRESS})\s*\]?[<(\[]mailto:[^<>()\[\]]*[>)\]]", re.IGNORECASE
)
"""A link after the address that it leads to, as e-mail programs copy it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, which may be empty, and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.name:
            return self.address
        name = self.name
        if "@" in name or ";" in name:  # without marks, it would look like several
            name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"{name} <{self.address}>"


def written_address(mailbox: str) -> str:
    """Return the address of a written mailbox, whose name may hold any characters."""
    return mailbox.rpartition("<")[2].removesuffix(">")


def same_address(one: str, other: str) -> bool:
    """Tell whether two written mailboxes have the same address; names do not count."""
    return written_address(one).casefold() == written_address(other).casefold()


COPIES_LIMIT: Final = 20
"""Addresses in a line of copies."""


def listed(line: str) -> list[str]:
    """Return the addresses of a line of copies, and the texts in it that are none."""
    found = [each if isinstance(each, str) else each.address for each in recipients_in(line)]
    return found or [line] if line.strip() else []


def copies_problem(line: str, words: WordTable = ENGLISH) -> str | None:
    """Return a sentence about why no copies can be sent to a line of addresses, or ``None``."""
    found = listed(line)
    if len(found) > COPIES_LIMIT:
        return words.say("address", "copies", n=COPIES_LIMIT)
    return next(filter(None, (addresses.address_problem(each, words) for each in found)), None)


def copies_of(to: str, *lines: str) -> list[tuple[str, ...]]:
    """Return the addresses of lines of copies, on the wire, without those that come before them.

    ``to`` gets the message itself. Each address gets one, however it is written.
    """
    seen = {_on_the_wire(to).casefold()}
    found = []
    for line in lines:
        new: dict[str, str] = {}
        for address in map(_on_the_wire, listed(line)):
            if address.casefold() not in seen:
                new.setdefault(address.casefold(), address)
        seen |= new.keys()
        found.append(tuple(new.values()))
    return found


def _on_the_wire(address: str) -> str:
    found = addresses.check_address(address)
    return str(found) if isinstance(found, addresses.Address) else address


def parse_mailbox(text: str, words: WordTable = ENGLISH) -> Mailbox:
    """Parse a mailbox; quotation marks around the name are removed.

    Raises ``ValueError`` with a sentence for a person.
    """
    found = None if line_problem(text, LENGTH_LIMIT) else _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(words.say("address", "mailbox"))
    if found["quoted"] is not None:
        name = re.sub(r"\\(.)", r"\1", found["quoted"])
    else:
        name = found["name"] or ""
    address = found["alone"] if found["inside"] is None else found["inside"]
    problem = line_problem(name, NAME_LIMIT) or addresses.address_problem(address, words)
    if problem:
        raise ValueError(problem)
    return Mailbox(name, address)


def contacts_in(text: str) -> list[Mailbox]:
    """Return the contacts of a text that holds nothing else; none if it is anything else.

    It reads ``ada@example.org;``, ``'ada@example.org'``, ``Lovelace, Ada <ada@example.org>``,
    ``mailto:`` links, and lists of them, such as a *To* line. The addresses are not checked; each
    is listed once.
    """
    line = trimmed(text)
    if LIKE_ADDRESS.fullmatch(line):
        return [Mailbox("", line)]
    found: dict[str, Mailbox] = {}
    for each in _entries(line):
        if isinstance(each, str):
            return []
        found.setdefault(each.address.casefold(), each)
    return list(found.values())


def recipients_in(line: str) -> list[Mailbox | str]:
    """Return the entries of a line of recipients: contacts, and the texts that are none.

    Each address is listed once. There are no entries if the line is rather something else.
    """
    found: dict[str, Mailbox | str] = {}
    others = 0
    for each in _entries(trimmed(line)):
        others += isinstance(each, str)
        if others > _MOST_OTHERS:
            return []
        found.setdefault((each if isinstance(each, str) else each.address).casefold(), each)
    return list(found.values())


def _entries(line: str) -> Iterator[Mailbox | str]:
    """Read the contacts of a line, and the texts between separators that are none."""
    if len(line) > LINE_LIMIT or ("@" not in line and "%40" not in line):
        if line:
            yield line
        return
    link = _LINK.match(line)
    line = unquote(line[7:].partition("?")[0]) if link else _LINK.sub(_target, line)
    label = _LABEL.match(line)
    line = _LINKED.sub(r"\g<address>", trimmed(line[label.end() :] if label else line))
    at = 0
    while at < len(line):
        contact = _CONTACT.match(line, at)
        between = _BETWEEN.match(line, contact.end()) if contact else None
        end = between.end() if between else at
        is_whole = contact and (end > contact.end() or end == len(line))
        if contact and is_whole and _is_balanced(contact):
            yield _mailbox(contact)
            at = end
            continue
        other = _OTHER.match(line, at)
        if other and (text := trimmed(other[0])):
            yield text
        at = other.end() if other else at + 1
        while at < len(line) and (line[at] in ",;" or line[at].isspace()):
            at += 1


_TYPED: Final = str.maketrans("’‘–—", "''--")


def addresses_meant(text: str) -> list[str]:
    """Return the addresses that a typed text probably means in place of what it says.

    They are those that a refused text contains, each once, or the one with the domain of a large
    provider for a slip such as ``ada@gmial.com``, and with the signs of a keyboard for those of a
    text program such as ``o’brien``; mostly there is none.
    """
    if len(text) > LINE_LIMIT:
        return []
    local, _, domain = text.translate(_TYPED).rpartition("@")
    meant = f"{local}@{provider_meant(domain) or domain}"
    if local and meant != text and isinstance(addresses.check_address(meant), addresses.Address):
        return [meant]
    if isinstance(addresses.check_address(text), addresses.Address):
        return []
    known = [each.address for each in contacts_in(text)]
    found = dict.fromkeys(known or LIKE_ADDRESS.findall(text))
    return [each for each in found if isinstance(addresses.check_address(each), addresses.Address)]


def looks_mistyped(address: str) -> bool:
    """Tell, quickly for most, whether an address that can be written to means another one."""
    may = not address.isascii() or provider_meant(address.rpartition("@")[2]) is not None
    return may and bool(addresses_meant(address))


def _target(link: re.Match[str]) -> str:
    return f"mailto:{unquote(link['target'].partition('?')[0])}"


def _is_balanced(contact: re.Match[str]) -> bool:
    """Tell whether marks like ``'`` stand on both sides of an address, or on none."""
    sides = (contact["opens"] or "", contact["closes"] or "")
    before, after = (not set(addresses.MARKS).isdisjoint(side) for side in sides)
    return before == after


def _mailbox(contact: re.Match[str]) -> Mailbox:
    address = contact["inside"] or contact["boxed"] or contact["alone"]
    name = contact["name"] or contact["before"] or contact["comment"] or ""
    if contact["quoted"] is not None:
        name = re.sub(r"\\(.)", r"\1", contact["quoted"])
    name = trimmed(name)
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = trimmed(name[1:-1])
    return Mailbox("" if name.casefold() == address.casefold() else name, address)
