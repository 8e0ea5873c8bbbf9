"""Whether the recipients of items were informed, updated by each group."""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop.contract.items import Informed
from desktop.contract.reasons import Reason
from desktop.contract.states import OPEN, State
from desktop.engine.store.tables import item_statements as statements
from desktop.engine.store.tables.cursor import Cursor
from desktop.engine.store.tables.records import BriefRecord, TaskRecord


class InformedItems:
    """The items for which a group may change whether they were informed; few tasks affect it."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._told: set[int] = set()
        self._changed: set[int] = set()  # items whose tasks must be read again

    def begin(self, item_id: int, records: Iterable[TaskRecord | None]) -> str | None:
        """Return the initial value of a new item, from its new tasks."""
        self._changed.discard(item_id)
        is_awaited = any(record is not None and _is_message(record) for record in records)
        return Informed.NOT_YET.value if is_awaited else None

    def change(self, record: TaskRecord | BriefRecord) -> None:
        """Record a new or a deleted task; a deleted one may have been a message."""
        if record.item_id is not None and (isinstance(record, BriefRecord) or _is_message(record)):
            self._changed.add(record.item_id)

    def move(self, record: TaskRecord, before: str) -> None:
        """Record a task's change of state."""
        if record.item_id is None or (before in OPEN and record.state in OPEN):
            return
        if not _is_message(record):
            return
        if record.state == State.SUCCEEDED and record.reason != Reason.KEPT:
            self._told.add(record.item_id)
        else:
            self._changed.add(record.item_id)

    def write(self) -> None:
        """Write the changes, after the tasks are written."""
        if not (self._changed or self._told):
            return
        for statement, numbers in (
            (statements.RECOUNT, self._changed - self._told),
            (statements.SET_YES, self._told),
        ):
            if numbers:
                self._cursor.execute(statement, (json.dumps(sorted(numbers)),))
                numbers.clear()
        self._changed.clear()


def _is_message(record: TaskRecord) -> bool:
    """Return whether a task informs the item's recipient: it has a reference and is not a copy."""
    return record.reference is not None and not record.is_copy
