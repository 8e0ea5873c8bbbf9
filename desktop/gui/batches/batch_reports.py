"""Saves what became of batches: reports, rows with a problem, and their list."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog

from desktop.client.items import row_pages
from desktop.contract.batches import BatchState, RowCheck, RowOutcome
from desktop.gui.batches.batch_words import look_of
from desktop.gui.batches.draft_words import check_words
from desktop.gui.frame.exports import ExportedList, tell_saved
from desktop.gui.kit.widgets.files import Scratch, file_dialog
from desktop.gui.kit.words.states import capital
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job
from desktop.sheets.calls import report_suffix, with_suffix, write_batch_report, write_report
from desktop.sheets.description import PROBLEM_HEADING
from sendoff_tasks.client.calls import new_key, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.frame.exports import Columns, HowFar
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Asker


translate = QCoreApplication.translate


def ask_where_to_save(
    parent: QWidget,
    title: str,
    wanted: str,
    sheet: str | None,
    chosen: Callable[[Path], object],
) -> None:
    """Ask where to save a file made from a spreadsheet.

    ``wanted`` is the new file's name, with ``{}`` for the spreadsheet's.
    """
    source = Path(sheet or "rows.xlsx")
    suffix = report_suffix(source)
    dialog = file_dialog(parent, title, wanted.format(source.stem) + suffix)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"*{suffix}")
    dialog.setDefaultSuffix(suffix)
    dialog.fileSelected.connect(lambda path: chosen(with_suffix(path, suffix)))
    dialog.open()


def save_report(api: Api, *, number: int, place: Path) -> int:
    """Write the report of a batch: its spreadsheet with each row's outcome; return the row count.

    Raises ``SheetError`` if it cannot be written.
    """
    batch = api.batches.one(number)
    with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
        source = kept_sheet(api, batch, Path(folder))
        return write_batch_report(batch, source, place, row_pages(api.batches, number))


def _save_rows(api: Api, batch: Batch, place: Path, which: RowOutcome) -> set[str]:
    """Write the cancelled rows of a batch, or those with a problem, to a new spreadsheet.

    Each row keeps its number in the batch's spreadsheet. Returns the files that the rows name.
    Raises ``SheetError`` if it cannot be written.
    """
    files = set[str]()
    number, is_cancelled = batch["batch_id"], which is RowOutcome.CANCELLED
    check, outcome = ((), (which,)) if is_cancelled else ((RowCheck.PROBLEM,), ())
    with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
        source = kept_sheet(api, batch, Path(folder))

        def given() -> Iterator[list[tuple[int, list[str]]]]:
            for page in row_pages(api.batches, number, check, outcome):
                files.update(*(row["item"].get("attachments", ()) for row in page))
                yield [(row["row"], [] if is_cancelled else [check_words(row)]) for row in page]

        headings = [] if is_cancelled else [PROBLEM_HEADING]
        columns, reading = batch["columns"], batch["reading"]
        write_report(source, place, columns, headings, given(), reading=reading, only_given=True)
    return files


def draft_of_rows(api: Api, *, number: int, which: RowOutcome, name: str, folder: Path) -> int:
    """Make a draft of a started batch's cancelled rows, or find or make that of its problems.

    It has the same settings, and the files that these rows name. ``name`` is the name of its
    spreadsheet, with ``{}`` for the batch's, which may be such a draft itself. Returns the draft's
    number. Raises ``SheetError`` if the spreadsheet cannot be written.
    """
    batch = api.batches.one(number)
    draft = None if which is RowOutcome.CANCELLED else batch["continued_by"]
    if draft is not None and api.batches.one(draft)["sheet"] is not None:
        return draft
    source = Path(batch["sheet"] or "")
    stem = source.stem.removesuffix(name.format(""))
    place = folder / (name.format(stem) + report_suffix(source))
    files = _save_rows(api, batch, place, which)
    if draft is None:
        wanted = _set_up_alike(batch, place.name)
        if which is not RowOutcome.CANCELLED:
            wanted["continues"] = number
        draft = api.batches.create(wanted, new_key())
    if files:
        api.batches.take_files(draft, number, files)
    api.batches.keep_sheet(draft, place)
    return draft


def _set_up_alike(batch: Batch, name: str) -> NewBatch:
    wanted: NewBatch = {"name": name, "key": batch["key"], "columns": batch["columns"]}
    if batch["template"] is not None:
        wanted["template"] = batch["template"]
    if batch["tasks"] is not None:
        wanted["tasks"] = batch["tasks"]
    if (reading := batch["reading"]) is not None:
        reading = reading.copy()
        reading.pop("rows", None)  # this spreadsheet has fewer
    wanted["reading"] = reading
    return {**wanted, "rate": batch["rate"]}


def kept_sheet(api: Api, batch: Any, folder: Path) -> Path:
    """Download the spreadsheet of a batch into a folder, and return its path."""
    place = folder / f"{batch['batch_id']}" / str(batch["sheet"] or "")
    place.parent.mkdir(exist_ok=True)
    api.batches.sheet(batch["batch_id"], place)
    return place


class RowDrafts:
    """Makes drafts of rows that were left out or cancelled; ``open_draft`` opens one."""

    def __init__(self, window: MainWindow, ask: Asker, open_draft: Callable[[int], object]) -> None:
        self._ask = ask
        self._open_draft = open_draft
        self._being_made: set[int] = set()  # batches whose draft is being made
        self._scratch = Scratch(window)

    def make(self, which: RowOutcome, number: int) -> None:
        """Make a draft of the cancelled rows, or of those with a problem, and open it."""
        if number in self._being_made:
            return
        self._being_made.add(number)
        again = translate("batches", "{} – again")
        name = again if which is RowOutcome.CANCELLED else translate("batches", "{} – to correct")
        folder = self._scratch.folder()
        draft = partial(draft_of_rows, number=number, which=which, name=name, folder=folder)

        def show(made: int) -> None:
            self._being_made.discard(number)
            self._open_draft(made)

        def failed(error: Exception) -> None:
            self._being_made.discard(number)
            self._ask.failed(error)

        self._ask(lambda api: Job(draft, api).then(show), failed)


class BatchReports(QObject):
    """Asks for a report's place and writes it."""

    def __init__(self, window: MainWindow, ask: Asker) -> None:
        super().__init__(window)
        self._window = window
        self._ask = ask

    def ask_where(self, number: int, batch: Batch | None) -> None:
        """Ask where to save the report of a batch."""
        sheet = batch["sheet"] if batch else None
        title = self.tr("Save the report; the formatting is not kept")
        name, save = self.tr("{} – report"), partial(self.save, number)
        ask_where_to_save(self._window, title, name, sheet, save)

    def save(self, number: int, place: Path) -> None:
        """Write the report of a batch."""
        report = partial(save_report, number=number, place=place)
        said = say("batch_action", "report_saved", file=place.name)
        notes = self._window.notes
        writing = notes.show(say("batch_action", "report"), icon="file-down")

        def end(_: object) -> None:
            notes.close(writing)
            tell_saved(notes, said, place)

        def fail(error: Exception) -> None:
            notes.close(writing)
            self._ask.failed(error)

        self._ask(lambda api: Job(report, api).then(end), fail)


