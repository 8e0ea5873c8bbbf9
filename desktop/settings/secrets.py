"""The mail password and tokens for servers: in the system's keyring or in memory, in no file."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

SERVICE: Final = "sendoff"
PASSWORD_VARIABLE: Final = "SENDOFF_MAIL_PASSWORD"  # noqa: S105 - a name, no password

_WAY_OUT: Final = f"Unlock or install one, or start Sendoff with {PASSWORD_VARIABLE} set."


class Kept(StrEnum):
    """Where a password is."""

    KEYRING = "keyring"
    SESSION = "session"
    """In the memory of this process, until it ends."""
    ENVIRONMENT = "environment"


class NoKeyring(Exception):
    """No keyring keeps or gives passwords here: ``why``; the text says the way out, too."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} {_WAY_OUT}")
        self.why = why


class Passwords:
    """The passwords of one process: what it was given to keep in memory, and the keyring's.

    Thread-safe. Passwords are by server and user. Without a keyring, ``read`` waits for one until
    ``brought_within`` seconds after the start: a window brings the one it keeps until it quits.
    """

    def __init__(self, brought_within: float = 0.0) -> None:
        self._kept: dict[str, str] = {}
        self._brought = threading.Event()
        self._until = time.monotonic() + brought_within

    def read(self, host: str, user: str) -> str | None:
        """Find a password: in memory, else as ``read_password`` does, which may raise."""
        entry = _entry(host, user)
        try:
            return self._kept.get(entry) or read_password(host, user)
        except NoKeyring:
            self._brought.wait(max(0.0, self._until - time.monotonic()))
            if entry not in self._kept:
                raise
            return self._kept[entry]

    def where(self, host: str, user: str) -> Kept | None:
        """Tell where the password is; ``None`` when there is none or the keyring is silent."""
        if _entry(host, user) in self._kept:
            return Kept.SESSION
        try:
            found = read_password(host, user)
        except NoKeyring:
            return None
        if found is None:
            return None
        return Kept.ENVIRONMENT if os.environ.get(PASSWORD_VARIABLE) else Kept.KEYRING

    def write(self, host: str, user: str, password: str) -> None:
        """Keep a password in the keyring, in the place of one in memory.

        Raises:
            NoKeyring: when there is none to keep it.
        """
        write_password(host, user, password)
        self._kept.pop(_entry(host, user), None)

    def keep(self, host: str, user: str, password: str) -> None:
        """Keep a password in memory only."""
        self._kept[_entry(host, user)] = password
        self._brought.set()

    def delete(self, host: str, user: str) -> None:
        """Forget a password, wherever it is.

        Raises:
            NoKeyring: when it was not in memory, and the keyring cannot be asked.
        """
        was_kept = self._kept.pop(_entry(host, user), None) is not None
        try:
            delete_password(host, user)
        except NoKeyring:
            if not was_kept:
                raise


def read_password(host: str, user: str) -> str | None:
    """Find the password of a user at a mail server; ``None`` when there is none.

    ``SENDOFF_MAIL_PASSWORD``, where it is set, goes before the keyring.

    Raises:
        NoKeyring: when the keyring cannot be asked.
    """
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    with _keyring() as keyring:
        return keyring.get_password(SERVICE, _entry(host, user))


def write_password(host: str, user: str, password: str) -> None:
    """Keep the password of a user at a mail server in the keyring.

    Raises:
        NoKeyring: when there is none to keep it.
    """
    with _keyring() as keyring:
        keyring.set_password(SERVICE, _entry(host, user), password)


def delete_password(host: str, user: str) -> None:
    """Remove the password from the keyring; one that is not there is fine.

    Raises:
        NoKeyring: when the keyring cannot be asked.
    """
    with _keyring() as keyring:
        if keyring.get_password(SERVICE, _entry(host, user)) is not None:
            keyring.delete_password(SERVICE, _entry(host, user))


def read_server_token(url: str) -> str | None:
    """Find the token for a backend at an address; ``None`` where there is none.

    Raises:
        NoKeyring: when the keyring cannot be asked.
    """
    with _keyring() as keyring:
        return keyring.get_password(SERVICE, _token_entry(url))


def keep_server_token(url: str, token: str) -> None:
    """Keep the token for a backend at an address in the keyring.

    Raises:
        NoKeyring: when there is none to keep it.
    """
    with _keyring() as keyring:
        keyring.set_password(SERVICE, _token_entry(url), token)


def forget_server_token(url: str) -> None:
    """Remove the token for a backend at an address; one that is not there is fine.

    Raises:
        NoKeyring: when the keyring cannot be asked.
    """
    with _keyring() as keyring:
        if keyring.get_password(SERVICE, _token_entry(url)) is not None:
            keyring.delete_password(SERVICE, _token_entry(url))


def _token_entry(url: str) -> str:
    return f"token for {url}"


def _entry(host: str, user: str) -> str:
    return f"{user}@{host}"


@contextmanager
def _keyring() -> Iterator[KeyringBackend]:
    """Lend a keyring that keeps secrets, and turn its refusals into a sentence."""
    try:
        import keyring  # 50 ms or more, and talks to the desktop: only when it is needed
        from keyring.errors import KeyringError
    except ImportError as error:
        raise NoKeyring("The package keyring is not installed.") from error
    try:
        found = keyring.get_keyring()
        # Below 1 are the ones that refuse (fail), forget (null) or write plain text.
        if found.priority < 1:
            raise NoKeyring("This system has no keyring to keep the password in.")
        yield found
    except (KeyringError, RuntimeError, ImportError) as error:
        raise NoKeyring(f"The keyring does not answer ({error}).") from error
