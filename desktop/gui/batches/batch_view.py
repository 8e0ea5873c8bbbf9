"""The view of batches: their table, and below it the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.batches.batch_card import BatchCard
from desktop.gui.batches.batch_table import BatchTable

if TYPE_CHECKING:
    from desktop.gui.batches.batch_model import BatchModel
    from desktop.gui.look.appearance import ThemeSource


class BatchView(QWidget):
    """``action_chosen`` carries what is wanted of a batch by its number: see :class:`BatchCard`."""

    action_chosen = Signal(str, int)

    def __init__(self, model: BatchModel, themes: ThemeSource) -> None:
        super().__init__()
        model.setParent(self)
        self.model = model
        self.table = BatchTable(model, themes)
        self.card = BatchCard(themes)
        self._empty = QLabel(
            self.tr("No batches yet. Drop a spreadsheet here, or press Import…"),
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
        )
        self._empty.setProperty("role", "soft")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self._down = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._down.addWidget(self._stack)
        self._down.addWidget(self.card)
        self._down.setStretchFactor(0, 1)
        self._down.setHandleWidth(1)
        self._down.handle(1).setAccessibleName(self.tr("Height of the details"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._down)
        self.setFocusProxy(self.table)
        self.table.row_chosen.connect(self._show_card)
        self.table.activated_row.connect(self._on_activated)
        self.card.action_chosen.connect(self.action_chosen)
        for signal in (model.shown, model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self._show_card)
        self._down.setSizes([480, themes.theme.px(220)])
        self._show_card()

    def choose(self, number: int) -> None:
        """Make a batch the current one."""
        self.table.choose(number)

    def _show_card(self) -> None:
        there = self.model.rowCount() > 0
        self._stack.setCurrentWidget(self.table if there else self._empty)
        self.card.setVisible(there)
        self.card.show_batch(self.table.current(), self.model.pace)

    def _on_activated(self, row: int) -> None:
        batch = self.model.batch(row)
        if batch is not None:
            is_draft = batch["state"] == "draft"
            self.action_chosen.emit("open" if is_draft else "rows", batch["batch_id"])
