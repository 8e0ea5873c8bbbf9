"""What a mail server says, and what becomes of the mail by it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypedDict

from desktop.mail.errors import MailError, MailFinal, MailHeld, MailLater, MailQuota, WrongAddress

_SENDING: Final = (
    r"too many (e-?)?(mails|messages)|too much mail|throttl"
    r"|(daily|hourly|sending|relay|outgoing)\b.*\b(limit|quota|rate)|max \w+ per (hour|day)"
)


@dataclass(frozen=True, slots=True)
class _QuotaAnswer:
    """One row: the reply codes, how the enhanced code begins, and what the words speak of."""

    codes: frozenset[int]
    enhanced: str
    words: str = ""


_LATER: Final = frozenset({421, 450, 451, 452, 454})
_NEVER: Final = frozenset({550, 552, 554})
_ANSWERS: Final = (
    _QuotaAnswer(_LATER, "4.7.", rf"too many|rate limit|limit exceeded|quota|{_SENDING}"),
    _QuotaAnswer(_LATER, "4.5.", _SENDING),  # as 4.5.3, too many recipients, but of a day
    _QuotaAnswer(_LATER, "4.2.1", r"relay limit exceeded|sending (limit|quota|rate)"),  # Google
    _QuotaAnswer(_LATER, "", _SENDING),
    _QuotaAnswer(_NEVER, "5.4.5"),  # Gmail: the limit of a day
    _QuotaAnswer(_NEVER, "5.1.90"),  # Microsoft 365: the limit of a day
    _QuotaAnswer(_NEVER, "5.2.0", r"submission ?quota"),  # Exchange
    _QuotaAnswer(_NEVER, "", _SENDING),
)
"""The enhanced codes are of RFC 3463; an empty one stands for an answer without."""
_OTHER: Final = re.compile(
    r"connections?|sessions?|recipients? per|log-?ins?|auth|greylist|mailbox|account that you",
    re.IGNORECASE,
)
"""Limits that another connection, another recipient or a moment's wait is right for."""
_ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_NAMED: Final = re.compile(
    r"\b(?:in|after) (\d{1,5}) ?(s|m|h)(?:ec|econd|in|inute|our)?s?\b", re.IGNORECASE
)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}


def is_quota(code: int, words: str) -> bool:
    """Tell whether a reply, by its code and the words behind it, speaks of what is left to send."""
    enhanced = enhanced_code(words)
    return any(
        code in answer.codes
        and (enhanced.startswith(answer.enhanced) if answer.enhanced else not enhanced)
        and (not answer.words or _speaks(answer.words, words))
        for answer in _ANSWERS
    )


def enhanced_code(words: str) -> str:
    """Return the enhanced code that the words behind a reply code begin with, or nothing."""
    found = _ENHANCED.match(words)
    return found[0] if found else ""


def named_wait(words: str) -> float | None:
    """Return after how many s the server wants to be asked again, where it says so."""
    found = _NAMED.search(words)
    return None if found is None else float(found[1]) * _SECONDS[found[2].lower()]


def _speaks(pattern: str, words: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE) is not None and not _OTHER.search(words)


CLOSING: Final = 421
"""The server is about to close the connection."""
_NEEDS_LOGIN: Final = frozenset({530, 534, 535, 538})
"""Answers that speak of the login, after any command (RFC 4954, 6)."""
_OF_ADDRESS: Final = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")
"""Enhanced codes that speak of the recipient's address: no such mailbox or domain."""
_NO_MAILBOX: Final = frozenset({550, 551, 553})
"""Answers without an enhanced code that do, where the recipient is what is refused."""


class Lost(MailLater):
    """The connection is gone and nothing was handed over: another connection may do it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply code, as in RFC 5321, 4.2, and the words behind it on one line."""

    code: int
    words: str

    @classmethod
    def read(cls, code: int, words: bytes) -> Reply:
        """Take what ``smtplib`` gives, without invisible characters: they steer terminals."""
        text = " ".join(words.decode(errors="replace").split())
        return cls(code, "".join(filter(str.isprintable, text)))

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) its words begin with, where they do."""
        return enhanced_code(self.words) or None

    @property
    def is_done(self) -> bool:
        """Whether the server did what it was asked."""
        return 200 <= self.code < 300

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer at all, and not noise."""
        return self.is_done or 400 <= self.code < 600


class MailPart(StrEnum):
    """What of a mail a reply speaks of, as its sentence calls it."""

    SENDER = "the sender"
    RECIPIENT = "the recipient"
    COPY = "the copy"
    MESSAGE = "the message"


class _Told(TypedDict):
    server: str
    code: int
    enhanced: str | None
    said: str


def _told(host: str, reply: Reply) -> _Told:
    return _Told(server=host, code=reply.code, enhanced=reply.enhanced, said=str(reply))


def used_up(host: str, reply: Reply) -> MailQuota:
    """Tell that the server takes no more for now."""
    error = MailQuota(f"{host} takes no more for now: {reply}", **_told(host, reply))
    error.after = named_wait(reply.words)
    return error


def refusal(host: str, what: MailPart, reply: Reply) -> MailError:
    """Judge a refusal that speaks of one mail: 5xx is final, 4xx is for later."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    told = _told(host, reply)
    if reply.code == CLOSING:
        return Lost(f"{host} closes the connection: {reply}", **told)
    if reply.code in _NEEDS_LOGIN:
        return MailHeld(f"{host} wants another login: {reply}", **told)
    if 500 <= reply.code < 600:
        refused = WrongAddress if _is_of_address(what, reply) else MailFinal
        return refused(f"{host} refused {what}: {reply}", **told)
    return put_off(host, what, reply)


def put_off(host: str, what: str, reply: Reply) -> MailLater:
    """Tell that the server wants to be asked again later."""
    return MailLater(f"{host} deferred {what}: {reply}", **_told(host, reply))


def _is_of_address(what: MailPart, reply: Reply) -> bool:
    """Tell whether another address of the recipient may help; a blind copy's does not count."""
    if what not in {MailPart.RECIPIENT, MailPart.MESSAGE}:
        return False
    if reply.enhanced is not None:
        return reply.enhanced in _OF_ADDRESS
    return what is MailPart.RECIPIENT and reply.code in _NO_MAILBOX


def session_refusal(host: str, what: str, reply: Reply) -> MailError:
    """Judge a refusal before there is a mail: 5xx means that the settings cannot work."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    if 500 <= reply.code < 600:
        return MailHeld(f"{host} refused {what}: {reply}", **_told(host, reply))
    return put_off(host, what, reply)
