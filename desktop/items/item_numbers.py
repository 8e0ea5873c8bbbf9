"""Numbers for items that are submitted without one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import Conflict
from desktop.engine.store.tables import statements
from desktop.engine.transaction.group import Group
from desktop.items.item_records import ItemNumbers, ItemRecords
from desktop.items.tables import item_statements

BEYOND: Final = 10_000
"""More numbers than were assigned since any backup; none of them is assigned again."""


def count_on_beyond_lost(group: Group) -> None:
    """Have no new item get the number of one that has left traces outside."""
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    floor = item_statements.ITEMS_FLOOR, str(last + BEYOND)
    group.cursor.execute(statements.PUT_META, floor)


def count_on_from(group: Group, number: int) -> None:
    """Reserve the numbers up to this one for items that bring their own."""
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    if number > last:
        group.cursor.execute(statements.PUT_META, (item_statements.ITEMS_FLOOR, str(number)))
        group.part(ItemRecords).numbers = None  # to be read again


class Numbers:
    """Assigns numbers above the highest one.

    If the highest one has reached the limit, counting continues above the next lower item with room
    above it, so one item with the highest possible number does not block all others.
    """

    def __init__(self, group: Group, brought: Iterable[int]) -> None:
        """Prepare for a submission; ``brought`` are all numbers that its items bring."""
        self._group = group
        self._items = group.part(ItemRecords)
        self._used = set(brought)
        self._last: int | None = None

    def follow(self, number: int) -> None:
        """Continue from a number that an item has brought, if it is higher and has room."""
        last = self._start() if self._last is None else self._last
        self._last = max(last, number) if number < ID_LIMIT else last

    def next(self) -> int:
        """Return an unused number; raise ``Conflict`` if no item has room above it."""
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
        if self._items.numbers is None:
            stored: int = self._group.cursor.execute(item_statements.LAST_ITEM).fetchone()[0]
            numbers = ItemNumbers(stored, is_crowded=self._is_stored(ID_LIMIT))
            for number in self._items.new:
                numbers.note(number)
            self._items.numbers = numbers
        return self._items.numbers

    def _free(self, number: int) -> int:
        """Return the first unused number from this one on; it may exceed the limit."""
        while number <= ID_LIMIT and self._is_taken(number):
            number += 1
        return number

    def _is_taken(self, number: int) -> bool:
        if number in self._used or number in self._items.new:
            return True
        return self._numbers.is_crowded and self._is_stored(number)

    def _is_stored(self, number: int) -> bool:
        return self._group.cursor.execute(item_statements.ITEM, (number,)).fetchone() is not None
