"""Interprets the replies of a mail server: which error each one means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypedDict

from desktop.mail.errors import MailError, MailFinal, MailHeld, MailLater, MailQuota, WrongAddress

_QUOTA_CODES: Final = frozenset({421, 433, 450, 451, 452, 454, 550, 552, 554})
_QUOTA_ENHANCED: Final = ("5.4.5", "5.1.90", "5.7.233")
"""Enhanced codes (RFC 3463) that providers use for the limit of a day, in any words."""
_QUOTA: Final = re.compile(
    r"too many (e-?)?(mails|messages)|too much mail|throttl|rate ?limit|submission ?quota"
    r"|\b(daily|hourly|send(er|ing)?|relay|outgoing|out\w*mail|message|account|rate)\b.{0,40}"
    r"\b(limits?|quota|rate)\b|(sending|sender) rate|unusual sending"
    r"|\bper (hour|day|minute)\b|max \w+ per (hour|day)|\bslow down\b",
    re.IGNORECASE,
)
"""Words of a limit of messages. They only tell it sooner: see ``capacity``."""
_OTHER: Final = re.compile(
    r"connections?|sessions?|recipients? per|log-?ins?|auth|greylist|mailbox(?! unavailable)"
    r"|account that you|trying to contact|\bsize\b|too (big|large)",
    re.IGNORECASE,
)
"""Words of other limits, which another connection, another recipient or a short wait solves."""
_FULL_MAILBOX: Final = re.compile(r"[45]\.2\.2\b")
_SETTINGS: Final = re.compile(
    r"relay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)"
    r"|(unable|not permitted|not allowed|refus\w+) to relay|(cannot|not|do not) relay"
    r"|authenticat\w+ (is )?(required|needed|first)|(turn on|enable|requires?|use) smtp auth"
    r"|without authentication|must (log ?in|authenticate)|not logged in"
    r"|not owned by|send ?as ?denied|send as\b|not authori[sz]ed to (send|use)"
    r"|sender (address |verify |domain )?(was |is )?(rejected|refused|denied|failed)"
    r"|(address|sender|domain|identit\w+) (is |are )?not verified|identit\w+ failed"
    r"|client host|blocked using|account (is |has been )?(disabled|suspended|locked|blocked)",
    re.IGNORECASE,
)
"""Words about the sender, the login or this computer. They only tell it sooner, too."""
_ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_NAMED: Final = re.compile(
    r"\b(?:in|after) (\d{1,5}) ?(s|m|h)(?:ec|econd|in|inute|our)?s?\b", re.IGNORECASE
)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}


def is_quota(code: int, words: str) -> bool:
    """Tell whether a reply, by its code and words, is about a quota of messages."""
    if code not in _QUOTA_CODES or _FULL_MAILBOX.match(words):
        return False
    if enhanced_code(words) in _QUOTA_ENHANCED:
        return True
    return _QUOTA.search(words) is not None and not _OTHER.search(words)


def is_about_settings(words: str) -> bool:
    """Tell whether a refusal speaks of the sender, the login or this computer."""
    return _SETTINGS.search(words) is not None


def is_greylisting(words: str) -> bool:
    """Tell whether a refusal asks for the same message again, some minutes later."""
    return re.search(r"gr[ea]y-?list", words, re.IGNORECASE) is not None


def enhanced_code(words: str) -> str:
    """Return the enhanced code at the beginning of a reply's words, or an empty text."""
    found = _ENHANCED.match(words)
    return found[0] if found else ""


def named_wait(words: str) -> float | None:
    """Return the seconds to wait that the server names, or ``None``."""
    found = _NAMED.search(words)
    return None if found is None else float(found[1]) * _SECONDS[found[2].lower()]


CLOSING: Final = 421
"""The server is about to close the connection."""
_NEEDS_LOGIN: Final = frozenset({530, 534, 535, 538})
"""Replies to any command that require a login (RFC 4954, 6)."""
_OF_ADDRESS: Final = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")
"""Enhanced codes about the recipient's address: no such mailbox or domain."""
_TOO_LARGE: Final = 552
_NO_MAILBOX: Final = frozenset({550, 551, 553})
"""Replies about the recipient's address that have no enhanced code."""


WORDS_LIMIT: Final = 2000
"""Characters of a reply that are read, shown and stored; searching 64 KiB could take seconds."""


class Lost(MailLater):
    """The connection is gone and nothing was handed over; another connection may succeed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply code (RFC 5321, 4.2) and its words on one line."""

    code: int
    words: str

    @classmethod
    def read(cls, code: int, words: bytes) -> Reply:
        """Make a reply of its lines' words; control characters, which steer terminals, go."""
        text = " ".join(words.decode(errors="replace").split())
        return cls(code, "".join(filter(str.isprintable, text))[:WORDS_LIMIT])

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) at the beginning of its words, or ``None``."""
        return enhanced_code(self.words) or None

    @property
    def is_done(self) -> bool:
        """Whether the server carried out the command."""
        return 200 <= self.code < 300

    @property
    def is_answer(self) -> bool:
        """Whether the code is a final reply: success or refusal."""
        return self.is_done or 400 <= self.code < 600


class MailPart(StrEnum):
    """The part of a message that a reply is about, as sentences name it."""

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
    """Make the error for a used-up quota."""
    error = MailQuota(f"{host} takes no more for now: {reply}", **_told(host, reply))
    error.after = named_wait(reply.words)
    return error


def refusal(host: str, what: MailPart, reply: Reply) -> MailError:
    """Make the error for the refusal of one message: 5xx is final, 4xx is for later."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    told = _told(host, reply)
    if reply.code == CLOSING:
        return Lost(f"{host} closes the connection: {reply}", **told)
    if reply.code in _NEEDS_LOGIN:
        return MailHeld(f"{host} wants another login: {reply}", **told)
    if 500 <= reply.code < 600:
        if what is MailPart.SENDER and not _is_of_message(reply):
            return MailHeld(f"{host} refused {what}: {reply}", **told)
        refused = WrongAddress if _is_of_address(what, reply) else MailFinal
        return refused(f"{host} refused {what}: {reply}", **told)
    return put_off(host, what, reply)


def put_off(host: str, what: str, reply: Reply) -> MailLater:
    """Make the error for a message that the server defers."""
    return MailLater(f"{host} deferred {what}: {reply}", **_told(host, reply))


def _is_of_message(reply: Reply) -> bool:
    """Tell whether the refusal of a sender is about one message: its size or its letters."""
    return reply.code == _TOO_LARGE or (reply.enhanced or "").startswith(("5.3.", "5.6."))


def _is_of_address(what: MailPart, reply: Reply) -> bool:
    """Tell whether another address of the recipient may help; the blind copy does not count."""
    if what not in {MailPart.RECIPIENT, MailPart.MESSAGE} or is_about_settings(reply.words):
        return False
    if reply.enhanced is not None:
        return reply.enhanced in _OF_ADDRESS
    return what is MailPart.RECIPIENT and reply.code in _NO_MAILBOX


def session_refusal(host: str, what: str, reply: Reply) -> MailError:
    """Make the error for a refusal before any message: 5xx means wrong settings, 4xx a limit."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    if 500 <= reply.code < 600:
        return MailHeld(f"{host} refused {what}: {reply}", **_told(host, reply))
    return used_up(host, reply)
