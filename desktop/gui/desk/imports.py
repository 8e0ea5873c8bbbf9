"""Spreadsheets on their way into a batch: read, uploaded, corrected, started, taken back."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendBusy, BackendGone, Refused
from desktop.contract.batches import BatchState
from desktop.gui.desk.uploads import Upload, attach_all, fetch_draft, save_problem_rows
from desktop.gui.importing.fault_words import fault_words, note_words
from desktop.gui.importing.import_foot import to_send
from desktop.gui.jobs import Job
from desktop.settings.preferences import WindowSettings
from desktop.sheets import SheetError, SheetFault, Stop, describe, is_target, keep_pasted

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch, BatchesEvent, BatchItem
    from desktop.gui.frame.toast import Toasts
    from desktop.gui.importing.import_sheet import ImportSheet, SetUp
    from desktop.gui.jobs import Jobs, Ticket
    from desktop.sheets import Description

AGAIN_AFTER_MS: Final = 1000
"""While the backend is gone, until the rows that it lacks are sent once more."""
REMEMBERED: Final = "import/columns"
"""Begins the keys under which the columns of earlier files are remembered."""


class Imports(QObject):
    """Fills the import sheet and carries out what is asked there.

    Everything a person brings in is in the backend's store as a draft as soon as it is read: when
    the sheet closes, or the window dies, it can be opened again. ``started`` carries the number of
    a batch that is on its way.
    """

    started = Signal(int)

    def __init__(
        self,
        sheet: ImportSheet,
        toasts: Toasts,
        source: ApiSource,
        jobs: Jobs,
        settings: QSettings,
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._settings = settings
        self._folder: Path | None = None
        self._found: Description | None = None
        self._upload: Upload | None = None
        self._stop = Stop()
        self._number: int | None = None
        self._setting_up = self._is_wanted = False
        self._preview: Ticket | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER_MS)
        self._again.timeout.connect(self._put_next)
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read
        self._connect()

    def open_file(self, path: Path) -> None:
        """Bring in a spreadsheet as a new draft."""
        self._begin(path.name)
        job = Job(describe, path, None, self._stop).then(self._on_described)
        self._jobs.start(job.otherwise(self._on_unreadable))

    def choose_file(self) -> None:
        """Let the person choose a spreadsheet to bring in."""
        self._sheet.choose_file()

    def open_pasted(self, text: str) -> None:
        """Bring in cells that were copied from a spreadsheet."""
        job = Job(keep_pasted, text, self._temporary()).then(self.open_file)
        self._jobs.start(job.otherwise(self._on_failed))

    def open_draft(self, number: int) -> None:
        """Show a draft that was brought in before."""
        self._begin("")
        fetch = partial(fetch_draft, number=number, folder=self._temporary())
        self._ask(lambda api: Job(fetch, api).then(self._on_fetched))

    def follow(self, event: BatchesEvent) -> None:
        """Hear what became of batches: a draft was checked, or was started elsewhere."""
        if self._number in event["gone"]:
            self._leave()
            self._sheet.close()
        for batch in event["rows"]:
            if batch["batch_id"] == self._number and batch["state"] == BatchState.DRAFT:
                self._show(batch)

    def _connect(self) -> None:
        sheet = self._sheet
        sheet.file_chosen.connect(lambda path: self.open_file(Path(path)))
        sheet.set_up.connect(self._on_set_up)
        sheet.row_wanted.connect(self._on_row_wanted)
        sheet.corrected.connect(self._on_corrected)
        sheet.to_me_chosen.connect(self._on_to_me)
        sheet.send_chosen.connect(self._on_send)
        sheet.stop_chosen.connect(self._stop_reading)
        sheet.files_added.connect(self._on_files_added)
        sheet.save_chosen.connect(self._on_save)
        sheet.closed.connect(self._on_closed)

    # reading

    def _begin(self, name: str) -> None:
        self._leave()
        self._stop = Stop()
        self._sheet.begin(name)
        self._sheet.open()
        self._ask(lambda api: Job(api.templates.all).then(self._sheet.sending.show_templates))

    def _on_described(self, found: Description) -> None:
        self._found = found
        columns = {**found.mapping, **self._remembered(found)}
        self._sheet.show_description(found, columns, note_words(found))
        wanted: Any = {"name": Path(found.path).name, "columns": columns}

        def create(api: Api) -> Batch:
            number = api.batches.create(wanted, new_key())
            return api.batches.keep_sheet(number, Path(found.path))

        self._ask(lambda api: Job(create, api).then(self._on_created))

    def _on_created(self, batch: Batch) -> None:
        self._number = batch["batch_id"]
        self._sheet.show_batch(batch, is_new=True)
        self._read_rows()

    def _on_fetched(self, fetched: tuple[Batch, Description | None]) -> None:
        batch, self._found = fetched
        self._number = batch["batch_id"]
        if self._found is not None:
            self._sheet.show_description(self._found, batch["columns"], [])
        else:
            self._sheet.show_name(batch["name"], batch["columns"])
        self._sheet.show_batch(batch, is_new=True)

    def _read_rows(self) -> None:
        """Make the rows of the file those of the draft, as its columns are matched now."""
        self._end_upload()
        if self._found is not None and self._number is not None:
            columns = self._sheet.columns()
            self._remember(self._found, columns)
            self._stop = Stop()
            self._upload = Upload(self._found, columns, self._number, self._stop)
            self._sheet.show_reading(0.0)
            self._put_next()

    def _put_next(self) -> None:
        upload = self._upload
        if upload is None:
            return
        if self._source.api is None:
            self._again.start()
            return
        job = Job(upload.put_next, self._source.api).then(partial(self._on_put, upload))
        self._jobs.start(job.otherwise(partial(self._on_not_put, upload)))

    def _on_put(self, upload: Upload, share: float | None) -> None:
        if upload is not self._upload:
            return
        self._sheet.show_reading(share)
        if share is not None:
            self._put_next()
        else:
            self._upload = None
            self._look_again()

    def _on_not_put(self, upload: Upload, error: Exception) -> None:
        if upload is not self._upload:
            return
        if isinstance(error, BackendGone | BackendBusy):
            self._again.start()
            return
        self._upload = None
        self._sheet.show_reading(None)
        self._look_again()
        self._on_failed(error)

    def _look_again(self) -> None:
        number = self._number
        if number is not None:
            self._ask(lambda api: Job(api.batches.one, number).then(self._on_read))

    def _on_read(self, batch: Batch) -> None:
        if batch["batch_id"] == self._number:
            self._show(batch)
            self._sheet.rows.reload()
            if batch["counts"]["problems"]:
                self._sheet.rows.show_problems()

    def _on_unreadable(self, error: Exception) -> None:
        self._sheet.show_unreadable(_sentence(error))

    def _stop_reading(self) -> None:
        """Stop where it is: what was read stays in the draft."""
        self._end_upload()
        self._sheet.show_reading(None)
        self._look_again()

    def _end_upload(self) -> None:
        self._again.stop()
        self._stop.now()
        upload, self._upload = self._upload, None
        if upload is not None:
            self._jobs.start(Job(upload.close))

    def _leave(self) -> None:
        """Have nothing to do with the draft any more; it stays in the store."""
        self._end_upload()
        self._found = self._number = None
        self._setting_up = self._is_wanted = False

    # setting up, correcting

    def _on_set_up(self, wanted: SetUp) -> None:
        number, batch = self._number, self._sheet.batch
        if number is None or batch is None:
            return
        self._setting_up = True
        body: Any = {"name": batch["name"], **wanted.settings}
        shown = partial(self._on_changed, rows=wanted.rows)
        self._ask(lambda api: Job(api.batches.change, number, body).then(shown))

    def _on_changed(self, batch: Batch, *, rows: bool) -> None:
        self._setting_up = False
        if batch["batch_id"] != self._number:
            return
        self._show(batch)
        if rows:
            self._read_rows()
        elif self._is_wanted:
            self._on_send()

    def _on_corrected(self, row: int, item: BatchItem) -> None:
        number = self._number
        if number is None:
            return

        def correct(api: Api) -> tuple[Any, Batch]:
            return api.batches.correct_row(number, row, item), api.batches.one(number)

        self._ask(lambda api: Job(correct, api).then(self._on_row_checked), self._on_not_corrected)

    def _on_row_checked(self, answer: tuple[Any, Batch]) -> None:
        row, batch = answer
        if batch["batch_id"] == self._number:
            self._show(batch)
            self._sheet.show_corrected(row)

    def _on_not_corrected(self, error: Exception) -> None:
        self._sheet.card.show_trouble(_sentence(error))

    def _on_row_wanted(self, row: int) -> None:
        if self._preview is not None:
            self._preview.cancel()
        if self._source.api is not None and self._number is not None:
            wanted = {"batch_id": self._number, "row": row}
            job = Job(self._source.api.preview, wanted).then(self._sheet.card.show_message)
            said = job.otherwise(lambda error: self._sheet.card.say(_sentence(error)))
            self._preview = self._jobs.start(said)

    def _on_to_me(self, row: int) -> None:
        number, key = self._number, new_key()
        if number is not None:
            self._ask(
                lambda api: Job(api.batches.send_row_to_me, number, row, key).then(self._on_mine)
            )

    def _on_mine(self, task: Any) -> None:
        words = self.tr("The message goes to {}").format(task["to"])
        self._toasts.show(words, icon="send")

    def _on_files_added(self, paths: list[str]) -> None:
        number = self._number
        if number is not None:
            files = [Path(path) for path in paths]
            job = partial(attach_all, number=number, paths=files)
            self._ask(lambda api: Job(job, api).then(self._show))

    def _on_save(self, path: str) -> None:
        number = self._number
        if number is None:
            return
        save = partial(save_problem_rows, number=number, place=Path(path), folder=self._temporary())
        saved = self.tr("The rows are saved as {}").format(Path(path).name)
        self._ask(lambda api: Job(save, api).then(lambda _: self._toasts.show(saved)))

    # sending

    def _on_send(self) -> None:
        number, key, grace = self._number, new_key(), self.grace_seconds
        self._is_wanted = self._setting_up
        if number is None or self._setting_up or self._upload is not None:
            return
        count = to_send(self._sheet.batch) if self._sheet.batch else 0
        self._ask(
            lambda api: Job(api.batches.start, number, key, delay=grace).then(
                partial(self._on_started, count)
            )
        )

    def _on_started(self, count: int, batch: Batch) -> None:
        number = batch["batch_id"]
        self._leave()
        self._sheet.close()
        later = self.tr("%Ln messages go out in {seconds} s", None, count)
        now = self.tr("%Ln messages go out", None, count)
        toast = self._toasts.show(
            lambda left: later.format(seconds=left) if left else now,
            seconds=max(self.grace_seconds, 1.0),
            action=self.tr("Undo"),
            icon="mail-check",
        )
        toast.action_chosen.connect(partial(self._take_back, number))
        self.started.emit(number)

    def _take_back(self, number: int) -> None:
        """Make a batch a draft again, and show it."""

        def delete(api: Api) -> None:
            api.batches.delete(number)

        self._ask(
            lambda api: Job(delete, api).then(lambda _: self.open_draft(number)), self._on_too_late
        )

    def _on_too_late(self, error: Exception) -> None:
        self._toasts.show(_sentence(error), icon="info")

    def _on_closed(self) -> None:
        number, batch = self._number, self._sheet.batch
        self._leave()
        if number is None or batch is None:
            return
        toast = self._toasts.show(
            self.tr("“{}” is kept as a draft").format(batch["name"]),
            action=self.tr("Open"),
            icon="pencil",
        )
        toast.action_chosen.connect(partial(self.open_draft, number))

    # what is remembered

    def _remembered(self, found: Description) -> dict[str, str | None]:
        """Return how the same columns were matched before."""
        kept = self._settings.value(_key_of(found))
        if not isinstance(kept, str):
            return {}
        try:
            known = json.loads(kept)
        except ValueError:  # changed by hand
            return {}
        fits = {
            header: target
            for header, target in known.items()
            if target is None or (isinstance(target, str) and is_target(target))
        }
        return fits if fits.keys() == found.mapping.keys() else {}

    def _remember(self, found: Description, columns: dict[str, str | None]) -> None:
        if columns != found.mapping:
            self._settings.setValue(_key_of(found), json.dumps(columns))
        else:
            self._settings.remove(_key_of(found))

    # asking

    def _show(self, batch: Batch) -> None:
        shown = self._sheet.batch
        if shown is None or batch["rev"] >= shown["rev"]:
            self._sheet.show_batch(batch)

    def _temporary(self) -> Path:
        """Return a folder of this window's own, which goes when the window does."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="sendoff-"))
            self.destroyed.connect(partial(shutil.rmtree, self._folder, ignore_errors=True))
        return self._folder

    def _ask(
        self,
        job: Callable[[Api], Job[Any]],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Start the job that asks the present backend; without one, say so."""
        failed = failed or self._on_failed
        if self._source.api is None:
            failed(BackendGone())
        else:
            self._jobs.start(job(self._source.api).otherwise(failed))

    def _on_failed(self, error: Exception) -> None:
        self._setting_up = self._is_wanted = False
        cancelled = isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED
        if not cancelled:
            self._sheet.show_trouble(_sentence(error))


def _key_of(found: Description) -> str:
    headers = json.dumps(sorted(found.mapping))
    return f"{REMEMBERED}/{uuid5(NAMESPACE_URL, headers).hex}"


def _sentence(error: Exception) -> str:
    """Return an error's words: of a refusal, those at its fields."""
    if isinstance(error, SheetError):
        return fault_words(error)
    if isinstance(error, Refused):
        errors = [each["message"] for each in error.problem.get("errors", [])]
        return "\n".join(errors) or error.problem["detail"]
    return str(error)
