"""Items: the numbers new ones get that bring none, and each as it is now, corrected or not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.tables import item_statements, statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import ItemNumbers


class PresentItem(NamedTuple):
    """An item's canonical body; its recipient, as rows show it, is known once it was corrected.

    ``corrections`` is how often that was, and ``corrected_at`` when last; ``first`` the body it was
    accepted with.
    """

    first: str
    body: str
    recipient: str | None = None
    corrections: int = 0
    corrected_at: int = 0

    @property
    def title(self) -> str | None:
        """What the item is called."""
        title: str | None = json.loads(self.body).get("title")
        return title


def present_item(group: Group, number: int) -> PresentItem:
    """Read an item as it is now; ``UnknownId``."""
    new = group.new_items.get(number)
    first = None if new is None else new[2]
    if first is None:
        row = group.cursor.execute(item_statements.ITEM, (number,)).fetchone()
        if row is None:
            raise UnknownId("item", number)
        first = row[0]
    corrections, body, recipient, at = _corrected(group, number) or (0, first, None, 0)
    return PresentItem(first, body, recipient, corrections, at)


def _corrected(group: Group, number: int) -> tuple[int, str, str | None, int] | None:
    """Return how often an item was corrected, with its body and recipient since, and when."""
    found: tuple[int, str, str | None, int] | None
    found = group.cursor.execute(item_statements.CORRECTION, (number,)).fetchone()
    return found


def title_of(group: Group, number: int) -> str | None:
    """Read what an item is called now; ``UnknownId``."""
    return present_item(group, number).title


def readdress(group: Group, record: TaskRecord) -> None:
    """Show the corrected recipient of its item on a task that is done again."""
    if record.item_id is None or record.addressee is not None:
        return
    _, body, recipient, _ = _corrected(group, record.item_id) or (0, "", None, 0)
    if recipient is not None and recipient != record.recipient:
        rename(group, record, recipient, body, body)


def rename(group: Group, record: TaskRecord, recipient: str, before: str, after: str) -> None:
    """Change the recipient a task shows, and the words that search finds it by.

    ``before`` and ``after`` are the bodies of its item, JSON.
    """
    old = group.search.of(record, before)
    if recipient != record.recipient:
        group.change(record, recipient=recipient)
    group.search.put(record.id, old, group.search.of(record, after))


def count_on_from(group: Group, number: int) -> None:
    """Leave the numbers up to this one to items that bring them: the next without one is higher."""
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    if number > last:
        group.cursor.execute(statements.PUT_META, (item_statements.ITEMS_FLOOR, str(number)))
        group.numbers = None  # they are read again


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
            self._numbers.is_crowded = True
            self._group.flush()
            row = self._group.cursor.execute(item_statements.LAST_ITEM_BELOW, (below,)).fetchone()
            below = row[0] if row else None
            number = self._free((below or 0) + 1)
        self._last = number
        self._used.add(number)
        return number

    def _start(self) -> int:
        return self._numbers.last

    @property
    def _numbers(self) -> ItemNumbers:
        group = self._group
        if group.numbers is None:
            stored: int = group.cursor.execute(item_statements.LAST_ITEM).fetchone()[0]
            group.numbers = ItemNumbers(stored, is_crowded=self._is_stored(ID_LIMIT))
            for number in group.new_items:
                group.numbers.note(number)
        return group.numbers

    def _free(self, number: int) -> int:
        """Return the first number from this one on that no item has; it may be over the limit."""
        while number <= ID_LIMIT and self._is_taken(number):
            number += 1
        return number

    def _is_taken(self, number: int) -> bool:
        if number in self._used or number in self._group.new_items:
            return True
        return self._numbers.is_crowded and self._is_stored(number)

    def _is_stored(self, number: int) -> bool:
        return self._group.cursor.execute(item_statements.ITEM, (number,)).fetchone() is not None
