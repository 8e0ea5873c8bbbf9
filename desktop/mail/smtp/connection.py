"""One SMTP connection: it is opened and signed in once, then sends many messages."""

from __future__ import annotations

import base64
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.mail import errors
from desktop.mail.providers import provider_of_server
from desktop.mail.smtp.dialogue import (
    CLOSING,
    Dialogue,
    Ended,
    Garbled,
    Lost,
    MailPart,
    SmtpReply,
    is_quota,
    password_refused,
    postponed,
    refusal,
    server_did,
    session_refusal,
    used_up,
)
from desktop.settings.preferences import PORTS
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.mail.message import Message
    from desktop.settings.preferences import MailSettings

    Trusting = Callable[[], ssl.SSLContext]
    """Gives the TLS context with the authorities that are trusted."""

_READY: Final = 220
_NO_EHLO: Final = frozenset({500, 501, 502, 504, 550})
"""Answers of servers that know only HELO, or refuse our EHLO (RFC 5321, 3.2 and 4.1.4)."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The time limit of each step, in seconds.

    ``answer`` is for the reply after the final dot; RFC 5321, 4.5.3.2.6 asks for 600.
    """

    connect: float = 30.0
    command: float = 60.0
    content: float = 300.0
    answer: float = 600.0


def open_session(
    settings: MailSettings,
    password: str | None,
    trusting: Trusting,
    timeouts: Timeouts,
    log: Callable[[str], None],
) -> Dialogue:
    """Open a connection that can send messages; ``trusting`` is called where it is encrypted.

    Raises:
        MailLater: if the server refuses for now; ``Unreached`` if it cannot be reached or does not
            greet in time.
        MailHeld: if it cannot work with these settings: certificate, TLS, login.
    """
    silence: type[errors.MailLater] = errors.Unreached
    try:
        dialogue = _reach(settings, timeouts)
        try:
            _begin(dialogue, settings, trusting, timeouts)
            silence = errors.MailLater  # the server has greeted
            _prepare(dialogue, settings, password, trusting, timeouts, log)
        except BaseException:
            dialogue.close()
            raise
    except OSError as error:
        judged = _judge(settings, error, silence)
        judged.server = settings.host
        raise judged from error
    except errors.MailError as error:
        error.server = settings.host
        raise
    return dialogue


def _reach(settings: MailSettings, timeouts: Timeouts) -> Dialogue:
    sock = socket.create_connection((_host(settings), settings.port), timeouts.connect)
    # Nagle's algorithm would delay the final dot until the content is acknowledged.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Dialogue(sock)


def _begin(
    dialogue: Dialogue, settings: MailSettings, trusting: Trusting, timeouts: Timeouts
) -> None:
    """Wait for the server's greeting."""
    if settings.security == "tls":
        dialogue.encrypt(trusting(), _host(settings), timeouts.connect)
    reply = dialogue.reply(timeouts.connect)
    if reply.code != _READY:
        raise session_refusal(settings.host, "connection", reply)


def _prepare(
    dialogue: Dialogue,
    settings: MailSettings,
    password: str | None,
    trusting: Trusting,
    timeouts: Timeouts,
    log: Callable[[str], None],
) -> None:
    """Greet, secure the line and sign in."""
    within = timeouts.command
    _greet(dialogue, settings, within)
    if settings.security == "starttls":
        _start_tls(dialogue, settings, trusting, within)
        _greet(dialogue, settings, within)
    version = dialogue.tls_version
    line = version.replace("TLSv", "TLS ") if version else "not encrypted"
    log(f"connected to {settings.host}:{settings.port}, {line}")
    if settings.user:
        _sign_in(dialogue, settings, password or "", within)
        log(f"signed in as {settings.user}")


def _host(settings: MailSettings) -> str:
    try:
        return _ascii_host(settings.host)
    except ValueError as error:
        raise errors.MailHeld("host_name", server=settings.host) from error


