"""The window up to its first picture: its widgets, and the objects that it needs."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QEventLoop,
    QSettings,
    QThreadPool,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.dialogs import LazyDialog
from desktop.gui.frame.drops import take_files
from desktop.gui.frame.main_window import MainWindow
from desktop.gui.frame.pins import NEW
from desktop.gui.frame.unhandled_errors import UnhandledErrors
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.rights import WindowRights
from desktop.gui.kit.widgets.buttons import INSIDE, SEND_KEYS, give_key
from desktop.gui.kit.words import plurals
from desktop.gui.kit.words.states import in_words
from desktop.gui.link.jobs import ApiSource, Jobs
from desktop.gui.sentence.pane import SentencePane
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.gui.tasks.tasks_page import TasksPage
from sendoff_tasks.folder.tokens import is_viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.batches.spreadsheets import Spreadsheets
    from desktop.gui.items.older_items import OlderItems
    from desktop.gui.kit.widgets.dialog import Dialog
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.folder.backend_addresses import Backend


translate = QCoreApplication.translate
WORKERS: Final = 8
"""Threads for requests: more than the number of cores, since requests mostly wait."""
SWITCH_INTERVAL: Final = 0.0005
"""Seconds a worker thread may keep the interpreter while the GUI thread waits for it."""
PICTURE_WITHIN_MS: Final = 200
"""How long to wait for the first picture: a window that starts hidden paints none."""
FONT: Final = "Inter"
"""The font of the window where it is installed; else the system's."""


class AppWindow(MainWindow):
    """The window with its form, the tasks in ``page``, and what is made when it is wanted.

    ``settings`` keep the shape of the window.
    ``items`` and ``batches`` are made after the window's first picture.
    """

    form: ItemForm
    items: OlderItems
    batches: Spreadsheets

    def __init__(
        self,
        model: TaskModel,
        source: ApiSource,
        themes: ThemeSource,
        settings: QSettings,
        rights: WindowRights,
    ) -> None:
        form = ItemForm(settings)
        self.page = page = TasksPage(model, source, rights)
        super().__init__(form, page.search, themes, settings, rights)
        self.mail = LazyDialog(self.dialogs, _mail_settings, self)
        self._connect_dialogs()
        self.sentence = SentencePane(self.pointer)
        self.above.addWidget(self.sentence)
        self.sentence.chosen.connect(lambda button: self.cases.press(button.verb, button.about))
        for change in (self.sentence.changing, self.sentence.moving):
            change.connect(self.click_guard.begin)
        self._take_form(form)
        kept = page.enter(self)
        words, send = self.tr("Send what is typed"), lambda: self.desk.shown.sends()
        give_key(self.monitor, SEND_KEYS, words, send, INSIDE)
        self.open_as_before(kept)

    def _take_form(self, form: ItemForm) -> None:
        """Begin the desk with the form."""
        words = translate("desk", "New item")
        form.take_dropped = partial(take_files, self, attach=form.files.add)
        self.desk.add(DeskMode(form, words, form.submit_button, form.begin, form.send))
        self.pin_form()
        self.pins.choose(NEW)

    def _connect_dialogs(self) -> None:
        """Open the mail settings from the menu and the sentence."""
        self.menu.mail_settings_chosen.connect(lambda: self.mail.dialog.open())
        self.cases.lead("mail_settings", lambda _: self.mail.dialog.open())
        self.cases.lead("sign_in", lambda _: self.mail.dialog.open_to_sign_in())
        self.cases.lead("real_sending", lambda _: self.mail.dialog.open_for_real())


def _mail_settings() -> Callable[[QWidget], Dialog]:
    from desktop.gui.mail.mail_settings import MailSettingsDialog

    return MailSettingsDialog


def hide_item_controls(window: AppWindow) -> None:
    """Hide the controls of items and messages: another app's tasks have none."""
    _hide_form(window)
    window.halves.prefer_rows()
    window.menu.hide_mail()
    window.page.table.be_of_app()


def hide_changing_controls(window: AppWindow) -> None:
    """Hide the controls that change something: the token only allows reading."""
    _hide_form(window)
    window.menu.hide_changes()
    window.head.say_always(access=translate("frame", "Read-only"))


def _hide_form(window: AppWindow) -> None:
    for key in window.keys:
        key.setVisible(False)
    window.desk.leave_out(window.form)
    window.halves.begin_with_rows()
    window.pins.put(NEW, ())
    window.head.importing.hide()
    window.setAcceptDrops(False)
    window.page.table.empty.nothing = translate("frame", "No tasks yet.")
    window.page.table.setFocus()
    window.page.begin_with_row()


def make_application() -> QApplication:
    """Make the process's ``QApplication``."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Sendoff")
    app.setDesktopFileName("sendoff")
    app.setQuitOnLastWindowClosed(False)
    font = app.font()
    font.setFamilies([FONT, *font.families()])
    app.setFont(font)
    plurals.install(app)
    return app


class ShownWindow:
    """The window of a data folder, or of a server, and the objects it needs."""

    def __init__(self, app: QApplication, data: OfficeFolder, server: Backend | None) -> None:
        self._app = app
        self.pool = QThreadPool(maxThreadCount=WORKERS)
        self.jobs = Jobs(self.pool, self._on_unhandled, in_words)
        self.source = ApiSource(self.jobs)
        self.settings = QSettings(str(data.root / "window.ini"), QSettings.Format.IniFormat)
        themes = ThemeSource(app, self.settings)
        self.pending = PendingActions(Delivery())
        self.model = TaskModel(self.source, self.pending)
        may_change = server is None or not is_viewer(server.token)
        rights = WindowRights(may_change, server is None, data.app_mark.exists())
        self.window = AppWindow(self.model, self.source, themes, self.settings, rights)
        if not rights.may_change:
            hide_changing_controls(self.window)
        themes.apply_theme()
        self.errors = UnhandledErrors(self.window, data.logs / "window.log")
        if server is not None:
            self.window.show_server(urlsplit(server.url).netloc)
        if rights.is_app:
            hide_item_controls(self.window)

    def show(self) -> None:
        """Show the window and wait for its first picture; user input is handled afterwards."""
        self.window.show()
        ends = QDeadlineTimer(PICTURE_WITHIN_MS)
        QTimer.singleShot(PICTURE_WITHIN_MS, self.window, lambda: None)  # ends the wait for more
        flags = QEventLoop.ProcessEventsFlag
        while not (ends.hasExpired() or self._is_exposed()):
            self._app.processEvents(flags.ExcludeUserInputEvents | flags.WaitForMoreEvents)

    def _is_exposed(self) -> bool:
        handle = self.window.windowHandle()
        return handle is not None and handle.isExposed()

    def _on_unhandled(self, error: Exception) -> None:
        self.errors.tell(error)
