"""Practice mode: mails stay in a folder and can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.mail.errors import MailLater
from desktop.mail.mail_folder import MailFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.mail.message import Message


class Outbox(MailFolder):
    """The way out of practice mode; what can be done twice needs no point of no return."""

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        """Keep the message; returns the sentence that says so.

        Raises:
            MailLater: when the disk does not take it.
        """
        try:
            path = self.keep(message, durable=True)
        except OSError as error:
            raise MailLater(f"The outbox cannot be written: {error.strerror or error}.") from error
        log(f"kept in the outbox as {path.name}")
        return "Kept in the outbox; practice mode sends nothing."

    def close(self) -> None:
        """Nothing is open."""
