"""Fills, saves and tests the mail settings, and lets the window follow them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.items import ItemQuery
from desktop.contract.items import Informed
from desktop.contract.rules.sign_in import ISSUER_NAMES, SENDS
from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.mail.providers import provider_of_record
from sendoff_tasks.folder.backend_addresses import NO_PID

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api
    from desktop.contract.items import Items
    from desktop.contract.office import OfficeStats
    from desktop.contract.settings import MailView, SettingsView
    from desktop.contract.sign_in import SignInView
    from desktop.gui.frame.dialogs import LazyDialog
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.room import ItemsRoom
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource, Ticket
    from desktop.gui.link.outbox import Outbox
    from desktop.gui.mail.mail_form import MailForm
    from desktop.gui.mail.mail_settings import MailSettingsDialog
    from desktop.gui.tasks.room import TasksRoom


LINE: Final = "mail settings"
"""The line of what changes the settings."""
KEPT: Final = "kept"
"""The case that practice mode has kept messages."""
LOOK_EVERY_MS: Final = 1000
"""Milliseconds between two looks whether a person has signed in."""
ACCOUNT: Final = "account"
"""The case of who lets the person sign in to send."""
ONLY_KEPT: Final = ItemQuery(informed=(Informed.KEPT,))
"""The items whose message was kept and for which none was sent since."""


class Practice(QObject):
    """Counts the messages that practice mode has kept, and shows them.

    While really sending, a person may put that away; it comes back with the next change of modes.
    """

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        live: Live,
        show: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._cases = window.cases
        self._reading = LatestRequest(source, lambda _: None)  # asked again at the next connection
        self._is_real: bool | None = None
        self._is_told = True
        self._rereading = Rereading(window, self._count, elsewhere=True)
        live.tasks_changed.connect(lambda _: self._rereading.note())
        self._cases.lead("show_kept", lambda _: show("kept"))
        self._cases.on_put_away(KEPT, lambda _: self._end())

    def follow(self, mail: MailView) -> None:
        """Count the kept messages once the mode is known."""
        before, self._is_real = self._is_real, mail["transport"] == "smtp"
        if before != self._is_real:
            self._is_told = True
        self._rereading.note()

    def _end(self) -> None:
        self._is_told = False

    def _count(self) -> None:
        if self._is_real is not None and self._is_told:
            self._reading.ask(lambda api: Job(api.items.page, ONLY_KEPT, limit=1).then(self._tell))

    def _tell(self, page: Items) -> None:
        """Tell of kept messages; recipients that got another message since do not count."""
        count = page["counts"][Informed.KEPT]
        if count and self._is_told:
            self._cases.tell(CaseFact(KEPT, count))
        else:
            self._cases.take_back(KEPT)


@dataclass(frozen=True, slots=True)
class _Password:
    """A password that is kept in memory only, with its server and user."""

    host: str
    user: str
    password: str = field(repr=False)

    def opens(self, mail: MailView) -> bool:
        return (self.host, self.user) == (mail["host"], mail["user"])


class SigningInHere(QObject):
    """Reads, begins and ends the sign-in that the sheet shows, and looks while one is under way."""

    def __init__(self, sheet: MailSettingsDialog, source: ApiSource, outbox: Outbox) -> None:
        super().__init__(sheet)
        self._sheet, self._outbox = sheet, outbox
        self._part = part = sheet.form.sign_in
        self._reading = LatestRequest(source, sheet.show_sign_in_failure)
        self._looking = QTimer(self, interval=LOOK_EVERY_MS, singleShot=True)
        self._looking.timeout.connect(self._read)
        part.wanted.connect(self._read)
        part.begin_wanted.connect(self._begin)
        part.cancel_wanted.connect(self._cancel)
        part.sign_out_wanted.connect(self._sign_out)
        sheet.opened.connect(self._read)
        if part.settings:
            self._read()

    def _read(self) -> None:
        if settings := self._settings():
            self._ask(lambda api: Job(api.sign_in.read, settings))

    def _sign_out(self) -> None:
        settings = self._settings()
        self._ask(lambda api: Job(api.sign_in.sign_out, settings))

    def _cancel(self) -> None:
        self._looking.stop()
        wish = Wish(lambda api, _: api.sign_in.cancel(), about="sign-in")
        self._outbox.put(wish, lambda _: self._read(), self._sheet.show_sign_in_failure)

    def _settings(self) -> dict[str, str]:
        asked = self._part.settings
        return {name: value for name, value in asked.items() if name != "client_secret"}

    def _begin(self, shared: bool) -> None:
        settings = self._part.settings
        self._ask(lambda api: Job(api.sign_in.begin, settings, shared=shared))

    def _ask(self, job: Callable[[Api], Job[Any]]) -> None:
        self._looking.stop()
        self._reading.ask(lambda api: job(api).then(partial(self._show, is_here=_is_here(api))))

    def _show(self, view: SignInView, *, is_here: bool) -> None:
        self._part.show_view(view, is_here=is_here)
        if view["under_way"] is not None and self._part.isVisible():
            self._looking.start()


def _is_here(api: Api) -> bool:
    """Tell whether a backend is on this computer: one at an address has no number of a process."""
    return api.backend.pid != NO_PID


class MailSetup(QObject):
    """Fills the sheet of mail settings and carries out its actions.

    ``changed`` carries all settings whenever they were loaded or saved. A password that is kept for
    the session is sent to each new backend again, since a backend keeps it in memory only.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject, source: ApiSource, outbox: Outbox) -> None:
        super().__init__(parent)
        self._outbox = outbox
        self._sheet: MailSettingsDialog | None = None
        self._settings: SettingsView | None = None
        self._ask = Asker(source, self._on_failed)
        self._in_practice: bool | None = None
        self._password: _Password | None = None
        self._source = source
        self._lookup: Ticket | None = None

    def serve(self, sheet: MailSettingsDialog) -> None:
        """Fill the sheet and carry out its actions."""
        self._sheet = sheet
        sheet.opened.connect(self._read_again)
        sheet.save_requested.connect(self._on_save_requested)
        sheet.test_requested.connect(partial(self._on_test_requested, sheet))
        sheet.forget_requested.connect(partial(self._on_forget_requested, sheet))
        sheet.form.record_wanted.connect(partial(self._look_up, sheet.form))
        SigningInHere(sheet, self._source, self._outbox)
        if self._settings is not None:
            sheet.show_loaded(self._settings)

    def _look_up(self, form: MailForm, address: str) -> None:
        """Look up the provider by the mail record of an address, in place of an earlier one."""
        if self._lookup is not None:
            self._lookup.cancel()
        job = Job(provider_of_record, address).then(partial(form.show_record, address))
        self._lookup = self._source.jobs.start(job)

    def load(self) -> None:
        """Read the settings; an open sheet keeps what is typed in it."""
        self._ask(lambda api: Job(api.settings).then(self._on_loaded), self._on_unread)

    def _read_again(self) -> None:
        """Read the settings, and leave a password alone that another window may have forgotten."""
        self._ask(lambda api: Job(api.settings).then(self._show), self._on_unread)

    def follow(self, stats: OfficeStats) -> None:
        """Read the settings again if practice mode was begun or ended in another window."""
        before, self._in_practice = self._in_practice, stats.get("practice")
        if before not in {None, stats.get("practice")}:
            self.load()

    def _on_save_requested(self, body: dict[str, Any]) -> None:
        password = body.get("mail", {}).get("password")
        saved = partial(self._on_saved, password)
        wish = Wish(lambda api, _: api.save_settings(body), about=self._sheet, line=LINE)
        self._outbox.put(wish, saved, self._on_failed, self._on_failed)

    def _on_forget_requested(self, sheet: MailSettingsDialog) -> None:
        wish = Wish(lambda api, _: api.save_settings({"mail": {"password": ""}}), line=LINE)
        self._outbox.put(wish, partial(self._on_forgotten, sheet), self._on_failed)

    def _on_test_requested(self, sheet: MailSettingsDialog, body: dict[str, Any]) -> None:
        self._ask(lambda api: Job(api.test_mail, body).then(sheet.show_test_result))

    def _on_loaded(self, settings: SettingsView) -> None:
        mail, kept = settings["mail"], self._password
        if kept is not None and mail["password_kept"] is None and kept.opens(mail):
            again = {"mail": {"password": kept.password, "keep_password": "session"}}
            wish = Wish(lambda api, _: api.save_settings(again), line=LINE)

            def not_again(_: Exception) -> None:
                self._show(settings)

            self._outbox.put(wish, self._show, not_again, not_again)
        else:
            self._show(settings)

    def _show(self, settings: SettingsView) -> None:
        self._settings = settings
        if self._sheet is not None:
            self._sheet.show_loaded(settings)
        self.changed.emit(settings)

    def _on_saved(self, password: str | None, settings: SettingsView) -> None:
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

    def _on_forgotten(self, sheet: MailSettingsDialog, settings: SettingsView) -> None:
        self._password = None
        sheet.show_forgotten(settings)

    def _on_unread(self, error: Exception) -> None:
        if self._settings is None:  # else the sheet has those that were read before
            self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        if self._sheet is not None:
            self._sheet.show_failure(error)


