"""The list *Do not send*: addresses that get no e-mail, why, and since when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NotRequired

from typing_extensions import TypedDict

from desktop.contract.rules.addresses import (
    Address,
    AddressFault,
    address_problem,
    check_address,
)
from sendoff_tasks.words.table import ENGLISH, WordTable

DO_NOT_SEND: Final = "do_not_send"
"""The mark of a task that cancelled itself because its recipient is on the list."""
SEND_ANYWAY: Final = "send_anyway"
"""The key of an item that its recipient gets although the address is on the list."""
NOTE_LIMIT: Final = 200
"""Characters of the note of an entry, and of what it came from."""


class ListReason(StrEnum):
    """Why an address is on the list."""

    ASKED = "asked"
    """The person asked not to be written to."""
    LEFT = "left"
    """The person has left."""
    NO_MAILBOX = "no_mailbox"
    """The mailbox does not exist."""
    NO_DOMAIN = "no_domain"
    """The domain of the address does not exist."""
    DISABLED = "disabled"
    """The mailbox is closed."""
    FORGOTTEN = "forgotten"
    """The person was forgotten; of the address only a fingerprint is kept."""


class ListOrigin(StrEnum):
    """How an address came onto the list."""

    PERSON = "person"
    """By hand."""
    FILE = "file"
    """From the file that ``source`` names."""
    SERVER = "server"
    """A mail server refused it, or a bounce came back; ``source`` has its codes."""
    FORGET = "forget"
    """A person was forgotten."""


REASON_OF_CODE: Final[Mapping[str, ListReason]] = {
    "5.1.1": ListReason.NO_MAILBOX,
    "5.1.10": ListReason.NO_MAILBOX,
    "5.1.2": ListReason.NO_DOMAIN,
    "5.2.1": ListReason.DISABLED,
}
"""The enhanced codes (RFC 3463, RFC 7505) that name the mailbox, and what each of them means."""


class ListEntry(TypedDict):
    """One entry of the list.

    - ``address``: in one form; ``@alt.example`` for a whole domain; null if only a fingerprint of
      it is kept
    - ``reason``: a ``ListReason``; ``note``: what a person added
    - ``origin``: a ``ListOrigin``; ``source``: the file, or the server's codes
    - ``left_out``: how many e-mails it has stopped
    """

    entry_id: int
    address: str | None
    reason: str
    note: str
    origin: str
    source: str
    since: str
    left_out: int


class ListPage(TypedDict):
    """A page of the list, the newest first; ``count`` is how many match in all."""

    entries: list[ListEntry]
    count: int
    next: int | None


class ListedAddress(TypedDict):
    """An address that was asked for, and its entry or null."""

    address: str
    entry: ListEntry | None


class ListedAddresses(TypedDict):
    """The addresses that were asked for, in their order."""

    addresses: list[ListedAddress]


class RefusedAddress(TypedDict):
    """An address that was refused for good; ``source`` has the codes, ``task_id`` its message."""

    address: str
    reason: str
    source: str
    task_id: int


class RefusedAddresses(TypedDict):
    """The addresses that may be put on the list: refused or bounced in the last 30 days."""

    refused: list[RefusedAddress]


class NewListEntry(TypedDict):
    """An entry to add: an address, or a domain after an @."""

    address: str
    reason: NotRequired[str]
    note: NotRequired[str]
    source: NotRequired[str]


class AddedEntries(TypedDict):
    """The numbers of the added entries, and how many addresses were on the list before."""

    added: list[int]
    known: int


def listed_words(entry: ListEntry, day: str, words: WordTable = ENGLISH) -> str:
    """Say why an address is on the list since a ``day``, and how often that stopped an e-mail."""
    reason, note = words.say("listed", entry["reason"]), entry["note"]
    why = f"“{note}”" if note else reason[:1].lower() + reason[1:]
    said = words.say("do_not_send", "listed", day=day, why=why)
    times = entry["left_out"]
    return f"{said} {words.say('do_not_send', 'left_out', n=times)}" if times else said


_ANYONE: Final = re.compile(r"[*%]?@")
"""How an entry for a whole domain begins: @alt.example, or *@alt.example."""
_PATTERN: Final = re.compile(r"[^@]*([*%])")


def _written(entry: str) -> tuple[str, str]:
    """Return an entry without spaces, whose domain alone is one of its addresses, and ``any``."""
    plain = "".join(entry.split())
    of_domain = _ANYONE.match(plain)
    return (f"any@{plain[of_domain.end() :]}", "any") if of_domain else (plain, "")


def entry_problem(written: str, words: WordTable = ENGLISH) -> str | None:
    """Return a sentence for what is no address, and no domain after an @."""
    whole, _ = _written(written)
    pattern = _PATTERN.match(whole)  # nobody's address, and no entry stops several
    if pattern:
        return words.say("address", AddressFault.LOCAL_CHARACTER, detail=pattern[1])
    return address_problem(whole, words)


def untaken_words(text: str, words: WordTable = ENGLISH) -> str:
    """Say why a text of a file was not put on the list."""
    why = entry_problem(text, words) or address_problem(text, words)
    return f"“{text}”: {why or words.say('do_not_send', 'unclear')}"


def one_form(written: str) -> str:
    """Return the one form of an address, or of a domain after an @.

    It has no spaces, is in lower case, and its domain in ASCII.
    """
    whole, stand_in = _written(written)
    found = check_address(whole)
    form = str(found if isinstance(found, Address) else whole).lower()  # folded, ß would be ss
    return form.removeprefix(stand_in)


class BounceMatch(StrEnum):
    """How the message of a bounce was found."""

    MESSAGE_ID = "message_id"
    """By its Message-ID, and it went to the address."""
    ADDRESS = "address"
    """It is the only one to the address in the five days before."""
    ASK = "ask"
    """Several may be meant: a person has to say which."""
    NONE = "none"
    """None was found."""
    KNOWN = "known"
    """It was marked as bounced before."""


CERTAIN: Final = frozenset({BounceMatch.MESSAGE_ID, BounceMatch.ADDRESS})
"""A message that was found like this is the one."""


class ReadBounce(TypedDict):
    """One address of a bounce as it was read from a file, which anybody may have written.

    ``code`` and ``enhanced`` are the server's, ``said`` its words; ``message_ids`` those that may
    be of the message; ``at``: when it came back, epoch ms, or null.
    """

    address: str
    code: int | None
    enhanced: str | None
    said: str
    message_ids: list[str]
    at: int | None


class BouncedTask(TypedDict):
    """The message of a task that came back, and with which codes and words."""

    task_id: int
    code: int | None
    enhanced: str | None
    said: str


class FoundBounce(TypedDict):
    """An address of a bounce, the tasks that may be meant, and how they were found."""

    address: str
    match: str
    tasks: list[BouncedTask]


class FoundBounces(TypedDict):
    """What a file of bounces has.

    ``others`` are its messages that are none; those ``unread`` may be bounces.
    """

    bounces: list[FoundBounce]
    others: int
    unread: int


class MarkedBounces(TypedDict):
    """The tasks whose messages are marked as bounced, or no longer are."""

    tasks: list[int]
