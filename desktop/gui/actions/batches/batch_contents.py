"""Shows the contents of a batch: tasks in the table, rows in a sheet, and all in a report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QObject

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.gui.actions.batches.batch_calls import draft_of_problems, save_report
from desktop.gui.actions.source_folders import SourceFolders
from desktop.gui.actions.spreadsheets.row_upload import Scratch
from desktop.gui.importing.rows_model import RowsModel
from desktop.gui.jobs import Job
from desktop.gui.left_out_sheet import LeftOutSheet
from desktop.gui.tasks.words.causes import short_cause_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Asker, Jobs

translate = QCoreApplication.translate


class BatchTasks:
    """Narrows the table to tasks of a batch, under the batch's name."""

    def __init__(self, window: MainWindow) -> None:
        self._show = window.views.show_tasks
        self._model = window.parts.batches.model

    def show(self, number: int) -> None:
        """Show all tasks of a batch."""
        self._show(self._words(number), batch_id=number)

    def show_cause(self, number: int, cause: str, *, at_first: bool) -> None:
        """Show the tasks that a cause stopped; only unseen ones, as the cause counts them."""
        found = self.cause_of(number, cause)
        words = self._words(number)
        if found is not None:
            words = f"{words} · {short_cause_words(found['about'], found['title'])}"
        self._show(words, batch_id=number, cause=cause, seen=False, at_first=at_first)

    def show_marked(self, number: int) -> None:
        """Show the tasks that a person marked as sent."""
        words = translate("batches", "Batch {}, marked as sent: {}")
        reasons = (Reason.SETTLED_BY_PERSON.value,)
        said = words.format(number, self._model.name_of(number))
        self._show(said, batch_id=number, reasons=reasons)

    def show_cancelled(self, number: int) -> None:
        """Show the cancelled tasks: *Retry* sends them."""
        self._show(self._words(number), batch_id=number, states=(State.CANCELLED,))

    def cause_of(self, number: int, cause: str) -> BatchCause | None:
        """Return a cause of a batch that stopped some of its tasks."""
        batch = self._model.find(number)
        causes = batch["causes"] if batch else []
        return next((each for each in causes if each["cause"] == cause), None)

    def _words(self, number: int) -> str:
        words = translate("batches", "Batch {}: {}")
        return words.format(number, self._model.name_of(number))


Shown = Literal["left_out", "cancelled", "to_come"]


class LeftOutRows(QObject):
    """Shows the rows in a sheet; ``open_draft`` opens a draft."""

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        ask: Asker,
        failed: Callable[[Exception], object],
        open_draft: Callable[[int], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._make_rows = partial(RowsModel, source, jobs)
        self._ask = ask
        self._failed = failed
        self._open_draft = open_draft
        self._sheet: LeftOutSheet | None = None
        self._being_made: set[int] = set()  # batches whose draft is being made
        self._scratch = Scratch(self)

    def show(self, which: Shown, batch: Batch) -> None:
        """Show the rows of a batch that were left out, were cancelled, or are still to come."""
        sheet = self._made()
        match which:
            case "left_out":
                sheet.show_batch(batch)
            case "cancelled":
                sheet.show_cancelled(batch)
            case "to_come":
                sheet.show_to_come(batch)
        sheet.open()

    def _made(self) -> LeftOutSheet:
        if self._sheet is None:
            kind = partial(LeftOutSheet, self._make_rows, reach=self._window.reach)
            self._sheet = self._window.sheets.make(kind)
            self._sheet.correct_chosen.connect(self._on_correct_chosen)
        return self._sheet

    def _on_correct_chosen(self, number: int) -> None:
        """Make a draft of the rows with a problem, and open it."""
        if number in self._being_made:
            return
        self._being_made.add(number)
        name, folder = self.tr("{} – to correct"), self._scratch.folder()
        make = partial(draft_of_problems, number=number, name=name, folder=folder)

        def show(draft: int) -> None:
            self._being_made.discard(number)
            if self._sheet is not None:
                self._sheet.close()
            self._open_draft(draft)

        def failed(error: Exception) -> None:
            self._being_made.discard(number)
            self._failed(error)

        self._ask(lambda api: Job(make, api).then(show), failed)


class BatchReports(QObject):
    """Asks for a report's place and writes it; ``failed`` receives errors."""

    def __init__(
        self, window: MainWindow, ask: Asker, failed: Callable[[Exception], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._ask = ask
        self._failed = failed
        self._places = SourceFolders(window.settings)

    def ask_where(self, number: int, batch: Batch | None) -> None:
        """Ask where to save the report of a batch; the dialog begins at its spreadsheet."""
        sheet = batch["sheet"] if batch else None
        title = self.tr("Save the report; the formatting is not kept")
        name, save = self.tr("{} – report"), partial(self.save, number)
        self._places.ask(self._window, title, name, sheet, save)

    def save(self, number: int, place: Path) -> None:
        """Write the report of a batch."""
        report = partial(save_report, number=number, place=place)
        said = self.tr("The report is saved as {}").format(place.name)
        toasts = self._window.toasts
        writing = toasts.show(self.tr("The report is being written…"), icon="file-down")

        def end(_: object) -> None:
            toasts.close(writing)
            toasts.show(said)

        def fail(error: Exception) -> None:
            toasts.close(writing)
            self._failed(error)

        self._ask(lambda api: Job(report, api).then(end), fail)
