"""Items as the writer remembers them: new ones, numbers, texts, and who was informed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from desktop.contract.items import Informed
from desktop.contract.office import OfficeRefusal
from desktop.items.tables import item_statements
from desktop.items.tables.item_statements import COUNTED_BELOW
from desktop.items.tables.schema import ERASED, items
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.database import store_id
from sendoff_tasks.store.reads.vocabulary import words
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import BriefRecord, TaskRecord
from sendoff_tasks.store.tables.schema import SPELLED
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Watcher
from sendoff_tasks.transaction.searching import SubjectTexts


def texts_in(body: str, recipient: str | None) -> SubjectTexts:
    """Return the texts of an item: its body as JSON, and its recipient if it was corrected.

    After a correction, all its tasks are also found by its current recipient.
    """
    item = json.loads(body) or {}
    return SubjectTexts(item.get("title"), recipient, " ".join(texts_within(item.get("fields"))))


def lone_words(body: str) -> str:
    """Return the words by which an item without a task is found, each after a space."""
    item = json.loads(body) or {}
    to, fields = item.get("recipient") or {}, " ".join(texts_within(item.get("fields")))[:SPELLED]
    return f" {words(item.get('title'), to.get('name'), to.get('email'), fields)}"


def texts_within(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a JSON value."""
    match value:
        case dict():
            for each in value.values():
                yield from texts_within(each)
        case list():
            for each in value:
                yield from texts_within(each)
        case str() | int() | float() if not isinstance(value, bool):
            yield str(value)


ItemRecord = tuple[
    int, int, str, int, int, str | None, str | None, int | None, str | None, str | None
]
"""A row of ``items``, in the table's order."""


class ItemRecords(Watcher):
    """New items, and those for which a group may change whether they were informed.

    Few tasks affect that.
    """

    of_subjects = True

    def __init__(self) -> None:
        self.store = ""  # the id that no other store has
        self.last = 0  # no item in the store has a higher number
        self.new: dict[int, ItemRecord] = {}  # not written yet
        self.counted: int | None = None  # the number to count on from, once it was read
        self._told: set[int] = set()
        self._changed: set[int] = set()  # items whose tasks must be read again
        self._past: set[int] = set()  # items that lost a message which had ended
        self.collected = (self.new, self._told, self._changed, self._past)

    def load(self, source: Source) -> None:
        """Read the store's id, and the highest number."""
        self.store = store_id(source)
        (last,) = source.execute(item_statements.HIGHEST_ITEM).fetchone()
        self.last = last or 0

    def begin(self, group: Group) -> None:
        """Collect from nothing."""
        super().begin(group)
        self.counted = None

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
        if self.counted is not None and number < COUNTED_BELOW:
            self.counted = max(self.counted, number)

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
            group.insert(items, list(self.new.values()))
            self.last = max(self.last, *self.new)
            self.new.clear()
        if not (self._changed or self._told or self._past):
            return
        for statement, numbers, *given in (
            (item_statements.STORE_PAST, self._past),
            (item_statements.RECOUNT, self._changed - self._told, group.now),
            (item_statements.SET_YES, self._told, group.now),
        ):
            if numbers:
                group.cursor.execute(statement, (*given, json.dumps(sorted(numbers))))
                numbers.clear()
        self._changed.clear()


class LoneItems(Watcher):
    """The items that lost a task in a group, or were corrected."""

    of_subjects = True

    def __init__(self) -> None:
        self.found: set[int] = set()
        self.collected = (self.found,)

    def forgotten(self, record: TaskRecord | BriefRecord) -> None:
        """Note the item of a deleted task."""
        if record.item_id is not None:
            self.found.add(record.item_id)

    def write(self, group: Group) -> None:
        """Write the words by which items without a task are found."""
        if self.found:
            given = (json.dumps(sorted(self.found)),)
            self.found.clear()
            found = group.cursor.execute(item_statements.LONE_WORDS, given).fetchall()
            for number, words, body in found:
                now = None if body in {None, ERASED} else lone_words(body)
                if words != now:
                    group.cursor.execute(item_statements.SET_LONE_WORDS, (now, number))


def _is_message(record: TaskRecord) -> bool:
    """Tell whether a task informs the item's recipient: it has a reference and is not a copy."""
    return record.reference is not None and not record.is_copy


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
        group.part(ItemRecords).counted = None  # to be read again


class Numbers:
    """Assigns numbers above the highest one that counts."""

    def __init__(self, group: Group, brought: Iterable[int]) -> None:
        """Prepare for a submission; ``brought`` are all numbers that its items bring."""
        self._group = group
        self._brought = set(brought)
        self._last: int | None = None

    def follow(self, number: int) -> None:
        """Continue from a number that an item has brought, if it is higher and counts."""
        if number < COUNTED_BELOW:
            self._last = max(self._start(), number)

    def next(self) -> int:
        """Return an unused number; raise ``Conflict`` if there is none above the highest one."""
        number = self._start() + 1
        while number in self._brought:
            number += 1
        if number >= COUNTED_BELOW:
            raise Conflict(OfficeRefusal.NO_NUMBER)
        self._last = number
        return number

    def _start(self) -> int:
        if self._last is not None:
            return self._last
        records = self._group.part(ItemRecords)
        if records.counted is None:
            (stored,) = self._group.cursor.execute(item_statements.LAST_ITEM).fetchone()
            new = (number for number in records.new if number < COUNTED_BELOW)
            records.counted = max((int(stored), *new))
        return records.counted
