"""A table of rows of which several can be chosen, with the keys of the tasks' table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QAbstractItemView

from desktop.gui.widgets.lists.list_table import ListTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex


class ManyTable(ListTable):
    """Shift and Ctrl choose more rows, Ctrl+A all, and Escape the current one alone.

    Where there are rows one is chosen, as in tables of single rows. ``chosen_changed`` says that
    it may be others.
    """

    chosen_changed = Signal()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.model().rowsRemoved.connect(self._on_removed)

    def chosen(self) -> list[int]:
        """Return which rows are chosen, from top to bottom."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        return sorted({row for each in ranges for row in range(each.top(), each.bottom() + 1)})

    def give_up_selection(self) -> bool:
        """Choose the current row alone, at Escape; tells whether there was anything to do."""
        gives_up = self.hasFocus() and len(self.chosen()) > 1
        if gives_up:
            self._choose_current()
        return gives_up

    def rows_to_copy(self) -> list[int]:
        """Return the rows that are chosen."""
        return self.chosen()

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Choose a row the menu is wanted for, unless it is one of those that are chosen."""
        if not self.selectionModel().isRowSelected(row.row()):
            super().choose_for_menu(row)

    def _on_removed(self) -> None:
        """Choose the row that took the place of the only one that was chosen."""
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self._choose_current()

    def _choose_current(self) -> None:
        """Choose the current row alone, whichever keys are held."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)
