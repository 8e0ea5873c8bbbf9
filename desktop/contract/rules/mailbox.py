"""Parses a mailbox: ``Ada Lovelace <ada@example.org>``, or the address alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from desktop.contract.rules.addresses import ADDRESS_LIMIT, address_problem
from desktop.contract.rules.text import NAME_LIMIT, line_problem

LENGTH_LIMIT: Final = 2 * (NAME_LIMIT + ADDRESS_LIMIT)
"""Characters of a written mailbox, with quotation marks."""
_WRITTEN: Final = re.compile(
    r"""\s*(?:(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<name>[^<>]*?))\s*<(?P<inside>[^<>]*)>
    |(?P<alone>[^<>]*?))\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, which may be empty, and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def written_address(mailbox: str) -> str:
    """Return the address of a written mailbox, whose name may hold any characters."""
    return mailbox.rpartition("<")[2].removesuffix(">")


def same_address(one: str, other: str) -> bool:
    """Tell whether two written mailboxes have the same address; names do not count."""
    return written_address(one).casefold() == written_address(other).casefold()


def parse_mailbox(text: str) -> Mailbox:
    """Parse a mailbox; quotation marks around the name are removed.

    Raises ``ValueError`` with a sentence for a person.
    """
    found = None if line_problem(text, LENGTH_LIMIT) else _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("Write it as Name <address>, or the address alone.")
    if found["quoted"] is not None:
        name = re.sub(r"\\(.)", r"\1", found["quoted"])
    else:
        name = found["name"] or ""
    address = found["alone"] if found["inside"] is None else found["inside"]
    problem = line_problem(name, NAME_LIMIT) or address_problem(address)
    if problem:
        raise ValueError(problem)
    return Mailbox(name, address)
