"""The window up to its first picture, shown before the rest of the program is imported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication

from desktop.client.api import ApiSource
from desktop.gui.assembly import begin_window, hide_item_controls
from desktop.gui.frame.unhandled_errors import UnhandledErrors
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.reach import WHOLE, Reach
from desktop.gui.kit.words import plurals
from desktop.gui.link.jobs import Jobs
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.settings.tokens import is_viewer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.settings.backend_file import Backend
    from desktop.settings.paths import DataFolder

WORKERS: Final = 8
"""Threads for requests: more than the number of cores, since requests mostly wait."""
SWITCH_INTERVAL: Final = 0.0005
"""Seconds a worker thread may keep the interpreter while the GUI thread waits for it."""
PICTURE_WITHIN_MS: Final = 200
"""How long to wait for the first picture: a window that starts hidden paints none."""


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

    def __init__(self, app: QApplication, data: DataFolder, server: Backend | None = None) -> None:
        self._app = app
        self.source = ApiSource()
        self.pool = QThreadPool(maxThreadCount=WORKERS)
        self.jobs = Jobs(self.pool, self._on_unhandled)
        self.settings = QSettings(str(data.root / "window.ini"), QSettings.Format.IniFormat)
        themes = ThemeSource(app, self.settings)
        self.model = TaskModel(self.source, self.jobs)
        reach = WHOLE
        if server is not None:
            reach = Reach(may_change=not is_viewer(server.token), has_files=False)
        self.window = begin_window(self.model, self.source, self.jobs, themes, self.settings, reach)
        themes.dress()
        self.errors = UnhandledErrors(self.window.notices, data.logs / "window.log")
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
