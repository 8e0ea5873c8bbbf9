"""Exports all rows of a view to a file in the background."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from desktop.gui.kit.widgets.files import file_dialog
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.link.jobs import Asker, Job
from desktop.sheets.calls import write_table
from desktop.sheets.child import Stop
from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import NoteLine, WindowNote
    from desktop.gui.frame.places import WindowPlace
    from desktop.gui.link.jobs import ApiSource
    from desktop.sheets.calls import CellKind

    Columns = list[tuple[str, CellKind]]
    Given = Callable[[Api, "HowFar"], AbstractContextManager["ExportedList"]]


NAME: Final = "export"
LOOK_MS: Final = 250
"""Milliseconds between two updates of the progress."""


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


class Listed(NamedTuple):
    """Rows that can be exported: the ``words`` for it, the ``name`` of a file, what reads them."""

    words: str
    name: str
    given: Callable[[], Given]


class Export:
    """One export: written on a worker thread; other threads read its progress and stop it."""

    def __init__(self, given: Given, place: Path, delimiter: str) -> None:
        self.place = place
        self.how_far = HowFar()
        self._given = given
        self._delimiter = delimiter

    def write(self, api: Api) -> int:
        """Write the file and return its number of rows. Raises SheetError and ClientError."""
        stop = self.how_far.stop
        with self._given(api, self.how_far) as (columns, pages):
            return write_table(self.place, columns, pages, delimiter=self._delimiter, stop=stop)


def tell_saved(notes: NoteLine, words: str, place: Path) -> None:
    """Say that a file is saved, and offer to open it."""
    shows = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(place)))
    notes.show(words, (QCoreApplication.translate("exports", "Open"), shows))


class Exports(QObject):
    """Asks for a file and writes it; a note says how far it is, with *Cancel*.

    The rows are those of the place that is open, or else the tasks.
    """

    def __init__(self, window: MainWindow, source: ApiSource) -> None:
        super().__init__(window)
        self._window = window
        self._lists: dict[WindowPlace | None, Listed] = {}
        self._jobs = source.jobs
        self._ask = Asker(source, self._fail)
        self._export: Export | None = None
        self._progress: WindowNote | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        window.menu.export_chosen.connect(self.ask_where)

    def offer(self, listed: Listed, place: WindowPlace | None = None) -> None:
        """Let the rows of a place be exported, or those at home."""
        self._lists[place] = listed

    def ask_where(self) -> None:
        """Ask for the file to which the rows are exported."""
        if self._export is not None:
            return
        listed = self._listed
        dialog = file_dialog(self._window, listed.words.rstrip("…"), f"{listed.name}.xlsx")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Excel workbook (*.xlsx)"), self.tr("CSV text (*.csv)")])
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if ".csv" in chosen else "xlsx")
        )
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def export(self, place: Path) -> None:
        """Write all rows to a file."""
        comma = QLocale().decimalPoint() == ","
        self._export = export = Export(self._listed.given(), place, ";" if comma else ",")
        self._show_progress()
        self._look.start()
        self._ask(lambda api: Job(export.write, api).then(self._on_written))

    @property
    def _listed(self) -> Listed:
        return self._lists.get(self._window.places.shown) or self._lists[None]

    def _show_progress(self) -> None:
        export = self._export
        if export is None:
            return
        read, total = export.how_far.read, export.how_far.total
        kind = "of" if total else "so_far" if read else "to"  # known after the first page
        name, written = export.place.name, WORDS.number(read)
        words = say("export", kind, n=total or read, name=name, written=written)
        if self._progress is None:
            way = self.tr("Cancel"), self._on_cancel
            self._progress = self._window.notes.work(words, way, icon="file-down")
        else:
            self._progress.say(words)

    def _on_written(self, count: int) -> None:
        if self._export is None:
            return
        place = self._export.place
        words = say("export", "saved", n=count, name=place.name)
        self._end()
        tell_saved(self._window.notes, words, place)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, SheetError) and error.fault is SheetFault.CANCELLED:
            self._end()
            self._window.notes.show(say("export", "cancelled"), icon="ban")
            return
        self._end()
        self._window.notes.warn(say("export", "failed", why=error_sentence(error)))

    def _end(self) -> None:
        self._export = None
        self._look.stop()
        self._window.notes.close(self._progress)
        self._progress = None

    def _on_cancel(self) -> None:
        self._look.stop()
        self._progress = None  # it is used, so it is gone
        if self._export is not None:
            self._jobs.start(Job(self._export.how_far.stop.now))
