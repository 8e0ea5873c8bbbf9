"""The ways out of a message: into the outbox, or to a server with a copy kept of what left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desktop.mail.errors import MailLater
from desktop.mail.mail_folder import MailFolder
from desktop.mail.message import Message

Log = Callable[[str], None]


class Transport(Protocol):
    """A way out for messages: the outbox, or a server."""

    def send(self, message: Message, on_point_of_no_return: Callable[[], None], log: Log) -> str:
        """Let the message leave; returns a sentence, raises a ``MailError``."""

    def close(self) -> None:
        """Let go of connections."""


class Outbox(MailFolder):
    """The way out of practice mode; what can be done twice needs no point of no return."""

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Log,
    ) -> str:
        """Keep the message; returns the sentence that says so.

        Raises:
            MailLater: when the disk does not take it.
        """
        try:
            name = self.keep(message, durable=True)
        except OSError as error:
            raise MailLater(f"The outbox cannot be written: {error.strerror or error}.") from error
        log(f"kept in the outbox as {name}")
        return "Kept in the outbox; practice mode sends nothing."

    def close(self) -> None:
        """Nothing is open."""


class KeepingTransport:
    """A transport whose messages are in ``folder`` before they pass their point of no return.

    They outlive a kill, as the uncertainty does; a power cut may take them, for one more flush to
    the disk would cost as much as the mark itself.
    """

    def __init__(self, transport: Transport, folder: MailFolder) -> None:
        self._transport = transport
        self._folder = folder

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Log,
    ) -> str:
        """Do as the transport does; ``MailLater`` when the mail cannot be kept: nothing left."""

        def keep() -> None:
            try:
                self._folder.keep(message, durable=False)
            except OSError as error:
                raise MailLater(f"The mail cannot be kept: {error.strerror or error}.") from error
            try:
                on_point_of_no_return()
            except BaseException:
                self._folder.forget(message)  # it does not leave
                raise

        return self._transport.send(message, keep, log)

    def close(self) -> None:
        """Let go of connections."""
        self._transport.close()
