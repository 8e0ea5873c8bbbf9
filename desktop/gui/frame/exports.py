"""Exports all rows of a view to a file in the background."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from desktop.client.calls.reading import walk
from desktop.client.errors import BackendGone
from desktop.contract.batches import BatchState
from desktop.contract.items import COUNTED
from desktop.contract.tasks import PAGE_LIMIT
from desktop.gui.batches.batch_words import look_of
from desktop.gui.causes.cause_words import new_count_words, on_the_way, state_words, stopped
from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.frame.views import BATCHES, CAUSES, ITEMS, OVERVIEW, TASKS
from desktop.gui.items.correction.correction_form import corrections_of
from desktop.gui.items.item_exported import field_texts, item_cells, item_columns, with_fields
from desktop.gui.kit.widgets.files import file_dialog
from desktop.gui.kit.words.causes import cause_words
from desktop.gui.kit.words.file_faults import fault_words
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import sentences, state_word
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Job
from desktop.sheets import SheetError, SheetFault, Stop, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.client.calls.items import ItemQuery
    from desktop.contract.batches import Batch
    from desktop.contract.causes import Cause
    from desktop.contract.items import Item
    from desktop.contract.tasks import TaskRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.sheets.exporting import Kind

    Columns = list[tuple[str, Kind]]
    Given = Callable[[Api, "HowFar"], AbstractContextManager["ExportedList"]]


translate = QCoreApplication.translate


def task_columns() -> Columns:
    """Return the headings of an export of tasks, and each column's kind."""
    return [
        (translate("export", "Task number"), "number"),
        (translate("export", "State"), "text"),
        (translate("export", "Item"), "number"),
        (translate("export", "Task"), "text"),
        (translate("export", "To"), "text"),
        (translate("export", "Reason"), "text"),
        (translate("export", "Error"), "text"),
        (translate("export", "Attempts"), "number"),
        (translate("export", "Queue"), "text"),
        (translate("export", "Added"), "moment"),
        (translate("export", "Next start"), "moment"),
        (translate("export", "Started"), "moment"),
        (translate("export", "Finished"), "moment"),
    ]


def task_cells(task: TaskRow) -> list[Any]:
    """Return the cells of a task, in the order of :func:`task_columns`."""
    row = row_of(task)
    return [
        row.id,
        state_word(row),
        row.item_id,
        row.title,
        row.to,
        reason_words(row, time.time()) or None,
        row.error,
        row.attempt,
        row.queue,
        task["created_at"],
        task["run_at"],
        task["started_at"],
        task["finished_at"],
    ]


