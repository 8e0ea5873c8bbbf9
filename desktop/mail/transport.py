"""Transports for messages: the outbox, and a server with a kept copy of each message."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import Parser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Protocol

from desktop.contract.rules.mailbox import parse_mailbox
from desktop.mail.errors import MailError, MailUncertain, NotStored
from desktop.mail.message import (
    Attachment,
    Message,
    attachments_of,
    is_message_id,
    pictures_of,
    read_value,
    with_pictures_inside,
)
from sendoff_tasks.words.file_faults import unread

if TYPE_CHECKING:
    from collections.abc import Container
    from email.message import Message as Parsed

    from desktop.mail.files import Files
    from desktop.mail.http.transport import HttpTransport
    from desktop.mail.smtp.smtp import SmtpTransport


SUFFIX: Final = ".eml"
HEAD: Final = 100_000
"""Bytes at the beginning of a message in which its header is looked for."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A stored message; ``message_id`` has no angle brackets, ``at`` is its ``Date``."""

    message_id: str
    at: datetime
    sender: str
    reply_to: str
    cc: str
    bcc: str
    to: str
    subject: str
    text: str
    html: str
    source: str
    files: tuple[Attachment, ...]


class MailFolder:
    """A folder of messages; storing a message again changes nothing."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def store(self, message: Message, *, durable: bool) -> str:
        """Write a message; ``durable`` as in ``Files.write``. Returns the name of its file.

        Of attachments only names and sizes are stored: a thousand messages may share one file.

        Raises:
            OSError: if it cannot be written.
        """
        name = _file(message.message_id[1:-1])
        self._files.write(name, message.record, durable=durable)
        return name

    def has(self, message_id: str) -> bool:
        """Tell whether a message is stored; raises ``NotStored`` if that cannot be found out."""
        try:
            return self._files.size(_file(message_id[1:-1])) is not None
        except OSError as error:
            raise NotStored("unread_sent", text=unread(self._files.where(""), error)) from error

    def not_stored(self, error: OSError) -> NotStored:
        """Make the error for a message that cannot be written: where, why and what helps."""
        why = error.strerror or error
        return NotStored("not_kept", folder=self._files.where(""), why=why)

    def forget(self, message_id: str) -> None:
        """Delete a message that has not left; if that fails, its task finds it and asks."""
        with suppress(OSError):
            self._files.remove(_file(message_id[1:-1]))

    def forget_person(
        self, address: str, references: Container[str], *, keeps_ids: bool = False
    ) -> None:
        """Delete the messages to an address, and those with these Message-IDs.

        The address is case-folded, and its domain is in ASCII, as in messages. With ``keeps_ids``
        each leaves an empty file, whose name is its Message-ID: it is never sent again.

        It reads every message. Raises ``OSError``.
        """
        for name in filter(_is_mail, self._files.names()):
            is_meant = f"<{name.removesuffix(SUFFIX)}>" in references
            if is_meant or (address and address in _recipients(self._files, name)):
                if keeps_ids:
                    self._files.write(name, b"")
                else:
                    self._files.remove(name)

    def sweep(self, before: float, wanted: Container[str], is_ended: Callable[[], bool]) -> None:
        """Delete messages written before a time (epoch s), except ``wanted`` Message-IDs.

        Raises ``OSError``.
        """
        for name in self._files.names(before=before):
            if is_ended():
                return
            if not _is_mail(name):
                continue  # a file of the person's own
            if f"<{name.removesuffix(SUFFIX)}>" not in wanted:
                self._files.remove(name)

    def mail(self, message_id: str) -> StoredMail | None:
        """Read a message by its Message-ID without angle brackets; ``None`` if it is not kept."""
        if not is_message_id(f"<{message_id}>"):
            return None
        source = self.source(f"<{message_id}>")
        return None if source is None else read_mail(message_id, source)

    def source(self, message_id: str) -> bytes | None:
        """Return a message as it is stored; ``None`` if it is not, or was forgotten.

        A power cut may leave its file empty or full of zeros.
        """
        try:
            source = self._files.read(_file(message_id[1:-1]))
        except FileNotFoundError:
            return None
        return source if b"Message-ID: " in source[:HEAD] else None


def _recipients(files: Files, name: str) -> set[str]:
    """Return the case-folded addresses in the head of a message; none if it was deleted."""
    try:
        head = files.read(name)[:HEAD].decode(errors="replace")
    except FileNotFoundError:
        return set()
    parsed = Parser(policy=compat32).parsestr(head, headersonly=True)
    fields = [value for name in ("To", "Cc", "Bcc") for value in parsed.get_all(name, [])]
    return {address.casefold() for _, address in getaddresses(fields)}


def _file(message_id: str) -> str:
    return f"{message_id}{SUFFIX}"


def _is_mail(name: str) -> bool:
    return name.endswith(SUFFIX) and name[0] != "."


def read_mail(message_id: str, source: bytes) -> StoredMail:
    """Parse a message as a mail program does."""
    text = source.decode(errors="replace")
    parsed = Parser(policy=compat32).parsestr(text)
    return StoredMail(
        message_id=message_id,
        at=_moment(parsed["Date"]),
        sender=_mailbox(parsed["From"]),
        reply_to=_mailbox(parsed["Reply-To"]),
        to=_mailbox(parsed["To"]),
        cc=_mailbox(parsed["Cc"]),
        bcc=_mailbox(parsed["Bcc"]),
        subject=read_value(parsed["Subject"] or ""),
        text=_side(parsed, "text/plain"),
        html=with_pictures_inside(_side(parsed, "text/html"), pictures_of(parsed)),
        source=text,
        files=tuple(attachments_of(parsed)),
    )


def _moment(date: str | None) -> datetime:
    """Read a ``Date``; a damaged message has the first moment of all."""
    try:
        return parsedate_to_datetime(date or "")
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


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


Log = Callable[[str], None]


class Transport(Protocol):
    """Sends messages: to the outbox, or to a server."""

    def send(self, message: Message, on_point_of_no_return: Callable[[], None], log: Log) -> str:
        """Send a message; returns a sentence, raises a ``MailError``."""

    def turn(self, check: Callable[[], object]) -> AbstractContextManager[None]:
        """Wait until a message may be sent, and hold its turn; ``check`` may raise meanwhile."""

    def has_sent(self, message_id: str) -> bool:
        """Tell whether a message with this ID has passed a point of no return."""

    def close(self) -> None:
        """Close connections."""


class PracticeOutbox(MailFolder):
    """The transport of practice mode; it can be repeated, so it has no point of no return."""

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Log,
    ) -> str:
        """Keep the message; returns a sentence that says so.

        Raises:
            NotStored: if it cannot be written.
        """
        try:
            name = self.store(message, durable=True)
        except OSError as error:
            raise self.not_stored(error) from error
        log(f"kept in the outbox as {name}")
        return "Kept in the outbox; practice mode sends nothing."

    def turn(self, check: Callable[[], object]) -> AbstractContextManager[None]:
        """Never wait."""
        return nullcontext()

    def has_sent(self, message_id: str) -> bool:
        """Return ``False``: nothing leaves."""
        return False

    def close(self) -> None:
        """Do nothing; there is no connection."""


class StoringTransport:
    """A transport that keeps each message in ``folder`` at its point of no return.

    The mark comes first, and a message that surely has not left is deleted again. So a message that
    is kept before an attempt shows that the store has lost an earlier one. Kept messages survive a
    killed process, as the mark does. A power cut may lose them: a flush to the disk would cost as
    much as the mark itself.
    """

    def __init__(self, transport: SmtpTransport | HttpTransport, folder: MailFolder) -> None:
        self._transport = transport
        self._folder = folder

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Log,
    ) -> str:
        """Store and send a message; ``NotStored`` if it cannot be stored: then it is not sent."""
        is_new = False

        def keep() -> None:
            nonlocal is_new
            on_point_of_no_return()
            is_new = not self._folder.has(message.message_id)
            try:
                self._folder.store(message, durable=False)
            except OSError as error:
                raise self._folder.not_stored(error) from error

        try:
            return self._transport.send(message, keep, log)
        except MailUncertain:
            raise
        except MailError:
            if is_new:  # another one may have left
                self._folder.forget(message.message_id)
            raise

    def turn(self, check: Callable[[], object]) -> AbstractContextManager[None]:
        """Wait for a turn of the transport."""
        return self._transport.turn(check)

    def has_sent(self, message_id: str) -> bool:
        """Tell whether a message with this ID is kept."""
        return self._folder.has(message_id)

    def close(self) -> None:
        """Close connections."""
        self._transport.close()
