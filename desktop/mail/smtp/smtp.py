"""The SMTP transport: a pool of connections, each of which sends many messages."""

from __future__ import annotations

import ssl
import threading
import time
from collections import deque
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.contract.items import MAIL_AT_ONCE
from desktop.mail.errors import PASSING, MailError, MailHeld, MailLater, MailQuota, Unreached
from desktop.mail.smtp.capacity import Capacity
from desktop.mail.smtp.connection import SmtpConnection, Timeouts
from desktop.mail.smtp.dialogue import Lost
from desktop.settings.secrets import (
    PASSWORD_VARIABLE,
    NoKeyring,
    SecretError,
    SilentKeyring,
)
from sendoff_tasks.words.file_faults import unread

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from desktop.mail.message import Message
    from desktop.settings.preferences import MailSettings


_NEVER: Final = object()


class LoginGate:
    """The gate for the logins of one user at one server; thread-safe.

    Until a login succeeds, one thread tries and the others wait, because many servers lock a user
    out after a few wrong passwords. A refusal of that thread holds for all that waited.
    """

    def __init__(self) -> None:
        self._trying = threading.Lock()
        self._signed_in_with: object = _NEVER
        self._refusals = 0
        self._refused: tuple[str | None, MailError] | None = None  # the last one, and its password

    def connect(
        self, password: str | None, open_one: Callable[[], SmtpConnection]
    ) -> SmtpConnection:
        """Open a connection, or raise the ``MailError`` of the try that this one waited for."""
        refusals = self._refusals
        with self._trying:
            if self._signed_in_with != password:
                if self._refused is not None and self._refusals > refusals:
                    tried, error = self._refused
                    if tried == password:
                        raise copy(error) from error
                return self._try(password, open_one)
        try:
            return open_one()
        except MailHeld:
            self.shut()
            raise

    def shut(self) -> None:
        """Forget the successful login: the next thread tries alone again."""
        self._signed_in_with = _NEVER

    def _try(self, password: str | None, open_one: Callable[[], SmtpConnection]) -> SmtpConnection:
        self._signed_in_with = _NEVER
        try:
            connection = open_one()
        except MailError as error:
            self._refused = password, error
            self._refusals += 1
            raise
        self._signed_in_with = password
        return connection


IDLE_LIMIT: Final = 20.0
"""Seconds that an idle connection is kept; servers close idle ones after some minutes."""
MAILS_LIMIT: Final = 100
"""Messages that a connection sends before it is replaced; many servers accept no more."""
LINGERING_S: Final = 10.0
"""Seconds in which a server may still count a connection that was closed."""
RENEW_AFTER_S: Final = 600.0
"""Seconds in which no new session is tried for a refused message, after one that did not help."""


def needed_password(settings: MailSettings, find: Callable[[], str | None]) -> str:
    """Find the password of a login, by ``find``, which may raise ``SecretError``.

    Raises ``MailHeld`` if there is none, ``Unreached`` if it cannot be read for now.
    """
    try:
        found = find()
    except SecretError as error:
        is_passing = getattr(error.__cause__, "errno", None) in PASSING
        if is_passing or isinstance(error, SilentKeyring):
            raise Unreached(str(error)) from error
        if isinstance(error, NoKeyring):
            raise MailHeld("keyring", text=str(error)) from error
        raise MailHeld(str(error)) from error
    held = partial(MailHeld, user=settings.user, host=settings.host, variable=PASSWORD_VARIABLE)
    if not found:
        raise held("no_password")
    try:
        found.encode()
    except UnicodeEncodeError as error:
        raise held("bad_password") from error
    return found


def trusting_context() -> ssl.SSLContext:
    """Make a TLS context that trusts the system's authorities.

    OpenSSL is silent about a file of them that it could not open. Raises ``Unreached`` if it cannot
    be read for now.
    """
    context = ssl.create_default_context()
    file = ssl.get_default_verify_paths().cafile
    if file is not None and not context.cert_store_stats()["x509_ca"]:
        try:
            context.load_verify_locations(file)
        except OSError as error:
            if error.errno in PASSING:
                raise Unreached(unread(f"The list of certificates {file}", error)) from error
    return context


