"""*Rows left out*: the rows of a started batch that are still to come, cancelled or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.contract.batches import RowOutcome
from desktop.gui.batches.rows.rows_model import RowColumn
from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.reach import WHOLE
from desktop.gui.kit.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.batches import Batch
    from desktop.gui.batches.rows.rows_model import RowsModel
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach

WIDTHS: Final = {RowColumn.ROW: 64, RowColumn.NAME: 140, RowColumn.EMAIL: 190}
LEAST: Final = {RowColumn.NAME: 80, RowColumn.EMAIL: 120}


class LeftOutSheet(Sheet):
    """Lists rows of a batch that have no message; ``correct_chosen`` carries the batch's number."""

    correct_chosen = Signal(int)

    def __init__(
        self,
        make_model: Callable[[], RowsModel],
        host: QWidget,
        themes: ThemeSource,
        reach: Reach = WHOLE,
    ) -> None:
        super().__init__(840, host, themes, least=560)
        self._reach = reach
        self._number = 0
        self.set_title(self.tr("Rows left out"))
        self.model = make_model()
        self.model.setParent(self)
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.about.setProperty("role", "soft")
        name = self.tr("Rows left out")
        self.table = ListTable(self.model, name, WIDTHS, themes, LEAST, last=240)
        self.table.setItemDelegate(ListDelegate(themes, self.table))
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
        may_send = self._reach.may_change and batch["sheet"] is not None
        self._turn_to(batch, f"{words} {again}" if may_send else words)
        self.set_title(self.tr("Cancelled rows of “{}”").format(batch["name"]))
        self.correct.hide()
        self.model.show_outcome(self._number, RowOutcome.CANCELLED)

    def show_batch(self, batch: Batch) -> None:
        """Show the rows that a batch left out."""
        self.set_title(self.tr("Rows left out of “{}”").format(batch["name"]))
        can_correct = batch["counts"]["problems"] > 0 and batch["sheet"] is not None
        can_correct = can_correct and self._reach.may_change
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
