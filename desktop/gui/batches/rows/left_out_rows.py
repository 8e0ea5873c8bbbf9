"""Rows of a batch without a message: their sheet, and a draft of those with a problem."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.contract.batches import RowOutcome
from desktop.gui.batches.batch_reports import draft_of_problems
from desktop.gui.batches.rows.rows_model import RowColumn, RowsModel
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.jobs import Asker, Jobs


FITS: Final = {
    RowColumn.ROW: ColumnFit(64),
    RowColumn.NAME: ColumnFit(140, least=80),
    RowColumn.EMAIL: ColumnFit(190, least=120),
    RowColumn.CHECK: ColumnFit(240),
}


class LeftOutSheet(Sheet):
    """Lists rows of a batch that have no message; ``correct_chosen`` carries the batch's number."""

    correct_chosen = Signal(int)

    def __init__(
        self, make_model: Callable[[], RowsModel], host: QWidget, rights: WindowRights = ALL_RIGHTS
    ) -> None:
        super().__init__(840, host, least=560)
        self._rights = rights
        self._number = 0
        self.set_title(self.tr("Rows left out"))
        self.model = make_model()
        self.model.setParent(self)
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.about.setProperty("role", "soft")
        name = self.tr("Rows left out")
        self.table = ListTable(self.model, name, FITS)
        self.correct = QPushButton(self.tr("Correct and send…"))
        self.correct.setProperty("role", "primary")
        self.correct.clicked.connect(lambda: self.correct_chosen.emit(self._number))
        sized(self.about, margins=(20, 12, 20, 12))
        sized(self.body, margins=0, spacing=0)
        sized(self.foot, margins=(20, 12, 20, 12))
        self.body.addWidget(self.about)
        self.body.addWidget(self.table, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.correct)

    def show_to_come(self, batch: Batch) -> None:
        """Show the rows of a batch that are not tasks yet."""
        self._turn_to(batch, self.tr("These messages are sent when it is their turn."))
        self.set_title(self.tr("Rows to come of “{}”").format(batch["name"]))
        self.correct.hide()
        self.model.show_outcome(self._number, RowOutcome.OPEN)

    def show_cancelled(self, batch: Batch) -> None:
        """Show the cancelled rows of a batch."""
        words = self.tr("This batch does not send these messages any more.")
        again = self.tr("Import the spreadsheet again to send them.")
        may_send = self._rights.may_change and batch["sheet"] is not None
        self._turn_to(batch, f"{words} {again}" if may_send else words)
        self.set_title(self.tr("Cancelled rows of “{}”").format(batch["name"]))
        self.correct.hide()
        self.model.show_outcome(self._number, RowOutcome.CANCELLED)

    def show_batch(self, batch: Batch) -> None:
        """Show the rows that a batch left out."""
        self.set_title(self.tr("Rows left out of “{}”").format(batch["name"]))
        can_correct = batch["counts"]["problems"] > 0 and batch["sheet"] is not None
        can_correct = can_correct and self._rights.may_change
        correct = self.tr("You can correct those with a problem in a new import.")
        sent = self.tr("This batch sent no message for these rows.")
        self._turn_to(batch, f"{sent} {correct}" if can_correct else sent)
        self.correct.setVisible(can_correct)
        self.model.show_left_out(self._number)

    def _turn_to(self, batch: Batch, words: str) -> None:
        """Set the batch and the text; empty the table if either has changed."""
        if (batch["batch_id"], words) != (self._number, self.about.text()):
            self.model.show(None)
        self._number = batch["batch_id"]
        self.about.setText(words)

    def focus_first(self) -> None:
        """Focus the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


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
            kind = partial(LeftOutSheet, self._make_rows, rights=self._window.rights)
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
