"""The items that a query finds, in order, and how many there are."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from sqlalchemy import Select, func, select

from desktop.contract.items import COUNTED, NONE_ASKED
from desktop.engine.store.reads.items.kinds import KINDS, Kinds, of_kinds
from desktop.engine.store.reads.items.worded_items import WordedItems
from desktop.engine.store.reads.query import ItemSearch
from desktop.engine.store.tables.compiled import GIVEN, run, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.item_statements import BODY
from desktop.engine.store.tables.schema import items, tasks

_of_batch: Final = tasks.alias("of_batch")
COLUMNS: Final = (items.c.id, items.c.created_at, items.c.informed, BODY)
"""The columns read of an item."""
_GIVEN_ITEMS: Final = sql(select(*COLUMNS).where(items.c.id.in_(GIVEN)))


class FoundItems:
    """The items of a query: a page of them, and how many there are.

    ``end`` is where a page stopped that is neither full nor the last.
    """

    def __init__(self, connection: Source, query: ItemSearch) -> None:
        self._connection = connection
        self._query = query
        self._worded = WordedItems(connection, query) if query.text.strip() else None
        self.end: int | None = None

    def rows(self) -> list[Any]:
        """Return the rows of a page, in order."""
        query = self._query
        if self._worded is None:
            return run(self._connection, self.page(query.after, query.limit))
        numbers, self.end = self._worded.page()
        return self._read(numbers)

    def page(self, after: int | None, limit: int) -> Select[Any]:
        """Return the query for rows in order; it ignores words."""
        ids = self._ids(self._query.informed)
        number = ids.selected_columns.id
        if after is not None:
            ids = ids.where(number < after if self._query.descending else number > after)
        ids = ids.order_by(number.desc() if self._query.descending else number)
        some = ids.limit(limit).subquery("page")
        rows = select(*COLUMNS).select_from(some.join(items, items.c.id == some.c.id))
        return rows.order_by(some.c.id.desc() if self._query.descending else some.c.id)

    def counts(self) -> tuple[dict[str, int], bool]:
        """Count the items of each kind up to a limit, and return whether the counts are exact.

        If very many tasks have the words, or a batch has very many items, only some are counted.
        """
        counts = dict.fromkeys((word or NONE_ASKED for word in KINDS), 0)
        if self._worded is not None:
            known = self._worded.known
            found = Counter(word or NONE_ASKED for word in known.values())
            return counts | found, self._worded.are_all_known
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

    def _ids(self, informed: Kinds) -> Select[Any]:
        """Return the query for numbers, unordered."""
        known = of_kinds(informed)
        if self._query.batch_id is None:
            return select(items.c.id).where(*known)
        # The index by batch is sorted by item.
        ids = select(_of_batch.c.item_id.label("id")).distinct()
        ids = ids.where(_of_batch.c.batch_id == self._query.batch_id)
        ids = ids.where(_of_batch.c.item_id.is_not(None))
        if known:
            ids = ids.join_from(_of_batch, items, items.c.id == _of_batch.c.item_id)
        return ids.where(*known)

    def _read(self, numbers: list[int]) -> list[Any]:
        """Return the rows of some items, in the given order."""
        rows = self._connection.execute(_GIVEN_ITEMS, (json.dumps(numbers),)).fetchall()
        found = {row[0]: row for row in rows}
        return [found[number] for number in numbers if number in found]
