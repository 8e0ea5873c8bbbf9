"""What was handed to a server, kept as it went out: the evidence where no answer came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.mail.errors import MailLater
from desktop.mail.mail_folder import MailFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.mail.message import Message
    from desktop.mail.transport import Transport


class KeepingTransport:
    """A transport whose mails are in ``folder`` before they pass their point of no return.

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
        log: Callable[[str], None],
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
