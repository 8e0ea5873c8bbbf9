"""The settings of the mail server: their defaults, and what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from desktop.contract.rules.addresses import address_problem
from desktop.contract.rules.mailbox import parse_mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desktop.contract.problems import FieldError

Transport = Literal["practice", "smtp"]
Security = Literal["none", "starttls", "tls"]

PORTS: Final[Mapping[str, int]] = {"none": 25, "starttls": 587, "tls": 465}
"""The usual port of each security."""
PORT_LIMIT: Final = 65535

PRACTICE_SENDER: Final = "Sendoff <sendoff@localhost>"
"""The sender until the person enters one; mail to it reaches no one."""

OUTBOX: Final = "outbox"
"""The earlier word for ``practice``, which is still understood."""

_HOST: Final = re.compile(r"[\w.:-]{0,253}")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail settings; an empty ``user`` means no login. The password is in the keyring."""

    transport: Transport = "practice"
    host: str = ""
    port: int = PORTS["starttls"]
    security: Security = "starttls"
    user: str = ""
    sender: str = PRACTICE_SENDER
    default_recipient: str = "you@example.org"
    """The recipient of items without one; in practice mode only."""

    def __post_init__(self) -> None:
        """Understand the earlier word."""
        if str(self.transport) == OUTBOX:
            object.__setattr__(self, "transport", "practice")


def is_practice_sender(sender: str) -> bool:
    """Tell whether a sender has the practice address."""
    try:
        return parse_mailbox(sender).address == parse_mailbox(PRACTICE_SENDER).address
    except ValueError:
        return False


def mail_problems(mail: MailSettings) -> Iterator[FieldError]:
    """Yield an error for each value that cannot be used; types are checked before."""
    if mail.transport not in {"practice", "smtp"}:
        yield {"path": "mail.transport", "message": "This must be “practice” or “smtp”."}
    if not _HOST.fullmatch(mail.host):
        yield {
            "path": "mail.host",
            "message": "This is not a server name such as mail.example.org.",
        }
    if mail.transport == "smtp" and not mail.host:
        yield {"path": "mail.host", "message": "Real sending needs a mail server."}
    if not 1 <= mail.port <= PORT_LIMIT:
        yield {"path": "mail.port", "message": f"A port is a number from 1 to {PORT_LIMIT}."}
    if mail.security not in PORTS:
        yield {"path": "mail.security", "message": "This must be “none”, “starttls” or “tls”."}
    if not mail.user.isprintable() or len(mail.user) > 320:
        yield {"path": "mail.user", "message": "This is not a valid user name."}
    try:
        parse_mailbox(mail.sender)
    except ValueError as error:
        yield {"path": "mail.sender", "message": str(error)}
    problem = address_problem(mail.default_recipient)
    if problem:
        yield {"path": "mail.default_recipient", "message": problem}
