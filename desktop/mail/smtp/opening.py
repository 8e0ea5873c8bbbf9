"""Opens an SMTP connection: connects to the server, encrypts the line, signs in."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailError, MailHeld, MailLater, Unreached
from desktop.mail.smtp.replies import Reply, session_refusal
from desktop.settings.preferences.mail import PORTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.preferences.mail import MailSettings

_NO_EHLO: Final = frozenset({500, 501, 502, 504, 550})
"""Answers of servers that know only HELO, or refuse our EHLO (RFC 5321, 3.2 and 4.1.4)."""
_WAY_OUT: Final = "If the server is your own, add its authority to the system's certificates."


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
    context: ssl.SSLContext,
    timeouts: Timeouts,
    log: Callable[[str], None],
) -> smtplib.SMTP:
    """Open a connection that can send messages.

    Raises:
        MailLater: if the server refuses for now; ``Unreached`` if it cannot be reached or does not
            greet in time.
        MailHeld: if it cannot work with these settings: certificate, TLS, login.
    """
    silence: type[MailLater] = Unreached
    try:
        smtp = _reach(settings, context, timeouts)
        silence = MailLater  # the server has greeted
        try:
            _prepare(smtp, settings, password, context, timeouts, log)
        except BaseException:
            smtp.close()
            raise
    except (smtplib.SMTPException, OSError) as error:
        judged = _judge(settings, error, silence)
        judged.server = settings.host
        raise judged from error
    return smtp


def _prepare(
    smtp: smtplib.SMTP,
    settings: MailSettings,
    password: str | None,
    context: ssl.SSLContext,
    timeouts: Timeouts,
    log: Callable[[str], None],
) -> None:
    """Greet, secure the line and sign in."""
    sock = _socket(smtp)
    sock.settimeout(timeouts.command)
    # Nagle's algorithm would delay the final dot until the content is acknowledged.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _greet(smtp, settings.host)
    _check_abilities(smtp, settings)
    if settings.security == "starttls":
        smtp.starttls(context=context)
        _greet(smtp, settings.host)
    log(f"connected to {settings.host}:{settings.port}, {_line(smtp)}")
    if settings.user:
        _sign_in(smtp, settings, password or "")
        log(f"signed in as {settings.user}")


def _reach(settings: MailSettings, context: ssl.SSLContext, timeouts: Timeouts) -> smtplib.SMTP:
    try:
        host = _ascii_host(settings.host)
    except ValueError as error:
        raise MailHeld(f"“{settings.host}” cannot be the name of a server.") from error
    # Without a name, smtplib looks up its own, which can take seconds. ``_greet`` sends an address.
    if settings.security == "tls":
        return smtplib.SMTP_SSL(
            host, settings.port, "localhost", timeout=timeouts.connect, context=context
        )
    return smtplib.SMTP(host, settings.port, "localhost", timeout=timeouts.connect)


def _ascii_host(name: str) -> str:
    """Return a server's name for the DNS; raises ``ValueError`` if it has no such form."""
    import idna  # takes 5 ms

    ascii_name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    ascii_name.encode("idna")  # as sockets do, which refuse empty and long labels
    return ascii_name


def _greet(smtp: smtplib.SMTP, host: str) -> None:
    address = _socket(smtp).getsockname()[0]
    name = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
    reply = Reply.read(*smtp.ehlo(name))
    if reply.code in _NO_EHLO:
        reply = Reply.read(*smtp.helo(name))
    if not reply.is_done:
        raise session_refusal(host, "the greeting", reply)


def _check_abilities(smtp: smtplib.SMTP, settings: MailSettings) -> None:
    """Refuse settings that a server without EHLO cannot satisfy."""
    if not smtp.does_esmtp and (settings.security == "starttls" or settings.user):
        raise MailHeld(
            f"{settings.host} knows only HELO, without encryption and login. Nothing was sent. "
            "Choose None and leave the login empty if that is right, or use another port or server."
        )


def _line(smtp: smtplib.SMTP) -> str:
    """Return the TLS version of the connection."""
    sock = _socket(smtp)
    version = sock.version() if isinstance(sock, ssl.SSLSocket) else None
    return version.replace("TLSv", "TLS ") if version else "not encrypted"


def _sign_in(smtp: smtplib.SMTP, settings: MailSettings, password: str) -> None:
    """Sign in by PLAIN (RFC 4616), or by LOGIN if only that is offered; both in UTF-8."""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    user, secret = settings.user.encode(), password.encode()
    if "PLAIN" in offered:
        both = b"\0".join([b"", user, secret])
        reply = Reply.read(*smtp.docmd("AUTH", f"PLAIN {_base64(both)}"))
    elif "LOGIN" in offered:
        reply = Reply.read(*smtp.docmd("AUTH", "LOGIN"))
        for part in (user, secret):
            if reply.code == 334:
                reply = Reply.read(*smtp.docmd(_base64(part)))
    else:
        raise MailHeld(
            f"{settings.host} offers no login on this connection; "
            "use STARTTLS or TLS, or leave the login empty."
        )
    if not reply.is_done:
        raise session_refusal(settings.host, f"the login of {settings.user}", reply)


def _judge(settings: MailSettings, error: Exception, silence: type[MailLater]) -> MailError:
    """Translate a failure; certificates come first, because their errors are ``OSError`` too.

    ``silence`` is the error for a server that gave no answer.
    """
    host, where = settings.host, f"{settings.host}:{settings.port}"
    match error:
        case ssl.SSLCertVerificationError():
            reason = error.verify_message.rstrip(".")
            return MailHeld(f"The certificate of {host} cannot be trusted: {reason}. {_WAY_OUT}")
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return silence(f"{where} closed the connection.")
        case ssl.SSLError():
            return MailHeld(_without_tls(settings, str(error.reason)))
        case smtplib.SMTPNotSupportedError():
            return MailHeld(
                f"{where} does not offer STARTTLS. Choose TLS or None. Nothing was sent."
            )
        case smtplib.SMTPResponseException():
            words = error.smtp_error
            said = words if isinstance(words, bytes) else words.encode()
            return session_refusal(host, "the connection", Reply.read(error.smtp_code, said))
        case socket.gaierror():
            return silence(f"The server name {host} is not known here ({error.strerror}).")
    if isinstance(error.__context__ or error, TimeoutError):
        is_unencrypted = settings.security != "tls" and settings.port == PORTS["tls"]
        hint = (
            f" Port {settings.port} usually needs TLS from the beginning." if is_unencrypted else ""
        )
        return silence(f"{where} did not answer in time.{hint}")
    if isinstance(error, smtplib.SMTPException):
        return silence(f"{where} closed the connection.")
    return silence(f"{where} cannot be reached ({getattr(error, 'strerror', None) or error}).")


def _without_tls(settings: MailSettings, reason: str) -> str:
    """Return the sentence for a server that does not answer with TLS."""
    where = f"{settings.host}:{settings.port}"
    if settings.security == "tls":
        return f"{where} does not begin with TLS ({reason}). Choose STARTTLS or None."
    return f"{where} does not speak TLS after STARTTLS ({reason}). Choose TLS or None."


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("closed")
    return smtp.sock
