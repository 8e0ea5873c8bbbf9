"""The folder of sent e-mails of an account: copies are filed there by IMAP (RFC 3501 and 6154)."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from desktop.mail import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

PORT: Final = 993
"""TLS from the first byte; there is no other way to the mailbox."""
TIMEOUT_S: Final = 60.0
"""The longest that a step may wait for the server, s."""
_LISTED: Final = re.compile(rb'\(([^)]*)\) (?:NIL|"(?:\\.|[^"\\])*") (.+)', re.DOTALL)
"""A line of LIST: the attributes of a folder, its separator and its name."""
_FOR_NOW: Final = ("[OVERQUOTA]", "[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""Codes of a refusal that has nothing to do with the e-mail (RFC 5530)."""


class SentFolder:
    """A connection to the folder that the server itself marks as that of sent e-mails."""

    def __init__(self, server: str, user: str, password: str, trusted: ssl.SSLContext) -> None:
        """Connect, sign in and find the folder.

        Raises:
            MailLater: if the server cannot be reached, or has no time.
            MailHeld: if its certificate, the login or the folder does not allow it.
        """
        self._server = server
        with self._translated():
            self._imap = imaplib.IMAP4_SSL(server, PORT, ssl_context=trusted, timeout=TIMEOUT_S)
            try:
                self._sign_in(user, password)
                self._name = self._find()
                self._done(self._imap.select(self._name, readonly=True))
            except BaseException:
                self._close()
                raise

    def __enter__(self) -> Self:
        """Use the connection in the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Sign out."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._imap.logout()
        self._close()

    def has(self, message_id: str) -> bool:
        """Tell whether an e-mail is there; ``message_id`` is in angle brackets."""
        with self._translated():
            self._done(self._imap.noop())  # the server may have filed it meanwhile
            asked = self._imap.uid("SEARCH", "HEADER", "Message-ID", _quoted(message_id))
            return bool(b"".join(each or b"" for each in self._done(asked)).strip())

    def add(self, source: bytes, at: float) -> None:
        """File an e-mail that was sent ``at`` (epoch s), as read.

        Raises:
            MailFinal: if the server does not take this e-mail.
        """
        with self._translated():
            date = imaplib.Time2Internaldate(at)
            kind, said = self._imap.append(self._name, r"(\Seen)", date, source)
        if kind != "OK":
            reply = _words(said)
            is_passing = any(code in reply.upper() for code in _FOR_NOW)
            error = errors.MailLater if is_passing else errors.MailFinal
            raise error("not_filed", server=self._server, said=reply)

    def _close(self) -> None:
        with suppress(OSError):
            self._imap.shutdown()

    def _sign_in(self, user: str, password: str) -> None:
        """Sign in; no error may hold the password, as that of an encoding does."""

        def plain(_: bytes) -> bytes:
            return f"\0{user}\0{password}".encode()

        try:
            if "AUTH=PLAIN" in self._imap.capabilities:
                self._imap.authenticate("PLAIN", plain)
            else:
                self._imap.login(_quoted(user), password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            said = _words(error.args)
        except UnicodeEncodeError as error:
            said = error.reason
        else:
            return
        raise errors.MailHeld("refused", what="mailbox", server=self._server, user=user, said=said)

    def _find(self) -> str:
        """Return the name of the folder, as the server writes it."""
        kind, told = self._imap.capability()
        known = _words(told).upper().split() if kind == "OK" else ()
        extended = {"LIST-EXTENDED", "SPECIAL-USE"} <= {*known}
        pattern = '"*" RETURN (SPECIAL-USE)' if extended else '"*"'
        for line in self._done(self._imap.list('""', pattern)):
            head, literal = line if isinstance(line, tuple) else (line, None)
            listed = _LISTED.fullmatch(head or b"")
            if listed is not None and rb"\sent" in listed[1].lower().split():
                return (listed[2] if literal is None else _quote(literal)).decode("ascii")
        raise errors.MailHeld("no_sent", server=self._server)

    def _done(self, answer: tuple[str, list[Any]]) -> list[Any]:
        kind, data = answer
        if kind != "OK":
            raise errors.MailLater("no_mailbox", server=self._server, said=_words(data))
        return data

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message
            raise errors.MailHeld("no_trust", server=self._server, why=why) from error
        except OSError as error:
            why = error.strerror or str(error)
            raise errors.MailLater("unreached", where=self._server, why=why) from error
        except imaplib.IMAP4.error as error:
            said = _words(error.args)
            raise errors.MailLater("no_mailbox", server=self._server, said=said) from error


def _quoted(text: str) -> str:
    return _quote(text.encode()).decode()


def _quote(text: bytes) -> bytes:
    return b'"' + text.replace(b"\\", rb"\\").replace(b'"', rb"\"") + b'"'


def _words(said: Any) -> str:
    """Return what a server said, on one line."""
    lines = [
        each.decode(errors="replace") if isinstance(each, bytes) else str(each) for each in said
    ]
    return " ".join(" ".join(lines).split())
