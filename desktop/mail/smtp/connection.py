"""One SMTP connection: it is opened and signed in once, then sends many messages in turn."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import (
    MailError,
    MailHeld,
    MailLater,
    MailQuota,
    MailUncertain,
    WrongAddress,
)
from desktop.mail.smtp.dialogue import Ended
from desktop.mail.smtp.opening import open_session
from desktop.mail.smtp.replies import (
    CLOSING,
    Lost,
    MailPart,
    Reply,
    is_quota,
    put_off,
    refusal,
    used_up,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from desktop.mail.message import Message
    from desktop.mail.smtp.opening import Timeouts
    from desktop.settings.preferences.mail import MailSettings

_GO_ON: Final = 354
_PIECE: Final = 256 * 1024
"""Bytes of a message that are sent within one timeout."""


class SmtpConnection:
    """An open, signed-in connection; for one thread at a time."""

    def __init__(
        self,
        settings: MailSettings,
        password: str | None,
        context: ssl.SSLContext,
        timeouts: Timeouts,
        log: Callable[[str], None],
    ) -> None:
        """Connect, encrypt and sign in by the settings.

        Raises:
            MailLater: if the server refuses for now; ``Unreached`` if it cannot be reached.
            MailHeld: if it cannot work with these settings: certificate, TLS, login.
        """
        self.mails = 0
        self._host = settings.host
        self._timeouts = timeouts
        self._dialogue = open_session(settings, password, context, timeouts, log)

    @property
    def is_open(self) -> bool:
        """Whether the connection can send another message."""
        return self._dialogue.is_open

    def close(self) -> None:
        """Send QUIT and close, without waiting for an answer."""
        self._dialogue.close(farewell="QUIT")

    def hand_over(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        """Send one message; returns the server's words.

        Everything but the final dot is sent first. Then ``on_point_of_no_return`` is called; if it
        raises, the message is not sent.

        Raises:
            MailFinal: the server refused the message for good.
            MailLater: the server refused it for now; ``Lost`` if the connection ended before the
                final dot, ``MailQuota`` if the server accepts no more messages.
            MailHeld: the server requires another login.
            MailUncertain: the server gave no answer after the final dot.
        """
        self.mails += 1
        self._envelope(message, log)
        try:
            self._content(message.source)
            on_point_of_no_return()
            self._check_silence_again()
        except BaseException:
            self._dialogue.close()  # the server drops a message without its final dot
            raise
        log(f"message handed over (Message-ID {message.message_id})")
        reply = self._final_dot()
        log(str(reply))
        if reply.code == CLOSING:
            self._dialogue.close()
            if is_quota(reply.code, reply.words):
                raise used_up(self._host, reply)
            raise put_off(self._host, MailPart.MESSAGE, reply)
        if not reply.is_done:
            raise refusal(self._host, MailPart.MESSAGE, reply)
        return str(reply)

    def _envelope(self, message: Message, log: Callable[[str], None]) -> None:
        """Send the envelope; after a refusal the connection is ready for the next message."""
        try:
            self._command(
                f"MAIL FROM:<{message.envelope_from}>{self._options(message)}", MailPart.SENDER
            )
            self._command(f"RCPT TO:<{message.envelope_to}>", MailPart.RECIPIENT)
            if message.envelope_copy:
                self._copy(message, log)
            self._command("DATA", MailPart.MESSAGE)
        except Exception as error:
            if isinstance(error, Lost) or (isinstance(error, MailError) and error.code == CLOSING):
                self._dialogue.close()
            else:
                self._reset()
            raise

    def _copy(self, message: Message, log: Callable[[str], None]) -> None:
        """Add the blind copy; if the server refuses it, the message is sent without it."""
        if not message.envelope_copy.isascii() and "SMTPUTF8" not in self._dialogue.features:
            log(f"no copy to {message.envelope_copy}: {self._plain_letters}")
            return
        try:
            self._command(f"RCPT TO:<{message.envelope_copy}>", MailPart.COPY)
        except (Lost, MailQuota):
            raise
        except MailError as error:
            log(f"no copy to {message.envelope_copy}: {error}")

    def _options(self, message: Message) -> str:
        options = f" SIZE={len(message.source)}" if "SIZE" in self._dialogue.features else ""
        if not message.needs_smtputf8 and message.envelope_copy.isascii():
            return options
        if "SMTPUTF8" in self._dialogue.features:
            return f"{options} BODY=8BITMIME SMTPUTF8"
        if message.needs_smtputf8:
            raise self._not_in_ascii(message)
        return options

    @property
    def _plain_letters(self) -> str:
        return f"{self._host} takes only plain letters before the @ (no SMTPUTF8)"

    def _not_in_ascii(self, message: Message) -> MailError:
        """Return the error for an address that needs SMTPUTF8: the sender's holds all messages."""
        if not message.envelope_from.isascii():
            return MailHeld(
                f"{self._plain_letters}: it cannot send from {message.sender.address}. "
                "Choose another sender or another server in the mail settings."
            )
        return WrongAddress(
            f"{self._plain_letters}: it cannot deliver to {message.to.address}. The message was "
            "not sent. Use another address of this recipient, or another server."
        )

    def _command(self, command: str, what: MailPart) -> None:
        with self._may_be_lost():
            reply = self._dialogue.command(command, self._timeouts.command)
        if not (reply.code == _GO_ON if command == "DATA" else reply.is_done):
            if not reply.is_answer or reply.is_done:
                raise self._broken(f"{self._host} answered out of turn: {reply}")
            raise refusal(self._host, what, reply)

    def _content(self, source: bytes) -> None:
        """Send the message without the final dot."""
        content = memoryview(source.replace(b"\n.", b"\n.."))  # the first line is a header
        with self._may_be_lost():
            for begin in range(0, len(content), _PIECE):  # the timeout holds for each piece
                self._dialogue.send(content[begin : begin + _PIECE], self._timeouts.content)
        self._check_silence()

    def _check_silence(self) -> None:
        """Detect a server that refused or disconnected before the final dot.

        What it says by then is no answer to the dot. A refusal counts, because the dot is never
        sent.
        """
        with self._may_be_lost():
            if self._dialogue.is_silent():
                return
            reply = self._dialogue.reply(within=0)
        if reply.is_answer and not reply.is_done:
            raise refusal(self._host, MailPart.MESSAGE, reply)
        raise self._broken(f"{self._host} answered before the message was complete: {reply}")

    def _check_silence_again(self) -> None:
        """Check past the point of no return, which is for another attempt to cross again."""
        try:
            self._check_silence()
        except Lost as error:
            raise MailLater(str(error), server=self._host) from error

    def _final_dot(self) -> Reply:
        """Send the final dot and wait for the reply; what is said beside it makes it unclear."""
        try:
            self._dialogue.send(b".\r\n", self._timeouts.answer)
            reply = self._dialogue.reply(self._timeouts.answer)
        except Ended as error:
            raise self._uncertain(str(error)) from error
        if not reply.is_answer:
            raise self._uncertain(f"answered {reply}")
        with suppress(Ended):  # the server may close the connection now
            if not self._dialogue.is_silent():
                raise self._uncertain(f"answered {reply}, and then something else")
        return reply

    def _uncertain(self, how: str) -> MailUncertain:
        self._dialogue.close()
        text = f"{self._host} gave no answer after the message was handed over: it {how}."
        return MailUncertain(text, server=self._host)

    def _reset(self) -> None:
        """Reset a refused envelope; if that fails, the connection is closed."""
        with suppress(Ended):
            if not self._dialogue.command("RSET", self._timeouts.command).is_done:
                self._dialogue.close()

    @contextmanager
    def _may_be_lost(self) -> Iterator[None]:
        try:
            yield
        except Ended as error:
            raise self._broken(f"{self._host} {error}.") from error

    def _broken(self, text: str) -> Lost:
        """Make the error for a lost connection; its cause is told apart by the server."""
        return Lost(text, server=self._host)
