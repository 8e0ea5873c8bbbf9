"""The mail of a worker: it is sent with the settings, templates and files in the database."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from desktop.backend.shared.batches.batches import item_of_row
from desktop.backend.shared.current_settings import CurrentSettings
from desktop.backend.shared.kept_sheets import KeptSheets
from desktop.backend.shared.mail.letters import Letters
from desktop.engine.errors import NotWritable
from desktop.engine.store.reads.batches.batch_rows import read_row
from desktop.engine.store.reads.batches.batches import LeavingTimes, batch_of, read_record
from desktop.engine.store.reads.items.item_detail import read_body
from desktop.mail.errors import MailLater
from desktop.mail.files import SETTINGS, FolderFiles
from desktop.settings.preferences.settings_file import SettingsError
from desktop.settings.secrets import PASSWORD_VARIABLE, Passwords
from desktop.tasks.mail_tasks import confirmation, row_copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from desktop.mail.mailer import Mailer
    from desktop.settings.paths import DataFolder
    from desktop.settings.preferences.mail import MailSettings

LOOK_S: Final = 2.0
"""Seconds between two checks whether the settings still let this worker send."""
READERS: Final = 2
"""Database sessions that read items at the same time."""
NO_PASSWORD: Final = "This worker has no password for {} at {}, so others send."  # noqa: S105 - a sentence
WAY_OUT: Final = f"Start it with {PASSWORD_VARIABLE} set, or keep the password in its keyring."

log = logging.getLogger(__name__)


class WorkerMail:
    """Mail from the machine of a worker; thread-safe.

    A ``settings.toml`` in the worker's own folder takes precedence over the one in the database.
    """

    def __init__(self, database: str, folder: DataFolder) -> None:
        # The database was opened, so psycopg is installed.
        from desktop.engine.postgres.file_store import FileStore
        from desktop.engine.postgres.files import DatabaseFiles
        from desktop.engine.postgres.opening import PostgresReader

        self._store = FileStore(database)
        self._reader = PostgresReader(database, READERS)
        files, own = DatabaseFiles(self._store, folder.uploads), FolderFiles(folder.root)
        self._place = own if own.has(SETTINGS) else files
        self._settings = CurrentSettings(self._place)
        self._passwords = Passwords()
        self._letters = Letters(files, KeptSheets(folder.batches), self._settings, self._passwords)
        self._looked: tuple[MailSettings | None, bool] = (None, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            for each in (self._letters, self._reader, self._store):
                stack.callback(each.close)

    def tasks(self) -> list[Callable[..., str]]:
        """Make the tasks that send mail, the same as the backend's: ``MAIL_TASKS``."""
        return [confirmation(self._item, self._mailer), row_copy(self._row, self._mailer)]

    def may_send(self) -> bool:
        """Tell whether this worker can send with the current settings.

        The password is looked up once for each version of the settings. Without settings in the
        database it cannot: a backend of an older version may have them in its folder.
        """
        with suppress(SettingsError, NotWritable):
            mail = self._settings.get().mail
            if not self._place.has(SETTINGS):
                self._looked = (None, False)
            elif mail != self._looked[0]:
                self._looked = (mail, self._has_password(mail))
        return self._looked[1]

    def follow(self, ended: threading.Event, could: bool) -> None:
        """Wait until ``ended`` is set or ``may_send`` is no longer ``could``."""
        while not ended.wait(LOOK_S) and self.may_send() == could:
            pass

    def _has_password(self, mail: MailSettings) -> bool:
        if mail.transport == "outbox" or not mail.user:
            return True
        if self._passwords.where(mail.host, mail.user) is not None:
            return True
        log.warning("%s %s", NO_PASSWORD.format(mail.user, mail.host), WAY_OUT)
        return False

    def _mailer(self) -> Mailer:
        mailer = self._letters.mailer()
        if not self.may_send():
            raise MailLater(NO_PASSWORD.format(mailer.settings.user, mailer.settings.host))
        return mailer

    def _item(self, number: int) -> NewItem:
        with self._reader.snapshot() as source:
            return read_body(source, number)

    def _row(self, batch_id: int, row: int) -> tuple[NewItem, int]:
        with self._reader.snapshot() as source:
            batch = batch_of(read_record(source, batch_id), lambda _: LeavingTimes(), source)
            found = read_row(source, batch_id, row)
            return item_of_row(found, batch, partial(read_body, source))
