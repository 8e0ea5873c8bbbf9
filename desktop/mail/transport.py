"""Transports for messages: the outbox, and a server with a kept copy of each message."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

from desktop.mail.errors import MailLater
from desktop.mail.mail_folder import MailFolder
from desktop.mail.message import Message

if TYPE_CHECKING:
    from desktop.mail.smtp.smtp import SmtpTransport

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


class Outbox(MailFolder):
    """The transport of practice mode; it can be repeated, so it has no point of no return."""

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Log,
    ) -> str:
        """Keep the message; returns a sentence that says so.

        Raises:
            MailLater: if it cannot be written.
        """
        try:
            name = self.keep(message, durable=True)
        except OSError as error:
            raise MailLater(f"The outbox cannot be written: {error.strerror or error}.") from error
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


class KeepingTransport:
    """A transport that keeps each message in ``folder`` at its point of no return.

    The mark comes first, so a kept message without one shows that the store is older. Kept messages
    survive a killed process, as the mark does. A power cut may lose them: a flush to the disk would
    cost as much as the mark itself.
    """

    def __init__(self, transport: SmtpTransport, folder: MailFolder) -> None:
        self._transport = transport
        self._folder = folder

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Log,
    ) -> str:
        """Keep and send a message; ``MailLater`` if it cannot be kept: then it is not sent."""

        def keep() -> None:
            on_point_of_no_return()
            try:
                self._folder.keep(message, durable=False)
            except OSError as error:
                raise MailLater(f"The mail cannot be kept: {error.strerror or error}.") from error

        return self._transport.send(message, keep, log)

    def turn(self, check: Callable[[], object]) -> AbstractContextManager[None]:
        """Wait for a turn of the transport."""
        return self._transport.turn(check)

    def has_sent(self, message_id: str) -> bool:
        """Tell whether a message with this ID is kept."""
        return self._folder.has(message_id)

    def close(self) -> None:
        """Close connections."""
        self._transport.close()