def _ascii_host(name: str) -> str:
    """Return a server's name for the DNS; raises ``ValueError`` if it has no such form."""
    import idna  # takes 5 ms

    ascii_name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    ascii_name.encode("idna")  # as sockets do, which refuse empty and long labels
    return ascii_name


def _greet(dialogue: Dialogue, settings: MailSettings, within: float) -> None:
    """Greet by EHLO, or by HELO if these settings need no more."""
    address = dialogue.own_address
    name = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
    reply = dialogue.ehlo(name, within)
    if reply.code in _NO_EHLO:
        reply = dialogue.command(f"HELO {name}", within)
        if reply.is_done and (settings.security == "starttls" or settings.user):
            raise errors.MailHeld("helo", server=settings.host)
    if not reply.is_done:
        raise session_refusal(settings.host, "greeting", reply)


def _start_tls(
    dialogue: Dialogue, settings: MailSettings, trusting: Trusting, within: float
) -> None:
    if "STARTTLS" not in dialogue.features:
        raise errors.MailHeld("no_starttls", where=f"{settings.host}:{settings.port}")
    reply = dialogue.command("STARTTLS", within)
    if reply.code != _READY:
        raise session_refusal(settings.host, "connection", reply)
    dialogue.expect_silence()  # what comes before TLS begins was put there by somebody else
    dialogue.encrypt(trusting(), _host(settings), within)


def _sign_in(dialogue: Dialogue, settings: MailSettings, password: str, within: float) -> None:
    """Sign in by the first mechanism that the server knows.

    These are PLAIN (RFC 4616) and LOGIN, in UTF-8. Some servers offer one and then do not know it.
    A wrong password is not tried again: servers lock a user out.
    """
    offered = dialogue.features.get("AUTH", "").split()
    if not offered:
        raise errors.MailHeld("no_login", server=settings.host)
    usable = [each for each in _MECHANISMS if each in offered]
    if not usable:
        by = ", ".join(offered)
        if "OAUTH" in by:
            raise password_refused(settings.host, what="oauth", by=by)
        raise errors.MailHeld("strange_login", server=settings.host, by=by)
    user, secret = settings.user.encode(), password.encode()
    for mechanism in usable:
        reply = _MECHANISMS[mechanism](dialogue, user, secret, within)
        if reply.code not in _UNKNOWN_MECHANISM:
            break
    if reply.code == _LOGIN_GOES_ON:
        raise errors.MailHeld(
            "unended_login",
            server=settings.host,
            user=settings.user,
            mechanism=mechanism,
            reply=reply,
        )
    if not reply.is_done:
        what = "login" if mechanism == "PLAIN" else "login_by"
        login = {"user": settings.user, "mechanism": mechanism, "hint": _hint(settings)}
        said = str(reply).rstrip(".")
        raise session_refusal(settings.host, what, reply, reply=said, **login)


def _hint(settings: MailSettings) -> str:
    """Say what lets other programs send, as far as the provider is known."""
    known = provider_of_server(settings.host, settings.user)
    if known is None or not known.hint + known.app_passwords:
        return ENGLISH.say("login_hint", "switch")
    made_at = ENGLISH.say("login_hint", "app_password", place=known.app_passwords)
    return ENGLISH.both(known.hint, made_at if known.app_passwords else "")


def _plain(dialogue: Dialogue, user: bytes, secret: bytes, within: float) -> SmtpReply:
    both = b"\0".join([b"", user, secret])
    return dialogue.command(f"AUTH PLAIN {_base64(both)}", within)


def _login(dialogue: Dialogue, user: bytes, secret: bytes, within: float) -> SmtpReply:
    reply = dialogue.command("AUTH LOGIN", within)
    for part in (user, secret):
        if reply.code == _LOGIN_GOES_ON:
            reply = dialogue.command(_base64(part), within)
    return reply


