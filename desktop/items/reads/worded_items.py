"""How items are found by the words of their tasks, or by their own once they have no task."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from desktop.contract.items import Informed
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.conditions import item_number, words_condition
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.reads.searches import Extent, Search
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.reads.walks import SortOrder
from desktop.engine.store.tables.cursor import Source, clock_of, is_remote, run
from desktop.engine.store.tables.schema import tasks
from desktop.items.reads.batches import BATCHES
from desktop.items.tables.schema import items

Kinds = Sequence[str | None]
KINDS: Final[Kinds] = (*(each.value for each in Informed), None)
"""All kinds, by whether recipients were told; ``None`` is the kind of items without a message."""
GATHERED: Final = 2_000
"""Up to this many tasks, all items are collected with their kinds, at 5 µs each among a million."""
SAMPLED: Final = 300
"""Of more tasks, the kinds of this many of the newest are counted."""
SHORTEST: Final = 1_000
LONGEST: Final = 10_000
"""Rows in the first and in the longest leg; each leg is four times as long as the one before."""
SKIPPED: Final = 50_000
"""Tasks without any of the words that are skipped in one step, at 0.05 µs each."""
PATIENCE: Final = 0.008
"""CPU seconds after which a walk along items stops; collecting tasks gets half of this."""
GOING_ON: Final = 0.04
"""The same for a walk that continues an earlier one, whose caller is ready to wait."""
_KINDS_OF_TASKS: Final = """
SELECT DISTINCT items.id, items.informed FROM tasks JOIN items ON items.id = tasks.item_id
WHERE tasks.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class ItemSearch:
    """A page of items by number, starting after ``after``.

    ``text`` is searched in the items' tasks, as in :class:`Filter`. The items are of one of the
    kinds in ``informed``. With ``deeds``, each item has what people did about its tasks.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()
    after: int | None = None
    descending: bool = True
    limit: int = 100
    deeds: bool = False

    @property
    def order(self) -> SortOrder:
        """The order of the page."""
        return SortOrder("id", self.descending)

    def between(
        self, number: ColumnElement[Any], after: int | None, end: int | None = None
    ) -> list[ColumnElement[bool]]:
        """Return the conditions for items beyond ``after`` and up to ``end``; ``None``: any."""
        found = [] if after is None else [self.order.beyond(number, after)]
        return found if end is None else [*found, ~self.order.beyond(number, end)]


def of_kinds(kinds: Kinds) -> list[ColumnElement[bool]]:
    """Return the condition for items of one of these kinds; for no kinds, of all."""
    return [or_(*map(_is_kind, kinds))] if kinds else []


def _is_kind(kind: str | None) -> ColumnElement[bool]:
    return items.c.informed.is_(None) if kind is None else items.c.informed == kind


class WordedItems:
    """The items that words find in one snapshot.

    ``known`` maps items to kinds: all items if ``are_all_known``, else those of the newest tasks.
    """

    def __init__(self, connection: Source, query: ItemSearch) -> None:
        self._connection = connection
        self._query = query
        self._sign = -1 if query.descending else 1
        self._catalogue = Catalogue(connection, BATCHES)
        wanted = Filter(text=query.text, batch_id=query.batch_id)
        self._search = Search(connection, wanted, self._catalogue)
        patience = PATIENCE / 2 if query.after is None else GOING_ON
        found = self._search.find(GATHERED + 1, patience=patience)
        self.are_all_known = found.end is None and len(found.ids) <= GATHERED
        newest = found.ids if self.are_all_known else found.ids[:SAMPLED]
        kinds = connection.execute(_KINDS_OF_TASKS, (json.dumps(newest),)).fetchall()
        self.known: dict[int, str | None] = dict(map(tuple, kinds))

    def page(self) -> tuple[list[int], int | None]:
        """Return the numbers of a page, and where it stopped if it is neither full nor last."""
        if not self.are_all_known:
            return self._walk_items()
        query, sign = self._query, self._sign
        found = [
            number
            for number, kind in self.known.items()
            if (not query.informed or kind in query.informed)
            and (query.after is None or sign * number > sign * query.after)
        ]
        return sorted(found, reverse=query.descending)[: query.limit], None

    def _walk_items(self) -> tuple[list[int], int | None]:
        found: list[int] = []
        after = self._query.after
        size, patience = (SHORTEST, PATIENCE) if after is None else (LONGEST, GOING_ON)
        clock = clock_of(self._connection)
        began = before = clock()
        while True:
            end, tasks_of = self._leg(after, size)
            here = tasks_of.within(self._search.extent)
            if here.lowest <= here.highest:
                items_of_leg = self.walk(after, end, here, self._query.limit - len(found))
                found += [number for (number,) in run(self._connection, items_of_leg)]
            elif end is not None:
                end = self._skip(end)
            if len(found) >= self._query.limit or end is None:
                return found, None
            now = clock()
            if now - began + now - before > patience:
                return found, end
            after, size, before = end, min(4 * size, LONGEST), now

    def _leg(self, after: int | None, size: int) -> tuple[int | None, Extent]:
        """Return the last item of a leg (``None``: the leg is the last), and its tasks' extent."""
        number, along = self._walk_query()
        walked = along.with_only_columns(number)
        if self._has_index:
            walked = select(number).where(*of_kinds(self._query.informed))
        query = self._query
        ends = query.order.sorted(walked.where(*query.between(number, after)), number)
        found = run(self._connection, ends.limit(1).offset(size - 1))
        end = found[0][0] if found else None
        around = along.where(*query.between(number, after, end))
        # Without a limit, a server would search all tasks for the lowest and the highest.
        of = around.with_only_columns(tasks.c.id).limit(1 << 62).subquery()
        ((lowest, highest),) = run(self._connection, select(func.min(of.c.id), func.max(of.c.id)))
        return end, Extent(lowest or 1, highest or 0)

    def walk(self, after: int | None, end: int | None, here: Extent, limit: int) -> Select[Any]:
        """Return the query for the items of a leg whose tasks have the words."""
        query, (number, along) = self._query, self._walk_query()
        asked = words(query.text).split()
        meant = along.where(*query.between(number, after, end))
        if is_remote(self._connection):  # a server may start with the tasks of all items
            meant = meant.where(*query.between(tasks.c.item_id, after, end))
        meant = meant.where(words_condition(asked, self._catalogue, here))
        if query.informed and not self._has_index:
            is_meant = of_kinds(query.informed)
            meant = meant.where(exists().where(items.c.id == number, *is_meant))
        found = meant.with_only_columns(number.label("id")).distinct()
        return query.order.sorted(found, number).limit(limit)

    def _skip(self, after: int) -> int | None:
        """Skip items until one has a task that may have the words; return the item before it.

        The items' kinds are ignored.
        """
        number, along = self._task_walk()
        beyond = along.where(*self._query.between(number, after))
        some = self._query.order.sorted(beyond, number).limit(SKIPPED)
        passed = some.with_only_columns(number.label("number"), tasks.c.id.label("id")).subquery()
        may = select(passed.c.number).where(passed.c.id.between(*self._search.extent)).limit(1)
        found = run(self._connection, may)
        if not found:
            found = run(self._connection, select(passed.c.number).limit(1).offset(SKIPPED - 1))
        return found[0][0] - self._sign if found else None

    @property
    def _has_index(self) -> bool:
        """Whether an index has the wanted items in order: those of one kind, in all batches."""
        return len(self._query.informed) == 1 and self._query.batch_id is None

    def _walk_query(self) -> tuple[ColumnElement[Any], Select[Any]]:
        """Return the column along which tasks are walked, and the query that walks them."""
        if not self._has_index:
            return self._task_walk()
        along = select(tasks.c.id).join_from(items, tasks, tasks.c.item_id == items.c.id)
        return items.c.id, along.where(*of_kinds(self._query.informed))

    def _task_walk(self) -> tuple[ColumnElement[Any], Select[Any]]:
        number, along = tasks.c.item_id, select(tasks.c.id).where(tasks.c.item_id.is_not(None))
        if self._query.batch_id is not None:
            along = along.where(tasks.c.batch_id == self._query.batch_id)
        return number, along


