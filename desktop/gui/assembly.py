"""The window up to its first picture: its widgets, and the objects that it needs."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QObject,
    QSettings,
    QThreadPool,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.main_window import MainWindow
from desktop.gui.frame.sheets import LazySheet
from desktop.gui.frame.unhandled_errors import UnhandledErrors
from desktop.gui.frame.views import BATCHES, ITEMS
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.rights import ALL_RIGHTS, WindowRights
from desktop.gui.kit.words import plurals
from desktop.gui.kit.words.states import in_words
from desktop.gui.link.jobs import ApiSource, Jobs
from desktop.gui.sentence.pane import SentencePane
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.columns import OF_MESSAGES
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.gui.tasks.tasks_page import TasksPage
from sendoff_tasks.folder.tokens import is_viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.batches.batch_view import BatchView
    from desktop.gui.items.form.preview import PreviewPane
    from desktop.gui.items.item_view import ItemView
    from desktop.gui.kit.widgets.sheet import Sheet
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.folder.backend_addresses import Backend


translate = QCoreApplication.translate
WORKERS: Final = 8
"""Threads for requests: more than the number of cores, since requests mostly wait."""
SWITCH_INTERVAL: Final = 0.0005
"""Seconds a worker thread may keep the interpreter while the GUI thread waits for it."""
PICTURE_WITHIN_MS: Final = 200
"""How long to wait for the first picture: a window that starts hidden paints none."""


class AppWindow(MainWindow):
    """The window with its form, the view of tasks in ``page``, and what is made when it is wanted.

    ``settings`` keep the shape of the window.
    ``items`` and ``batches`` are made after the window's first picture.
    """

    form: ItemForm
    items: ItemView
    batches: BatchView

    def __init__(
        self,
        model: TaskModel,
        source: ApiSource,
        themes: ThemeSource,
        settings: QSettings,
        rights: WindowRights,
    ) -> None:
        form = ItemForm(settings)
        self.page = page = TasksPage(model, source, themes, rights)
        super().__init__(form, page.search, themes, settings, rights)
        self.mail = LazySheet(self.sheets, _mail_settings, self)
        self.preview = LazySheet(self.sheets, partial(_preview, source), self)
        self._connect_sheets()
        self.sentence = SentencePane(self.pointer)
        self.head.insertWidget(0, self.sentence)
        self.sentence.chosen.connect(lambda button: self.cases.press(button.verb, button.about))
        for change in (self.sentence.changing, self.sentence.moving):
            change.connect(self.click_guard.begin)
        kept = page.enter(self)
        form.submit_from(self.sheets.send, self.top_bar, self.monitor, self.notices)
        self.open_as_before(kept)

    def _connect_sheets(self) -> None:
        """Open the mail settings from the menu and the sentence, the preview from the form."""
        self.menu.mail_settings_chosen.connect(lambda: self.mail.sheet.open())
        self.cases.lead("mail_settings", lambda _: self.mail.sheet.open())
        self.cases.lead("sign_in", lambda _: self.mail.sheet.open_to_sign_in())
        self.cases.lead("real_sending", lambda _: self.mail.sheet.open_for_real())
        self.mail.made.connect(lambda sheet: sheet.closed.connect(self.preview.close))
        self.form.preview_requested.connect(lambda *item: self.preview.sheet.show_item(*item))
        self.preview.made.connect(self._on_preview_made)

    def _on_preview_made(self, pane: PreviewPane) -> None:
        """Let the preview follow the form."""
        form = self.form
        form.preview_stalled.connect(pane.stall)
        form.changed.connect(pane.follow)
        pane.item_wanted.connect(form.tell_preview)
        pane.refused.connect(form.point_out)
        form.submit_from(self.sheets.send, pane)


def _mail_settings() -> Callable[[QWidget], Sheet]:
    from desktop.gui.mail.mail_settings import MailSettingsSheet

    return MailSettingsSheet


def _preview(source: ApiSource) -> Callable[[QWidget], Sheet]:
    from desktop.gui.items.form.preview import PreviewPane

    return partial(PreviewPane, source)


def hide_item_controls(window: AppWindow) -> None:
    """Hide the controls of items and messages: another app's tasks have none."""
    _hide_form(window)
    window.switch.hide_views(ITEMS, BATCHES)
    for key in window.keys.of_items:
        key.setVisible(False)
    window.menu.hide_mail()
    window.page.table.header.leave_out(OF_MESSAGES)


def hide_changing_controls(window: AppWindow) -> None:
    """Hide the controls that change something: the token only allows reading."""
    _hide_form(window)
    for key in window.keys.of_changes:
        key.setVisible(False)
    window.menu.hide_changes()
    window.top_bar.say_always(access=translate("frame", "Read-only"))


def _hide_form(window: AppWindow) -> None:
    window.across.leave_form_out()
    for about_items in (window.top_bar.new_item, window.top_bar.importing):
        about_items.hide()
    window.setAcceptDrops(False)
    window.page.table.empty.nothing = translate("frame", "No tasks yet.")
    window.page.table.setFocus()


def make_application() -> QApplication:
    """Make the process's ``QApplication``."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Sendoff")
    app.setDesktopFileName("sendoff")
    app.setQuitOnLastWindowClosed(False)
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
        rights = ALL_RIGHTS
        if server is not None:
            rights = WindowRights(may_change=not is_viewer(server.token), has_files=False)
        self.window = AppWindow(self.model, self.source, themes, self.settings, rights)
        if not rights.may_change:
            hide_changing_controls(self.window)
        themes.apply_theme()
        self.errors = UnhandledErrors(self.window, data.logs / "window.log")
        if server is not None:
            self.window.show_server(urlsplit(server.url).netloc)
        if data.app_mark.exists():
            hide_item_controls(self.window)

    def show(self) -> None:
        """Show the window and wait for its first picture; user input is handled afterwards."""
        self.window.show()
        first = _FirstPicture(self.window)
        flags = QEventLoop.ProcessEventsFlag
        while not first.is_there:
            self._app.processEvents(flags.ExcludeUserInputEvents | flags.WaitForMoreEvents)

    def _on_unhandled(self, error: Exception) -> None:
        self.errors.tell(error)


class _FirstPicture(QObject):
    """Waits until a window is painted, for ``PICTURE_WITHIN_MS`` at most."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.is_there = False
        self._window = window
        window.installEventFilter(self)
        QTimer.singleShot(PICTURE_WITHIN_MS, self, self._end)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the first time that the window is painted."""
        if event.type() == QEvent.Type.Paint:
            self._end()
        return super().eventFilter(watched, event)

    def _end(self) -> None:
        self.is_there = True
        self._window.removeEventFilter(self)
