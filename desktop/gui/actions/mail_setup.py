"""Loads, saves and tests the mail settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.gui.jobs import Asker, Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.events import Stats
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.jobs import Jobs
    from desktop.gui.mail.mail_settings import MailSettingsSheet


@dataclass(frozen=True, slots=True)
class _Password:
    """A password that is kept in memory only, with its server and user."""

    host: str
    user: str
    password: str = field(repr=False)

    def opens(self, mail: dict[str, Any]) -> bool:
        return (self.host, self.user) == (mail["host"], mail["user"])


class MailSetup(QObject):
    """Fills the sheet of mail settings and carries out its actions.

    ``changed`` carries all settings whenever they were loaded or saved. A password that is kept for
    the session is sent to each new backend again, since a backend keeps it in memory only.
    ``drafts`` keeps what is typed until it is saved or discarded, except the password.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject, source: ApiSource, jobs: Jobs, drafts: TypedDrafts) -> None:
        super().__init__(parent)
        self._sheet: MailSettingsSheet | None = None
        self._settings: dict[str, Any] | None = None
        self._source = source
        self._jobs = jobs
        self._ask = Asker(source, jobs, self._on_failed)
        self._in_practice: bool | None = None
        self._password: _Password | None = None
        self._drafts = drafts

    def serve(self, sheet: MailSettingsSheet) -> None:
        """Fill the sheet and carry out its actions."""
        self._sheet = sheet
        self._drafts.follow(sheet)
        sheet.save_requested.connect(self._on_save_requested)
        sheet.test_requested.connect(partial(self._on_test_requested, sheet))
        sheet.forget_requested.connect(partial(self._on_forget_requested, sheet))
        if self._settings is None:
            self.load()
        else:
            self._fill(sheet, self._settings)

    def load(self) -> None:
        """Read the settings; an open sheet keeps what is typed in it."""
        if self._source.api is not None:
            job = Job(self._source.api.settings).then(self._on_loaded)
            self._jobs.start(job.otherwise(self._on_failed))

    def follow(self, stats: Stats) -> None:
        """Read the settings again if practice mode was begun or ended in another window."""
        before, self._in_practice = self._in_practice, stats["practice"]
        if before not in {None, stats["practice"]}:
            self.load()

    def _on_save_requested(self, body: dict[str, Any]) -> None:
        password = body.get("mail", {}).get("password")
        saved = partial(self._on_saved, password)
        self._ask(lambda api: Job(api.save_settings, body).then(saved))

    def _on_forget_requested(self, sheet: MailSettingsSheet) -> None:
        none = {"mail": {"password": ""}}
        forgotten = partial(self._on_forgotten, sheet)
        self._ask(lambda api: Job(api.save_settings, none).then(forgotten))

    def _on_test_requested(self, sheet: MailSettingsSheet, body: dict[str, Any]) -> None:
        self._ask(lambda api: Job(api.test_mail, body).then(sheet.show_test_result))

    def _on_loaded(self, settings: dict[str, Any]) -> None:
        mail, kept = settings["mail"], self._password
        if kept is not None and mail["password_kept"] is None and kept.opens(mail):
            again = {"mail": {"password": kept.password, "keep_password": "session"}}
            self._ask(lambda api: Job(api.save_settings, again).then(self._show))
        else:
            self._show(settings)

    def _show(self, settings: dict[str, Any]) -> None:
        before, self._settings = self._settings, settings
        sheet = self._sheet
        if sheet is not None and (before is None or not sheet.isVisible()):
            self._fill(sheet, settings)
        self.changed.emit(settings)

    def _fill(self, sheet: MailSettingsSheet, settings: dict[str, Any]) -> None:
        sheet.show_settings(settings)
        self._drafts.put_back(sheet)

    def _on_saved(self, password: str | None, settings: dict[str, Any]) -> None:
        mail = settings["mail"]
        for_session = mail["password_kept"] == "session"  # noqa: S105 - no password
        if not for_session:
            self._password = None
        elif password is not None:
            self._password = _Password(mail["host"], mail["user"], password)
        self._settings = settings
        if self._sheet is not None:
            self._sheet.show_settings(settings)
        self.changed.emit(settings)

    def _on_forgotten(self, sheet: MailSettingsSheet, settings: dict[str, Any]) -> None:
        self._password = None
        sheet.show_forgotten(settings)

    def _on_failed(self, error: Exception) -> None:
        if self._sheet is not None:
            self._sheet.show_failure(error)
