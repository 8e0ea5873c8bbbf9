"""Saves the report of a batch: its spreadsheet with the outcome of each row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui.batches.batch_calls import save_report
from desktop.gui.batches.source_folders import SourceFolders
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.batches import Batch
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Asker


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
