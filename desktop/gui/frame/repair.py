"""A way out when the database is damaged: its backup, or an empty one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.notices.toasts import LEGIBLE_S
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job
from sendoff_tasks.folder.database_backups import begin_empty, newest_backup, restore

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.folder.database_backups import Backup, RestoreReport
    from sendoff_tasks.model.tasks import Level


BAR: Final = "damage"
_RESTORE: Final = "restore"
_EMPTY: Final = "empty"


class Repair(QObject):
    """Explains the damage in a bar, and carries out the chosen repair while no backend runs.

    ``repaired`` says that the backend can start again.
    """

    repaired = Signal()

    def __init__(self, window: MainWindow, database: Path, jobs: Jobs) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._toasts = window.toasts
        self._database = database
        self._jobs = jobs

    def offer(self) -> None:
        """Say that the database is damaged, and offer the newest backup or an empty database."""
        self._jobs.start(Job(newest_backup, self._database).then(self._on_found))

    def _on_found(self, backup: Backup | None) -> None:
        if backup is None:
            words = say("damaged", "no_backup")
            action = _EMPTY, self.tr("Start empty, keep the damaged file")
        else:
            when = minute_of_day(backup.at.timestamp(), time.time())
            words = say("damaged", "backup", when=when)
            action = _RESTORE, self.tr("Restore the backup of {when}").format(when=when)
        self._say("error", words, action)

    def _on_action(self, action: str) -> None:
        if action == _RESTORE:
            self._say("info", say("damaged", "restoring"))
            restoring = Job(restore, self._database).then(self._on_restored)
            self._jobs.start(restoring.otherwise(self._on_failed))
        elif action == _EMPTY:
            emptying = Job(begin_empty, self._database).then(self._on_repaired)
            self._jobs.start(emptying.otherwise(self._on_failed))

    def _on_restored(self, restored: RestoreReport) -> None:
        """Finish the repair; the backend explains the consequences when it starts."""
        self._on_repaired(restored.kept)

    def _on_repaired(self, kept: Path) -> None:
        words = say("damaged", "kept", folder=kept)
        self._notices.take_back(BAR)
        self._toasts.show(words, seconds=LEGIBLE_S, icon="folder-open")
        self.repaired.emit()

    def _on_failed(self, error: Exception) -> None:
        """Say why the repair failed, and offer both ways out."""
        empty = self.tr("Start empty, keep the damaged file")
        actions = (_RESTORE, self.tr("Restore a backup")), (_EMPTY, empty)
        self._say("error", str(error), *actions)

    def _say(self, level: Level, words: str, *actions: tuple[str, str]) -> None:
        self._notices.say(BAR, BarText(level, words, actions), self._on_action)
