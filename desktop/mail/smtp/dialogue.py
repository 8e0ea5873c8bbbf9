"""The dialogue with a mail server: a command and its reply in turn, and what the reply means."""

from __future__ import annotations

import math
import re
import ssl
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

from desktop.contract.rules.addresses import NO_SUCH_ADDRESS
from desktop.contract.sign_in import SignInProblem
from desktop.mail import errors
from desktop.settings.resources import resources
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


_QUOTA_CODES: Final = frozenset({421, 433, 450, 451, 452, 454, 550, 552, 554})
_FULL_MAILBOX: Final = re.compile(r"[45]\.2\.2\b")
_ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_NAMED: Final = re.compile(
    r"\b(?:in|after) (\d{1,5}) ?(s|m|h)(?:ec|econd|in|inute|our)?s?\b", re.IGNORECASE
)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
LONGEST_WAIT: Final = 86_400.0
"""The longest wait that a server's words may ask of the whole queue, s; quotas are of a day."""


class _Signs(NamedTuple):
    """What tells that a reply is about a subject: its words, or its enhanced code."""

    words: re.Pattern[str]
    enhanced: frozenset[str]


@cache
def _signs_of(subject: str) -> _Signs:
    """Read the signs of a subject from ``mail_replies.toml``."""
    row = tomllib.loads((resources() / "mail_replies.toml").read_text("utf-8"))[subject]
    words = re.compile("|".join(row.get("words", ["(?!)"])), re.IGNORECASE)
    return _Signs(words, frozenset(row.get("enhanced", ())))


def _is_about(subject: str, enhanced: str | None, words: str) -> bool:
    """Tell whether a reply is about a subject, by either sign."""
    signs = _signs_of(subject)
    return enhanced in signs.enhanced or signs.words.search(words) is not None


def is_quota(code: int, words: str) -> bool:
    """Tell whether a reply, by its code and words, is about a quota of messages."""
    if code not in _QUOTA_CODES or _FULL_MAILBOX.match(words):
        return False
    if enhanced_code(words) in _signs_of("quota").enhanced:
        return True
    return _is_about("quota", None, words) and not _is_about("other_limit", None, words)


def needs_sign_in(reply: SmtpReply) -> bool:
    """Tell whether a refusal says that the provider takes no password from programs."""
    return _is_about("no_password", reply.enhanced, reply.words)


def is_about_settings(enhanced: str | None, words: str) -> bool:
    """Tell whether a refusal speaks of the sender, the login or this computer."""
    return _is_about("settings", enhanced, words)


def is_about_sender(enhanced: str | None, words: str) -> bool:
    """Tell whether a refusal speaks of the sender alone: another one may help."""
    return _is_about("sender", enhanced, words)


def is_no_such_recipient(words: str) -> bool:
    """Tell whether a refusal says that there is no such recipient."""
    return _is_about("no_such_recipient", None, words)


def is_greylisting(words: str) -> bool:
    """Tell whether a refusal asks for the same message again, some minutes later."""
    return _is_about("greylisting", None, words)


def enhanced_code(words: str) -> str:
    """Return the enhanced code at the beginning of a reply's words, or an empty text."""
    found = _ENHANCED.match(words)
    return found[0] if found else ""


def named_wait(words: str) -> float | None:
    """Return the seconds to wait that the server names, at most a day, or ``None``."""
    found = _NAMED.search(words)
    if found is None:
        return None
    return min(float(found[1]) * _SECONDS[found[2].lower()], LONGEST_WAIT)


CLOSING: Final = 421
"""The server is about to close the connection."""
NEEDS_LOGIN: Final = frozenset({530, 534, 535, 538})
"""Replies to any command that require a login (RFC 4954, 6)."""
_TOO_LARGE: Final = 552
_OF_LETTER: Final = ("5.2.3", "5.3.3", "5.3.4", "5.6.")
"""Enhanced codes about one message: too large, or not to be read by this server."""
_CONTENT: Final = "5.7.0"
"""After a whole message, the code of a forbidden file; before, it is about the login."""


WORDS_LIMIT: Final = 2000
"""Characters of a reply that are read, shown and stored; searching 64 KiB could take seconds."""


class Lost(errors.MailLater):
    """The connection is gone and nothing was handed over; another connection may succeed."""


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """A reply code (RFC 5321, 4.2) and its words on one line."""

    code: int
    words: str

    @classmethod
    def read(cls, code: int, words: bytes) -> SmtpReply:
        """Make a reply of its lines' words; control characters, which steer terminals, go."""
        text = " ".join(words.decode(errors="replace").split())
        return cls(code, "".join(filter(str.isprintable, text))[:WORDS_LIMIT])

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) at the beginning of its words, or ``None``."""
        return enhanced_code(self.words) or None

    @property
    def is_done(self) -> bool:
        """Whether the server carried out the command."""
        return 200 <= self.code < 300

    @property
    def is_acceptance(self) -> bool:
        """Whether it accepts an address or a message: 25x, the mail system's own codes."""
        return 250 <= self.code < 260

    @property
    def is_answer(self) -> bool:
        """Whether the code is a final reply: success or refusal."""
        return self.is_done or 400 <= self.code < 600


