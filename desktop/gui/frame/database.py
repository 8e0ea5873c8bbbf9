"""The database: how long things are kept in it, and a way out when it is damaged."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.client.errors import Refused
from desktop.contract.rules.text import whole_number
from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.notices.toasts import LEGIBLE_S
from desktop.gui.frame.sheets import LazySheet
from desktop.gui.kit.look.appearance import in_role
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, give_key
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.link.jobs import Asker, Job
from desktop.settings.database_backups import begin_empty, newest_backup, restore
from desktop.settings.preferences import LONGEST_DAYS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import ApiSource
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.bars import Level
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.database_backups import Backup, Restored


class RetentionSheet(Sheet):
    """Asks for numbers of days; ``save_requested`` carries a body for the API."""

    save_requested = Signal(object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(440, host)
        self.set_title(self.tr("How long things are kept"))
        labels = {
            "tasks_days": self.tr("Tasks that are done, in days; failed ones three times as long"),
            "messages_days": self.tr("E-mails as they were sent, in days"),
            "contents_days": self.tr("Names, addresses and fields of items, in days"),
            "items_days": self.tr("Whether people were informed, in days"),
        }
        self.fields = {name: Field(label, self._problem) for name, label in labels.items()}
        self.trouble = Feedback()
        about = in_role(WholeLabel(), "soft")
        about.setText(
            self.tr(
                "An item outlives its tasks: its number, and whether its person was informed, can"
                " still be looked up when its name and address are gone. Older things are deleted"
                " for good."
            )
        )
        self.add_scrolled(about, *self.fields.values(), self.trouble)
        keys = QKeySequence("Ctrl+Return")
        self.save_button = HintedButton(self.tr("Save"), keys)
        self.save_button.clicked.connect(self._on_save)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setToolTip(self.tr("Close without saving (Esc)"))
        cancel.clicked.connect(self.close)
        give_key(
            self, keys.toString(), self.tr("Save how long things are kept"), self._on_save, INSIDE
        )
        self.foot.addStretch(1)
        self.foot.addWidget(cancel)
        self.foot.addWidget(self.save_button)

    def focus_first(self) -> None:
        """Focus the first field."""
        self.fields["tasks_days"].setFocus()

    def show_settings(self, settings: dict[str, Any]) -> None:
        """Show the settings of the backend."""
        self.trouble.say("")
        for name, field in self.fields.items():
            field.set_text(str(settings["keep"][name]))

    def show_failure(self, error: Exception) -> None:
        """Show why nothing was read or saved, at the field if there is one."""
        for each in error.field_errors if isinstance(error, Refused) else ():
            field = self.fields.get(each["path"].removeprefix("keep."))
            if field is not None:
                field.show_error(each["message"])
                field.setFocus()
                return
        self.trouble.say_why(str(error), error)
        self.bring_into_sight(self.trouble)

    def _problem(self, typed: str) -> str | None:
        if whole_number(typed, LONGEST_DAYS) is not None:
            return None
        return self.tr("Enter a number of days from 1 to {}.").format(f"{LONGEST_DAYS:,}")

    def _on_save(self) -> None:
        wrong = [field for field in self.fields.values() if not field.check()]
        if wrong:
            wrong[0].setFocus()
            return
        days = {name: int(field.text()) for name, field in self.fields.items()}
        self.save_requested.emit({"keep": days})


class RetentionSettings(QObject):
    """Opens the sheet, fills it, and saves what was typed."""

    def __init__(self, window: MainWindow, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = window.toasts
        self._source, self._jobs = source, jobs
        self.lazy = LazySheet(window.sheets, lambda: RetentionSheet, self)
        self.lazy.made.connect(self._on_made)
        window.menu.retention_chosen.connect(self._on_chosen)

    def _on_made(self, sheet: RetentionSheet) -> None:
        self._ask = Asker(self._source, self._jobs, sheet.show_failure)
        sheet.save_requested.connect(partial(self._save, sheet))

    def _on_chosen(self) -> None:
        sheet = self.lazy.sheet
        sheet.open()
        self._ask(lambda api: Job(api.settings).then(sheet.show_settings))

    def _save(self, sheet: RetentionSheet, body: dict[str, Any]) -> None:
        saved = partial(self._on_saved, sheet)
        self._ask(lambda api: Job(api.save_settings, body).then(saved))

    def _on_saved(self, sheet: RetentionSheet, settings: dict[str, Any]) -> None:
        sheet.show_settings(settings)
        sheet.close()
        self._toasts.show(self.tr("Saved: older things are deleted from now on"), icon="check")


BAR: Final = "damage"
_RESTORE: Final = "restore"
_EMPTY: Final = "empty"


class Repair(QObject):
    """Explains the damage in a bar, and carries out the chosen repair while no backend runs.

    ``repaired`` says that the backend can start again.
    """

    repaired = Signal()

    def __init__(self, window: MainWindow, database: Path, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = window.notices
        self._toasts = window.toasts
        self._database = database
        self._jobs = jobs

    def offer(self) -> None:
        """Say that the database is damaged, and offer the newest backup or an empty database."""
        self._jobs.start(Job(newest_backup, self._database).then(self._on_found))

    def _on_found(self, backup: Backup | None) -> None:
        words = self.tr(
            "The database is damaged, so nothing is sent. {way_out} What you submit now is saved."
        )
        if backup is None:
            way_out = self.tr("There is no backup of it.")
            action = _EMPTY, self.tr("Start empty, keep the damaged file")
        else:
            when = minute_of_day(backup.at.timestamp(), time.time())
            way_out = self.tr(
                "Its backup of {when} can replace it; everything after that is lost."
            ).format(when=when)
            action = _RESTORE, self.tr("Restore the backup of {when}").format(when=when)
        self._say("error", words.format(way_out=way_out), action)

    def _on_action(self, action: str) -> None:
        if action == _RESTORE:
            self._say("info", self.tr("Restoring the backup…"))
            restoring = Job(restore, self._database).then(self._on_restored)
            self._jobs.start(restoring.otherwise(self._on_failed))
        elif action == _EMPTY:
            emptying = Job(begin_empty, self._database).then(self._on_repaired)
            self._jobs.start(emptying.otherwise(self._on_failed))

    def _on_restored(self, restored: Restored) -> None:
        """Finish the repair; the backend explains the consequences when it starts."""
        self._on_repaired(restored.kept)

    def _on_repaired(self, kept: Path) -> None:
        words = self.tr("The damaged file is in {folder}").format(folder=kept)
        self._notices.take_back(BAR)
        self._toasts.show(words, seconds=LEGIBLE_S, icon="folder-open")
        self.repaired.emit()

    def _on_failed(self, error: Exception) -> None:
        """Say why the repair failed, and offer both ways out."""
        empty = self.tr("Start empty, keep the damaged file")
        actions = (_RESTORE, self.tr("Try again")), (_EMPTY, empty)
        self._say("error", str(error), *actions)

    def _say(self, level: Level, words: str, *actions: tuple[str, str]) -> None:
        self._notices.say(BAR, BarText(level, words, actions), self._on_action)
