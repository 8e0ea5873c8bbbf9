"""Practice mode: mails stay in a folder, one file each, and can be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import Parser
from email.policy import compat32
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import Later
from desktop.mail.headers import read_value
from desktop.mail.message import is_message_id
from desktop.settings.atomic import write_atomic
from desktop.settings.mailbox import parse_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message as Parsed
    from pathlib import Path

    from desktop.mail.message import Message

SUFFIX: Final = ".eml"


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail as it lies in the outbox; ``message_id`` without angle brackets."""

    message_id: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str
    source: str


class Outbox:
    """A folder of mails; each has its Message-ID for a name, so writing one again changes nothing.

    That is why it needs no point of no return.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        """Keep the message; returns the sentence that says so.

        Raises:
            Later: when the disk does not take it.
        """
        path = self._folder / f"{message.message_id[1:-1]}{SUFFIX}"
        try:
            write_atomic(path, message.source)
        except OSError as error:
            raise Later(f"The outbox cannot be written: {error.strerror or error}.") from error
        log(f"kept in the outbox as {path.name}")
        return "Kept in the outbox; practice mode sends nothing."

    def mails(self, limit: int, after: str | None = None) -> list[KeptMail]:
        """List mails, the newest first; ``after`` is the last page's last ``message_id``."""
        names = sorted((name for name in self._names() if not after or name < after), reverse=True)
        found = (self.mail(name) for name in names[:limit])
        return [mail for mail in found if mail is not None]

    def mail(self, message_id: str) -> KeptMail | None:
        """Read one mail by its Message-ID without angle brackets; ``None`` if it is not there."""
        if not is_message_id(f"<{message_id}>"):
            return None
        path = self._folder / f"{message_id}{SUFFIX}"
        try:
            source, changed = path.read_bytes(), path.stat().st_mtime
        except FileNotFoundError:
            return None
        return read_mail(message_id, source, datetime.fromtimestamp(changed, UTC))

    def close(self) -> None:
        """Nothing is open."""

    def _names(self) -> list[str]:
        """List the Message-IDs, which sort by their time."""
        try:
            paths = list(self._folder.iterdir())
        except FileNotFoundError:
            return []
        return [path.stem for path in paths if path.suffix == SUFFIX and path.name[0] != "."]


def read_mail(message_id: str, source: bytes, at: datetime) -> KeptMail:
    """Take a mail apart as a mail program would."""
    text = source.decode(errors="replace")
    parsed = Parser(policy=compat32).parsestr(text)
    return KeptMail(
        message_id=message_id,
        at=at,
        sender=_mailbox(parsed["From"]),
        to=_mailbox(parsed["To"]),
        subject=read_value(parsed["Subject"] or ""),
        text=_side(parsed, "text/plain"),
        html=_side(parsed, "text/html"),
        source=text,
    )


def _mailbox(value: str | None) -> str:
    shown = read_value(value or "")
    try:
        return str(parse_mailbox(shown))
    except ValueError:
        return shown


def _side(parsed: Parsed, kind: str) -> str:
    part = next((part for part in parsed.walk() if part.get_content_type() == kind), None)
    payload = part.get_payload(decode=True) if part is not None else None
    return payload.decode(errors="replace") if isinstance(payload, bytes) else ""
