"""Opens the help, *About* and folders; adds Sendoff to the applications menu or removes it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.gui.kit.reach import TASKS_FOLDER
from desktop.gui.link.jobs import Job
from desktop.settings import desktop_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.events import Stats
    from desktop.gui.frame.help.about_sheet import AboutSheet
    from desktop.gui.frame.help.help_sheet import HelpSheet
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.paths import DataFolder


class HelpSheets(QObject):
    """Opens the help and *About*, opens the folders in *About*, and copies its bug report."""

    def __init__(
        self, window: MainWindow, live: Live, data: DataFolder, themes: ThemeSource
    ) -> None:
        super().__init__(window)
        self._window = window
        self._data = data
        self._themes = themes
        self._counts: dict[str, int] = {}
        self.help: HelpSheet | None = None
        self.about: AboutSheet | None = None
        live.stats_changed.connect(self._on_stats)
        window.menu.help_chosen.connect(self.open_help)
        window.menu.about_chosen.connect(self.open_about)

    def open_help(self) -> None:
        """Open the help."""
        # Imported here, as below: rarely needed, and the import would delay the window's start.
        from desktop.gui.frame.help.help_sheet import HelpSheet

        self.help = self.help or self._window.sheets.make(HelpSheet)
        self.help.open()

    def open_about(self) -> None:
        """Open *About*: versions, folders and licences."""
        from desktop.gui.frame.help.about_sheet import AboutSheet

        if self.about is None:
            folders = [("root", self.tr("Data")), ("logs", self.tr("Logs"))]
            if not self._data.address_file.exists():  # else these folders are on the server
                folders[1:1] = [
                    ("tasks", self.tr("Own tasks")),
                    ("templates", self.tr("Templates")),
                    ("outbox", self.tr("Outbox")),
                ]
            self.about = self._window.sheets.make(partial(AboutSheet, folders))
            self.about.folder_chosen.connect(self._on_folder_chosen)
            self.about.report_chosen.connect(self._on_report_chosen)
        self.about.open()

    def _on_folder_chosen(self, name: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(getattr(self._data, name))))

    def _on_report_chosen(self) -> None:
        from desktop.gui.frame.help.about_sheet import bug_report, without_home

        counts = ", ".join(f"{state} {count:,}" for state, count in self._counts.items() if count)
        facts = {
            "Backend": self._window.strip.backend.text(),
            "Tasks": counts or "none",
            "Data folder": without_home(self._data.root),
        }
        QGuiApplication.clipboard().setText(bug_report(self._themes, facts))
        self._window.toasts.show(self.tr("The text for a bug report is copied"), icon="copy")

    def _on_stats(self, stats: Stats) -> None:
        self._counts = dict(stats["counts"])


class FoldersAndLauncher(QObject):
    """Opens the folders named in the menu and in notices."""

    def __init__(self, window: MainWindow, data: DataFolder, jobs: Jobs) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self.data = data
        self._jobs = jobs
        window.menu.outbox_chosen.connect(lambda: _open(data.outbox))
        window.menu.launcher_chosen.connect(self._on_launcher)
        window.notices.action_chosen.connect(self._on_notice_action)

    def open_tasks(self) -> None:
        """Open the folder of own tasks; an app has its tasks elsewhere."""
        if self.data.app_mark.exists():
            words = self.tr("These tasks belong to the app. Fix them there.")
            self._toasts.show(words, icon="info")
        else:
            _open(self.data.tasks)

    def _on_notice_action(self, _name: str, action: str) -> None:
        if action == TASKS_FOLDER:
            self.open_tasks()

    def _on_launcher(self) -> None:
        """Add or remove the entry in the applications menu: one menu item does both."""
        if desktop_entry.is_installed():
            self._remove_launcher()
        else:
            self._add_launcher()

    def _add_launcher(self) -> None:
        words = self.tr("Sendoff is in the applications menu")
        done = partial(self._tell, words, self._remove_launcher)
        self._jobs.start(Job(desktop_entry.install).then(done))

    def _remove_launcher(self) -> None:
        words = self.tr("Sendoff is no longer in the applications menu")
        done = partial(self._tell, words, self._add_launcher)
        self._jobs.start(Job(desktop_entry.remove).then(done))

    def _tell(self, words: str, undo: Callable[[], None], _: object) -> None:
        toast = self._toasts.show(words, action=self.tr("Undo"))
        toast.action_chosen.connect(undo)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