class SmtpTransport:
    """Sends through one server; thread-safe: each sending thread has a connection of its own.

    A connection returns to the pool after its message. The next message takes the one used last, so
    surplus connections become idle and are closed.
    """

    def __init__(
        self,
        settings: MailSettings,
        password: Callable[[], str | None],
        timeouts: Timeouts | None = None,
    ) -> None:
        """Prepare; the first message opens the first connection.

        Args:
            settings: server, security and user.
            password: returns the user's password, or ``None``; may raise ``SecretError``. It is
                called for each new connection.
            timeouts: the time limits of a connection's steps.
        """
        self._settings = settings
        self._find_password = password
        self._timeouts = timeouts or Timeouts()
        self.idle: list[tuple[float, SmtpConnection]] = []
        self._open = 0  # connections, in use or idle
        self._connecting = 0
        self._closed_at: deque[float] = deque(maxlen=MAIL_AT_ONCE)
        self._messages_a_connection = MAILS_LIMIT
        self._renew_at = 0.0  # until then, a refused message is not tried in a new session
        self._capacity = Capacity()
        self._lock = threading.Lock()
        self._given_back = threading.Condition(self._lock)
        self._opening = threading.Lock()
        self._gate = LoginGate()
        self._context: ssl.SSLContext | None = None
        self._reaper: threading.Timer | None = None
        self._closed = False

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        """Send one message; returns the server's words.

        Raises as ``SmtpConnection`` does; what is not about this message is a ``MailQuota`` or
        ``MailHeld``, see ``capacity``.
        """
        with self._capacity.judging(message.envelope_to):
            return self._send(message, on_point_of_no_return, log)

    def turn(self, check: Callable[[], object]) -> AbstractContextManager[None]:
        """Wait until the server may be given another message; ``check`` may raise meanwhile.

        Raises ``MailQuota`` if the server has refused all messages meanwhile.
        """
        return self._capacity.turn(check)

    def _send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        connection = self._take() or self._connect(log)
        sent, is_handed_over = connection.mails, False
        if not sent:
            return self._hand_over(connection, message, on_point_of_no_return, log)

        def hand_over() -> None:
            nonlocal is_handed_over
            is_handed_over = True
            on_point_of_no_return()

        try:
            return connection.hand_over(message, hand_over, log)
        except Lost as error:
            log(f"a new connection, as the open one is of no use: {error}")
            was_refused = False
        except MailLater as error:
            if is_handed_over or isinstance(error, MailQuota) or time.monotonic() < self._renew_at:
                raise
            log("a new connection, in case the server takes no more over this one")
            was_refused = True
            connection.close()
        finally:
            self._give_back(connection)
        try:
            said = self._hand_over(self._connect(log), message, on_point_of_no_return, log)
        except MailLater:
            if was_refused:
                self._renew_at = time.monotonic() + RENEW_AFTER_S
            raise
        if was_refused:
            self._messages_a_connection = min(self._messages_a_connection, sent)
        return said

    def close(self) -> None:
        """Close idle connections; the others are closed after their message."""
        with self._lock:
            self._closed = True
            idle, self.idle = self.idle, []
            if self._reaper is not None:
                self._reaper.cancel()
        for _, connection in idle:
            self._discard(connection)

    def _hand_over(
        self,
        connection: SmtpConnection,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        try:
            return connection.hand_over(message, on_point_of_no_return, log)
        finally:
            self._give_back(connection)

    def _connect(self, log: Callable[[str], None]) -> SmtpConnection:
        """Open a connection; if the server allows no more, wait for one of those that are open."""
        with self._lock:
            self._connecting += 1
        try:
            connection = self._open_one(log)
        except BaseException as error:
            with self._given_back:
                self._connecting -= 1
                self._given_back.notify_all()
                if not isinstance(error, MailError) or error.code is None:
                    raise
                limit = time.monotonic() - LINGERING_S
                lingering = sum(at > limit for at in self._closed_at)
                while not self.idle and self._open + self._connecting:
                    self._given_back.wait()
                if not self.idle:
                    raise
                self._capacity.limit_connections(self._open + lingering)
                return self.idle.pop()[1]
        with self._lock:
            self._connecting -= 1
            self._open += 1
        return connection

    def _open_one(self, log: Callable[[str], None]) -> SmtpConnection:
        with self._opening:  # only one thread at a time reads the keyring
            user, find = self._settings.user, self._find_password
            password = needed_password(self._settings, find) if user else None
        return self._gate.connect(
            password,
            lambda: SmtpConnection(self._settings, password, self._trusting, self._timeouts, log),
        )

    def _trusting(self) -> ssl.SSLContext:
        """Return the TLS context, made when first needed: reading certificates takes 20 ms."""
        with self._opening:
            self._context = self._context or trusting_context()
            return self._context

    def _take(self) -> SmtpConnection | None:
        """Take the connection used last, unless it was idle for too long."""
        with self._lock:
            since, connection = self.idle.pop() if self.idle else (0.0, None)
        if connection is not None and time.monotonic() - since > IDLE_LIMIT:
            self._discard(connection)
            return None
        return connection

    def _give_back(self, connection: SmtpConnection) -> None:
        with self._given_back:
            has_more = connection.mails < self._messages_a_connection
            keep = connection.is_open and has_more and not self._closed
            if keep:
                self.idle.append((time.monotonic(), connection))
                self._given_back.notify()
                self._schedule_reaper()
        if not keep:
            self._discard(connection)

    def _discard(self, connection: SmtpConnection) -> None:
        connection.close()
        with self._given_back:
            self._open -= 1
            self._closed_at.append(time.monotonic())
            self._given_back.notify_all()

    def _schedule_reaper(self) -> None:
        if self._reaper is None:
            self._reaper = threading.Timer(IDLE_LIMIT, self._close_idle)
            self._reaper.daemon = True
            self._reaper.start()

    def _close_idle(self) -> None:
        """Close connections that were idle for too long; run again while some are left."""
        with self._lock:
            self._reaper = None
            limit = time.monotonic() - IDLE_LIMIT
            old = [connection for since, connection in self.idle if since <= limit]
            self.idle = [each for each in self.idle if each[0] > limit]
            if self.idle and not self._closed:
                self._schedule_reaper()
            elif not self.idle:
                self._gate.shut()
        for connection in old:
            self._discard(connection)
