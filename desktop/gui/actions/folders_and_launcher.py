"""Opens folders, and adds Sendoff to the applications menu or removes it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import TASKS_FOLDER
from desktop.settings import desktop_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.settings.paths import DataFolder


class FoldersAndLauncher(QObject):
    """Opens the folders named in the menu and in notices."""

    def __init__(self, window: MainWindow, data: DataFolder, jobs: Jobs) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self.data = data
        self._jobs = jobs
        window.menu.outbox_chosen.connect(lambda: _open(data.outbox))
        window.menu.launcher_chosen.connect(self._on_launcher)
        window.practice_bar.launcher_chosen.connect(self._add_launcher)
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