def batch_columns() -> Columns:
    """Return the headings of an export of batches, and each column's kind."""
    return [
        (translate("batches", "Batch"), "number"),
        (translate("batches", "File"), "text"),
        (translate("batches", "State"), "text"),
        (translate("batches", "Added"), "moment"),
        (translate("batches", "Rows"), "number"),
        (translate("batches", "Sent"), "number"),
        (capital(translate("batches", "kept in practice mode")), "number"),
        (translate("batches", "Still to be sent"), "number"),
        (translate("batches", "Failed"), "number"),
        (translate("batches", "Uncertain"), "number"),
        (translate("batches", "Cancelled"), "number"),
        (translate("batches", "Left out"), "number"),
        (translate("batches", "Started"), "moment"),
        (translate("batches", "Finished"), "moment"),
    ]


def batch_cells(batch: Batch, now: float) -> list[Any]:
    """Return the cells of a batch, in the order of :func:`batch_columns`."""
    counts = batch["counts"]
    outcomes: list[int | None] = [None] * 7
    if batch["state"] != BatchState.DRAFT:
        outcomes = [
            *(counts["sent"], counts["kept"], counts["open"], counts["failed"]),
            *(counts["uncertain"], counts["cancelled"], counts["left_out"]),
        ]
    return [
        batch["batch_id"],
        batch["name"],
        look_of(batch, now).word,
        batch["created_at"],
        counts["rows"],
        *outcomes,
        batch["started_at"],
        batch["finished_at"],
    ]


@contextmanager
def batches_table(api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield all batches, newest first, as they are read."""

    def cells() -> Iterator[list[list[Any]]]:
        for page in pages(lambda after: api.batches.page(after=after)):
            yield [batch_cells(batch, time.time()) for batch in page["batches"]]
            how_far.read += len(page["batches"])

    yield ExportedList(batch_columns(), cells())
