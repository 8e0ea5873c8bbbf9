"""The doctor's checks of the mail settings, the mail server and the stored password."""

from __future__ import annotations

import sqlite3
import ssl
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailError
from desktop.mail.smtp.connection import Timeouts, open_session
from desktop.settings.paths import DataFolder
from desktop.settings.preferences.settings_file import (
    SettingsError,
    load_after,
    lost_limits,
    recalled,
)
from desktop.settings.secrets import Kept, Passwords, SecretError
from desktop.shell.doctor import look, ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop.settings.preferences.mail import MailSettings
    from desktop.settings.preferences.settings_file import Settings
    from desktop.shell.doctor import Finding

WITHIN: Final = 10.0
"""Seconds that the server has for each reply."""


REMEMBERED: Final = "SELECT value FROM meta WHERE key = 'application'"
"""The settings that were in force when the store was last used."""


def look_at_mail(database: Path, settings_file: Path) -> Iterator[Finding]:
    """Check the settings file and, unless in practice mode, the server; send no mail."""
    passwords = Passwords(DataFolder(settings_file.parent).password_file)
    read = partial(load_after, _remembered(database), settings_file)
    yield from look_at_settings(read, passwords)


def _remembered(database: Path) -> Settings | None:
    """Read what the store remembers; ``look_at_store`` reports one that cannot be read."""
    if not database.is_file() or database.stat().st_size == 0:  # SQLite would delete its log
        return None
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(REMEMBERED).fetchone()
    except sqlite3.Error:
        return None
    return recalled(None if row is None else str(row[0]))


def look_at_settings(
    read: Callable[[], tuple[Settings, list[str]]], passwords: Passwords
) -> Iterator[Finding]:
    """Check the settings that ``read`` returns with their lost lines, and the mail server."""
    try:
        settings, lost = read()
    except SettingsError as error:
        yield look(str(error))
        return
    yield from map(look, lost_limits(lost))
    mail = settings.mail
    if mail.transport == "practice":
        yield ok("Mail: practice mode, e-mails stay in the outbox")
        return
    yield _server(mail)
    yield _password(mail, passwords)


def _server(mail: MailSettings) -> Finding:
    """Connect as for a message, up to the login."""
    place = f"Mail: {mail.host} port {mail.port}"
    try:
        open_session(
            replace(mail, user=""),
            None,
            ssl.create_default_context(),
            Timeouts(connect=WITHIN, command=WITHIN),
            log=lambda _: None,
        ).close()
    except MailError as error:
        why = str(error).removesuffix(".")
        return look(f"{place} does not answer as it should ({why}): see the mail settings.")
    return ok(f"{place} answers ({mail.security})")


def _password(mail: MailSettings, passwords: Passwords) -> Finding:
    if not mail.user:
        return ok("Keyring: not needed, the mail server wants no login")
    try:
        passwords.check_file()
        password = passwords.read(mail.host, mail.user)
    except SecretError as error:
        return look(f"Keyring: {error}")
    if password is None:
        return look(
            f"Keyring: no password for {mail.user} is stored: enter it in the mail settings."
        )
    if passwords.where(mail.host, mail.user) is Kept.FILE:
        return ok(f"Keyring: none; the password for {mail.user} is in a file of your own")
    return ok(f"Keyring: the password for {mail.user} is there")
