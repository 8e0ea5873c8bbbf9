"""How each provider takes a finished message over HTTPS, and what its refusals mean.

Microsoft Graph: ``user: sendMail`` with MIME content, and *Microsoft Graph error responses*. Gmail:
``users.messages.send``, and *Resolve errors* of its API.
"""

from __future__ import annotations

import base64
import json
import re
import time
import tomllib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.rules.templates import FilesLimit
from desktop.contract.sign_in import SignInProblem
from desktop.mail import errors
from desktop.mail.smtp.dialogue import LONGEST_WAIT, SmtpReply
from desktop.settings.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AT_ONCE: Final = 4
"""Requests at once. Exchange Online takes no more of one mailbox; Gmail about as many."""


@dataclass(frozen=True, slots=True)
class MailService:
    """A provider's way to take a finished message.

    - ``path``, ``shared_path``: of the account's own mailbox, and of the one of another sender
    - ``pack``: makes the request's body of the message; ``content_type`` is the body's
    - ``accepted``: the status of the answer that takes the message
    - ``limit``: bytes of a body; ``megabytes``: those of the attachments that fit into one
    """

    name: str
    base: str
    path: str
    shared_path: str
    content_type: str
    pack: Callable[[bytes], bytes]
    accepted: int
    limit: int
    megabytes: int

    @property
    def files_limit(self) -> FilesLimit:
        """What an e-mail can carry."""
        return FilesLimit(self.megabytes * 1_000_000, self.name, self.megabytes)


SERVICES: Final[dict[str, MailService]] = {
    "microsoft": MailService(
        name="Microsoft 365",
        base="https://graph.microsoft.com",
        path="/v1.0/me/sendMail",
        shared_path="/v1.0/users/{}/sendMail",
        content_type="text/plain",
        pack=base64.b64encode,
        accepted=202,
        limit=4 * 2**20,
        megabytes=2,  # encoded twice, they are 3.65
    ),
    "google": MailService(
        name="Gmail",
        base="https://gmail.googleapis.com",
        path="/upload/gmail/v1/users/me/messages/send?uploadType=media",
        shared_path="",
        content_type="message/rfc822",
        pack=bytes,
        accepted=200,
        limit=35 * 2**20,
        megabytes=25,
    ),
}
"""By the setting ``mail.sign_in``."""

_KINDS: Final[dict[str, type[errors.MailError]]] = {
    "address": errors.WrongAddress,
    "sender": errors.WrongSender,
    "letter": errors.WrongLetter,
    "limit": errors.MailQuota,
    "sign_in": errors.SignInNeeded,
    "account": errors.MailHeld,
}


@cache
def _meanings() -> dict[str, tuple[type[errors.MailError], str]]:
    """Return what each error code of a service means, and what helps."""
    rows = tomllib.loads((resources() / "mail_refusals.toml").read_text("utf-8"))["refusal"]
    told = ((row, _KINDS[row["means"]], row.get("help", "")) for row in rows)
    return {code: (kind, hint) for row, kind, hint in told for code in row["codes"]}


_BY_STATUS: Final[dict[int, type[errors.MailError]]] = {
    400: errors.MailFinal,
    401: errors.SignInNeeded,
    403: errors.MailHeld,
    413: errors.WrongLetter,
    429: errors.MailQuota,
}
"""The answers by which a message was not taken; 503 with ``Retry-After`` is one, too.

So is 404 with a known code, which is Graph's answer for an account without a mailbox.
"""
_REFUSED: Final[dict[type[errors.MailError], str]] = {
    errors.WrongAddress: "refused the recipient",
    errors.WrongSender: "refused the sender",
    errors.MailQuota: "takes no more for now",
}
UNAUTHORIZED: Final = 401
_NOT_FOUND: Final = 404
_OVERLOADED: Final = 503
_BAD_RECIPIENT: Final = re.compile(r"invalid (to|cc|bcc) header|recipient address", re.IGNORECASE)
"""Gmail's words of an address; it has no code for it."""
_CODE: Final = re.compile(r"[A-Za-z][\w.]{0,99}", re.ASCII)
"""What a code of either service looks like; anything else is a part of the words."""
_UNTIL: Final = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)", re.IGNORECASE)
"""Gmail's words of when a used-up limit ends."""


class ServiceAnswer:
    """The answer to a message: its status, its error code and its words."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.code, words = _read(body)
        told = f"{self.code or ''}: {words}" if words else self.code or ""
        self._words = SmtpReply.read(0, f"HTTP {status} {told}".encode()).words
        self._retry_after = headers.get("Retry-After")

    def __str__(self) -> str:
        return self._words

    def refusal(self, service: MailService) -> errors.MailError | None:
        """Return why the message was not taken; ``None`` if the answer does not say so."""
        known = _meanings().get(self.code or "")
        kind, hint = _BY_STATUS.get(self.status), ""
        if self.status == _OVERLOADED and self._retry_after is not None:
            kind = errors.MailQuota
        elif known is not None and (
            self.status == _NOT_FOUND or kind not in {None, errors.MailQuota}
        ):
            kind, hint = known
        elif kind is errors.MailFinal and _BAD_RECIPIENT.search(self._words):
            kind = errors.WrongAddress
        if kind is None:
            return None
        text = f"{service.name} {_REFUSED.get(kind, 'refused the e-mail')}: {self}"
        if hint:
            text = f"{text.rstrip('.')}. {hint}"
        if kind is errors.SignInNeeded:
            is_known = self.status == UNAUTHORIZED
            problem = SignInProblem.REVOKED if is_known else SignInProblem.CONSENT_MISSING
            return errors.SignInNeeded(text, problem, said=str(self))
        error = kind(
            text, server=service.name, code=self.status, enhanced=self.code, said=str(self)
        )
        if isinstance(error, errors.MailQuota):
            error.after = self._named_wait()
        return error

    def _named_wait(self) -> float | None:
        """Return the seconds to wait that the service names, at most a day."""
        try:
            if (found := _UNTIL.search(self._words)) is not None:
                seconds = datetime.fromisoformat(found[1]).timestamp() - time.time()
            elif self._retry_after is None:
                return None
            elif self._retry_after.isdecimal():
                seconds = float(self._retry_after)
            else:
                seconds = parsedate_to_datetime(self._retry_after).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
        return min(max(0.0, seconds), LONGEST_WAIT)


def _read(body: bytes) -> tuple[str | None, str]:
    """Return the code and the words of an error as either service writes it."""
    try:
        error: Any = json.loads(body)["error"]
        code = error["code"]
        if not isinstance(code, str):  # Gmail repeats the status there
            code = error["errors"][0]["reason"] if error.get("errors") else error["status"]
        return code if _CODE.fullmatch(code) else None, str(error["message"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None, body.decode(errors="replace").strip()
