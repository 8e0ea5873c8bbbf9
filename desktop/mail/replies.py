"""What a mail server says, and what becomes of the mail by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desktop.mail.errors import MailError, MailFinal, MailHeld, MailLater, MailQuota
from desktop.mail.quotas import is_quota, named_wait

CLOSING: Final = 421
"""The server is about to close the connection."""
_NEEDS_LOGIN: Final = frozenset({530, 534, 535, 538})
"""Answers that speak of the login, whatever command they answer (RFC 4954, 6)."""


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
    def is_done(self) -> bool:
        """Whether the server did what it was asked."""
        return 200 <= self.code < 300

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer at all, and not noise."""
        return self.is_done or 400 <= self.code < 600


def used_up(host: str, reply: Reply) -> MailQuota:
    """Tell that the server takes no more for now."""
    error = MailQuota(f"{host} takes no more for now: {reply}", server=host, code=reply.code)
    error.after = named_wait(reply.words)
    return error


def refusal(host: str, what: str, reply: Reply) -> MailError:
    """Judge a refusal that speaks of one mail: 5xx is final, 4xx is for later."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    if reply.code == CLOSING:
        return Lost(f"{host} closes the connection: {reply}", server=host, code=reply.code)
    if reply.code in _NEEDS_LOGIN:
        return MailHeld(f"{host} wants another login: {reply}", server=host, code=reply.code)
    if 500 <= reply.code < 600:
        return MailFinal(f"{host} refused {what}: {reply}", server=host, code=reply.code)
    return MailLater(f"{host} puts off {what}: {reply}", server=host, code=reply.code)


def session_refusal(host: str, what: str, reply: Reply) -> MailError:
    """Judge a refusal before there is a mail: 5xx means that the settings cannot work."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    if 500 <= reply.code < 600:
        return MailHeld(f"{host} refused {what}: {reply}", server=host, code=reply.code)
    return MailLater(f"{host} puts off {what}: {reply}", server=host, code=reply.code)