_MECHANISMS: Final = {"PLAIN": _plain, "LOGIN": _login}
"""By name, the preferred one first."""
_LOGIN_GOES_ON: Final = 334
_UNKNOWN_MECHANISM: Final = frozenset({500, 501, 502, 504})


def _judge(
    settings: MailSettings, error: Exception, silence: type[errors.MailLater]
) -> errors.MailError:
    """Translate a failure; certificates come first, because their errors are ``OSError`` too.

    ``silence`` is the error for a server that gave no answer.
    """
    host, where = settings.host, f"{settings.host}:{settings.port}"
    why, is_tls = getattr(error, "strerror", None) or str(error), settings.security == "tls"
    match error:
        case ssl.SSLCertVerificationError():
            why = error.verify_message.rstrip(".")
            return errors.MailHeld("no_trust", server=host, why=why)
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return silence("closed", where=where)
        case ssl.SSLError():
            why = str(error.reason)
            return errors.MailHeld("no_tls" if is_tls else "no_tls_after", where=where, why=why)
        case socket.gaierror():
            return silence("no_name", server=host, why=why)
    if isinstance(error.__cause__ or error, TimeoutError):
        is_unencrypted = not is_tls and settings.port == PORTS["tls"]
        return silence("too_slow_without_tls" if is_unencrypted else "too_slow", where=where)
    return silence("broken" if isinstance(error, Ended) else "unreached", where=where, why=why)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


_GO_ON: Final = 354
_CLOSES: Final = 221
_FOR_GOOD: Final = (errors.MailFinal, errors.MailHeld)
"""What a late answer to the message before could wrongly do to another one."""
_PIECE: Final = 256 * 1024
"""Bytes of a message that are sent within one timeout."""


