"""The mail settings: load, save, send a test; then what practice mode kept is offered."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery
from desktop.client.calls.items import ItemQuery
from desktop.contract.items import CONFIRMATION, Informed
from desktop.contract.reasons import Reason
from desktop.gui.actions.backend.connection import Asker
from desktop.gui.frame.notices.bar import DISMISS, BarText
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.verbs import SEND as SENDING
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.events import Stats, TasksEvent
    from desktop.contract.items import Items
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.mail.mail_settings import MailSettingsSheet


@dataclass(frozen=True, slots=True)
class _Password:
    """A password that is kept in memory only, and whose it is."""

    host: str
    user: str
    password: str = field(repr=False)

    def opens(self, mail: dict[str, Any]) -> bool:
        return (self.host, self.user) == (mail["host"], mail["user"])


class MailSetup(QObject):
    """Fills the mail settings and carries out what is asked there.

    ``changed`` carries all settings whenever they were loaded or saved. A password that is kept
    for the session is handed to each new backend again: its memory ends with it. What is typed is
    in ``drafts`` until it is saved or discarded, the password never.
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
        """Fill the sheet, and carry out what is asked there."""
        self._sheet = sheet
        self._drafts.follow(sheet)
        sheet.save_requested.connect(self._save)
        sheet.test_requested.connect(partial(self._test, sheet))
        sheet.forget_requested.connect(partial(self._forget, sheet))
        if self._settings is None:
            self.load()
        else:
            self._fill(sheet, self._settings)

    def load(self) -> None:
        """Read the settings; what is being typed into the open sheet stays."""
        if self._source.api is not None:
            job = Job(self._source.api.settings).then(self._on_loaded)
            self._jobs.start(job.otherwise(self._on_failed))

    def follow(self, stats: Stats) -> None:
        """Read the settings again where practice was begun or ended elsewhere."""
        before, self._in_practice = self._in_practice, stats["practice"]
        if before not in {None, stats["practice"]}:
            self.load()

    def _save(self, body: dict[str, Any]) -> None:
        password = body.get("mail", {}).get("password")
        saved = partial(self._on_saved, password)
        self._ask(lambda api: Job(api.save_settings, body).then(saved))

    def _forget(self, sheet: MailSettingsSheet) -> None:
        none = {"mail": {"password": ""}}
        forgotten = partial(self._on_forgotten, sheet)
        self._ask(lambda api: Job(api.save_settings, none).then(forgotten))

    def _test(self, sheet: MailSettingsSheet, body: dict[str, Any]) -> None:
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


BAR: Final = "kept"
SEND: Final = "send_kept"
KEPT: Final = TaskQuery(task=CONFIRMATION, reasons=(Reason.KEPT,))
"""The messages among what was kept: own tasks may keep something else."""
ONLY_KEPT: Final = ItemQuery(informed=(Informed.KEPT,))
"""The items whose message was kept, and which no message has left for since."""


class Practice(QObject):
    """Counts what was kept whenever real sending is on, and sends it when the person says so."""

    def __init__(
        self, window: MainWindow, source: ApiSource, jobs: Jobs, verbs: TaskVerbs, live: Live
    ) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._ask = Asker(source, jobs, lambda _: None)  # the next connection asks again
        self._verbs = verbs
        self._count = 0
        self._rereading = Rereading(window, self._count_again, elsewhere=True)
        self._notices.action_chosen.connect(self._on_action)
        live.tasks_changed.connect(self._on_tasks)

    def follow(self, settings: dict[str, Any]) -> None:
        """Look how much there is to send; practice mode itself offers nothing."""
        self._notices.take_back(BAR)
        if settings["mail"]["transport"] == "smtp":
            self._ask(lambda api: Job(api.items.page, ONLY_KEPT, limit=1).then(self._offer))

    def _on_tasks(self, _event: TasksEvent) -> None:
        """Count again what is offered: some of it may have been sent or removed."""
        if BAR in self._notices.names():
            self._rereading.note()

    def _count_again(self) -> None:
        self._ask(lambda api: Job(api.items.page, ONLY_KEPT, limit=1).then(self._on_counted))

    def _on_counted(self, page: Items) -> None:
        if BAR in self._notices.names():
            self._offer(page)

    def _offer(self, page: Items) -> None:
        """Count people, not messages: who was sent another one since is not told twice."""
        self._count = page["counts"][Informed.KEPT]
        if not self._count:
            self._notices.take_back(BAR)
            return
        said = self.tr(
            "%Ln e-mails were kept in practice mode and have not been sent.", None, self._count
        )
        actions = ((SEND, self.tr("Send")),)
        bar = BarText("info", said, actions, icon="inbox", dismissible=True)
        self._notices.say(BAR, bar)

    def _on_action(self, name: str, action: str) -> None:
        if name != BAR:
            return
        self._notices.take_back(BAR)
        if action != DISMISS:
            self._verbs.act("retry", Everything(KEPT, self._count), said=SENDING)