class MailPart(StrEnum):
    """The part of a message that a reply is about: a variant of the words."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    COPY = "copy"
    MESSAGE = "message"


class _AnswerFields(TypedDict):
    server: str
    code: int
    enhanced: str | None
    said: str


def _told(host: str, reply: SmtpReply) -> _AnswerFields:
    return _AnswerFields(server=host, code=reply.code, enhanced=reply.enhanced, said=str(reply))


def used_up(host: str, reply: SmtpReply) -> errors.MailQuota:
    """Make the error for a used-up quota."""
    error = errors.MailQuota("quota", **_told(host, reply))
    error.after = named_wait(reply.words)
    return error


def refusal(host: str, what: MailPart, reply: SmtpReply) -> errors.MailError:
    """Make the error for the refusal of one message: 5xx is final, 4xx is for later."""
    if is_quota(reply.code, reply.words):
        return used_up(host, reply)
    if needs_sign_in(reply):
        return password_refused(host, reply=str(reply).rstrip("."))
    told = _told(host, reply)
    if reply.code == CLOSING:
        return Lost("closing", **told)
    if reply.code in NEEDS_LOGIN:
        return errors.MailHeld("other_login", **told)
    if 500 <= reply.code < 600:
        if _is_of_letter(what, reply):
            return errors.WrongLetter("refused", what=MailPart.MESSAGE, **told)
        if what is MailPart.SENDER:
            return errors.WrongSender("refused", what=what, **told)
        refused = errors.WrongAddress if _is_of_address(what, reply) else errors.MailFinal
        return refused("refused", what=what, **told)
    return postponed(host, what, reply)


def postponed(host: str, what: str, reply: SmtpReply) -> errors.MailLater:
    """Make the error for a message that the server postpones."""
    return errors.MailLater("postponed", what=what, **_told(host, reply))


def _is_of_letter(what: MailPart, reply: SmtpReply) -> bool:
    """Tell whether a refusal is about one message: its size, its letters or its files."""
    if is_about_settings(reply.enhanced, reply.words):
        return False
    if reply.enhanced is not None and reply.enhanced.startswith(_OF_LETTER):
        return True
    if what is MailPart.MESSAGE:
        is_told = reply.enhanced == _CONTENT or _is_about("letter", None, reply.words)
        return is_told or reply.code == _TOO_LARGE
    return reply.enhanced is None and reply.code == _TOO_LARGE


def _is_of_address(what: MailPart, reply: SmtpReply) -> bool:
    """Tell whether another address of the recipient may help; the blind copy does not count."""
    if what not in {MailPart.RECIPIENT, MailPart.MESSAGE}:
        return False
    if is_about_settings(reply.enhanced, reply.words):
        return False
    if reply.enhanced is not None:
        return reply.enhanced in _signs_of("address").enhanced
    return what is MailPart.RECIPIENT and reply.code in NO_SUCH_ADDRESS


def session_refusal(host: str, what: str, answer: SmtpReply, /, **about: str) -> errors.MailError:
    """Make the error for a refusal before any message: 5xx means wrong settings, 4xx a limit.

    ``about`` has further fields of the sentence on wrong settings.
    """
    if needs_sign_in(answer):
        return password_refused(host, reply=str(answer).rstrip("."))
    if 500 <= answer.code < 600 and not is_quota(answer.code, answer.words):
        return errors.MailHeld("refused", what=what, **about, **_told(host, answer))
    return used_up(host, answer)


def password_refused(host: str, **about: object) -> errors.SignInNeeded:
    """Make the error for a server that takes no password from programs."""
    return errors.SignInNeeded(
        "takes_no_password", SignInProblem.PASSWORD_REFUSED, server=host, **about
    )


REPLY_LIMIT: Final = 64 * 1024
"""Bytes of one reply; with all extensions it has well under 2,000."""
_LINE: Final = re.compile(rb"(\d{3})(?:([ -])(.*))?", re.DOTALL)
"""A line of a reply (RFC 5321, 4.2): its code, ``-`` if another one follows, its words."""
_SHOWN: Final = 80
"""Characters of an unexpected text that an error quotes."""


server_did: Final = partial(ENGLISH.say, "server_did")


class Ended(ConnectionError):
    """The connection is closed; the text is a row of ``server_did``."""


class Garbled(Ended):
    """The server has said something, but no reply to what it was asked."""


class Dialogue:
    """A connection to a server. Whatever is wrong with it closes it and raises ``Ended``.

    ``within`` is in seconds, for the whole of a reply or of what is sent.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.is_open = True
        self.features: dict[str, str] = {}
        """What the server offers by EHLO: the keywords in capitals, with their parameters."""
        self.took = self.fastest = math.inf
        """Seconds to the first byte of the last reply, and of the fastest one to a command."""
        self._socket = sock
        self._heard = bytearray()
        self._sent = 0.0

    @property
    def own_address(self) -> str:
        """The IP address of this end."""
        return str(self._socket.getsockname()[0])

    @property
    def tls_version(self) -> str | None:
        """The version of TLS, such as “TLSv1.3”; ``None`` if the line is not encrypted."""
        return self._socket.version() if isinstance(self._socket, ssl.SSLSocket) else None

    def encrypt(self, context: ssl.SSLContext, host: str, within: float) -> None:
        """Begin TLS; raises the ``OSError`` of a handshake that fails."""
        self._socket.settimeout(within)
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def close(self, farewell: str = "") -> None:
        """Close the connection, after a command that is sent if it can be sent at once."""
        with suppress(OSError):
            if self.is_open and farewell:
                self._socket.settimeout(0)
                self._socket.send(f"{farewell}\r\n".encode())
        self.is_open = False
        self._socket.close()

    def ehlo(self, name: str, within: float) -> SmtpReply:
        """Greet, and note what the server offers."""
        reply, lines = self._ask(f"EHLO {name}", within)
        self.features = {}
        for line in lines[1:] if reply.is_done else []:
            # Old servers say AUTH=LOGIN beside AUTH PLAIN.
            keyword, _, parameters = (
                line.decode(errors="replace").upper().replace("=", " ").partition(" ")
            )
            self.features[keyword] = f"{self.features.get(keyword, '')} {parameters}"
        return reply

    def command(self, command: str, within: float) -> SmtpReply:
        """Send a command, one line without its end; returns the reply to it."""
        return self._ask(command, within)[0]

    def send(self, data: bytes | memoryview, within: float) -> None:
        """Send a command with its end, or a part of a message."""
        self._sent, self.took = time.monotonic(), math.inf
        try:
            self._socket.settimeout(within)
            self._socket.sendall(data)
        except OSError as error:
            raise self._end(error) from error

    def reply(self, within: float) -> SmtpReply:
        """Wait for the reply to what was sent."""
        return self._read(within)[0]

    def is_silent(self) -> bool:
        """Tell whether the server has said nothing that was not asked for."""
        try:
            self._socket.settimeout(0)
            if not self._heard:
                self._heard += self._some()
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError as error:
            raise self._end(error) from error
        return False

    def expect_silence(self) -> None:
        """End the connection if the server has said anything that was not asked for."""
        if not self.is_silent():
            raise self._garbled("unasked", bytes(self._heard))

    def _ask(self, command: str, within: float) -> tuple[SmtpReply, list[bytes]]:
        if "\r" in command or "\n" in command:
            raise ValueError(f"A command is one line: {command!r}")
        self.expect_silence()
        self.send(f"{command}\r\n".encode(), within)
        answer = self._read(within)
        self.fastest = min(self.fastest, self.took)
        return answer

    def _read(self, within: float) -> tuple[SmtpReply, list[bytes]]:
        """Read one reply; also returns the words of its lines."""
        code = b""
        words: list[bytes] = []
        for line in self._lines(time.monotonic() + within):
            parts = _LINE.fullmatch(line)
            if parts is None or (code and parts[1] != code):
                raise self._garbled("garbled", line)
            code = parts[1]
            words.append(parts[3] or b"")
            if parts[2] != b"-":
                break
        return SmtpReply.read(int(code), b"\n".join(words)), words

    def _lines(self, deadline: float) -> Iterator[bytes]:
        """Yield the lines of one reply without their ends; a bare LF is taken for one, too."""
        left = REPLY_LIMIT
        while True:
            end = self._heard.find(b"\n")
            if (len(self._heard) if end < 0 else end) >= left:
                raise self._garbled("endless", bytes(self._heard))
            if end < 0:
                self._hear_more(deadline)
                continue
            line = bytes(self._heard[:end]).removesuffix(b"\r")
            del self._heard[: end + 1]
            left -= end + 1
            yield line

    def _hear_more(self, deadline: float) -> None:
        try:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            self._heard += self._some()
        except OSError as error:
            raise self._end(error) from error
        self.took = min(self.took, time.monotonic() - self._sent)

    def _some(self) -> bytes:
        data = self._socket.recv(4096)
        if not data:
            raise ConnectionResetError
        return data

    def _garbled(self, how: str, said: bytes) -> Garbled:
        self.close()
        return Garbled(server_did(how, said=SmtpReply.read(0, said).words[:_SHOWN]))

    def _end(self, error: OSError) -> Ended:
        self.close()
        match error:
            case TimeoutError():
                return Ended(server_did("silent"))
            case ConnectionError() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return Ended(server_did("closed"))
        return Ended(server_did("lost", why=error.strerror or error))
