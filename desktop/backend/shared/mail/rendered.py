"""Messages as they travel over HTTP: one that was kept, and one that is only made to look at."""

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
    """Give a mail of a folder as it travels over HTTP."""
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
    """Give a message as it would go, as it travels over HTTP."""
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
    """Name the files that go along, with their sizes in bytes."""
    return [{"file": each.file, "size": each.size} for each in files]


def bare(message_id: str) -> str:
    """Give a Message-ID without its angle brackets, as its file is called."""
    return message_id.removeprefix("<").removesuffix(">")


def written(at: datetime) -> str:
    """Give a time as it travels over HTTP."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
