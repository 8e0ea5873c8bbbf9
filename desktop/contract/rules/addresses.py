"""Checks e-mail addresses, and converts them to their form on the wire.

This is the one check of the form, the API and the import. Its result is data; a sentence for each
fault is in ``contract/words/addresses.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sendoff_tasks.words.table import ENGLISH, WordTable

ADDRESS_LIMIT: Final = 254
"""Octets of an address on the wire, RFC 5321 4.5.3.1 as read by RFC 3696's erratum 1690."""
LOCAL_LIMIT: Final = 64
"""Octets before the @, RFC 5321 4.5.3.1.1."""

NO_SUCH_ADDRESS: Final = frozenset({550, 551, 553})
"""SMTP replies for a recipient that a server does not know or accept (RFC 5321, 4.2.3)."""
MARKS: Final = "'‘’‚‛`´"
"""Quotation marks that a local part may contain, but that rather stand around the address."""
_PLAIN: Final = re.compile(
    r"(?!['`])(?P<local>[\w!#$%&'*+/=?^`{}~-]+(?:\.[\w!#$%&'*+/=?^`{}~-]+)*)(?<!['`])"
    r"@(?P<domain>localhost|(?:(?!\w\w--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})",
    re.ASCII | re.IGNORECASE,
)
"""Addresses that are accepted at once; all others are checked by ``email-validator``."""
_RESERVED: Final = frozenset({"arpa", "invalid", "onion"})
"""Top-level domains without mail."""
_DOTS: Final = re.compile("[.。．｡]")
"""Separators of the labels of a domain, UTS 46 2.3."""
_JOINERS: Final = "\u200c\u200d"
"""Invisible characters that Persian, Sinhala and other scripts need."""
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's default ignorable characters, lone surrogates, and the Braille blank."""
_SEVERAL: Final = re.compile(r"@[^@]*[,;\s|/][^@]*@")
_HAS_ONE: Final = re.compile(r"[^@]*@[^@]*\Z")
"""One of the lines of a cell that has an address in each."""
_BAR: Final = "|"


