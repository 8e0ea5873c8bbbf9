"""The doctor's checks of the mail settings, the mail server and the stored password."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop.mail.errors import MailError
from desktop.mail.smtp.opening import Timeouts, open_session
from desktop.settings.preferences.settings_file import SettingsError, load
from desktop.settings.secrets import NoKeyring, read_password
from desktop.shell.doctor import look, ok

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.settings.preferences.mail import MailSettings
    from desktop.shell.doctor import Finding

WITHIN: Final = 10.0
"""Seconds that the server has for each reply."""


def look_at_mail(settings_file: Path) -> Iterator[Finding]:
    """Check the settings file and, unless in practice mode, the server; send no mail."""
    try:
        mail = load(settings_file).mail
    except SettingsError as error:
        yield look(str(error))
        return
    yield from look_at_server(mail)


def look_at_server(mail: MailSettings) -> Iterator[Finding]:
    """Check the server and its password, unless these settings are in practice mode."""
    if mail.transport == "practice":
        yield ok("Mail: practice mode, e-mails stay in the outbox")
        return
    yield _server(mail)
    yield _password(mail)


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


def _password(mail: MailSettings) -> Finding:
    if not mail.user:
        return ok("Keyring: not needed, the mail server wants no login")
    try:
        password = read_password(mail.host, mail.user)
    except NoKeyring as error:
        return look(f"Keyring: {error}")
    if password is None:
        return look(
            f"Keyring: no password for {mail.user} is stored: enter it in the mail settings."
        )
    return ok(f"Keyring: the password for {mail.user} is there")
