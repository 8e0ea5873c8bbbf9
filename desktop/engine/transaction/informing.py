"""Keeping, in a group, whether the recipients of items were told."""

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
    """The items of which a group changes whether they are told; most tasks need no look at them."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._told: set[int] = set()
        self._changed: set[int] = set()  # whose tasks are to be read again

    def begin(self, item_id: int, records: Iterable[TaskRecord | None]) -> str | None:
        """Return what a new item begins with, by its new tasks."""
        self._changed.discard(item_id)
        is_awaited = any(record is not None and _is_message(record) for record in records)
        return Informed.NOT_YET.value if is_awaited else None

    def change(self, record: TaskRecord | BriefRecord) -> None:
        """Note a task that is new, or is forgotten; any that is old may have been a message."""
        if record.item_id is not None and (isinstance(record, BriefRecord) or _is_message(record)):
            self._changed.add(record.item_id)

    def move(self, record: TaskRecord, before: str) -> None:
        """Note that a task has come into another state."""
        if record.item_id is None or (before in OPEN and record.state in OPEN):
            return
        if not _is_message(record):
            return
        if record.state == State.SUCCEEDED and record.reason != Reason.KEPT:
            self._told.add(record.item_id)
        else:
            self._changed.add(record.item_id)

    def write(self) -> None:
        """Write what was noted, after the tasks."""
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
    """Tell whether it tells the item's recipient: it has a reference, and is no copy."""
    return record.reference is not None and not record.is_copy
