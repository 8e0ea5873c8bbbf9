"""The selection of the task table: the tasks at the positions that Qt has selected.

Qt's positions follow their tasks, also when all positions change; another list has none of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from desktop.gui.tasks.acting.task_actions import Selection
from sendoff_tasks.client.calls import SortedFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtCore import QItemSelection

    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.lists.row_table import RowTable
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


class TaskSelection(QObject):
    """Follows the selection of ``view``; create it before the view gets its model.

    A selected task stays selected wherever it moves, until it leaves the list. If all rows are
    selected, the selection is all tasks of that moment: later ones are not selected. A list with a
    single task has no such selection, just that task. A new sort order keeps the selection, a new
    filter clears it. ``changed`` carries the task numbers, the current one first; ``chosen`` is
    emitted when the person changes the selection.
    """

    changed = Signal(list)
    chosen = Signal()

    def __init__(self, model: TaskModel, view: RowTable, rights: WindowRights) -> None:
        super().__init__(view)
        self._rights = rights
        self._model = model
        self._view = view
        self._known: dict[int, Row] = {}  # also rows that left memory
        self._before: Sequence[int] = ()  # the tasks in a list that another one replaces
        self._all: AllOf | None = None
        self._filter = model.query.parameters()
        self._counts: Mapping[str, int] = {}
        self._told: tuple[list[int], int] = ([], 0)
        self._moving = False
        # These slots run before Qt's own selection model, those of follow() after it.
        model.rowsAboutToBeInserted.connect(self._on_about_to_move)
        model.rowsAboutToBeRemoved.connect(self._on_about_to_move)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.reordering.connect(self._on_reordering)

    def follow(self) -> None:
        """Start to follow, once the view has its model."""
        self._choice = self._view.selectionModel()
        self._choice.selectionChanged.connect(self._on_selected)
        self._choice.currentChanged.connect(self._tell)
        self._model.rowsInserted.connect(self._on_moved)
        self._model.rowsRemoved.connect(self._on_moved)
        self._model.modelReset.connect(self._on_reset)
        self._model.reordered.connect(self._on_reordered)
        self._model.rows_read.connect(self._on_read)

    def set_stats(self, stats: OfficeStats) -> None:
        """Set the number of tasks by state, which decides the actions on all tasks."""
        known, self._counts = self._counts, stats["counts"]
        if self._all and self._counts != known:
            self.changed.emit(self.ids)

    @property
    def ids(self) -> list[int]:
        """The numbers of the selected tasks, the current one first; of very many, those in sight.

        Those whose row was never read are left out.
        """
        ids = [row.id for row in self.rows]
        row = self._model.row_at(self._view.currentIndex().row())
        if row is not None and row.id in ids:
            ids.remove(row.id)
            ids.insert(0, row.id)
        return ids

    @property
    def rows(self) -> list[Row]:
        """The known rows of the selected tasks, from top to bottom."""
        row = self._model.tasks.row
        found = [row(task_id) or self._known.get(task_id) for task_id in self._chosen_ids()]
        return [row for row in found if row is not None]

    @property
    def selected(self) -> Selection:
        """The selection with all that is known of it."""
        rows = self.rows
        count = sum(last - first + 1 for first, last in self._view.chosen_ranges())
        if self._all is None or len(rows) == count:
            return Selection(rows, count, self._rights, self._model.pending)
        query, count = self._model.query, min(count, self._all.count)
        is_known = query == SortedFilter(states=query.states, sort=query.sort)
        then = replace(query, known_at=self._all.at)
        counts = self._counts if is_known else {}
        return Selection(rows, count, self._rights, self._model.pending, then, counts)

    def _chosen_ids(self) -> list[int]:
        ranges = self._view.chosen_ranges()
        return [task_id for each in ranges for task_id in self._model.ids_between(*each)]

    def _on_selected(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Take over the person's selection."""
        if self._moving or not (selected.count() or deselected.count()):
            return  # Qt emits this before insertions, too
        self._learn()
        last = self._model.rowCount() - 1
        is_all = last > 0 and self._view.chosen_ranges() == [(0, last)]
        at = after_all(self._known.values())
        self._all = AllOf(at, last + 1) if is_all else None
        self.chosen.emit()
        self._tell()

    def _on_about_to_move(self) -> None:
        self._moving = True

    def _on_about_to_reset(self) -> None:
        self._moving = True
        self._before = self._chosen_ids()

    def _on_reordering(self) -> None:
        """Let Qt move no position of everything: it would look for each."""
        self._moving = True
        if self._all:
            self._choice.clearSelection()

    def _on_moved(self) -> None:
        self._moving = False
        if not self._view.chosen_ranges():
            self._all = None
        self._tell()

    def _on_reset(self) -> None:
        """Select the same tasks in a new sort order; deselect all on a new filter."""
        same = self._model.query.parameters() == self._filter
        self._filter = self._model.query.parameters()
        self._all = self._all if same else None
        if same and not self._all:
            near = dict.fromkeys(self._before, 0)
            self._choose([(at, at) for at in self._model.tasks.positions(near).values()])
        self._before = ()
        self._on_reordered()

    def _on_reordered(self) -> None:
        """Select everything again, or have a selected task as the current one."""
        self._moving = False
        if self._all and self._model.rowCount():
            self._choose([(0, self._model.rowCount() - 1)])
            self._deselect_newer()
        places = self._view.chosen_ranges()
        current = self._view.currentIndex().row()
        if places and not any(first <= current <= last for first, last in places):
            self._choice.setCurrentIndex(self._model.index(places[0][0], 0), _HOW.NoUpdate)
        self._learn()
        self._on_moved()

    def _on_read(self) -> None:
        """Learn the rows of selected tasks."""
        if self._choice.hasSelection():
            self._deselect_newer()
            self._learn()
            self._tell()

    def _learn(self) -> None:
        """Remember the rows of the selected tasks, and no others."""
        self._known = {row.id: row for row in self.rows}

    def _deselect_newer(self) -> None:
        """Deselect rows that are later than the selection of all."""
        whole, narrowed = self._all, bool(self._model.query.states)
        if whole is None:
            return
        later = [
            (at, at)
            for first, last in self._view.chosen_ranges()
            for at, row in self._model.known_between(first, last)
            if whole.is_later(row, narrowed=narrowed)
        ]
        self._choose(later, _HOW.Deselect)

    def _choose(
        self,
        ranges: list[tuple[int, int]],
        how: QItemSelectionModel.SelectionFlag = _HOW.ClearAndSelect,
    ) -> None:
        """Change the selection by the program: its tasks stay the same."""
        self._moving = True
        self._view.choose_ranges(ranges, how)
        self._moving = False

    def _tell(self) -> None:
        if self._moving:
            return
        told = self.ids, self.selected.count
        if told != self._told:
            self._told = told
            self.changed.emit(told[0])
