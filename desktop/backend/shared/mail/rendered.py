"""Writes a kept message, or one made for a preview, as JSON for an answer."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from desktop.mail.attached import Attachment
    from desktop.mail.mail_folder import KeptMail
    from desktop.mail.message import Message


def message_of(mail: KeptMail) -> dict[str, Any]:
    """Write a kept message as JSON."""
    return {
        "message_id": mail.message_id,
        "at": written(mail.at),
        "from": mail.sender,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "source": mail.source,
        "files": files_of(mail.files),
    }


def rendered(message: Message) -> dict[str, Any]:
    """Write a message that was not sent as JSON."""
    return {
        "from": str(message.sender),
        "to": str(message.to),
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "source": message.source.decode(errors="replace"),
        "files": files_of(message.files),
    }


def files_of(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """List attachments with their sizes in bytes."""
    return [{"file": each.file, "size": each.size} for each in files]


def bare(message_id: str) -> str:
    """Return a Message-ID without its angle brackets, which is the name of its file."""
    return message_id.removeprefix("<").removesuffix(">")


def written(at: datetime) -> str:
    """Write a time as RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
