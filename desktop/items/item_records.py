"""Items as the writer remembers them: new ones, numbers, and whether recipients were informed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.contract.items import Informed
from desktop.contract.reasons import Reason
from desktop.contract.states import OPEN, State
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.store.tables import schema
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.parts import Watcher
from desktop.items.tables import item_statements as statements
from desktop.items.texts import lone_words

ItemRecord = tuple[
    int, int, str, int, int, str | None, str | None, int | None, str | None, str | None
]
"""A row of ``items``, in the table's order."""


@dataclass(slots=True)
class ItemNumbers:
    """What one group knows of items' numbers: there is none above ``last``.

    If it ``is_crowded`` at the highest possible number, each number has to be looked up.
    """

    last: int
    is_crowded: bool

    def note(self, number: int) -> None:
        """Record that an item was added."""
        if number < ID_LIMIT:
            self.last = max(self.last, number)
        else:
            self.is_crowded = True


class ItemRecords(Watcher):
    """New items, and those for which a group may change whether they were informed.

    Few tasks affect that.
    """

    def __init__(self) -> None:
        self.last = 0  # no item in the store has a higher number
        self.new: dict[int, ItemRecord] = {}  # not written yet
        self.numbers: ItemNumbers | None = None  # once they were read
        self._told: set[int] = set()
        self._changed: set[int] = set()  # items whose tasks must be read again
        self._past: set[int] = set()  # items that lost a message which had ended

    def load(self, source: Source) -> None:
        """Read the highest number."""
        row = source.execute(statements.LAST_ITEM_BELOW, (ID_LIMIT + 1,)).fetchone()
        self.last = row[0] if row else 0

    def begin(self, group: Group) -> None:
        """Collect from nothing."""
        self.new.clear()
        self.numbers = None
        self._told.clear()
        self._changed.clear()
        self._past.clear()

    def add(
        self, item: tuple[int, int, str, int, int, str | None], tasks: Iterable[TaskRecord | None]
    ) -> None:
        """Add an item, as its row is but for what follows from its new tasks."""
        number, now, body, _, count, _ = item
        self._changed.discard(number)
        is_awaited = any(record is not None and _is_message(record) for record in tasks)
        informed = (Informed.NOT_YET.value, now) if is_awaited else (None, None)
        self.new[number] = (*item, *informed, None, None if count else lone_words(body))
        self.changes += 1
        if self.numbers is not None:
            self.numbers.note(number)

    def added(self, record: TaskRecord) -> None:
        """Follow a new message."""
        if record.item_id is not None and _is_message(record):
            self._changed.add(record.item_id)

    def moved(self, record: TaskRecord, before: str) -> None:
        """Follow a message that has left, or whose fate is another one now."""
        if record.item_id is None or (before in OPEN and record.state in OPEN):
            return
        if not _is_message(record):
            return
        if record.state == State.SUCCEEDED and record.reason != Reason.KEPT:
            self._told.add(record.item_id)
        else:
            self._changed.add(record.item_id)

    def forgotten(self, record: TaskRecord | BriefRecord) -> None:
        """Follow a deleted task, which may have been a message: what an ended one said stays."""
        if record.item_id is None:
            return
        if isinstance(record, BriefRecord) or record.state not in OPEN:
            self._past.add(record.item_id)
        elif _is_message(record):
            self._changed.add(record.item_id)

    def write(self, group: Group) -> None:
        """Write new items, and the changes."""
        if self.new:
            group.insert(schema.items, list(self.new.values()))
            self.last = max(self.last, *self.new)
            self.new.clear()
        if not (self._changed or self._told or self._past):
            return
        for statement, numbers, *given in (
            (statements.KEEP_PAST, self._past),
            (statements.RECOUNT, self._changed - self._told, group.now),
            (statements.SET_YES, self._told, group.now),
        ):
            if numbers:
                group.cursor.execute(statement, (*given, json.dumps(sorted(numbers))))
                numbers.clear()
        self._changed.clear()


def _is_message(record: TaskRecord) -> bool:
    """Return whether a task informs the item's recipient: it has a reference and is not a copy."""
    return record.reference is not None and not record.is_copy
