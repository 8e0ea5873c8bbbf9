"""A way out when the database is damaged: its backup, or an empty one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job
from sendoff_tasks.folder.database_backups import begin_empty, newest_backup, restore

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.folder.database_backups import Backup, RestoreReport


RESTORE: Final = "restore"
EMPTY: Final = "begin_empty"
RESTORING: Final = "restoring"


class Repair(QObject):
    """Finds what can replace a damaged database; after a question, it replaces it.

    No backend runs meanwhile.

    ``repaired`` says that the backend can start again.
    """

    repaired = Signal()

    def __init__(self, window: MainWindow, database: Path, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._cases = window, window.cases
        self._notes = window.notes
        self._database = database
        self._jobs = jobs
        self._cases.lead(RESTORE, lambda _: self._ask_restore())
        self._cases.lead(EMPTY, lambda _: self._ask_empty())

    def offer(self) -> None:
        """Offer the newest backup, or an empty database."""
        self._jobs.start(Job(newest_backup, self._database).then(self._on_found))

    def _on_found(self, backup: Backup | None) -> None:
        if backup is None:
            self._tell(CaseFact(EMPTY))
        else:
            when = minute_of_day(backup.at.timestamp(), time.time())
            self._tell(CaseFact(RESTORE, when=when))

    def _ask_restore(self) -> None:
        answer = self.tr("Restore"), self._restore
        ask(self._window, say("damaged", "ask_restore"), self.tr("Not now"), answer)

    def _ask_empty(self) -> None:
        answer = self.tr("Start empty"), self._begin_empty
        ask(self._window, say("damaged", "ask_empty"), self.tr("Not now"), answer)

    def _restore(self) -> None:
        self._tell(CaseFact(RESTORING))
        restoring = Job(restore, self._database).then(self._on_restored)
        self._jobs.start(restoring.otherwise(self._on_failed))

    def _begin_empty(self) -> None:
        emptying = Job(begin_empty, self._database).then(self._on_repaired)
        self._jobs.start(emptying.otherwise(self._on_failed))

    def _on_restored(self, restored: RestoreReport) -> None:
        """Finish the repair; the backend explains the consequences when it starts."""
        self._on_repaired(restored.kept)

    def _on_repaired(self, kept: Path) -> None:
        words = say("damaged", "kept", folder=kept)
        self._take_back()
        self._notes.show(words, icon="folder-open")
        self.repaired.emit()

    def _on_failed(self, error: Exception) -> None:
        """Say why no backup could be restored; the damaged file is kept in any case."""
        self._tell(CaseFact(EMPTY, why=sentences(str(error))))

    def _tell(self, fact: CaseFact) -> None:
        self._take_back()
        self._cases.tell(fact)

    def _take_back(self) -> None:
        for name in (RESTORE, EMPTY, RESTORING):
            self._cases.take_back(name)
