"""Allows one login at a time until one succeeds, so a wrong password reaches the server once."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from copy import copy
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailError, MailHeld

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.mail.smtp.connection import SmtpConnection

_NEVER: Final = object()


class LoginGate:
    """The gate for the logins of one user at one server; thread-safe.

    Until a login succeeds, one thread tries and the others wait, because many servers lock a user
    out after a few wrong passwords. The result of that thread holds for all that waited.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._signed_in_with: object = _NEVER
        self._attempt: tuple[str | None, Future[None]] | None = None

    def connect(
        self, password: str | None, open_one: Callable[[], SmtpConnection]
    ) -> SmtpConnection:
        """Open a connection, or raise the ``MailError`` of the attempt that this one waited for."""
        while True:
            with self._lock:
                is_open = self._signed_in_with == password
                under_way = self._attempt
                if not is_open and under_way is None:
                    attempt: Future[None] = Future()
                    self._attempt = password, attempt
            if is_open:
                return self._follow(open_one)
            if under_way is None:
                return self._lead(password, attempt, open_one)
            self._wait(password, *under_way)

    def shut(self) -> None:
        """Forget the successful login: the next thread tries alone again."""
        with self._lock:
            self._signed_in_with = _NEVER

    def _lead(
        self, password: str | None, attempt: Future[None], open_one: Callable[[], SmtpConnection]
    ) -> SmtpConnection:
        try:
            connection = open_one()
        except BaseException as error:
            self._conclude(_NEVER)
            attempt.set_exception(error)
            raise
        self._conclude(password)
        attempt.set_result(None)
        return connection

    def _conclude(self, signed_in_with: object) -> None:
        with self._lock:
            self._signed_in_with = signed_in_with
            self._attempt = None

    def _follow(self, open_one: Callable[[], SmtpConnection]) -> SmtpConnection:
        try:
            return open_one()
        except MailHeld:
            self.shut()
            raise

    def _wait(self, password: str | None, tried: str | None, attempt: Future[None]) -> None:
        """Wait for another thread's attempt, and share its error if it used the same password."""
        error = attempt.exception()
        if isinstance(error, MailError) and tried == password:
            raise copy(error) from error