class SmtpConnection:
    """An open, signed-in connection; for one thread at a time."""

    def __init__(
        self,
        settings: MailSettings,
        password: str | None,
        trusting: Trusting,
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
        self._dialogue = open_session(settings, password, trusting, timeouts, log)

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
            MailUncertain: the server gave no answer after the final dot, or an unclear one.
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
        log(f"e-mail handed over (Message-ID {message.message_id})")
        reply = self._final_dot()
        log(str(reply))
        if reply.code == CLOSING:
            self._dialogue.close()
            if is_quota(reply.code, reply.words):
                raise used_up(self._host, reply)
            raise postponed(self._host, MailPart.MESSAGE, reply)
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
            for address in (*message.cc, *message.bcc):
                self._copy(address, log)
            self._command("DATA", MailPart.MESSAGE)
        except Exception as error:
            if isinstance(error, Lost) or (
                isinstance(error, errors.MailError) and error.code == CLOSING
            ):
                self._dialogue.close()
            else:
                self._reset()
            raise

    def _copy(self, address: str, log: Callable[[str], None]) -> None:
        """Add a copy; if the server refuses it, the message is sent without it."""
        if not address.isascii() and "SMTPUTF8" not in self._dialogue.features:
            log(ENGLISH.say("sending", "plain_copy", server=self._host, address=address))
            return
        try:
            self._command(f"RCPT TO:<{address}>", MailPart.COPY)
        except (Lost, errors.MailQuota):
            raise
        except errors.MailError as error:
            log(f"no copy to {address}: {error}")

    def _options(self, message: Message) -> str:
        options = f" SIZE={len(message.source)}" if "SIZE" in self._dialogue.features else ""
        if not message.needs_smtputf8 and "".join(message.bcc).isascii():
            return options
        if "SMTPUTF8" in self._dialogue.features:
            return f"{options} BODY=8BITMIME SMTPUTF8"
        if message.needs_smtputf8:
            raise self._not_in_ascii(message)
        return options

    def _not_in_ascii(self, message: Message) -> errors.MailError:
        """Return the error for an address that needs SMTPUTF8: the sender's holds all messages."""
        if not message.envelope_from.isascii():
            address = message.sender.address
            return errors.WrongSender("plain_sender", server=self._host, address=address)
        named = (message.to.address, *message.cc)
        wrong = next(each for each in named if not each.rpartition("@")[0].isascii())
        return errors.WrongAddress("plain_recipient", server=self._host, address=wrong)

    def _command(self, command: str, what: MailPart) -> None:
        fastest = self._dialogue.fastest
        with self._may_be_lost():
            reply = self._dialogue.command(command, self._timeouts.command)
        if not (reply.code == _GO_ON if command == "DATA" else reply.is_acceptance):
            if not reply.is_answer or reply.is_done:
                raise self._broken("out_of_turn", reply=reply)
            error = refusal(self._host, what, reply)
            # It may be such an answer if it came too soon; one about the sender holds all messages.
            is_doubted = what is MailPart.SENDER or self._dialogue.took < fastest
            if self.mails > 1 and is_doubted and isinstance(error, _FOR_GOOD):
                raise self._broken(str(error)) from error
            raise error

    def _content(self, source: bytes) -> None:
        """Send the message without the final dot."""
        content = memoryview(source.replace(b"\n.", b"\n.."))  # the first line is a header
        with self._may_be_lost():
            for begin in range(0, len(content), _PIECE):  # the timeout holds for each piece
                self._dialogue.send(content[begin : begin + _PIECE], self._timeouts.content)
        self._check_silence()

    def _check_silence(self) -> None:
        """Detect a server that spoke or disconnected before the final dot, which is never sent."""
        with self._may_be_lost():
            if self._dialogue.is_silent():
                return
            reply = self._dialogue.reply(within=0)
        raise self._broken("too_soon", reply=reply)

    def _check_silence_again(self) -> None:
        """Check past the point of no return, which is for another attempt to cross again."""
        try:
            self._check_silence()
        except Lost as error:
            raise errors.MailLater(str(error), server=self._host) from error

    def _final_dot(self) -> SmtpReply:
        """Send the final dot and wait for the reply; what is said beside it makes it unclear."""
        try:
            self._dialogue.send(b".\r\n", self._timeouts.answer)
            reply = self._dialogue.reply(self._timeouts.answer)
        except Garbled as error:
            raise self._unclear(str(error)) from error
        except Ended as error:
            raise self._uncertain("no_answer", what="ended", why=error) from error
        if not reply.is_answer or reply.is_done != reply.is_acceptance:
            raise self._unclear(server_did("answered", reply=reply))
        if not self._is_only_answer(reply):
            raise self._unclear(server_did("answered_more", reply=reply))
        return reply

    def _is_only_answer(self, reply: SmtpReply) -> bool:
        """Tell whether nothing else was said to the dot.

        A reply faster than all others may have been on its way before the dot was sent. Then the
        next reply, to any command, is that to the dot.
        """
        dialogue, within = self._dialogue, self._timeouts.answer
        try:
            if dialogue.took >= dialogue.fastest:
                return dialogue.is_silent()
            if reply.is_done:
                return dialogue.command("RSET", within).is_done
            is_farewell = dialogue.command("QUIT", within).code == _CLOSES
            dialogue.close()
        except Garbled:
            return False
        except Ended as error:  # the server may close the connection now, but not be silent
            return not isinstance(error.__cause__, TimeoutError)
        return is_farewell

    def _unclear(self, how: str) -> errors.MailUncertain:
        """Make the error for an answer that neither accepts nor refuses the message."""
        return self._uncertain("unclear", how=how)

    def _uncertain(self, reason: str, **about: Any) -> errors.MailUncertain:
        self._dialogue.close()
        return errors.MailUncertain(reason, server=self._host, **about)

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
            raise self._broken("broken", where=self._host, why=error) from error

    def _broken(self, reason: str, **about: Any) -> Lost:
        """Make the error for a lost connection; its cause is told apart by the server."""
        return Lost(reason, server=self._host, **about)