class MailRoom(QObject):
    """Fills and saves the mail settings, and lets the window follow them."""

    def __init__(
        self,
        window: MainWindow,
        dialog: LazyDialog,
        services: RoomServices,
        tasks: TasksRoom,
        items: ItemsRoom,
        *,
        has_items: bool,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._grace = services.grace
        self._delivery = tasks.verbs.pending.delivery
        self._has_items = has_items
        source, live = services.source, services.live
        self.setup = MailSetup(self, source, services.outbox)
        self.practice = Practice(window, source, live, tasks.page.show_filter)
        self.setup.changed.connect(self._on_settings_changed)
        services.link.ready.connect(self.setup.load)
        live.stats_changed.connect(self.setup.follow)
        dialog.made.connect(self._on_made)

    def _on_made(self, sheet: MailSettingsDialog) -> None:
        self.setup.serve(sheet)
        words = self.tr("The mail settings are saved")
        sheet.saved.connect(lambda: self._window.notes.show(words, icon="check"))

    def _on_settings_changed(self, settings: SettingsView) -> None:
        window, mail = self._window, settings["mail"]
        self._grace.seconds = float(settings["window"]["grace_seconds"])
        if not self._has_items:
            return
        is_real, kept = mail["transport"] == "smtp", mail["password_kept"]
        window.menu.say_through(SENDS.get(mail["sign_in"], mail["host"]) if is_real else "")
        window.cases.take_back_all(ACCOUNT)
        if mail["sign_in"]:
            window.cases.tell(CaseFact(ACCOUNT, about=ISSUER_NAMES[mail["sign_in"]]))
        self._delivery.follow(mail)
        window.closing.forgets_password = is_real and kept == "session"
        window.starts.keep(keeps=mail["transport"] == "practice")
        if window.rights.may_change:
            self.practice.follow(mail)
