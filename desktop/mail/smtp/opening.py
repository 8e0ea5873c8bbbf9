"""Opens an SMTP connection: connects to the server, encrypts the line, signs in."""

from __future__ import annotations

import base64
import hmac
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailError, MailHeld, MailLater, Unreached
from desktop.mail.smtp.dialogue import Dialogue, Ended
from desktop.mail.smtp.replies import Reply, session_refusal
from desktop.settings.preferences.mail import PORTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.preferences.mail import MailSettings

_READY: Final = 220
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
) -> Dialogue:
    """Open a connection that can send messages.

    Raises:
        MailLater: if the server refuses for now; ``Unreached`` if it cannot be reached or does not
            greet in time.
        MailHeld: if it cannot work with these settings: certificate, TLS, login.
    """
    silence: type[MailLater] = Unreached
    try:
        dialogue = _reach(settings, timeouts)
        try:
            _begin(dialogue, settings, context, timeouts)
            silence = MailLater  # the server has greeted
            _prepare(dialogue, settings, password, context, timeouts, log)
        except BaseException:
            dialogue.close()
            raise
    except OSError as error:
        judged = _judge(settings, error, silence)
        judged.server = settings.host
        raise judged from error
    return dialogue


def _reach(settings: MailSettings, timeouts: Timeouts) -> Dialogue:
    sock = socket.create_connection((_host(settings), settings.port), timeouts.connect)
    # Nagle's algorithm would delay the final dot until the content is acknowledged.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Dialogue(sock)


def _begin(
    dialogue: Dialogue, settings: MailSettings, context: ssl.SSLContext, timeouts: Timeouts
) -> None:
    """Wait for the server's greeting."""
    if settings.security == "tls":
        dialogue.encrypt(context, _host(settings), timeouts.connect)
    reply = dialogue.reply(timeouts.connect)
    if reply.code != _READY:
        raise session_refusal(settings.host, "the connection", reply)


def _prepare(
    dialogue: Dialogue,
    settings: MailSettings,
    password: str | None,
    context: ssl.SSLContext,
    timeouts: Timeouts,
    log: Callable[[str], None],
) -> None:
    """Greet, secure the line and sign in."""
    within = timeouts.command
    _greet(dialogue, settings, within)
    if settings.security == "starttls":
        _start_tls(dialogue, settings, context, within)
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
        raise MailHeld(f"“{settings.host}” cannot be the name of a server.") from error


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
            raise MailHeld(
                f"{settings.host} knows only HELO, without encryption and login. Nothing was sent. "
                "Choose None and leave the login empty if that is right, or use another port or "
                "server."
            )
    if not reply.is_done:
        raise session_refusal(settings.host, "the greeting", reply)


def _start_tls(
    dialogue: Dialogue, settings: MailSettings, context: ssl.SSLContext, within: float
) -> None:
    if "STARTTLS" not in dialogue.features:
        raise MailHeld(
            f"{settings.host}:{settings.port} does not offer STARTTLS. Choose TLS or None. Nothing "
            "was sent.",
            server=settings.host,
        )
    reply = dialogue.command("STARTTLS", within)
    if reply.code != _READY:
        raise session_refusal(settings.host, "the connection", reply)
    dialogue.expect_silence()  # what comes before TLS begins was put there by somebody else
    dialogue.encrypt(context, _host(settings), within)


def _sign_in(dialogue: Dialogue, settings: MailSettings, password: str, within: float) -> None:
    """Sign in by the first mechanism that the server knows.

    These are PLAIN (RFC 4616), LOGIN and CRAM-MD5 (RFC 2195), in UTF-8. Some servers offer one and
    then do not know it. A wrong password is not tried again: servers lock a user out.
    """
    offered = dialogue.features.get("AUTH", "").split()
    if not offered:
        raise MailHeld(
            f"{settings.host} offers no login on this connection; "
            "use STARTTLS or TLS, or leave the login empty."
        )
    usable = [each for each in _MECHANISMS if each in offered]
    if not usable:
        raise MailHeld(
            f"{settings.host} offers a login only by {', '.join(offered)}, which Sendoff does not "
            "know. Use another server, or ask the provider for a login with a password."
        )
    user, secret = settings.user.encode(), password.encode()
    for mechanism in usable:
        reply = _MECHANISMS[mechanism](dialogue, user, secret, within)
        if reply.code not in _UNKNOWN_MECHANISM:
            break
    if reply.code == _GO_ON:
        raise MailHeld(
            f"{settings.host} did not end the login of {settings.user} by {mechanism}: {reply}"
        )
    if not reply.is_done:
        by = "" if mechanism == "PLAIN" else f" by {mechanism}"
        raise session_refusal(settings.host, f"the login of {settings.user}{by}", reply)


def _plain(dialogue: Dialogue, user: bytes, secret: bytes, within: float) -> Reply:
    both = b"\0".join([b"", user, secret])
    return dialogue.command(f"AUTH PLAIN {_base64(both)}", within)


def _login(dialogue: Dialogue, user: bytes, secret: bytes, within: float) -> Reply:
    reply = dialogue.command("AUTH LOGIN", within)
    for part in (user, secret):
        if reply.code == _GO_ON:
            reply = dialogue.command(_base64(part), within)
    return reply


def _cram_md5(dialogue: Dialogue, user: bytes, secret: bytes, within: float) -> Reply:
    reply = dialogue.command("AUTH CRAM-MD5", within)
    if reply.code != _GO_ON:
        return reply
    try:
        challenge = base64.b64decode(reply.words, validate=True)
    except ValueError:
        return dialogue.command("*", within)  # gives this login up
    digest = hmac.new(secret, challenge, "md5").hexdigest()
    return dialogue.command(_base64(user + b" " + digest.encode()), within)


_MECHANISMS: Final = {"PLAIN": _plain, "LOGIN": _login, "CRAM-MD5": _cram_md5}
"""By name, the preferred one first: CRAM-MD5 needs a server that keeps passwords readable."""
_GO_ON: Final = 334
_UNKNOWN_MECHANISM: Final = frozenset({500, 501, 502, 504})


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
        case socket.gaierror():
            return silence(f"The server name {host} is not known here ({error.strerror or error}).")
    if isinstance(error.__cause__ or error, TimeoutError):
        is_unencrypted = settings.security != "tls" and settings.port == PORTS["tls"]
        hint = (
            f" Port {settings.port} usually needs TLS from the beginning." if is_unencrypted else ""
        )
        return silence(f"{where} did not answer in time.{hint}")
    if isinstance(error, Ended):
        return silence(f"{where} {error}.")
    return silence(f"{where} cannot be reached ({getattr(error, 'strerror', None) or error}).")


def _without_tls(settings: MailSettings, reason: str) -> str:
    """Return the sentence for a server that does not answer with TLS."""
    where = f"{settings.host}:{settings.port}"
    if settings.security == "tls":
        return f"{where} does not begin with TLS ({reason}). Choose STARTTLS or None."
    return f"{where} does not speak TLS after STARTTLS ({reason}). Choose TLS or None."


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
