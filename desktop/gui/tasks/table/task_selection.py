"""The selection of the task table, kept by task number rather than by position.

Qt's selection is a set of positions that mirrors this set of task numbers. When the list is
replaced or a page comes back into memory, the positions are found again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from desktop.gui.tasks.acting.task_actions import Selection
from sendoff_tasks.client.calls import TaskQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtCore import QItemSelection, QModelIndex

    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.lists.list_table import ListTable
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.table.task_model import TaskModel


_HOW = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True, slots=True)
class AllOf:
    """All ``count`` tasks ``at`` a moment (epoch s)."""

    at: float
    count: int

    def is_later(self, row: Row, *, narrowed: bool) -> bool:
        """Tell whether a task was created later, or ended later in a list ``narrowed`` by state."""
        return row.created >= self.at or (narrowed and (row.finished or 0.0) >= self.at)


def after_all(rows: Iterable[Row]) -> float:
    """Return a time after all shown rows: the clock of a server may be ahead."""
    told = (max(row.created, row.finished or 0.0) for row in rows)
    return max(time.time(), max(told, default=0.0) + 0.001)


class ChosenPlaces(QItemSelectionModel):
    """Qt's selection model; ``is_new_choice``: the last change replaced the selection."""

    is_new_choice = False

    def select(self, what: Any, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select positions, and note whether the command clears the old ones."""
        self.is_new_choice = bool(command & _HOW.Clear)
        super().select(what, command)


class TaskSelection(QObject):
    """Follows the selection of ``view``; create it before the view gets its model.

    A selected task stays selected when its page leaves memory; if it left the list since, the
    backend leaves it alone. If all rows are selected, the selection is all tasks of that moment:
    later ones are not selected. A list with a single task has no such selection, just that task. A
    new sort order keeps the selection, a new filter clears it. ``changed`` carries the task
    numbers, the current one first; ``chosen`` is emitted when the person changes the selection.
    """

    changed = Signal(list)
    chosen = Signal()

    def __init__(self, model: TaskModel, view: ListTable, rights: WindowRights) -> None:
        super().__init__(view)
        self._rights = rights
        self._model = model
        self._view = view
        self._known: dict[int, Row] = {}
        self._all: AllOf | None = None
        self._filter = model.query.parameters()
        self._counts: Mapping[str, int] = {}
        self._told: tuple[list[int], int] = ([], 0)
        self._moving = False
        # These slots run before Qt's own selection model, those of follow() after it.
        model.rowsAboutToBeInserted.connect(self._on_about_to_move)
        model.rowsAboutToBeRemoved.connect(self._on_about_to_remove)
        model.modelAboutToBeReset.connect(self._on_about_to_move)

    def follow(self) -> None:
        """Start to follow, once the view has its model."""
        before, self._choice = self._view.selectionModel(), ChosenPlaces(self._model, self._view)
        self._view.setSelectionModel(self._choice)
        before.deleteLater()
        self._choice.selectionChanged.connect(self._on_selected)
        self._choice.currentChanged.connect(self._tell)
        self._model.rowsInserted.connect(self._on_moved)
        self._model.rowsRemoved.connect(self._on_moved)
        self._model.modelReset.connect(self._on_reset)
        self._model.reordered.connect(self._on_exchanged)
        self._model.rows_read.connect(self._on_read)

    def set_stats(self, stats: OfficeStats) -> None:
        """Set the number of tasks by state, which decides the actions on all tasks."""
        known, self._counts = self._counts, stats["counts"]
        if self._all and self._counts != known:
            self.changed.emit(self.ids)

    @property
    def ids(self) -> list[int]:
        """The numbers of the selected tasks, the current one first."""
        ids = list(self._known)
        row = self._model.row_at(self._view.currentIndex().row())
        if row is not None and row.id in self._known:
            ids.remove(row.id)
            ids.insert(0, row.id)
        return ids

    @property
    def rows(self) -> list[Row]:
        """The rows of the selected tasks: those in memory from top to bottom, then the others."""
        return self._in_memory() + self._out_of_memory()

    @property
    def selected(self) -> Selection:
        """The selection with all that is known of it."""
        rows, beyond = self._in_memory(), self._out_of_memory()
        places = sum(last - first + 1 for first, last in self._view.chosen_ranges())
        count = len(rows) + max(places - len(rows), len(beyond))
        rows += beyond
        if self._all is None or len(rows) == count:
            return Selection(rows, count, self._rights, self._model.pending)
        query, count = self._model.query, min(count, self._all.count)
        is_known = query == TaskQuery(states=query.states, sort=query.sort)
        then = replace(query, known_at=self._all.at)
        counts = self._counts if is_known else {}
        return Selection(rows, count, self._rights, self._model.pending, then, counts)

    def _in_memory(self) -> list[Row]:
        ranges = self._view.chosen_ranges()
        return [row for each in ranges for row in self._model.rows_between(*each)]

    def _out_of_memory(self) -> list[Row]:
        """Return the selected tasks that left memory; none if all are selected."""
        if self._all:
            return []
        return [row for row in self._known.values() if row.id not in self._model.pages]

    def _on_selected(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Take over the person's selection; tasks out of memory stay if it was only extended."""
        if self._moving or not (selected.count() or deselected.count()):
            return  # Qt emits this before insertions, too
        is_new_choice = self._choice.is_new_choice or deselected.count() > 0
        beyond = [] if is_new_choice else self._out_of_memory()
        self._known = {row.id: row for row in [*self._in_memory(), *beyond]}
        last = self._model.rowCount() - 1
        is_all = last > 0 and self._view.chosen_ranges() == [(0, last)]
        at = after_all(self._known.values())
        self._all = AllOf(at, last + 1) if is_all else None
        self.chosen.emit()
        self._tell()

    def _on_about_to_remove(self, _: QModelIndex, first: int, last: int) -> None:
        self._moving = True
        for row in self._model.rows_between(first, last):
            self._known.pop(row.id, None)

    def _on_about_to_move(self) -> None:
        self._moving = True

    def _on_moved(self) -> None:
        self._moving = False
        if not self._view.chosen_ranges():
            self._all = None
        if not self._model.rowCount():
            self._known.clear()
        self._tell()

    def _on_reset(self) -> None:
        """Keep selected tasks in memory on a new sort order; deselect all on a new filter."""
        same = self._model.query.parameters() == self._filter
        self._filter = self._model.query.parameters()
        self._all = self._all if same else None
        pages = self._model.pages
        self._known = {n: row for n, row in self._known.items() if same and n in pages}
        self._on_exchanged()

    def _on_exchanged(self) -> None:
        """Select the same tasks at their new positions."""
        self._moving = False
        if self._all and self._model.rowCount():
            last = self._model.rowCount() - 1
            self._choose([(0, last)], _HOW.Select)
            self._deselect_newer(self._model.rows_between(0, last))
            self._known = {row.id: row for row in self._in_memory()}
            self._tell()
            return
        places = self._alone(self._known)
        self._choose(places, _HOW.ClearAndSelect)
        current = self._view.currentIndex().row()
        if places and (current, current) not in places:  # it has left, or the list was reset
            self._choice.setCurrentIndex(self._model.index(places[0][0], 0), _HOW.NoUpdate)
        self._tell()

    def _on_read(self, first: int, last: int) -> None:
        """Select known tasks among rows just read, and learn the tasks at selected positions."""
        if not self._view.selectionModel().hasSelection() and not self._known:
            return
        chosen = self._view.selectionModel()
        found = []
        if self._all:
            self._deselect_newer(self._model.rows_between(first, last))
        for position, row in self._model.pages.between(first, last):
            if row.id in self._known:
                found.append(position)
            elif chosen.isRowSelected(position):
                self._known[row.id] = row
        if any(not chosen.isRowSelected(position) for position in found):
            self._choose([(at, at) for at in found], _HOW.Select)
        self._tell()

    def _deselect_newer(self, rows: list[Row]) -> None:
        """Deselect rows that are later than the selection of all."""
        narrowed, whole = bool(self._model.query.states), self._all
        newer = [row.id for row in rows if whole and whole.is_later(row, narrowed=narrowed)]
        self._choose(self._alone(newer), _HOW.Deselect)

    def _alone(self, ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return the position of each task that is in memory, as a range of one row."""
        found = (self._model.position_of(each) for each in ids)
        return [(at, at) for at in found if at is not None]

    def _choose(
        self, ranges: list[tuple[int, int]], how: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Change the selection by the program: its tasks stay the same."""
        self._moving = True
        self._view.choose_ranges(ranges, how)
        self._moving = False

    def _tell(self) -> None:
        told = self.ids, self.selected.count
        if not self._moving and told != self._told:
            self._told = told
            self.changed.emit(told[0])
