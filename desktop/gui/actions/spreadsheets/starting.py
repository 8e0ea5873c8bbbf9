"""A draft on its way to be sent: set up as its sheet says, then started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.client.api import new_key
from desktop.contract.batches import BatchState
from desktop.gui.actions.backend.connection import Asker
from desktop.gui.actions.spreadsheets.changes import Changes
from desktop.gui.jobs import Job, Question
from desktop.settings.preferences import WindowSettings

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.actions.spreadsheets.draft_memory import DraftMemory
    from desktop.gui.importing.import_sheet import ImportSheet, SetUp
    from desktop.gui.jobs import Jobs


class StartingDraft(QObject):
    """Sets up and starts the draft ``number`` that the sheet shows; ``None`` while it shows none.

    It is started once its last change is made. ``rows_wanted`` says that its columns were matched
    otherwise and its rows have to be read once more: they are seen before they are sent.
    ``started`` carries the batch, ``failed`` why something was not done.
    """

    rows_wanted = Signal()
    started = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        sheet: ImportSheet,
        source: ApiSource,
        jobs: Jobs,
        memory: DraftMemory,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._memory = memory
        self._ask = Asker(source, jobs, self._on_failed)
        self._read = Question(source, jobs, self._on_failed)
        self._changes = Changes(source, jobs, self)
        self._changes.made.connect(self._on_changed)
        self._changes.failed.connect(self._on_not_changed)
        self._is_wanted = False
        self.number: int | None = None
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        sheet.set_up.connect(memory.change)
        sheet.set_up.connect(self._on_set_up)

    def begin(self, number: int) -> None:
        """Have to do with this draft; what changed in it until now was not listened to."""
        self.number = number
        self._read.ask(lambda api: Job(api.batches.one, number).then(self._on_read))

    def leave(self) -> None:
        """Have nothing to do with the draft any more, nor hear what fails of it."""
        self.number = None
        self._is_wanted = False
        self._ask.forget()
        self._read.drop()

    def start(self) -> None:
        """Start it, once its last change is made."""
        number, key, grace = self.number, new_key(), self.grace_seconds
        self._is_wanted = number is not None and self._changes.is_to_come(number)
        if number is None:
            return
        if self._is_wanted:
            self._changes.make_last(number)
            return
        again = self._sheet.source.sending.sends_again

        def begin(api: Api) -> Job[Batch]:
            return Job(api.batches.start, number, key, send_same=again, delay=grace)

        self._ask(lambda api: begin(api).then(self.started.emit))

    def _on_set_up(self, wanted: SetUp) -> None:
        batch = self._sheet.batch
        if self.number is not None and batch is not None:
            if wanted.rows:
                self._memory.mark_to_read(self.number)
            self._changes.make(self.number, batch["name"], wanted)

    def _on_read(self, batch: Batch) -> None:
        if batch["state"] == BatchState.DRAFT:
            self._sheet.show_change(batch)
        else:
            self.started.emit(batch)

    def _on_changed(self, batch: Batch, rows: bool) -> None:
        if batch["batch_id"] != self.number:
            return
        self._sheet.show_change(batch)
        is_wanted, self._is_wanted = self._is_wanted, False
        if rows:
            self.rows_wanted.emit()
        elif is_wanted:
            self.start()

    def _on_not_changed(self, number: int, error: Exception) -> None:
        if number == self.number:
            self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        self._is_wanted = False
        self.failed.emit(error)
