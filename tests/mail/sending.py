"""A transport under test, and mails to send with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.message import AttachedContent, Message, build, new_message_id
from desktop.mail.smtp.connection import Timeouts
from desktop.mail.smtp.smtp import SmtpTransport
from desktop.settings.preferences import MailSettings
from tests import WITHIN

QUICK = Timeouts(connect=WITHIN, command=WITHIN, content=WITHIN, answer=WITHIN)
IMPATIENT = Timeouts(connect=0.3, command=0.3, content=0.3, answer=0.3)


@dataclass
class Sending:
    """A transport, what was noted while it sent, and whether the point of no return was passed."""

    transport: SmtpTransport
    log: list[str] = field(default_factory=list)
    crossed: int = 0

    def cross(self) -> None:
        self.crossed += 1

    def send(self, **changes: Any) -> str:
        return self.transport.send(letter(**changes), self.cross, self.log.append)


def letter(
    to: str = "ada@example.org",
    text: str = "hello\n",
    sender: str = "box@example.org",
    cc: str = "",
    bcc: str = "",
    files: Sequence[AttachedContent] = (),
) -> Message:
    return build(
        message_id=new_message_id("box@example.org"),
        sender=Mailbox("Box office", sender),
        to=Mailbox("Ada", to),
        subject="Your seats",
        text=text,
        html="<p>hello</p>\n",
        date=datetime.now(UTC),
        cc=cc,
        bcc=bcc,
        files=files,
    )


@contextmanager
def sending(
    settings: MailSettings,
    timeouts: Timeouts = QUICK,
    password: Callable[[], str | None] = lambda: "pässword",
) -> Iterator[Sending]:
    transport = SmtpTransport(settings, password, timeouts)
    try:
        yield Sending(transport)
    finally:
        transport.close()


def chained(error: BaseException) -> list[BaseException]:
    """Return an error, and those that its traceback shows with it."""
    shown = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [error, *(chained(shown) if shown is not None else [])]
