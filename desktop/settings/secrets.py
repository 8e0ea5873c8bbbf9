"""Keeps the mail password and server tokens in the keyring or in memory.

Where there is no keyring, a person may choose a file that only they can read.
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from desktop.settings.atomic import write_atomic
from desktop.settings.trusted_files import NotOwn, read_own

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from keyring.backend import KeyringBackend

SERVICE: Final = "sendoff"
PASSWORD_VARIABLE: Final = "SENDOFF_MAIL_PASSWORD"  # noqa: S105 - a name, no password

_WAY_OUT: Final = f"Unlock or install one, or start Sendoff with {PASSWORD_VARIABLE} set."


class Kept(StrEnum):
    """The place of a password."""

    KEYRING = "keyring"
    SESSION = "session"
    """The memory of this process, until it ends."""
    FILE = "file"
    """A file that only its owner can read."""
    ENVIRONMENT = "environment"


class NoKeyring(Exception):
    """No keyring can be used: ``why``; the text also says what helps."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} {_WAY_OUT}")
        self.why = why


class Passwords:
    """The passwords of one process: in memory, in the keyring, or in ``file``; thread-safe.

    The file is read only where there is no keyring.
    Passwords are by server and user. Without a keyring, ``read`` waits until ``brought_within``
    seconds after the start: meanwhile a window may send the password that it keeps until it quits.
    """

    def __init__(self, brought_within: float = 0.0, file: Path | None = None) -> None:
        self._file = file
        self._kept: dict[str, str] = {}
        self._brought = threading.Event()
        self._until = time.monotonic() + brought_within

    def read(self, host: str, user: str) -> str | None:
        """Find a password in memory, else as ``read_password`` does; may raise ``NoKeyring``."""
        entry = _entry(host, user)
        try:
            return self._kept.get(entry) or read_password(host, user)
        except NoKeyring:
            if filed := self._filed().get(entry):
                return filed
            self._brought.wait(max(0.0, self._until - time.monotonic()))
            brought = self._kept.get(entry) or self._filed().get(entry)
            if not brought:
                raise
            return brought

    def where(self, host: str, user: str) -> Kept | None:
        """Return the place of a password; ``None`` if there is none or no keyring answers."""
        if _entry(host, user) in self._kept:
            return Kept.SESSION
        try:
            found = read_password(host, user)
        except NoKeyring:
            return Kept.FILE if _entry(host, user) in self._filed() else None
        if found is None:
            return None
        return Kept.ENVIRONMENT if os.environ.get(PASSWORD_VARIABLE) else Kept.KEYRING

    def write(self, host: str, user: str, password: str) -> None:
        """Keep a password in the keyring, and remove it from memory.

        Raises:
            NoKeyring: if there is no keyring.
        """
        write_password(host, user, password)
        self._kept.pop(_entry(host, user), None)
        self._forget_in_file(_entry(host, user))

    def keep(self, host: str, user: str, password: str) -> None:
        """Keep a password in memory only; one in the file goes. Raises ``OSError``."""
        self._forget_in_file(_entry(host, user))
        self._kept[_entry(host, user)] = password
        self._brought.set()

    def keep_in_file(self, host: str, user: str, password: str) -> None:
        """Keep a password in the file, mode 0600; raises ``OSError``."""
        if self._file is None:
            raise FileNotFoundError("This process has no file for passwords.")
        entry = _entry(host, user)
        self._write({**self._filed(), entry: password})
        self._kept.pop(entry, None)
        self._brought.set()

    def _filed(self) -> dict[str, str]:
        """Read the file; one that others could have written or read counts as empty."""
        try:
            if self._file is None or (os.name == "posix" and self._file.stat().st_mode & 0o077):
                return {}
            return dict(json.loads(read_own(self._file)))
        except (NotOwn, OSError, ValueError, TypeError):
            return {}

    def _forget_in_file(self, entry: str) -> bool:
        filed = self._filed()
        was_there = filed.pop(entry, None) is not None
        if was_there:
            self._write(filed)
        return was_there

    def _write(self, passwords: dict[str, str]) -> None:
        assert self._file is not None  # noqa: S101 - for mypy
        write_atomic(self._file, json.dumps(passwords).encode())

    def delete(self, host: str, user: str) -> None:
        """Delete a password from memory, file and keyring.

        Raises:
            NoKeyring: if it was nowhere else and no keyring answers.
        """
        was_kept = self._kept.pop(_entry(host, user), None) is not None
        was_kept = self._forget_in_file(_entry(host, user)) or was_kept
        try:
            delete_password(host, user)
        except NoKeyring:
            if not was_kept:
                raise


def read_password(host: str, user: str) -> str | None:
    """Find the password of a user at a mail server; ``None`` if there is none.

    ``SENDOFF_MAIL_PASSWORD`` takes precedence over the keyring.

    Raises:
        NoKeyring: if no keyring answers.
    """
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    with _keyring() as keyring:
        return keyring.get_password(SERVICE, _entry(host, user))


def write_password(host: str, user: str, password: str) -> None:
    """Keep the password of a user at a mail server in the keyring; raises ``NoKeyring``."""
    with _keyring() as keyring:
        keyring.set_password(SERVICE, _entry(host, user), password)


def delete_password(host: str, user: str) -> None:
    """Delete a password from the keyring, if it is there; raises ``NoKeyring``."""
    _delete(_entry(host, user))


def read_server_token(url: str) -> str | None:
    """Find the token for a backend at an address, or ``None``; raises ``NoKeyring``."""
    with _keyring() as keyring:
        return keyring.get_password(SERVICE, _token_entry(url))


def keep_server_token(url: str, token: str) -> None:
    """Keep the token for a backend at an address in the keyring; raises ``NoKeyring``."""
    with _keyring() as keyring:
        keyring.set_password(SERVICE, _token_entry(url), token)


def forget_server_token(url: str) -> None:
    """Delete the token for a backend at an address, if it is there; raises ``NoKeyring``."""
    _delete(_token_entry(url))


def _delete(entry: str) -> None:
    with _keyring() as keyring:
        if keyring.get_password(SERVICE, entry) is not None:
            keyring.delete_password(SERVICE, entry)


def _token_entry(url: str) -> str:
    return f"token for {url}"


def _entry(host: str, user: str) -> str:
    return f"{user}@{host}"


@contextmanager
def _keyring() -> Iterator[KeyringBackend]:
    """Give a keyring that can keep secrets; raises ``NoKeyring`` for its errors."""
    try:
        import keyring  # takes 50 ms or more, and talks to the desktop
    except ImportError as error:
        raise NoKeyring("The package keyring is not installed.") from error
    try:
        found = keyring.get_keyring()
        # Priorities below 1 are backends that refuse (fail), forget (null) or write plain text.
        if found.priority >= 1:
            yield found
            return
    except Exception as error:  # each backend has its system's own errors
        raise NoKeyring(f"The keyring does not answer ({error}).") from error
    raise NoKeyring("This system has no keyring to keep the password in.")
