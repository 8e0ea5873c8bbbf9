"""A table in which several rows can be selected, with the same keys as the task table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QAbstractItemView

from desktop.gui.widgets.lists.list_table import ListTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex


class ManyTable(ListTable):
    """Shift and Ctrl select more rows, Ctrl+A all of them, and Escape only the current one.

    A table that is not empty always has a selected row. ``chosen_changed`` is emitted when the
    selection may have changed.
    """

    chosen_changed = Signal()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.model().rowsRemoved.connect(self._on_removed)

    def chosen(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        return sorted({row for each in ranges for row in range(each.top(), each.bottom() + 1)})

    def give_up_selection(self) -> bool:
        """On Escape, select only the current row; return whether that changed the selection."""
        gives_up = self.hasFocus() and len(self.chosen()) > 1
        if gives_up:
            self._choose_current()
        return gives_up

    def rows_to_copy(self) -> list[int]:
        """Return the selected rows."""
        return self.chosen()

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Select the row for which a menu opens, unless it is selected already."""
        if not self.selectionModel().isRowSelected(row.row()):
            super().choose_for_menu(row)

    def _on_removed(self) -> None:
        """If no selected row is left, select the row that took its place."""
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self._choose_current()

    def _choose_current(self) -> None:
        """Select only the current row, even if modifier keys are held."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)
