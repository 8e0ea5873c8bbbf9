"""Keeps the mail password, sign-ins and server tokens in the keyring or in memory.

Where there is no keyring, a person may choose a file that only they can read.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.safe_files import NotOwn, read_own, write_atomic
from sendoff_tasks.words.file_faults import unread, unwritten
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from keyring.backend import KeyringBackend

SERVICE: Final = "sendoff"
PASSWORD_VARIABLE: Final = "SENDOFF_MAIL_PASSWORD"  # noqa: S105 - a name, no password
CLIENT_SECRET_VARIABLE: Final = "SENDOFF_CLIENT_SECRET"  # noqa: S105 - as above
UNASKED: Final = "SENDOFF_UNASKED"
"""The variable of processes that no person opened: the keyring then asks no question."""
PART: Final = 1200
"""Characters of one entry of the keyring: that of Windows takes 2,560 bytes of UTF-16."""


class PasswordPlace(StrEnum):
    """The place of a password."""

    KEYRING = "keyring"
    SESSION = "session"
    """The memory of this process, until it ends."""
    FILE = "file"
    """A file that only its owner can read."""
    ENVIRONMENT = "environment"


class SecretError(Exception):
    """A secret cannot be read, kept or deleted; the text is sentences and says what helps."""


class KeyringFault(SecretError):
    """No keyring can be used: ``why``."""

    def __init__(self, why: str) -> None:
        super().__init__(ENGLISH.say("password", "way_out", why=why, variable=PASSWORD_VARIABLE))
        self.why = why


class NoKeyring(KeyringFault):
    """There is no keyring."""


class LockedKeyring(KeyringFault):
    """There is a keyring, and a person has not unlocked it. To ask again may open a dialog."""


class SilentKeyring(KeyringFault):
    """There is a keyring, and it does not answer for now."""


class PasswordFileError(SecretError):
    """The file of passwords cannot be read, trusted or written; it stays as it is."""


class Passwords:
    """The passwords of one process: in memory, in the keyring, or in ``file``; thread-safe.

    The file is read only where there is no keyring.
    Passwords are by server and user. Without a keyring, ``read`` waits until ``brought_within``
    seconds after the start: meanwhile a window may send the password that it keeps until it quits.

    While the file cannot be used, nothing is kept or deleted anywhere: an old password in it could
    count again later. All methods but ``where`` then raise ``PasswordFileError`` where they need
    it.
    """

    def __init__(self, file: Path, brought_within: float = 0.0) -> None:
        self._file = file
        self._in_memory: dict[str, str] = {}
        self._changing = threading.Lock()
        self._brought = threading.Event()
        self._until = time.monotonic() + brought_within

    def read(self, host: str, user: str, variable: str = PASSWORD_VARIABLE) -> str | None:
        """Find a password in memory, else as ``read_password`` does; may raise ``SecretError``."""
        entry = _entry(host, user)
        try:
            return self._in_memory.get(entry) or read_password(host, user, variable)
        except KeyringFault:
            with suppress(PasswordFileError):  # it may be brought nevertheless
                if filed := self._filed().get(entry):
                    return filed
            if variable == PASSWORD_VARIABLE:  # nothing else is brought
                self._brought.wait(max(0.0, self._until - time.monotonic()))
            brought = self._in_memory.get(entry) or self._filed().get(entry)
            if not brought:
                raise
            return brought

    def where(
        self, host: str, user: str, variable: str = PASSWORD_VARIABLE
    ) -> PasswordPlace | None:
        """Return the place of a password; ``None`` if none is found."""
        entry = _entry(host, user)
        if entry in self._in_memory:
            return PasswordPlace.SESSION
        try:
            found = read_password(host, user, variable)
        except KeyringFault:
            with suppress(PasswordFileError):
                return PasswordPlace.FILE if entry in self._filed() else None
            return None
        if found is None:
            return None
        is_set = bool(os.environ.get(variable))
        return PasswordPlace.ENVIRONMENT if is_set else PasswordPlace.KEYRING

    def write(self, host: str, user: str, password: str) -> None:
        """Keep a password in the keyring, and remove it from memory and file.

        Raises:
            KeyringFault: if there is no keyring.
        """
        with self._filed_without(host, user):
            write_password(host, user, password)
            self._in_memory.pop(_entry(host, user), None)

    def keep(self, host: str, user: str, password: str) -> None:
        """Keep a password in the keyring; without one, in the file. May raise ``SecretError``."""
        try:
            self.write(host, user, password)
        except NoKeyring:
            self.store_in_file(host, user, password)

    def remember(self, host: str, user: str, password: str) -> None:
        """Keep a password in memory only; one in the file goes."""
        with self._filed_without(host, user):
            pass
        self._in_memory[_entry(host, user)] = password
        self._brought.set()

    def store_in_file(self, host: str, user: str, password: str) -> None:
        """Keep a password in the file, mode 0600."""
        with self._changing:
            self._write({**self._filed(), _entry(host, user): password})
            self._in_memory.pop(_entry(host, user), None)
        self._brought.set()

    def delete(self, host: str, user: str) -> None:
        """Delete a password from memory, file and keyring.

        Raises:
            KeyringFault: if it was nowhere else and no keyring answers.
        """
        with self._filed_without(host, user) as was_filed:
            was_kept = self._in_memory.pop(_entry(host, user), None) is not None
        try:
            delete_password(host, user)
        except KeyringFault:
            if not was_kept and not was_filed:
                raise

    def check_file(self) -> None:
        """Raise ``PasswordFileError`` if there is a file that cannot be used."""
        self._filed()

    @contextmanager
    def _filed_without(self, host: str, user: str) -> Iterator[bool]:
        """Read the file, and remove a password from it after the block; give if there is one."""
        with self._changing:
            filed = self._filed()
            was_there = filed.pop(_entry(host, user), None) is not None
            yield was_there
            if was_there:
                self._write(filed)

    def _filed(self) -> dict[str, str]:
        """Read the file; empty if there is none."""
        try:
            found = json.loads(_read_private(self._file))
        except FileNotFoundError:
            return {}
        except NotOwn as error:
            why = ENGLISH.say("password", "not_used", file=self._file, why=error)
            raise PasswordFileError(why) from error
        except OSError as error:
            why = ENGLISH.say("password", "unread", text=unread(self._file, error))
            raise PasswordFileError(why) from error
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
            raise PasswordFileError(ENGLISH.say("password", "damaged", file=self._file))
        return found

    def _write(self, passwords: dict[str, str]) -> None:
        try:
            write_atomic(self._file, json.dumps(passwords).encode())
        except OSError as error:
            raise PasswordFileError(unwritten(self._file, error)) from error


def _read_private(file: Path) -> bytes:
    """Read a file that only its owner can read or change; raises ``OSError``, also ``NotOwn``."""
    content = read_own(file)
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise NotOwn(file, "other users can read it. To keep it to yourself", "chmod go=")
    return content


def read_password(host: str, user: str, variable: str = PASSWORD_VARIABLE) -> str | None:
    """Find the password of a user at a mail server; ``None`` if there is none.

    The environment takes precedence over the keyring, if it has ``variable``.

    Raises:
        KeyringFault: if no keyring answers.
    """
    given = os.environ.get(variable)
    if given:
        return given
    with _keyring() as keyring:
        return _read(keyring, _entry(host, user))


def write_password(host: str, user: str, password: str) -> None:
    """Keep the password of a user at a mail server in the keyring; raises ``KeyringFault``."""
    with _keyring() as keyring:
        _write(keyring, _entry(host, user), password)


def delete_password(host: str, user: str) -> None:
    """Delete a password from the keyring, if it is there; raises ``KeyringFault``."""
    _delete(_entry(host, user))


def read_server_token(url: str) -> str | None:
    """Find the token for a backend at an address, or ``None``; raises ``KeyringFault``."""
    with _keyring() as keyring:
        return keyring.get_password(SERVICE, _token_entry(url))


def store_server_token(url: str, token: str) -> None:
    """Keep the token for a backend at an address in the keyring; raises ``KeyringFault``."""
    with _keyring() as keyring:
        keyring.set_password(SERVICE, _token_entry(url), token)


def forget_server_token(url: str) -> None:
    """Delete the token for a backend at an address, if it is there; raises ``KeyringFault``."""
    _delete(_token_entry(url))


def _delete(entry: str) -> None:
    with _keyring() as keyring:
        _remove(keyring, *_parts(entry, keyring.get_password(SERVICE, entry)), entry)


_HEAD: Final = re.compile(r"sendoff parts ([0-9a-f]{8}) (\d+)")
"""In place of a long text: its parts are entries of their own, with this name and a number."""


def _parts(entry: str, head: str | None) -> list[str]:
    """Return the names of the parts of an entry; none for a text that is in one piece."""
    found = _HEAD.fullmatch(head or "")
    return [f"{entry} {found[1]} {part}" for part in range(int(found[2]))] if found else []


def _read(keyring: KeyringBackend, entry: str) -> str | None:
    head = keyring.get_password(SERVICE, entry)
    names = _parts(entry, head)
    if not names:
        return head
    parts = [keyring.get_password(SERVICE, name) for name in names]
    return None if None in parts else "".join(filter(None, parts))


def _write(keyring: KeyringBackend, entry: str, text: str) -> None:
    """Replace an entry; a power cut in between leaves the earlier text."""
    before = _parts(entry, keyring.get_password(SERVICE, entry))
    if len(text) > PART:
        pieces = [text[at : at + PART] for at in range(0, len(text), PART)]
        text = f"sendoff parts {secrets.token_hex(4)} {len(pieces)}"
        for name, piece in zip(_parts(entry, text), pieces, strict=True):
            keyring.set_password(SERVICE, name, piece)
    keyring.set_password(SERVICE, entry, text)
    _remove(keyring, *before)


def _remove(keyring: KeyringBackend, *names: str) -> None:
    for name in names:
        if keyring.get_password(SERVICE, name) is not None:
            keyring.delete_password(SERVICE, name)


def _token_entry(url: str) -> str:
    return f"token for {url}"


def _entry(host: str, user: str) -> str:
    return f"{user}@{host}"


@contextmanager
def _keyring() -> Iterator[KeyringBackend]:
    """Give a keyring that can keep secrets; raises ``KeyringFault`` for each of its errors."""
    try:
        import keyring  # takes 50 ms or more, and talks to the desktop
        from keyring.errors import KeyringLocked
    except ImportError as error:
        raise NoKeyring(ENGLISH.say("password", "no_package")) from error
    try:
        found = keyring.get_keyring()
        # Priorities below 1 are backends that refuse (fail), forget (null) or write plain text.
        if found.priority >= 1:
            _ask_nobody(found)
            yield found
            return
    except KeyringFault:
        raise
    except Exception as error:  # each backend has its system's own errors
        kind = LockedKeyring if isinstance(error, KeyringLocked) else SilentKeyring
        raise kind(ENGLISH.say("password", "silent", why=error)) from error
    raise NoKeyring(ENGLISH.say("password", "no_keyring"))


def _ask_nobody(found: KeyringBackend) -> None:
    """Raise ``SilentKeyring`` if the keyring would ask a person in a process that none has opened.

    Only the Secret Service tells whether it would.
    """
    first = next(iter(getattr(found, "backends", ())), found)
    if not os.environ.get(UNASKED) or not type(first).__module__.endswith("SecretService"):
        return
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        if secretstorage.Collection(bus).is_locked():
            raise SilentKeyring(ENGLISH.say("password", "locked"))
