"""Which items a query finds, in their order, and how many there are.

Items are found by their tasks, for which the word index stands in the order of tasks. A page of
items has another order, so the tasks of a text are gathered and sorted where they are few; where
they are many, an index in the order of items is walked along.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from desktop.contract.items import COUNTED, NONE_ASKED
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.items.kinds import KINDS, Kinds, count_kinds, demands, of_kinds
from desktop.engine.store.reads.query import Filter, ItemSearch
from desktop.engine.store.reads.tasks.orders import SortOrder
from desktop.engine.store.reads.tasks.pages import ordered_ids
from desktop.engine.store.reads.tasks.searches import Demand, words_condition
from desktop.engine.store.reads.tasks.walks import walks
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.tables.compiled import GIVEN, run, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.item_statements import BODY
from desktop.engine.store.tables.schema import items, tasks

GATHERED: Final = 1_500
"""Tasks that have the words: so many are gathered; where there are more, they are walked for."""
SAMPLED: Final = 500
"""So many of more tasks have their items counted."""
SORTED: Final = 20_000
"""Where no more tasks have the words, sorting them takes less time than walking far."""
FAR: Final = 50_000
"""Numbers of items that are walked along before that."""
CLOSE: Final = 150_000
"""Tasks that have the words are sorted, too, where they lie in a row of so many at most."""
LOOKS: Final = 250, 2_500
"""Where more have them, so many tasks are walked along first; each time from the beginning."""
NEWEST: Final = SortOrder("id", descending=True)
OLDEST: Final = SortOrder("id", descending=False)
_ALL: Final = 1 << 62
_of_batch: Final = tasks.alias("of_batch")
COLUMNS: Final = (items.c.id, items.c.created_at, items.c.informed, BODY)
"""What is read of an item."""
_GIVEN_ITEMS: Final = sql(select(*COLUMNS).where(items.c.id.in_(GIVEN)))


class FoundItems:
    """The items of a query, which two things are asked of: a page, and how many there are."""

    def __init__(self, connection: Source, query: ItemSearch) -> None:
        self._connection = connection
        self._query = query
        self._wanted = Filter(text=query.text, batch_id=query.batch_id)
        self._catalogue = Catalogue(connection)
        self._sign = -1 if query.descending else 1
        self._has_text = bool(query.text.strip())
        self._count = 0  # of tasks that have the words, up to a limit
        self._are_few = True
        self._gathered = self._gather() if self._has_text else {}

    def rows(self) -> list[Any]:
        """Read a page's rows in their order."""
        query = self._query
        if not self._has_text:
            return run(self._connection, self.page(query.after, query.limit))
        return self._read(self._few() if self._are_few else self._many())

    def page(self, after: int | None, limit: int) -> Select[Any]:
        """Return the query for rows in their order; words are not looked at."""
        ids = self._ids(self._query.informed)
        some = self._cut(ids, ids.selected_columns.id, after, limit).subquery("page")
        rows = select(*COLUMNS).select_from(some.join(items, items.c.id == some.c.id))
        return rows.order_by(some.c.id.desc() if self._query.descending else some.c.id)

    def counts(self) -> tuple[dict[str, int], bool]:
        """Count the items of each kind, each up to a limit; say whether that is all of them.

        Where very many tasks have the words, or a batch very many items, some of them are counted.
        """
        counts = dict.fromkeys((word or NONE_ASKED for word in KINDS), 0)
        if self._has_text:
            found = Counter(word or NONE_ASKED for word in self._gathered.values())
            return counts | found, self._are_few
        if self._query.batch_id is not None:
            ids = self._ids(()).subquery()
            kinds = select(items.c.informed.label("kind"))
            kinds = kinds.select_from(ids.join(items, items.c.id == ids.c.id))
            some = kinds.limit(COUNTED + 1).subquery()
            query = select(some.c.kind, func.count()).group_by(some.c.kind)
            counted = run(self._connection, query)
            counts |= {word or NONE_ASKED: n for word, n in counted}
            return counts, sum(counts.values()) <= COUNTED
        of_each = [self._ids((word,)).limit(COUNTED).subquery() for word in KINDS]
        whole = select(*(select(func.count()).select_from(s).scalar_subquery() for s in of_each))
        (row,) = run(self._connection, whole)
        return dict(zip(counts, map(int, row), strict=True)), True

    def walk(self, limit: int, end: int | None = None) -> Select[Any]:
        """Return the query for the numbers of a page, walked for item by item up to ``end``."""
        number, along = self._along()
        if end is not None:
            along = along.where(number >= end if self._query.descending else number <= end)
        return self._walked(along, number, limit, None, self._query.after)

    def _few(self) -> list[int]:
        """Return the numbers of a page of those gathered."""
        query, kinds, sign = self._query, self._query.informed, self._sign
        meant = [n for n, kind in self._gathered.items() if not kinds or kind in kinds]
        if query.after is not None:
            meant = [n for n in meant if sign * n > sign * query.after]
        return sorted(meant, reverse=query.descending)[: query.limit]

    def _many(self) -> list[int]:
        """Return the numbers of a page, where the tasks that have the words are not all gathered.

        They are walked for where they stand close to each other or are very many, else sorted.
        """
        limit = self._query.limit
        if not count_kinds(self._connection, self._query.informed, 1):
            return []
        if self._count <= SORTED and not self._query.informed:
            end = self._start() + self._sign * FAR
            if any(self._sign * n <= self._sign * end for n in self._gathered):
                found = self._numbers(self.walk(limit, end))
                if len(found) >= limit:
                    return found
            return self._numbers(self._sorted(limit))
        found = self._looked_for(limit, self._query.after)
        if len(found) < limit:
            found = self._looked_for(limit, self._before_next())
        if len(found) < limit:
            found = self._numbers(self._sorted(limit) if self._query.informed else self.walk(limit))
        return found

    def _looked_for(self, limit: int, after: int | None) -> list[int]:
        """Walk along few tasks beyond an item, then along more."""
        for tasks_of in LOOKS:
            found = self._numbers(self._look(limit, tasks_of, after))
            if len(found) >= limit:
                break
        return found

    def _look(self, limit: int, count: int, after: int | None) -> Select[Any]:
        """Return a walk along so many tasks, which asks for the words of these alone."""
        number, along = self._along()
        down = self._query.descending
        ends = self._cut(along.with_only_columns(number), number, after, 1).offset(count)
        for (end,) in run(self._connection, ends):
            along = along.where(number >= end if down else number <= end)
        around: Select[Any] = along.with_only_columns(func.min(tasks.c.id), func.max(tasks.c.id))
        ((first, last),) = run(self._connection, self._beyond(around, number, after))
        return self._walked(along, number, limit, (first or 0, last or 0), after)

    def _before_next(self) -> int | None:
        """Return the number before that of the next item with a task that has the words, or lower.

        Where these tasks lie close to each other they are read, at 0.1 µs each. Else the index of
        all items is walked, at 0.05 µs, to the first with a task between the first and the last.
        """
        ((first, _),) = run(self._connection, self._with_words(1, OLDEST))
        ((last, _),) = run(self._connection, self._with_words(1))
        number: ColumnElement[Any] = tasks.c.item_id
        if last - first > CLOSE:
            between = literal_column("+tasks.id").between(first, last)
            along = select(number).where(number.is_not(None), between)
            found = run(self._connection, self._cut(along, number, self._query.after, 1))
        else:
            utmost, found = func.max if self._sign < 0 else func.min, []
            for walk in walks(self._wanted, NEWEST, self._catalogue):
                some = walk.order_by(None).subquery()
                own = select(utmost(number)).select_from(some.join(tasks, tasks.c.id == some.c.id))
                found += run(self._connection, self._beyond(own, number, self._query.after))
        ends = [self._sign * end for (end,) in found if end is not None]
        return self._sign * (min(ends) - 1) if ends else self._query.after

    def _walked(
        self,
        along: Select[Any],
        number: ColumnElement[Any],
        limit: int,
        within: tuple[int, int] | None,
        after: int | None,
    ) -> Select[Any]:
        asked = words(self._query.text).split()
        found = along.where(words_condition(asked, self._catalogue, within, walked=True))
        found = found.with_only_columns(number.label("id")).distinct()
        return self._cut(found, number, after, limit)

    def _start(self) -> int:
        """Return the number that a page begins at, or before."""
        if self._query.after is not None:
            return self._query.after
        first = func.max if self._query.descending else func.min
        ((number,),) = run(self._connection, select(first(items.c.id)))
        return number or 0

    def _sorted(self, limit: int) -> Select[Any]:
        """Return the query for the numbers of a page that sorts all items of the tasks."""
        number = tasks.c.item_id
        some = self._with_words(
            _ALL, beside=demands(self._connection, self._query.informed)
        ).subquery()
        own = some.join(tasks, tasks.c.id == some.c.id)
        ids = select(number.label("id")).distinct().select_from(own).where(number.is_not(None))
        return self._cut(ids, number, self._query.after, limit)

    def _along(self) -> tuple[ColumnElement[Any], Select[Any]]:
        """Return by what number tasks are walked for, and the query that does."""
        number, walked = tasks.c.item_id, select(tasks.c.id)
        if self._query.informed:
            number = items.c.id
            walked = walked.join_from(items, tasks, tasks.c.item_id == number)
        walked = walked.where(number.is_not(None), *of_kinds(self._query.informed))
        if self._query.batch_id is not None:
            walked = walked.where(tasks.c.batch_id == self._query.batch_id)
        return number, walked

    def _beyond(
        self, query: Select[Any], number: ColumnElement[Any], after: int | None
    ) -> Select[Any]:
        if after is None:
            return query
        return query.where(number < after if self._query.descending else number > after)

    def _cut(
        self, query: Select[Any], number: ColumnElement[Any], after: int | None, limit: int
    ) -> Select[Any]:
        order = number.desc() if self._query.descending else number
        return self._beyond(query, number, after).order_by(order).limit(limit)

    def _ids(self, informed: Kinds) -> Select[Any]:
        """Return the query for numbers, without an order."""
        known = of_kinds(informed)
        if self._query.batch_id is None:
            return select(items.c.id).where(*known)
        # What the index has of a batch is sorted by item.
        ids = select(_of_batch.c.item_id.label("id")).distinct()
        ids = ids.where(_of_batch.c.batch_id == self._query.batch_id)
        ids = ids.where(_of_batch.c.item_id.is_not(None))
        if known:
            ids = ids.join_from(_of_batch, items, items.c.id == _of_batch.c.item_id)
        return ids.where(*known)

    def _gather(self) -> dict[int, str | None]:
        """Return the items of the newest tasks that have the words, and who of them was told."""
        most = GATHERED if self._query.batch_id is not None else SORTED
        known = self._with_words(most + 1).subquery()
        ((self._count,),) = run(self._connection, select(func.count()).select_from(known))
        if self._count > most:
            self._count = SORTED + 1
        self._are_few = self._count <= GATHERED
        if not self._count:
            return {}
        some = self._with_words(GATHERED if self._are_few else SAMPLED).subquery()
        own = some.join(tasks, tasks.c.id == some.c.id).join(items, items.c.id == tasks.c.item_id)
        query = select(items.c.id, items.c.informed).distinct().select_from(own)
        return dict(map(tuple, run(self._connection, query)))

    def _with_words(
        self, limit: int, order: SortOrder = NEWEST, beside: Sequence[Demand] = ()
    ) -> Select[Any]:
        """Return the query for the newest tasks that have the words, or in another order."""
        connection, catalogue = self._connection, self._catalogue
        return ordered_ids(connection, self._wanted, order, catalogue, 0, limit, beside)

    def _numbers(self, query: Select[Any]) -> list[int]:
        return [number for (number,) in run(self._connection, query)]

    def _read(self, numbers: list[int]) -> list[Any]:
        """Read the rows of some items, in their order."""
        rows = self._connection.execute(_GIVEN_ITEMS, (json.dumps(numbers),)).fetchall()
        found = {row[0]: row for row in rows}
        return [found[number] for number in numbers if number in found]
