"""The doctor's checks of the mail settings, the mail server and the stored password."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING, Final

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
    if mail.transport == "outbox":
        yield ok("Mail: practice mode, e-mails stay in the outbox")
        return
    yield _server(mail)
    yield _password(mail)


def _server(mail: MailSettings) -> Finding:
    place = f"Mail: {mail.host} port {mail.port}"
    try:
        _connect(mail).close()
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        return look(f"{place} does not answer as it should ({error}): see the mail settings.")
    return ok(f"{place} answers ({mail.security})")


def _connect(mail: MailSettings) -> smtplib.SMTP:
    """Connect as for a mail, up to the login."""
    context = ssl.create_default_context()
    if mail.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=WITHIN, context=context)
    else:
        smtp = smtplib.SMTP(mail.host, mail.port, timeout=WITHIN)
    try:
        smtp.ehlo_or_helo_if_needed()
        if mail.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
    except BaseException:
        smtp.close()
        raise
    return smtp


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
