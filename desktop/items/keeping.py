"""Keeping: items outlive their tasks; in the end their contents go, and later their rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from desktop.engine.clock import DAY_MS
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.store.tables.schema import ERASED
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.parts import Watcher
from desktop.items.tables import item_statements
from desktop.items.tables import kept_statements as statements
from desktop.items.texts import lone_words

STEP: Final = 200
"""Items erased, or deleted, in one group."""


@dataclass(slots=True)
class KeptFor:
    """How long items are kept, ms: their contents, and then what is left of them.

    It counts from the last of these: an item was registered, was corrected, its recipient was
    informed.
    """

    contents: int = 365 * DAY_MS
    items: int = 3 * 365 * DAY_MS


class LoneItems(Watcher):
    """The items that lost a task in a group, or were corrected."""

    def __init__(self) -> None:
        self.found: set[int] = set()

    def begin(self, group: Group) -> None:
        """Forget those of a failed group."""
        self.found.clear()

    def forgotten(self, record: TaskRecord | BriefRecord) -> None:
        """Note the item of a deleted task."""
        if record.item_id is not None:
            self.found.add(record.item_id)

    def write(self, group: Group) -> None:
        """Write the words by which items without a task are found."""
        if self.found:
            given = (json.dumps(sorted(self.found)),)
            self.found.clear()
            for number, words, body in group.cursor.execute(statements.WORDS, given).fetchall():
                now = None if body in {None, ERASED} else lone_words(body)
                if words != now:
                    group.cursor.execute(statements.SET_WORDS, (now, number))


def tidy_items(group: Group, kept: KeptFor) -> bool:
    """Erase, or delete, a few old items without tasks; return whether there may be more.

    The one with the highest number stays, because counting continues from it.
    """
    if group.memory.is_clock_doubted(group.now):
        return False
    group.flush()
    before = group.now - kept.contents
    numbers = _read(group, statements.TO_ERASE, before, before, before, STEP)
    if numbers:
        erase(group, numbers)
        return True
    before = group.now - kept.items
    (last,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    old = _read(group, statements.TO_DELETE, before, before, STEP)
    numbers = [number for number in old if number != last]
    if numbers:
        group.cursor.execute(statements.DELETE, (json.dumps(numbers),))
        group.all_changed()
    return bool(numbers)


def erase(group: Group, numbers: list[int]) -> None:
    """Leave nothing of items but their numbers, their times, and whether people were informed."""
    given = (json.dumps(numbers),)
    group.cursor.execute(statements.ERASE, given)
    group.cursor.execute(statements.ERASE_CORRECTIONS, given)
    group.all_changed()


def _read(group: Group, statement: str, *given: int) -> list[int]:
    return [number for (number,) in group.cursor.execute(statement, given).fetchall()]
