"""What carries a message away, and the log it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desktop.mail.message import Message

Log = Callable[[str], None]


class Transport(Protocol):
    """A way out for messages: the outbox, or a server."""

    def send(self, message: Message, on_point_of_no_return: Callable[[], None], log: Log) -> str:
        """Let the message leave; returns a sentence, raises a ``MailError``."""

    def close(self) -> None:
        """Let go of connections."""
