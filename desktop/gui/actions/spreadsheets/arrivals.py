"""Takes dropped files and pasted cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.jobs import Job
from desktop.sheets import keep_pasted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.actions.spreadsheets.row_upload import Scratch
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.importing.import_sheet import ImportSheet
    from desktop.gui.jobs import Jobs


class Arrivals(QObject):
    """``came`` carries the path of a spreadsheet, and whether it was made from pasted cells.

    ``failed`` carries the error if pasted cells could not be saved.
    """

    came = Signal(object, bool)
    failed = Signal(object)

    def __init__(self, sheet: ImportSheet, toasts: Toasts, jobs: Jobs, scratch: Scratch) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._toasts = toasts
        self._jobs = jobs
        self._scratch = scratch

    def take_files(self, paths: Sequence[str]) -> None:
        """Take dropped files: attachments if the sheet takes files, else one spreadsheet."""
        if self._sheet.takes_files():
            self._sheet.source.files_added.emit(list(paths))
        elif len(paths) == 1:
            self.came.emit(Path(paths[0]), False)
        else:
            self._toasts.show(self.tr("Drop one spreadsheet at a time"), icon="info")

    def take_pasted(self, text: str) -> None:
        """Take cells that were copied from a spreadsheet."""
        job = Job(keep_pasted, text, self._scratch.folder())
        job = job.then(lambda path: self.came.emit(path, True))
        self._jobs.start(job.otherwise(self.failed.emit))
