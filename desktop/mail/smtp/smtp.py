"""The SMTP transport: a pool of connections, each of which sends many messages."""

from __future__ import annotations

import ssl
import threading
import time
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailHeld
from desktop.mail.smtp.connection import SmtpConnection
from desktop.mail.smtp.login_gate import LoginGate
from desktop.mail.smtp.opening import Timeouts
from desktop.mail.smtp.replies import Lost
from desktop.settings.secrets import PASSWORD_VARIABLE, NoKeyring

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.mail.message import Message
    from desktop.settings.preferences.mail import MailSettings

IDLE_LIMIT: Final = 20.0
"""Seconds that an idle connection is kept; servers close idle ones after some minutes."""
MAILS_LIMIT: Final = 100
"""Messages that a connection sends before it is replaced; many servers accept no more."""
_MISSING: Final = "The mail password is missing. Type it in the mail settings."


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
            password: returns the user's password, or ``None``; may raise ``NoKeyring``. Called for
                each new connection.
            timeouts: the time limits of a connection's steps.
        """
        self._settings = settings
        self._find_password = password
        self._timeouts = timeouts or Timeouts()
        self.idle: list[tuple[float, SmtpConnection]] = []
        self._lock = threading.Lock()
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
        """Send one message; returns the server's words. Raises as ``SmtpConnection`` does."""
        connection = self._take()
        if connection is not None:
            try:
                return self._hand_over(connection, message, on_point_of_no_return, log)
            except Lost:
                log("the open connection had gone stale")
        return self._hand_over(self._connect(log), message, on_point_of_no_return, log)

    def close(self) -> None:
        """Close idle connections; the others are closed after their message."""
        with self._lock:
            self._closed = True
            idle, self.idle = self.idle, []
            if self._reaper is not None:
                self._reaper.cancel()
        for _, connection in idle:
            connection.close()

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
        with self._opening:  # only one thread at a time reads keyring and certificates
            password = self._password() if self._settings.user else None
            context = self._context = self._context or ssl.create_default_context()
        return self._gate.connect(
            password,
            lambda: SmtpConnection(self._settings, password, context, self._timeouts, log),
        )

    def _password(self) -> str:
        settings = self._settings
        try:
            found = self._find_password()
        except NoKeyring as error:
            raise MailHeld(f"{_MISSING} {error}") from error
        if not found:
            raise MailHeld(
                f"No password is kept for {settings.user} at {settings.host}. Type it in the mail "
                f"settings, or start Sendoff with {PASSWORD_VARIABLE} set."
            )
        return found

    def _take(self) -> SmtpConnection | None:
        """Take the connection used last, unless it was idle for too long."""
        with self._lock:
            since, connection = self.idle.pop() if self.idle else (0.0, None)
        if connection is not None and time.monotonic() - since > IDLE_LIMIT:
            connection.close()
            return None
        return connection

    def _give_back(self, connection: SmtpConnection) -> None:
        with self._lock:
            keep = connection.is_open and connection.mails < MAILS_LIMIT and not self._closed
            if keep:
                self.idle.append((time.monotonic(), connection))
                self._schedule_reaper()
        if not keep:
            connection.close()

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
            connection.close()
