"""What ``sendoff doctor`` says of the settings and the mail server."""

from __future__ import annotations

import sqlite3
import ssl
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.contract.items import MAIL_QUEUE
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.mail.errors import MailError
from desktop.mail.files import SETTINGS
from desktop.mail.providers import provider_of_server, providers
from desktop.mail.sign_in.account import SendingAccount
from desktop.mail.smtp.connection import Timeouts, open_session
from desktop.mail.smtp.smtp import needed_password
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import (
    load_after,
    lost_limits,
    parse_after,
    recalled,
    strange_keys,
)
from desktop.settings.secrets import PasswordPlace, Passwords, SecretError
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.queue_limits import QueueSettings, SettingsError
from sendoff_tasks.folder.safe_files import read_own
from sendoff_tasks.shell.doctor import Finding, has_content, look, ok, opened
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop.settings.preferences import MailSettings, Settings
    from sendoff_tasks.postgres.opening import ServerStore


WITHIN: Final = 10.0
"""Seconds that the server has for each reply."""


REMEMBERED: Final = "SELECT value FROM meta WHERE key = 'application'"
"""The settings that were in force when the store was last used."""


def look_beside(folder: DataFolder) -> Iterator[Finding]:
    """Check the mail, unless an app sends its own; list what is misspelt in the settings."""
    if not folder.app_mark.exists():
        yield from look_at_mail(folder.db, folder.settings_file)
    with suppress(OSError):  # ``look_at_mail`` reports a file that cannot be read
        yield from map(look, strange_keys(read_own(folder.settings_file)))


def look_at_mail(database: Path, settings_file: Path) -> Iterator[Finding]:
    """Check the settings file and, unless in practice mode, the server; send no mail."""
    read = partial(load_after, _remembered(database), settings_file)
    yield from look_at_settings(read, OfficeFolder(settings_file.parent))


def look_at_stored(folder: OfficeFolder, found: ServerStore) -> Iterator[Finding]:
    """Check the settings in a database, and the password in ``folder`` or the keyring."""
    before, where = recalled(found.remembered), f"{SETTINGS} in the database"
    yield from look_at_settings(lambda: parse_after(before, found.settings or b"", where), folder)


def _remembered(database: Path) -> Settings | None:
    """Read what the store remembers; ``look_at_store`` reports one that cannot be read."""
    if not has_content(database):
        return None
    try:
        with opened(database) as connection:
            row = connection.execute(REMEMBERED).fetchone()
    except sqlite3.Error:
        return None
    return recalled(None if row is None else str(row[0]))


def look_at_settings(
    read: Callable[[], tuple[Settings, list[str]]], folder: OfficeFolder
) -> Iterator[Finding]:
    """Check the settings that ``read`` returns with their lost lines, and the mail server.

    The password or the sign-in is that of a data folder.
    """
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
    passwords = Passwords(folder.password_file)
    if mail.sign_in:
        yield _sign_in(mail, SendingAccount(passwords, folder.root))
    else:
        yield _server(mail)
        yield _password(mail, passwords)
    yield from map(ok, _account(settings))


def _sign_in(mail: MailSettings, account: SendingAccount) -> Finding:
    """Tell whether the account may send, as far as that is known here; no provider is asked."""
    try:
        account.check(mail)
    except MailError as error:
        return look(f"Mail: {error}")
    return ok(f"Mail: signed in to send from {mail.sender}")


def _account(settings: Settings) -> Iterator[str]:
    """Say what the provider of the account takes and asks for, as far as it is known."""
    mail = settings.mail
    try:
        sender = parse_mailbox(mail.sender).address
    except ValueError:
        sender = ""
    provider = provider_of_server(mail.host, sender)
    if mail.sign_in:
        provider = next(each for each in providers() if each.sign_in == mail.sign_in)
    if provider is None:
        return
    if taken := ENGLISH.rate(",".join(map(str, provider.rates))):
        limit = settings.queues.get(MAIL_QUEUE, QueueSettings())
        per_day = None if limit.per_day is None else f"{limit.per_day}/day"
        here = ", ".join(filter(None, (limit.rate, per_day))) or "none"
        yield f"Provider: {provider.name} takes {taken}; the limits here: {here}"
    for words in filter(None, ("" if mail.sign_in else provider.instead, provider.hint)):
        yield f"Provider: {words} {provider.hint_link}".rstrip()


def _server(mail: MailSettings) -> Finding:
    """Connect as for a message, up to the login."""
    place = f"Mail: {mail.host} port {mail.port}"
    try:
        open_session(
            replace(mail, user=""),
            None,
            ssl.create_default_context,
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
        needed_password(mail, partial(passwords.read, mail.host, mail.user))
    except (SecretError, MailError) as error:
        return look(f"Keyring: {error}")
    if passwords.where(mail.host, mail.user) is PasswordPlace.FILE:
        return ok(f"Keyring: none; the password for {mail.user} is in a file of your own")
    return ok(f"Keyring: the password for {mail.user} is there")
