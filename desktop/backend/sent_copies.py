"""Files copies of sent e-mails in the account's own folder, beside everything else."""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.items.reads.sent import FiledUpTo, SentMail, put_place, read_place, read_sent
from desktop.mail.errors import MailError, MailFinal
from desktop.mail.providers import provider_of_server
from sendoff_tasks.folder.queue_limits import SettingsError
from sendoff_tasks.http.background import BackgroundThread, go_on
from sendoff_tasks.store.reads.waits import begins_paused
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from desktop.backend.services import Services
    from desktop.mail.sent_folder import SentFolder
    from desktop.settings.preferences import MailSettings
    from sendoff_tasks.transaction.group import Group

LOOK_EVERY: Final = 5.0
"""Seconds between two looks for sent e-mails: one read of a few rows."""
OWN_COPY_S: Final = 10.0
"""Seconds in which a provider that files its own copy has done so."""
FIRST_RETRY_S: Final = 60.0
"""Seconds until the mailbox is tried again; they double up to ``LAST_RETRY_S``."""
LAST_RETRY_S: Final = 3600.0


class SentCopies(BackgroundThread):
    """Files each sent e-mail once, from ``sent``, after the server took it.

    Nothing is kept for it but the place that was reached. A copy whose place was lost is found in
    the folder by its Message-ID. ``changed`` is set after each change of the mail settings.
    """

    def __init__(self, services: Services, changed: threading.Event) -> None:
        super().__init__("sent copies")
        self._services = services
        self._engine = services.engine
        self._changed = changed
        self._pause = LOOK_EVERY
        self._retry = FIRST_RETRY_S
        self._told: int | None = None  # the task whose history tells of the failure

    def look(self) -> None:
        """File what was sent since the last look; if the mailbox fails, pause longer.

        A store that may be older than its files waits for a person first.
        """
        self._pause = LOOK_EVERY
        mail = self._mail()
        if mail is None or self._engine.read(begins_paused):
            return
        server = _mailbox_of(mail)
        account = json.dumps([server, mail.user, mail.sent_copies]) if server else ""
        place = self._engine.read(read_place)
        if place.account != account:
            now = round(time.time() * 1000)
            place = FiledUpTo(account, now, 0)
            self._engine.do(partial(put_place, place=place)).result()
        if server:
            self._file_since(place, server, mail)

    def _file_since(self, place: FiledUpTo, server: str, mail: MailSettings) -> None:
        until = round((time.time() - OWN_COPY_S) * 1000)
        due = self._engine.read(read_sent, place, until, mail.sent_copies)
        if not due:
            return
        from desktop.mail.sent_folder import SentFolder
        from desktop.mail.smtp.smtp import needed_password, trusting_context

        each = due[0]
        try:
            find = partial(self._services.passwords.read, mail.host, mail.user)
            password = needed_password(mail, find)
            with SentFolder(server, mail.user, password, trusting_context()) as folder:
                for each in due:
                    if self._over.is_set() or self._changed.is_set():
                        return
                    self._file(folder, each)
                    place = FiledUpTo(place.account, each.at, each.task)
                    self._engine.do(partial(put_place, place=place)).result()
                    self._retry = FIRST_RETRY_S
            self._pause = 0.0
        except MailError as error:
            self._pause, self._retry = self._retry, min(self._retry * 2, LAST_RETRY_S)
            if self._told != each.task:
                self._tell(each, "warning", "later", str(error))
                self._told = each.task

    def _file(self, folder: SentFolder, mail: SentMail) -> None:
        """File one e-mail, unless it is there, or is no longer kept here."""
        source = self._services.letters.sent.source(mail.reference)
        if not source or folder.has(mail.reference):
            return
        try:
            folder.add(source, mail.at / 1000)
        except MailFinal as error:
            self._tell(mail, "warning", "never", str(error))
        else:
            if self._told == mail.task:
                self._tell(mail, "info", "filed")

    def _tell(self, mail: SentMail, level: str, row: str, why: str = "") -> None:
        """Add a line to the history of an e-mail's task."""

        def tell(group: Group) -> None:
            record = group.find(mail.task)
            if record is not None:
                said = ENGLISH.say("sent_copy", row, why=why)
                group.log(record, group.now, level, said)

        self._engine.do(tell).result()

    def _mail(self) -> MailSettings | None:
        """Return the mail settings; ``None`` in practice mode, and while they cannot be used."""
        with suppress(SettingsError):
            mail = self._services.settings.get().mail
            return mail if mail.transport == "smtp" else None
        return None

    def _run(self) -> None:
        while not self._over.is_set():
            self._changed.clear()
            go_on("Sent e-mails could not be copied (will retry)", self.look, logging.WARNING)
            self._changed.wait(self._pause)

    def _ask_to_end(self) -> None:
        super()._ask_to_end()
        self._changed.set()


def _mailbox_of(mail: MailSettings) -> str:
    """Return the server of the mailbox into which copies go; empty for none."""
    if not mail.sent_copies or mail.sign_in or not mail.user:
        return ""
    provider = provider_of_server(mail.host, mail.user)
    return "" if provider is None else provider.imap
