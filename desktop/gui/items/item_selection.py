"""The selected items and their tasks, on which actions work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.contract.states import State
from desktop.gui.table.selected import Selected
from desktop.gui.tasks.task_row import row_of
from desktop.gui.widgets.lists.live_rows import EVERY_MS

if TYPE_CHECKING:
    from desktop.contract.events import TasksEvent
    from desktop.contract.items import Item
    from desktop.contract.tasks import TaskRow
    from desktop.gui.items.item_model import ItemModel
    from desktop.gui.reach import Reach
    from desktop.gui.tasks.pending_actions import PendingActions
    from desktop.gui.tasks.task_row import Row
    from desktop.gui.widgets.lists.many_table import ManyTable


STEP: Final = 500
"""Tasks converted in one turn of the event loop: about 5 ms."""


class ItemSelection(QObject):
    """Follows the selection in ``table``, and the changes of the selected items' tasks.

    Items out of sight are not read again, so their tasks follow events. ``changed`` carries the
    numbers of the items once their tasks are converted, which happens in small steps.
    """

    changed = Signal(list)

    def __init__(
        self, model: ItemModel, table: ManyTable, reach: Reach, pending: PendingActions
    ) -> None:
        super().__init__(table)
        self._model = model
        self._table = table
        self._reach = reach
        self._pending = pending
        self._rows: dict[int, Row] = {}
        self._gone: set[int] = set()
        self._later = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._later.timeout.connect(self._update)
        self._items: list[Item] = []  # selected at the last update
        self._to_convert: list[TaskRow] = []
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._convert_some)
        table.chosen_changed.connect(self._on_chosen)
        for changed in (model.dataChanged, model.counted):
            changed.connect(self._update_soon)

    def items(self) -> list[Item]:
        """Return the selected items, from top to bottom."""
        found = (self._model.item(place) for place in self._table.chosen())
        return [item for item in found if item is not None]

    @property
    def selected(self) -> Selected:
        """The tasks of the selected items, as of the last update."""
        rows = self._tasks()
        return Selected(rows, len(rows), reach=self._reach, pending=self._pending)

    def apply(self, event: TasksEvent) -> None:
        """Apply an event to the tasks of the selected items."""
        changed = [task for task in event["rows"] if task["id"] in self._rows]
        gone = self._rows.keys() & event["gone"]
        for task in changed:
            self._newest(task)
        self._gone |= gone
        if changed or gone:
            self._update_soon()

    def _tasks(self) -> list[Row]:
        """Return the items' tasks, without sent copies: those are not sent again."""
        found = [
            self._newest(task)
            for item in self._items
            for task in item["tasks"]
            if task["id"] not in self._gone
        ]
        self._rows = {row.id: row for row in found}
        return [row for row in found if not (row.copy and row.state == State.SUCCEEDED)]

    def _newest(self, task: TaskRow) -> Row:
        """Return the newest known row of a task."""
        known = self._rows.get(task["id"])
        if known is None or known.rev < task["rev"]:
            known = self._rows[task["id"]] = row_of(task)
        return known

    def _on_chosen(self) -> None:
        self._gone.clear()
        self._update()

    def _update_soon(self) -> None:
        if not self._later.isActive() and len(self._table.chosen()) > 1:
            self._later.start()

    def _update(self) -> None:
        known, self._items = self._rows, self.items()
        self._to_convert = [
            task
            for item in self._items
            for task in item["tasks"]
            if task["id"] not in known or known[task["id"]].rev < task["rev"]
        ]
        self._convert_some()

    def _convert_some(self) -> None:
        some, self._to_convert = self._to_convert[:STEP], self._to_convert[STEP:]
        for task in some:
            self._newest(task)
        if self._to_convert:
            self._next.start()
        else:
            self._next.stop()
            self.changed.emit([item["item_id"] for item in self._items])
