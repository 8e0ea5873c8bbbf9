"""How each provider takes a finished message over HTTPS, and what its refusals mean.

Microsoft Graph: ``user: sendMail`` with MIME content, and *Microsoft Graph error responses*. Gmail:
``users.messages.send``, and *Resolve errors* of its API.
"""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.rules.templates import FilesLimit
from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import (
    MailError,
    MailFinal,
    MailHeld,
    MailQuota,
    SignInNeeded,
    WrongAddress,
    WrongLetter,
    WrongSender,
)
from desktop.mail.smtp.dialogue import LONGEST_WAIT, SmtpReply

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
        return FilesLimit(
            self.megabytes * 1_000_000,
            f"The attachments are more than the {self.megabytes} MB that {self.name} takes in one "
            "e-mail.",
        )


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

_NO_MAILBOX: Final = "The account needs a licence with a mailbox in Microsoft 365."
_RIGHT: Final = (
    "The sign-in lacks the right to send. Sign in again, or have an administrator allow Mail.Send, "
    "for a shared mailbox Mail.Send.Shared too."
)
_SEND_AS: Final = (
    "An administrator must give the account “Send as” for this mailbox, and the sign-in needs the "
    "right Mail.Send.Shared."
)
_MEANINGS: Final[dict[str, tuple[type[MailError], str]]] = {
    # Microsoft Graph, which passes on the codes of Exchange
    "ErrorInvalidRecipients": (WrongAddress, "Check the address, and those of the copies."),
    "ErrorSendAsDenied": (WrongSender, _SEND_AS),
    "ErrorInvalidUser": (WrongSender, "There is no such mailbox in the organisation."),
    "Request_ResourceNotFound": (WrongSender, "There is no such mailbox in the organisation."),
    "ResourceNotFound": (WrongSender, "There is no such mailbox in the organisation."),
    "ErrorAccessDenied": (SignInNeeded, _RIGHT),
    "Authorization_RequestDenied": (SignInNeeded, _RIGHT),
    "MailboxNotEnabledForRESTAPI": (MailHeld, _NO_MAILBOX),
    "MailboxNotSupportedForRESTAPI": (MailHeld, _NO_MAILBOX),
    "ErrorMessageSizeExceeded": (WrongLetter, ""),
    "ErrorExceededMessageLimit": (MailQuota, ""),
    "ErrorSubmissionQuotaExceeded": (MailQuota, ""),
    "ErrorQuotaExceeded": (MailHeld, "The mailbox is full: delete e-mails there."),
    # Gmail
    "insufficientPermissions": (SignInNeeded, "Sign in again, and allow Sendoff to send e-mails."),
    "failedPrecondition": (MailHeld, "Gmail must be switched on for the account."),
    "domainPolicy": (MailHeld, "The organisation's administrator must allow Sendoff."),
    "accessNotConfigured": (
        MailHeld,
        "The Gmail API must be switched on in the project of the client id.",
    ),
    "rateLimitExceeded": (MailQuota, ""),
    "userRateLimitExceeded": (MailQuota, ""),
    "dailyLimitExceeded": (MailQuota, ""),
    "quotaExceeded": (MailQuota, ""),
    "uploadTooLarge": (WrongLetter, ""),
}
"""What an error code of a service means, and what helps."""
_BY_STATUS: Final[dict[int, type[MailError]]] = {
    400: MailFinal,
    401: SignInNeeded,
    403: MailHeld,
    404: MailHeld,
    413: WrongLetter,
    429: MailQuota,
}
"""The answers by which a message was not taken; 503 with ``Retry-After`` is one, too."""
_REFUSED: Final[dict[type[MailError], str]] = {
    WrongAddress: "refused the recipient",
    WrongSender: "refused the sender",
    MailQuota: "takes no more for now",
}
UNAUTHORIZED: Final = 401
_OVERLOADED: Final = 503
_BAD_RECIPIENT: Final = re.compile(r"invalid (to|cc|bcc) header|recipient address", re.IGNORECASE)
"""Gmail's words of an address; it has no code for it."""
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

    def refusal(self, service: MailService) -> MailError | None:
        """Return why the message was not taken; ``None`` if the answer does not say so."""
        kind, hint = _BY_STATUS.get(self.status), ""
        if self.status == _OVERLOADED and self._retry_after is not None:
            kind = MailQuota
        if kind is None:
            return None
        if kind is not MailQuota and self.code in _MEANINGS:
            kind, hint = _MEANINGS[self.code]
        elif kind is MailFinal and _BAD_RECIPIENT.search(self._words):
            kind = WrongAddress
        text = f"{service.name} {_REFUSED.get(kind, 'refused the e-mail')}: {self}"
        if hint:
            text = f"{text.rstrip('.')}. {hint}"
        if kind is SignInNeeded:
            is_known = self.status == UNAUTHORIZED
            problem = SignInProblem.REVOKED if is_known else SignInProblem.CONSENT_MISSING
            return SignInNeeded(text, problem, said=str(self))
        error = kind(
            text, server=service.name, code=self.status, enhanced=self.code, said=str(self)
        )
        if isinstance(error, MailQuota):
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
        except ValueError:
            return None
        return min(max(0.0, seconds), LONGEST_WAIT)


def _read(body: bytes) -> tuple[str | None, str]:
    """Return the code and the words of an error as either service writes it."""
    try:
        error: Any = json.loads(body)["error"]
        code = error["code"]
        if not isinstance(code, str):  # Gmail repeats the status there
            code = error["errors"][0]["reason"] if error.get("errors") else error["status"]
        return str(code), str(error["message"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None, body.decode(errors="replace").strip()
