"""One SMTP connection: it is opened and signed in once, then sends many messages in turn."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailError, MailHeld, MailQuota, MailUncertain, WrongAddress
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
    import socket
    from collections.abc import Callable

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
        self._smtp = open_session(settings, password, context, timeouts, log)

    @property
    def is_open(self) -> bool:
        """Whether the connection can send another message."""
        return self._smtp.sock is not None

    def close(self) -> None:
        """Send QUIT and close, without waiting for an answer."""
        if self.is_open:
            try:
                self._smtp.putcmd("QUIT")
            except smtplib.SMTPException:
                return  # already closed by smtplib
        self._smtp.close()

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
        except BaseException:
            self._smtp.close()  # the server drops a message without its final dot
            raise
        log(f"message handed over (Message-ID {message.message_id})")
        reply = self._final_dot()
        log(str(reply))
        if reply.code == CLOSING:
            self._smtp.close()
            if is_quota(reply.code, reply.words):
                raise used_up(self._host, reply)
            raise put_off(self._host, MailPart.MESSAGE, reply)
        if not reply.is_done:
            raise refusal(self._host, MailPart.MESSAGE, reply)
        return str(reply)

    def _envelope(self, message: Message, log: Callable[[str], None]) -> None:
        """Send the envelope; after a refusal the connection is ready for the next message."""
        self._socket.settimeout(self._timeouts.command)
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
                self._smtp.close()
            else:
                self._reset()
            raise

    def _copy(self, message: Message, log: Callable[[str], None]) -> None:
        """Add the blind copy; if the server refuses it, the message is sent without it."""
        if not message.envelope_copy.isascii() and not self._smtp.has_extn("smtputf8"):
            log(f"no copy to {message.envelope_copy}: {self._plain_letters}")
            return
        try:
            self._command(f"RCPT TO:<{message.envelope_copy}>", MailPart.COPY)
        except (Lost, MailQuota):
            raise
        except MailError as error:
            log(f"no copy to {message.envelope_copy}: {error}")

    def _options(self, message: Message) -> str:
        options = f" SIZE={len(message.source)}" if self._smtp.has_extn("size") else ""
        self._smtp.command_encoding = "utf-8"
        if not message.needs_smtputf8 and message.envelope_copy.isascii():
            return options
        if self._smtp.has_extn("smtputf8"):
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
        reply = self._reply(lambda: self._smtp.docmd(command))
        if not (reply.code == _GO_ON if command == "DATA" else reply.is_done):
            if not reply.is_answer or reply.is_done:
                raise self._broken(f"{self._host} answered out of turn: {reply}")
            raise refusal(self._host, what, reply)

    def _content(self, source: bytes) -> None:
        """Send the message without the final dot."""
        self._socket.settimeout(self._timeouts.content)
        content = memoryview(source.replace(b"\n.", b"\n.."))  # the first line is a header
        try:
            for begin in range(0, len(content), _PIECE):  # the timeout holds for each piece
                self._smtp.send(content[begin : begin + _PIECE])
        except smtplib.SMTPException as error:
            raise self._lost(error) from error
        self._check_silence()

    def _check_silence(self) -> None:
        """Detect a server that refused or disconnected while the content was sent."""
        self._socket.settimeout(0)
        try:
            said = self._socket.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError as error:
            raise self._lost(error) from error
        code = int(said[:3]) if said[:3].isdigit() else 0
        reply = Reply.read(code, said[4:])
        if reply.is_answer and not reply.is_done:
            raise refusal(self._host, MailPart.MESSAGE, reply)
        raise self._broken(f"{self._host} closed the connection while the message was on its way.")

    def _final_dot(self) -> Reply:
        """Send the final dot and wait for the reply."""
        self._socket.settimeout(self._timeouts.answer)
        try:
            self._smtp.send(b".\r\n")
            reply = self._reply(self._smtp.getreply)
        except (Lost, smtplib.SMTPException) as error:
            self._smtp.close()
            raise MailUncertain(self._silent(), server=self._host) from error
        if not reply.is_answer:
            self._smtp.close()
            raise MailUncertain(self._silent(), server=self._host)
        return reply

    def _silent(self) -> str:
        return f"{self._host} gave no answer after the message was handed over."

    def _reset(self) -> None:
        """Reset a refused envelope; if that fails, the connection is closed."""
        try:
            is_ready = self._reply(self._smtp.rset).is_done
        except Lost:
            is_ready = False
        if not is_ready:
            self._smtp.close()

    def _reply(self, ask: Callable[[], tuple[int, bytes]]) -> Reply:
        try:
            return Reply.read(*ask())
        except (smtplib.SMTPException, OSError) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> Lost:
        timed_out = isinstance(error.__context__ or error, TimeoutError)
        how = "did not answer in time" if timed_out else "closed the connection"
        return self._broken(f"{self._host} {how}.")

    def _broken(self, text: str) -> Lost:
        """Make the error for a lost connection; its cause is told apart by the server."""
        return Lost(text, server=self._host)

    @property
    def _socket(self) -> socket.socket:
        if self._smtp.sock is None:
            raise self._broken(f"The connection to {self._host} is closed.")
        return self._smtp.sock