def batch_columns() -> Columns:
    """Return the headings of an export of batches, and each column's kind."""
    return [
        (translate("batches", "Batch"), "number"),
        (translate("batches", "File"), "text"),
        (translate("batches", "State"), "text"),
        (translate("batches", "Added"), "moment"),
        (translate("batches", "Rows"), "number"),
        (translate("batches", "Sent"), "number"),
        (translate("batches", "Kept in practice mode"), "number"),
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


def cause_columns() -> Columns:
    """Return the headings of an export of causes, and each column's kind."""
    return [
        (translate("causes", "Tasks"), "number"),
        (translate("causes", "States"), "text"),
        (translate("causes", "Cause"), "text"),
        (translate("causes", "Where"), "text"),
        (translate("causes", "First"), "moment"),
        (translate("causes", "Last"), "moment"),
        (translate("causes", "What helps"), "text"),
    ]


def cause_cells(cause: Cause, help_of: Callable[[Cause, str], str]) -> list[Any]:
    """Return the cells of a cause, in the order of :func:`cause_columns`.

    ``help_of`` says what helps; its second argument counts the tasks since the retry.
    """
    return [
        stopped(cause) + on_the_way(cause),
        state_words(cause),
        cause_words(cause["about"], cause["title"]),
        ", ".join(cause["where"]) or None,
        cause["first_at"],
        cause["last_at"],
        help_of(cause, new_count_words(cause)) or None,
    ]


class ExportedList(NamedTuple):
    """The columns and rows for ``write_table``."""

    columns: Columns
    pages: Iterable[list[list[Any]]]


@dataclass(slots=True)
class HowFar:
    """The progress of an export; ``total`` is 0 while it is unknown or too large to count.

    ``stop`` ends the reading, and the writing of the file.
    """

    read: int = 0
    total: int = 0
    stop: Stop = field(default_factory=Stop)


@contextmanager
def tasks_table(query: TaskQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield tasks as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        for page in walk(api, query):
            how_far.total = max(how_far.total, page["total"])
            yield [task_cells(task) for task in page["tasks"]]
            how_far.read += len(page["tasks"])

    yield ExportedList(task_columns(), pages())


@contextmanager
def items_table(query: ItemQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield items with a column for each field; the columns are known only after the last item.

    Until then the items are kept in a temporary file.
    """
    fields: dict[str, None] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        for page in _items(api, query, how_far):
            rows = [
                (item_cells(item, corrections_of(item.get("bodies", ()))), field_texts(item))
                for item in page
            ]
            fields |= dict.fromkeys(name for _, own in rows for name in own)
            kept.write(f"{json.dumps(rows)}\n")
        kept.seek(0)
        pages = (
            [with_fields(cells, own, fields) for cells, own in json.loads(line)] for line in kept
        )
        yield ExportedList(item_columns(fields), pages)


@contextmanager
def batches_table(api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield all batches, newest first, as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        after: str | None = None
        while True:
            page = api.batches.page(after=after)
            yield [batch_cells(batch, time.time()) for batch in page["batches"]]
            how_far.read += len(page["batches"])
            after = page["next"]
            if after is None:
                return

    yield ExportedList(batch_columns(), pages())


@contextmanager
def read_table(
    columns: Columns, rows: list[list[Any]], _: Api, how_far: HowFar
) -> Iterator[ExportedList]:
    """Yield rows that were read already."""
    how_far.read = len(rows)
    yield ExportedList(columns, [rows])


def _items(api: Api, query: ItemQuery, how_far: HowFar) -> Iterator[list[Item]]:
    after: str | None = None
    while True:
        page = api.items.page(query, after=after, limit=PAGE_LIMIT, deeds=True)
        if how_far.stop.is_set:
            raise SheetError(SheetFault.CANCELLED)
        counts = [page["counts"].get(kind, 0) for kind in query.informed or page["counts"]]
        is_known = page["counts_are_exact"] and all(count < COUNTED for count in counts)
        how_far.total = sum(counts) if is_known else 0
        yield page["items"]
        how_far.read += len(page["items"])
        if page["next"] is None:
            return
        after = str(page["next"])


NAME: Final = "export"
LOOK_MS: Final = 250
"""Milliseconds between two updates of the progress."""


class Export:
    """One export: written on a worker thread; other threads read its progress and stop it."""

    def __init__(self, view: str, given: Given, place: Path, delimiter: str) -> None:
        self.view = view
        self.place = place
        self.how_far = HowFar()
        self._given = given
        self._delimiter = delimiter

    def write(self, api: Api) -> int:
        """Write the file and return its number of rows. Raises SheetError and ClientError."""
        stop = self.how_far.stop
        with self._given(api, self.how_far) as (columns, pages):
            return write_table(self.place, columns, pages, delimiter=self._delimiter, stop=stop)


class Exports(QObject):
    """Asks for a file and writes it; a bar shows the progress, with *Cancel*.

    The rows are those of the current view; the overview has none.
    """

    def __init__(self, window: MainWindow, model: TaskModel, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._source = source
        self._jobs = jobs
        self._export: Export | None = None
        self.done: Path | None = None
        self._not_in_it = ""  # the sentence about rows that are not items
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        window.menu.export_chosen.connect(self.ask_where)
        window.menu.aboutToShow.connect(self._on_menu_about_to_show)
        # A hidden entry has no shortcut.
        window.menu.aboutToHide.connect(partial(window.menu.export.setVisible, True))
        window.switch.view_chosen.connect(self._on_view_chosen)
        window.notices.action_chosen.connect(self._on_action)

    def ask_where(self) -> None:
        """Ask for the file to which the current view is exported."""
        if self._export is not None:
            self._window.notices.focus(NAME)
            return
        view = self._view
        if view == OVERVIEW:
            words = self.tr(
                "Choose Tasks, Items, Batches or Causes first. The overview cannot be exported."
            )
            self._window.toasts.show(words, icon="file-down")
            return
        titles = {
            TASKS: self.tr("Export these tasks"),
            ITEMS: self.tr("Export these items"),
            BATCHES: self.tr("Export these batches"),
            CAUSES: self.tr("Export these causes"),
        }
        dialog = file_dialog(self._window, titles[view], f"{view}.xlsx")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Excel workbook (*.xlsx)"), self.tr("CSV text (*.csv)")])
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if ".csv" in chosen else "xlsx")
        )
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def export(self, place: Path) -> None:
        """Write all rows of the current view to a file."""
        if self._source.api is None:
            self._fail(BackendGone())
            return
        view, parts = self._view, self._window.parts
        self._not_in_it = parts.items.not_sent.sentence if view == ITEMS else ""
        comma = QLocale().decimalPoint() == ","
        self._export = export = Export(view, self._given(view), place, ";" if comma else ",")
        self._show_progress()
        job = Job(export.write, self._source.api)
        self._jobs.start(job.then(self._on_written).otherwise(self._fail))
        self._look.start()

    @property
    def _view(self) -> str:
        return self._window.switch.choice.value()

    def _given(self, view: str) -> Given:
        """Return the function that reads the rows of a view."""
        parts = self._window.parts
        match view:
            case "tasks":
                return partial(tasks_table, self._model.query)
            case "items":
                return partial(items_table, parts.items.model.query)
            case "batches":
                return batches_table
        causes = parts.causes.model
        rows = [cause_cells(each, causes.help_of) for each in causes.rows]
        return partial(read_table, cause_columns(), rows)

    def _on_menu_about_to_show(self) -> None:
        """Show the menu entry if the current view can be exported."""
        self._window.menu.export.setVisible(self._view != OVERVIEW)

    def _on_view_chosen(self, view: str) -> None:
        words = {
            ITEMS: self.tr("Export these items…"),
            BATCHES: self.tr("Export these batches…"),
            CAUSES: self.tr("Export these causes…"),
        }
        self._window.menu.export.setText(words.get(view, self.tr("Export these tasks…")))

    def _show_progress(self) -> None:
        export = self._export
        if export is None:
            return
        read, total = export.how_far.read, export.how_far.total
        words = self.tr("Exporting to {name}…")
        if total and export.view == ITEMS:
            words = self.tr("Exporting to {name}: {written} of %Ln items", None, total)
        elif total:  # known after the first page
            words = self.tr("Exporting to {name}: {written} of %Ln tasks", None, total)
        elif read and export.view == ITEMS:
            words = self.tr("Exporting to {name}: %Ln items so far", None, read)
        written = QLocale().toString(read)
        words = words.format(name=export.place.name, written=written)
        cancel = (("cancel", self.tr("Cancel")),)
        self._window.notices.say(NAME, BarText("info", words, cancel, icon="file-down"))

    def _on_written(self, count: int) -> None:
        if self._export is None:
            return
        self.done = self._export.place
        words = {
            TASKS: self.tr("%Ln tasks are saved as {}", None, count),
            ITEMS: self.tr("%Ln items are saved as {}", None, count),
            BATCHES: self.tr("%Ln batches are saved as {}", None, count),
            CAUSES: self.tr("%Ln causes are saved as {}", None, count),
        }[self._export.view].format(self.done.name)
        if self._not_in_it:
            words = sentences(words, self._not_in_it, self.tr("They are not in the file."))
        actions = (("open", self.tr("Open")), ("folder", self.tr("Show the folder")))
        bar = BarText("info", words, actions, icon="circle-check", dismissible=True, passes=True)
        self._end(bar)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED:
            self._end(None)
            self._window.toasts.show(self.tr("The export is cancelled"), icon="ban")
            return
        words = fault_words(error) if isinstance(error, SheetError) else str(error)
        said = self.tr("The export failed: {}").format(words)
        self._end(BarText("warning", said, dismissible=True))

    def _end(self, bar: BarText | None) -> None:
        self._export = None
        self._look.stop()
        self._window.notices.take_back(NAME)
        if bar is not None:
            self._window.notices.say(NAME, bar)

    def _on_action(self, name: str, action: str) -> None:
        if name != NAME:
            return
        if action == "cancel" and self._export is not None:
            self._jobs.start(Job(self._export.how_far.stop.now))
            return
        if action != DISMISS and self.done is not None:
            shown = self.done if action == "open" else self.done.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(shown)))
        self._window.notices.take_back(NAME)
