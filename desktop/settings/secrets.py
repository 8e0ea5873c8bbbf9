"""The mail password: in the operating system's keyring, never in a file of ours."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

SERVICE: Final = "sendoff"
PASSWORD_VARIABLE: Final = "SENDOFF_MAIL_PASSWORD"  # noqa: S105 - a name, no password

_WAY_OUT: Final = f"Unlock or install one, or start Sendoff with {PASSWORD_VARIABLE} set."


class NoKeyring(Exception):
    """No keyring keeps or gives passwords here; the text says the way out."""


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


def _entry(host: str, user: str) -> str:
    return f"{user}@{host}"


@contextmanager
def _keyring() -> Iterator[KeyringBackend]:
    """Lend a keyring that keeps secrets, and turn its refusals into a sentence."""
    try:
        import keyring  # 50 ms or more, and talks to the desktop: only when it is needed
        from keyring.errors import KeyringError
    except ImportError as error:
        raise NoKeyring(f"The package keyring is not installed. {_WAY_OUT}") from error
    try:
        found = keyring.get_keyring()
        # Below 1 are the ones that refuse (fail), forget (null) or write plain text.
        if found.priority < 1:
            raise NoKeyring(f"This system has no keyring to keep the password in. {_WAY_OUT}")
        yield found
    except (KeyringError, RuntimeError, ImportError) as error:
        raise NoKeyring(f"The keyring does not answer ({error}). {_WAY_OUT}") from error
