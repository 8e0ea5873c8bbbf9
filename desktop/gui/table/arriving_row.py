"""Selects a task that was just added as soon as its row is in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from desktop.gui.table.task_table import TaskTable
    from desktop.gui.tasks.paged_model import PagedModel


class ArrivingRow(QObject):
    """Waits for one task; the person's own selection in between ends that."""

    def __init__(self, table: TaskTable, model: PagedModel) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._task: int | None = None
        for arrived in (model.rowsInserted, model.modelReset, model.layoutChanged):
            arrived.connect(self._look)
        model.dataChanged.connect(self._look)
        table.selection.changed.connect(self._on_selected)

    def select(self, task_id: int) -> None:
        """Select this task now, or when its row comes."""
        self._table.clearSelection()
        self._task = task_id
        self._look()

    def _look(self) -> None:
        place = None if self._task is None else self._model.position_of(self._task)
        if place is not None:
            self._task = None
            self._table.selectRow(place)
            self._table.scrollTo(self._model.index(place, 0))

    def _on_selected(self, tasks: list[int]) -> None:
        if tasks:
            self._task = None
