"""Actions on single rows of a draft: correct, preview, send to me, save."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendGone
from desktop.gui.batches.batch_reports import SourceFolders, save_problem_rows
from desktop.gui.batches.rows.rows_model import value_at, with_value
from desktop.gui.importing.row_upload import attach_all
from desktop.gui.kit.words.file_faults import waiting_error
from desktop.gui.link.jobs import Asker, Job, LatestRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch, BatchItem, BatchRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.importing.import_sheet import ImportSheet
    from desktop.gui.importing.unfinished_imports import DraftMemory
    from desktop.gui.link.jobs import Jobs


class DraftRowWork(QObject):
    """Carries out actions on the rows of the draft in the import sheet.

    ``failed`` carries the error if the templates could not be read.
    """

    failed = Signal(object)

    def __init__(
        self,
        sheet: ImportSheet,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        memory: DraftMemory,
    ) -> None:
        super().__init__(sheet)
        self._memory = memory
        self.places = SourceFolders(window.settings)
        self._sheet = sheet
        self._toasts = window.toasts
        self._source = source
        self._jobs = jobs
        self._ask_backend = Asker(source, jobs, self._sheet.show_failure)
        self._corrections: dict[tuple[int, int], LatestRequest] = {}
        self._wanted: dict[tuple[int, int], tuple[BatchItem, list[str]]] = {}  # until answered
        self._preview = LatestRequest(source, jobs, self._on_no_preview)
        self._templates = LatestRequest(source, jobs, self.failed.emit)
        sheet.row_wanted.connect(self._on_row_wanted)
        sheet.corrected.connect(memory.change)
        sheet.corrected.connect(self._on_corrected)
        sheet.typing.typed.connect(self._on_typed)
        sheet.to_me_chosen.connect(self._on_to_me)
        sheet.source.files_added.connect(memory.change)
        sheet.source.files_added.connect(self._on_files_added)
        sheet.save_chosen.connect(self._on_save)
        for request in (self._preview, self._templates):
            sheet.closed.connect(request.drop)

    def learn_templates(self, followed: Mapping[str, str]) -> None:
        """Read the templates, and the draft again, whose checks depend on them."""
        show = partial(self._sheet.source.sending.show_templates, followed=followed)
        self._templates.ask(lambda api: Job(api.templates.all).then(show))
        self._ask(lambda api, number: api.batches.one(number), self._on_checked_again)

    def _on_row_wanted(self, row: int) -> None:
        batch = self._sheet.batch
        if batch is not None:
            wanted = {"batch_id": batch["batch_id"], "row": row}
            show = self._sheet.card.show_message
            self._preview.ask(lambda api: Job(api.preview, wanted).then(show))

    def _on_no_preview(self, error: Exception) -> None:
        shown = self.tr("The message is shown once it does.")
        self._sheet.card.say(waiting_error(error, shown))

    def _on_corrected(self, row: int, item: BatchItem, path: str) -> None:
        batch = self._sheet.batch
        if batch is None:
            return
        which = batch["batch_id"], row
        typed = ["attachments" if path.startswith("attachments.") else path]  # all of them
        if which in self._wanted:
            earlier, paths = self._wanted[which]
            item = with_value(earlier, path, value_at(item, path))
            typed = [*paths, *typed]
        self._wanted[which] = item, typed

        def correct(api: Api, number: int) -> tuple[BatchRow, Batch]:
            return api.batches.correct_row(number, row, item, typed), api.batches.one(number)

        failed = partial(self._on_not_corrected, *which)
        request = self._corrections.setdefault(
            which, LatestRequest(self._source, self._jobs, failed)
        )
        request.ask(lambda api: Job(correct, api, which[0]).then(self._on_checked))

    def _on_not_corrected(self, number: int, row: int, error: Exception) -> None:
        if not isinstance(error, BackendGone):  # else the request is repeated
            del self._wanted[number, row]
        shown = self._sheet.batch
        if shown is not None and shown["batch_id"] == number:
            self._sheet.show_not_corrected(row, error)

    def _on_typed(self, typed: dict[str, Any] | None) -> None:
        if self._sheet.batch is not None:
            self._memory.type(self._sheet.batch["batch_id"], typed)

    def _on_checked(self, answer: tuple[BatchRow, Batch]) -> None:
        row, batch = answer
        which = batch["batch_id"], row["row"]
        del self._corrections[which], self._wanted[which]
        typed = self._memory.typed(batch["batch_id"])
        if typed is not None and typed["row"] == row["row"]:
            self._memory.type(batch["batch_id"], None)
        shown = self._sheet.batch
        if shown is not None and shown["batch_id"] == batch["batch_id"]:
            self._sheet.show_change(batch)
            self._sheet.show_corrected(row)
            if shown["rev"] > batch["rev"] or not self._sheet.rows.model.is_loaded:
                self._reload()  # the rows may be older than the correction

    def _on_to_me(self, row: int) -> None:
        key = new_key()
        self._ask(lambda api, number: api.batches.send_row_to_me(number, row, key), self._on_mine)

    def _on_mine(self, task: Any) -> None:
        words = self.tr("The message goes to {}")
        self._toasts.show(words.format(task["to"]), icon="send")

    def _on_files_added(self, paths: list[str]) -> None:
        files = [Path(path) for path in paths]
        self._ask(
            lambda api, number: attach_all(api, number=number, paths=files), self._on_checked_again
        )

    def _on_checked_again(self, batch: Batch) -> None:
        shown = self._sheet.batch
        if shown is not None and shown["batch_id"] == batch["batch_id"]:
            self._sheet.show_change(batch)
            self._reload()  # they may have been checked meanwhile

    def _reload(self) -> None:
        """Read the rows again; while they are being checked, that happens by itself."""
        if self._sheet.batch is not None and not self._sheet.batch["counts"]["unchecked"]:
            self._sheet.rows.reload()

    def _on_save(self) -> None:
        sheet = self._sheet.batch["sheet"] if self._sheet.batch else None
        title, name = self.tr("Save the rows that need a look"), self.tr("{} – to correct")
        self.places.ask(self._sheet, title, name, sheet, self.save_problem_rows)

    def save_problem_rows(self, place: Path) -> None:
        """Write the rows with a problem to a new spreadsheet."""
        self._ask(
            lambda api, number: save_problem_rows(api, number=number, place=place),
            partial(self._on_saved, place.name),
        )

    def _on_saved(self, name: str, _: int) -> None:
        self._toasts.show(self.tr("The rows are saved as {}").format(name))

    def _ask(
        self,
        act: Callable[[Api, int], Any],
        then: Callable[[Any], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Call ``act`` for the shown draft on a worker thread."""
        batch = self._sheet.batch
        if batch is not None:
            number = batch["batch_id"]
            self._ask_backend(lambda api: Job(act, api, number).then(then), failed)
