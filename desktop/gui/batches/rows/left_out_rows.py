"""Shows rows of a batch without a message, and makes a draft of those with a problem."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject

from desktop.gui.batches.batch_calls import draft_of_problems
from desktop.gui.batches.rows.left_out_sheet import LeftOutSheet
from desktop.gui.batches.rows.rows_model import RowsModel
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Asker, Jobs


Shown = Literal["left_out", "cancelled", "to_come"]


class LeftOutRows(QObject):
    """Shows rows that were left out, cancelled or are still to come.

    ``open_draft`` opens a draft.
    """

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
