"""What typed text may hold; asked at the field in the window and again by the API."""

from __future__ import annotations

import unicodedata
from typing import Final

TITLE_LIMIT: Final = 200
NAME_LIMIT: Final = 200
ADDRESS_LIMIT: Final = 254
"""Characters of an address, RFC 5321 4.5.3.1 as read by RFC 3696's erratum 1690."""
LOCAL_LIMIT: Final = 64
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidi embeddings, overrides and isolates: what follows one is read in another order."""


def line_problem(text: str, limit: int) -> str | None:
    """Say what is wrong with one line of typed text, or ``None``.

    Line breaks and control characters would end up in mail headers; characters that turn the
    direction of text could show one address as another. Text written from right to left needs none.
    """
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        return "Line breaks and control characters cannot be used here."
    if any(unicodedata.category(character) == "Cs" for character in text):
        return "This text holds half a character."
    if not _TURNS.isdisjoint(text):
        return "Characters that turn the direction of text cannot be used here."
    if len(text) > limit:
        return f"This is longer than {limit} characters."
    return None


def address_problem(address: str) -> str | None:
    """Say what is wrong with an e-mail address, or ``None``.

    Accepts what RFC 5321 calls a dot-string before the @ (with UTF-8, RFC 6531) and a domain
    name or ``localhost`` behind it; quoted local parts and address literals are refused.
    """
    problem = line_problem(address, ADDRESS_LIMIT)
    if problem:
        return problem
    if not address:
        return "An e-mail address is needed."
    if any(character.isspace() for character in address):
        return "There is a space in this address."
    local, at, domain = address.rpartition("@")
    if not at:
        return "There is no @ in this address."
    return _local_problem(local) or _domain_problem(domain)


def whole_number(text: str, limit: int) -> int | None:
    """Read a number from 1 to ``limit`` as people type it; ``None`` for any other text.

    Of pasted digits there may be more than ``int`` takes.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(limit)):
        return None
    number = int(digits)
    return number if 1 <= number <= limit else None


def _local_problem(local: str) -> str | None:
    if not local:
        return "There is nothing before the @."
    if "@" in local:
        return "There is more than one @ in this address."
    if len(local.encode()) > LOCAL_LIMIT:
        return f"The part before the @ is longer than {LOCAL_LIMIT} characters."
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "A dot stands in the wrong place before the @."
    wrong = next((c for c in local if c in '()<>[]:;,\\"'), None)
    if wrong:
        return f"The character {wrong} cannot stand before the @."
    return None


def _domain_problem(domain: str) -> str | None:
    if not domain:
        return "There is nothing after the @."
    labels = domain.split(".")
    if len(labels) == 1 and domain.lower() != "localhost":
        return "The part after the @ has no dot, as in example.org."
    for label in labels:
        if not label:
            return "A dot stands in the wrong place after the @."
        if len(label) > 63 or label.startswith("-") or label.endswith("-"):
            return f"“{label}” cannot be part of a domain name."
        if not all(c.isalnum() or c == "-" or unicodedata.combining(c) for c in label):
            return f"“{label}” cannot be part of a domain name."
    return None
