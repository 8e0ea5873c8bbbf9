"""*Send a test*: one mail by the settings as they are, and what the server said to it."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from desktop.mail.message import build
from desktop.settings.mailbox import Mailbox, parse_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.mail.mailer import Mailer
    from desktop.mail.message import Message

_SUBJECT = "A test from Sendoff"


def send_test(
    mailer: Mailer, to: str, log: Callable[[str], None], message: Message | None = None
) -> tuple[str, str]:
    """Send a test, or ``message``; returns its Message-ID and a sentence for the person.

    Raises:
        MailError: when it did not leave.
    """
    message = message or _test_message(mailer, to)
    said = mailer.send(message, lambda: None, log)
    if mailer.is_practice:
        return message.message_id, said
    return message.message_id, f"Sent to {to}. {mailer.settings.host} said: {said}"


def _test_message(mailer: Mailer, to: str) -> Message:
    settings = mailer.settings
    text = "This message shows that Sendoff can send with its present settings.\n"
    if not mailer.is_practice:
        text += f"It came through {settings.host}, port {settings.port}.\n"
    return build(
        message_id=mailer.new_message_id(),
        sender=parse_mailbox(settings.sender),
        to=Mailbox("", to),
        subject=_SUBJECT,
        text=text,
        html=f'<p style="font-family:sans-serif">{escape(text)}</p>\n',
        date=datetime.now(UTC),
    )