class AddressFault(StrEnum):
    """What is wrong with an address."""

    MISSING = "missing"
    CONTROL_CHARACTER = "control_character"
    SEVERAL = "several"
    """More than one address."""
    SPACE = "space"
    INVISIBLE_CHARACTER = "invisible_character"
    NO_AT = "no_at"
    SEVERAL_ATS = "several_ats"
    NOTHING_BEFORE_AT = "nothing_before_at"
    NOTHING_AFTER_AT = "nothing_after_at"
    LOCAL_TOO_LONG = "local_too_long"
    LOCAL_DOT = "local_dot"
    LOCAL_CHARACTER = "local_character"
    LOCAL_MARK = "local_mark"
    """A quotation mark at an end of the part before the @."""
    COMMA = "comma"
    """A comma after the @, mostly in place of a dot."""
    NO_DOMAIN_DOT = "no_domain_dot"
    DOMAIN_DOT = "domain_dot"
    DOMAIN_LABEL = "domain_label"
    """A part of the domain cannot be written in DNS (IDNA 2008)."""
    RESERVED_DOMAIN = "reserved_domain"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class AddressProblem:
    """Why no message can be sent to an address.

    ``position`` is the index of the first wrong character. ``detail`` is the wrong part: a
    character (``U+200B`` for an invisible one), or a part of the domain.
    """

    fault: AddressFault
    position: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address to which a message can be sent.

    ``local`` is in Unicode's composed form (RFC 6532, 3.1), ``domain`` in its ASCII form.
    """

    local: str
    domain: str

    def __str__(self) -> str:
        """Return the address as in headers and envelope."""
        return f"{self.local}@{self.domain}"


def check_address(text: str) -> Address | AddressProblem:
    """Parse an address, or return why no message can be sent to it. No DNS is asked.

    Accepts an RFC 5321 dot-string before the @ (with UTF-8, RFC 6531) and a domain name or
    ``localhost`` after it. Quoted local parts, address literals, ``|`` and a ``'`` at an end of the
    local part are refused.
    """
    plain = _PLAIN.fullmatch(text)
    if plain and len(text) <= ADDRESS_LIMIT and len(plain["local"]) <= LOCAL_LIMIT:
        domain = plain["domain"].lower()
        if domain.rpartition(".")[2] not in _RESERVED:
            return Address(plain["local"], domain)
    return _text_problem(text) or _local_problem(text) or _with_domain(text)


def address_problem(text: str, words: WordTable = ENGLISH) -> str | None:
    """Return a sentence about why no message can be sent to an address, or ``None``."""
    found = check_address(text)
    return sentence(found, words) if isinstance(found, AddressProblem) else None


def sentence(problem: AddressProblem, words: WordTable = ENGLISH) -> str:
    """Say what is wrong with an address."""
    if problem.fault is AddressFault.CONTROL_CHARACTER:
        return words.say("value", "line")
    limit = LOCAL_LIMIT if problem.fault is AddressFault.LOCAL_TOO_LONG else ADDRESS_LIMIT
    return words.say("address", problem.fault, n=limit, detail=problem.detail)


def _text_problem(text: str) -> AddressProblem | None:
    """Check the text as a whole: its characters, its length, its @."""
    if not text:
        return AddressProblem(AddressFault.MISSING)
    if len(text) > ADDRESS_LIMIT:
        return AddressProblem(AddressFault.TOO_LONG, ADDRESS_LIMIT)
    several = _SEVERAL.search(text)
    if several and ":" not in text and all(map(_HAS_ONE.match, text.splitlines())):
        return AddressProblem(AddressFault.SEVERAL, several.start())
    for place, character in enumerate(text):
        if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
            return AddressProblem(AddressFault.CONTROL_CHARACTER, place, _shown(character))
    if several:
        return AddressProblem(AddressFault.SEVERAL, several.start())
    at = text.find("@")
    for place, character in enumerate(text):
        if character.isspace() and at >= 0:  # without an @, it may be a name or telephone number
            return AddressProblem(AddressFault.SPACE, place)
        if _INVISIBLE.match(character) and not (character in _JOINERS and -1 < at < place):
            return AddressProblem(AddressFault.INVISIBLE_CHARACTER, place, _shown(character))
    if at < 0:
        return AddressProblem(AddressFault.NO_AT, len(text))
    if at == 0:
        return AddressProblem(AddressFault.NOTHING_BEFORE_AT)
    if "@" in text[at + 1 :]:
        return AddressProblem(AddressFault.SEVERAL_ATS, text.rindex("@"))
    return None


def _local_problem(text: str) -> AddressProblem | None:
    given = text.partition("@")[0]
    local = unicodedata.normalize("NFC", given)
    for dot in re.finditer(r"^\.|\.$|\.(?=\.)", given):
        return AddressProblem(AddressFault.LOCAL_DOT, dot.start())
    for place in (0, len(given) - 1):
        if given[place] in MARKS:
            return AddressProblem(AddressFault.LOCAL_MARK, place, given[place])
    if _BAR in given:  # valid, but no provider has it: it separates two values
        return AddressProblem(AddressFault.LOCAL_CHARACTER, given.index(_BAR), _BAR)
    if len(local.encode()) > LOCAL_LIMIT:
        return AddressProblem(AddressFault.LOCAL_TOO_LONG)
    if local.isascii() and _PLAIN.fullmatch(f"{local}@localhost"):
        return None
    if _is_valid(f"{local}@example.org"):
        return None
    for place, character in enumerate(given):
        if not _is_valid(f"a{unicodedata.normalize('NFC', character)}@example.org"):
            return AddressProblem(AddressFault.LOCAL_CHARACTER, place, _shown(character))
    # Each character is valid after an "a", so the first one is a combining character.
    return AddressProblem(AddressFault.LOCAL_CHARACTER, 0, _shown(given[0]))


def _with_domain(text: str) -> Address | AddressProblem:
    """Check the domain of a text whose local part is valid."""
    before, _, domain = text.partition("@")
    start = len(before) + 1
    labels = _DOTS.split(domain)
    if not domain:
        return AddressProblem(AddressFault.NOTHING_AFTER_AT, start)
    if "," in domain:
        return AddressProblem(AddressFault.COMMA, start + domain.index(","))
    if "" in labels:
        wrong = len(".".join(labels[: labels.index("")]))
        return AddressProblem(AddressFault.DOMAIN_DOT, start + wrong)
    if len(labels) == 1 and _name(domain) != "localhost":
        return AddressProblem(AddressFault.NO_DOMAIN_DOT, start)
    wire, last = _ascii_domain(domain), labels[-1]
    if wire is None or wire.rpartition(".")[2] in _RESERVED:
        return _domain_problem(domain, labels, start)
    if any(map(str.isdigit, last)) and not last.lower().startswith("xn--"):  # example.c0m
        return AddressProblem(AddressFault.DOMAIN_LABEL, len(text) - len(last), last)
    found = Address(unicodedata.normalize("NFC", before), wire)
    if len(str(found).encode()) > ADDRESS_LIMIT:
        return AddressProblem(AddressFault.TOO_LONG)
    return found


def _domain_problem(domain: str, labels: list[str], start: int) -> AddressProblem:
    """Find the wrong part of a refused domain."""
    place = start
    for label in labels:
        if _ascii_domain(f"{label}.example") is None:
            joiner = next((c for c in label if c in _JOINERS), None)
            if joiner:
                place += label.index(joiner)
                return AddressProblem(AddressFault.INVISIBLE_CHARACTER, place, _shown(joiner))
            return AddressProblem(AddressFault.DOMAIN_LABEL, place, label)
        place += len(label) + 1
    last = _name(labels[-1])
    if last in _RESERVED:
        return AddressProblem(AddressFault.RESERVED_DOMAIN, place - len(labels[-1]) - 1, last)
    return AddressProblem(AddressFault.DOMAIN_LABEL, start, domain)


@lru_cache(1024)  # a domain beyond ASCII takes 0.1 ms, and many addresses share one
def _ascii_domain(domain: str) -> str | None:
    """Return a domain in its ASCII form (IDNA 2008), or ``None`` if it has none."""
    import idna  # 5 ms

    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        return None


def _name(label: str) -> str:
    """Return a label of ASCII letters in the form of the DNS, also for full-width letters."""
    return unicodedata.normalize("NFKC", label).lower()


def _is_valid(address: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # 15 ms

    try:
        validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def _shown(character: str) -> str:
    """Return a character, or its code point if it is invisible."""
    is_seen = unicodedata.category(character)[0] not in "CMZ" and not _INVISIBLE.match(character)
    return character if is_seen else f"U+{ord(character):04X}"