LOOKED_AT: Final = 10_000
"""Most items of one look, at 1 µs each; the next page continues after them."""


class LoneItemsFound(NamedTuple):
    """The items found with their kinds, in order; ``end`` is the last one looked at, if not all."""

    kinds: dict[int, str | None]
    numbers: list[int]
    end: int | None


_LONE: Final = """
SELECT id, informed, words FROM items WHERE words IS NOT NULL AND id BETWEEN ? AND ?
ORDER BY id {} LIMIT {}
"""
_NUMBERED: Final = "SELECT id, informed FROM items WHERE id = ? AND id BETWEEN ? AND ?"
_LAST_NUMBER: Final = (1 << 63) - 1


def find_lone(connection: Source, query: ItemSearch, until: int | None = None) -> LoneItemsFound:
    """Return the items of a page, or some of them; with ``until``, up to this number.

    Their kinds are of all items found; only their numbers follow ``query.informed``. The item whose
    number was typed is found in any case.
    """
    asked = words(query.text).split()
    if not asked:
        return LoneItemsFound({}, [], None)
    step = -1 if query.descending else 1
    beyond = None if query.after is None else query.after + step
    lowest, highest = (until, beyond) if query.descending else (beyond, until)
    within = lowest or 0, _LAST_NUMBER if highest is None else highest
    some = _LONE.format("DESC" if query.descending else "", LOOKED_AT)
    has_all = " AND ".join(["instr(words, ?) > 0"] * len(asked))
    texts = [f" {word}" for word in asked]
    matching = f"SELECT id, informed FROM ({some}) AS lone WHERE {has_all}"  # noqa: S608
    kinds = dict(connection.execute(matching, (*within, *texts)).fetchall())
    own = item_number(asked)
    if own is not None:
        kinds |= dict(connection.execute(_NUMBERED, (own, *within)).fetchall())
    numbers = [n for n, kind in kinds.items() if not query.informed or kind in query.informed]
    looked_at = f"SELECT id FROM ({some}) AS lone LIMIT 1 OFFSET {LOOKED_AT - 1}"  # noqa: S608
    end = connection.execute(looked_at, within).fetchone()
    return LoneItemsFound(kinds, sorted(numbers, reverse=query.descending), end and end[0])
