"""Items as they are now, accepted or corrected last, and the numbers that new ones get."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group


class PresentItem(NamedTuple):
    """An item's canonical body, and whom it is for where that was ever corrected.

    ``corrections`` is how often it was.
    """

    body: str
    recipient: str | None = None
    corrections: int = 0

    @property
    def title(self) -> str | None:
        """What the item is called."""
        title: str | None = json.loads(self.body).get("title")
        return title


def present_item(group: Group, number: int) -> PresentItem:
    """Read an item as it is now; ``UnknownId``."""
    group.flush()
    corrected = group.cursor.execute(statements.CORRECTION, (number,)).fetchone()
    if corrected is not None:
        corrections, body, recipient = corrected
        return PresentItem(body, recipient, corrections)
    row = group.cursor.execute(statements.ITEM, (number,)).fetchone()
    if row is None:
        raise UnknownId("item", number)
    return PresentItem(row[0])


def title_of(group: Group, number: int) -> str | None:
    """Read what an item is called now; ``UnknownId``."""
    return present_item(group, number).title


def readdress(group: Group, record: TaskRecord) -> None:
    """Let a task that is done again show whom its item is for by now, and be found by that."""
    if record.item_id is None or record.addressee is not None:
        return
    item = present_item(group, record.item_id)
    if item.recipient is not None and item.recipient != record.recipient:
        rename(group, record, item.recipient, item.title, item.title)


def rename(
    group: Group, record: TaskRecord, recipient: str, before: str | None, after: str | None
) -> None:
    """Change whom a task shows, and what search finds it by.

    ``before`` and ``after`` are the titles of its item.
    """
    old = words(record.title, record.recipient, before)
    new = words(record.title, recipient, after)
    if recipient != record.recipient:
        group.change(record, recipient=recipient)
    if old == new:
        return
    group.flush()
    if old:
        group.cursor.execute(statements.DELETE_WORDS, (record.id, old))
    if new:
        group.cursor.execute(statements.INSERT_WORDS, (record.id, new))


class Numbers:
    """Counts on from the highest number.

    Where that has come to the limit, from the next lower item with room above it: one item with
    the highest number there is must not be the last.
    """

    def __init__(self, group: Group, brought: Iterable[int]) -> None:
        """Look at a submission; ``brought`` are all numbers that its items bring."""
        self._group = group
        self._used = set(brought)
        self._last: int | None = None

    def follow(self, number: int) -> None:
        """Count on from a number that an item has brought, where that is higher and has room."""
        last = self._start() if self._last is None else self._last
        self._last = max(last, number) if number < ID_LIMIT else last

    def next(self) -> int:
        """Return a number that no item has; raises ``Conflict`` where there is none above any."""
        last = self._start() if self._last is None else self._last
        number = self._free(last + 1)
        below: int | None = ID_LIMIT
        while number > ID_LIMIT:
            if below is None:
                raise Conflict("No number is free above those that are taken; choose one.")
            self._group.flush()
            row = self._group.cursor.execute(statements.LAST_ITEM_BELOW, (below,)).fetchone()
            below = row[0] if row else None
            number = self._free((below or 0) + 1)
        self._last = number
        self._used.add(number)
        return number

    def _start(self) -> int:
        stored: int = self._group.cursor.execute(statements.LAST_ITEM).fetchone()[0]
        pending = (number for number in self._group.new_items if number < ID_LIMIT)
        return max(stored, max(pending, default=0))

    def _free(self, number: int) -> int:
        """Return the first number from this one on that no item has; it may be over the limit."""
        while number <= ID_LIMIT and self._is_taken(number):
            number += 1
        return number

    def _is_taken(self, number: int) -> bool:
        if number in self._used or number in self._group.new_items:
            return True
        return self._group.cursor.execute(statements.ITEM, (number,)).fetchone() is not None
