"""All tasks that match, written to a file in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from desktop.client.errors import BackendGone
from desktop.gui.actions.tasks.task_calls import walk
from desktop.gui.frame.notices.bar import DISMISS, BarText
from desktop.gui.frame.view_switch import TASKS
from desktop.gui.importing.file_fault_words import fault_words
from desktop.gui.jobs import Job
from desktop.gui.tasks.exported import export_cells, export_columns
from desktop.gui.widgets.files import file_dialog
from desktop.sheets import SheetError, SheetFault, Stop, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.tasks.task_model import TaskModel
    from desktop.sheets.exporting import Kind

NAME: Final = "export"
LOOK_MS: Final = 250
"""Milliseconds between two looks at how far it is."""


class Export:
    """One file on its way: written on a worker thread, looked at and stopped from another."""

    def __init__(self, query: TaskQuery, place: Path, delimiter: str) -> None:
        self.place = place
        self.written = 0
        self.total = 0
        self.stop = Stop()
        self._query = query
        self._delimiter = delimiter

    def write(self, api: Api, columns: list[tuple[str, Kind]]) -> int:
        """Write the file; returns how many tasks it has. Raises SheetError and ClientError."""
        pages = self._pages(api)
        return write_table(self.place, columns, pages, delimiter=self._delimiter, stop=self.stop)

    def _pages(self, api: Api) -> Iterator[list[list[Any]]]:
        for page in walk(api, self._query):
            self.total = max(self.total, page["total"])
            yield [export_cells(task) for task in page["tasks"]]
            self.written += len(page["tasks"])


class Exports(QObject):
    """Asks for a file, and says in a bar how far it is; *Cancel* there stops it."""

    def __init__(self, window: MainWindow, model: TaskModel, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._source = source
        self._jobs = jobs
        self._export: Export | None = None
        self.done: Path | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._say)
        window.menu.export_chosen.connect(self.ask_where)
        window.notices.action_chosen.connect(self._on_action)

    def ask_where(self) -> None:
        """Ask for the file; the tasks are those that the table shows then, in sight."""
        if self._export is not None:
            self._window.notices.focus(NAME)
            return
        if self._window.views.shown is not self._window.parts.table:
            self._window.switch.choose(TASKS)
        dialog = file_dialog(self._window, self.tr("Export these tasks"), "tasks.xlsx")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Excel workbook (*.xlsx)"), self.tr("CSV text (*.csv)")])
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if ".csv" in chosen else "xlsx")
        )
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def export(self, place: Path) -> None:
        """Write all tasks of the table's filter to a file."""
        if self._source.api is None:
            self._fail(BackendGone())
            return
        comma = QLocale().decimalPoint() == ","
        export = self._export = Export(self._model.query, place, ";" if comma else ",")
        self._say()
        job = Job(export.write, self._source.api, export_columns())
        self._jobs.start(job.then(self._on_written).otherwise(self._fail))
        self._look.start()

    def _say(self) -> None:
        export = self._export
        if export is None:
            return
        words = self.tr("Exporting to {name}…")
        if export.total:  # it is known with the first page
            words = self.tr("Exporting to {name}: {written} of %Ln tasks", None, export.total)
        written = QLocale().toString(export.written)
        words = words.format(name=export.place.name, written=written)
        cancel = (("cancel", self.tr("Cancel")),)
        self._window.notices.say(NAME, BarText("info", words, cancel, icon="file-down"))

    def _on_written(self, count: int) -> None:
        if self._export is None:
            return
        self.done = self._export.place
        words = self.tr("%Ln tasks are saved as {}", None, count).format(self.done.name)
        actions = (("open", self.tr("Open")), ("folder", self.tr("Show the folder")))
        bar = BarText("info", words, actions, icon="circle-check", dismissible=True, passes=True)
        self._end(bar)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED:
            self._end(None)
            self._window.toasts.show(self.tr("The export is cancelled"), icon="ban")
            return
        words = fault_words(error) if isinstance(error, SheetError) else str(error)
        said = self.tr("The export did not work: {}").format(words)
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
            self._jobs.start(Job(self._export.stop.now))
            return
        if action != DISMISS and self.done is not None:
            shown = self.done if action == "open" else self.done.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(shown)))
        self._window.notices.take_back(NAME)
