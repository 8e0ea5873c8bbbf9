"""Reading items: one page by number, narrowed by who was told, a text or a batch, and counts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from desktop.contract.items import COUNTED, NONE_ASKED, Informed, Item, Items
from desktop.contract.rules.times import wire_time
from desktop.contract.tasks import TaskRow
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.orders import SortOrder
from desktop.engine.store.reads.pages import ordered_ids, to_text
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.reads.rows import select_rows, task_row
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit, Waits
from desktop.engine.store.reads.walks import words_condition
from desktop.engine.store.tables.compiled import GIVEN, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.item_statements import BODY
from desktop.engine.store.tables.schema import items, tasks

GATHERED: Final = 5_000
"""Tasks that have the words: so many are gathered; where there are more, items are looked at."""
SAMPLED: Final = 1_000
"""So many of more tasks have their items counted."""
LOOKS: Final = 250, 1_000
"""Items that are looked at together; where a page is not full by then, all tasks are gathered."""
_ALL: Final = 1 << 62
_of_batch: Final = tasks.alias("of_batch")
_COLUMNS: Final = (items.c.id, items.c.created_at, items.c.informed, BODY)
ITEM: Final = sql(select(*_COLUMNS).where(items.c.id == bindparam("id")))
TASKS_OF_ITEMS: Final = sql(
    select_rows().where(tasks.c.item_id.in_(GIVEN)).order_by(tasks.c.item_id, tasks.c.id)
)


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """A page of items by number, beginning beyond ``after``.

    ``text`` is searched in their tasks, as in ``query.Filter``; ``informed`` is any of these.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()
    after: int | None = None
    descending: bool = True
    limit: int = 100


def read_items(connection: Source, query: ItemQuery, at_limit: AtLimit = NONE_AT_LIMIT) -> Items:
    """Read one page, and how many items there are of each kind."""
    found = FoundItems(connection, query)
    rows = found.rows()
    page = tell_items(connection, rows, at_limit)
    following = page[-1]["item_id"] if len(page) == query.limit else None
    counts, exact = found.counts()
    return Items(items=page, next=following, counts=counts, counts_are_exact=exact)


def tell_items(
    connection: Source, rows: list[Any], at_limit: AtLimit = NONE_AT_LIMIT
) -> list[Item]:
    """Tell items as they are sent, each with its tasks; ``rows`` are those of :data:`ITEM`."""
    waits = Waits(at_limit, connection=connection)
    own: defaultdict[int | None, list[TaskRow]] = defaultdict(list)
    numbers = json.dumps([row[0] for row in rows])
    for row in connection.execute(TASKS_OF_ITEMS, (numbers,)).fetchall():
        task = task_row(row, waits)
        own[task["item_id"]].append(task)
    return [_item(row, own[row[0]]) for row in rows]


class FoundItems:
    """The items of a query, which two things are asked of: a page, and how many there are."""

    def __init__(self, connection: Source, query: ItemQuery) -> None:
        self._connection = connection
        self._query = query
        self._catalogue = Catalogue(connection)
        self._has_text = bool(query.text.strip())
        self._are_few = True  # tasks that have the words
        self._numbers = self._gather() if self._has_text else "[]"
        walks_batch = query.batch_id is not None and not (self._has_text and self._are_few)
        self._number = _of_batch.c.item_id if walks_batch else items.c.id
        self._walks_batch = walks_batch

    def rows(self) -> list[Any]:
        """Read a page's rows in their order."""
        if not self._has_text or self._are_few:
            return _run(self._connection, self.page(self._query.after, self._query.limit))
        found: list[Any] = []
        after, limit = self._query.after, self._query.limit
        for count in LOOKS:
            some = _run(self._connection, self.page(after, count))
            having = self._having_words([row[0] for row in some])
            found += [row for row in some if row[0] in having]
            if len(found) >= limit or len(some) < count:
                return found[:limit]
            after = some[-1][0]
        rest = self._page_of_all(after, limit - len(found))
        return [*found, *_run(self._connection, rest)]

    def page(self, after: int | None, limit: int) -> Select[Any]:
        """Return the query for rows in their order; of very common words, without looking."""
        number, descending = self._number, self._query.descending
        ids = self._ids(self._query.informed, in_few=self._are_few)
        if after is not None:
            ids = ids.where(number < after if descending else number > after)
        order = number.desc() if descending else number
        some = ids.order_by(order).limit(limit).subquery("page")
        rows = select(*_COLUMNS).select_from(some.join(items, items.c.id == some.c.id))
        return rows.order_by(some.c.id.desc() if descending else some.c.id)

    def _page_of_all(self, after: int | None, limit: int) -> Select[Any]:
        """Return the query for a page that sorts all items of tasks with the words."""
        descending, number = self._query.descending, tasks.c.item_id
        some = self._with_words(_ALL).subquery()
        own = some.join(tasks, tasks.c.id == some.c.id)
        known = [_is(word) for word in self._query.informed]
        if known:
            own = own.join(items, items.c.id == number)
        ids = select(number.label("id")).distinct().select_from(own)
        ids = ids.where(number.is_not(None), *_any_of(known))
        if after is not None:
            ids = ids.where(number < after if descending else number > after)
        cut = ids.order_by(number.desc() if descending else number).limit(limit).subquery("cut")
        rows = select(*_COLUMNS).select_from(cut.join(items, items.c.id == cut.c.id))
        return rows.order_by(cut.c.id.desc() if descending else cut.c.id)

    def counts(self) -> tuple[dict[str, int], bool]:
        """Count the items of each kind, each up to a limit; say whether that is all of them.

        Where very many tasks have the words, or a batch very many items, some of them are counted.
        """
        words = [*(each.value for each in Informed), None]
        counts = dict.fromkeys((word or NONE_ASKED for word in words), 0)
        if self._has_text or self._walks_batch:
            some = self._kinds().limit(COUNTED + 1).subquery()
            query = select(some.c.kind, func.count()).group_by(some.c.kind)
            counted = _run(self._connection, query)
            counts |= {word or NONE_ASKED: n for word, n in counted}
            return counts, self._are_few and sum(counts.values()) <= COUNTED
        of_each = [self._ids((word,), in_few=True).limit(COUNTED).subquery() for word in words]
        whole = select(*(select(func.count()).select_from(s).scalar_subquery() for s in of_each))
        (row,) = _run(self._connection, whole)
        return dict(zip(counts, map(int, row), strict=True)), True

    def _kinds(self) -> Select[Any]:
        """Return the query for whether their people were told, of those gathered or of a batch."""
        kind = items.c.informed.label("kind")
        if self._has_text:
            given: Select[Any] = select(literal_column("value"))
            return select(kind).where(
                items.c.id.in_(given.select_from(func.json_each(self._numbers)))
            )
        ids = self._ids((), in_few=True).subquery()
        return select(kind).select_from(ids.join(items, items.c.id == ids.c.id))

    def _ids(self, informed: tuple[str | None, ...], *, in_few: bool) -> Select[Any]:
        """Return the query for numbers, without an order; ``in_few`` are those gathered."""
        known = [_is(word) for word in informed]
        if self._has_text and in_few:
            given: Select[Any] = select(literal_column("value")).select_from(
                func.json_each(self._numbers)
            )
            return select(items.c.id).where(items.c.id.in_(given), *_any_of(known))
        ids = select(self._number.label("id"))
        if self._walks_batch:
            # What the index has of a batch is sorted by item.
            ids = ids.distinct().where(_of_batch.c.batch_id == self._query.batch_id)
            ids = ids.where(_of_batch.c.item_id.is_not(None))
            if known:
                ids = ids.join_from(_of_batch, items, items.c.id == _of_batch.c.item_id)
        return ids.where(*_any_of(known))

    def _gather(self) -> str:
        """Return the items, JSON, of the newest tasks that have the words."""
        known = self._with_words(GATHERED + 1).subquery()
        ((count,),) = _run(self._connection, select(func.count()).select_from(known))
        self._are_few = count <= GATHERED
        some = self._with_words(GATHERED if self._are_few else SAMPLED).subquery()
        own = some.join(tasks, tasks.c.id == some.c.id)
        query = select(func.json_group_array(tasks.c.item_id.distinct())).select_from(own)
        ((numbers,),) = _run(self._connection, query)
        return str(numbers)

    def _with_words(self, limit: int) -> Select[Any]:
        """Return the query for the newest tasks that have the words."""
        wanted = Filter(text=self._query.text, batch_id=self._query.batch_id)
        order = SortOrder("id", descending=True)
        return ordered_ids(self._connection, wanted, order, self._catalogue, 0, limit)

    def _having_words(self, numbers: list[int]) -> set[int]:
        """Return which of some items have a task with the words."""
        given = tasks.c.item_id.in_(GIVEN)
        own = to_text(select(func.min(tasks.c.id), func.max(tasks.c.id)).where(given))[0]
        as_text = json.dumps(numbers)
        ((first, last),) = self._connection.execute(own, (as_text,)).fetchall()
        if first is None:
            return set()
        asked = words(self._query.text).split()
        condition = words_condition(asked, self._catalogue, (first, last))
        each = func.json_each(as_text)
        these: Select[Any] = select(literal_column("value")).select_from(each)
        query = select(tasks.c.item_id).where(tasks.c.item_id.in_(these))
        found = _run(self._connection, query.where(condition))
        return {number for (number,) in found}


def _any_of(known: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [or_(*known)] if known else []


def _is(word: str | None) -> ColumnElement[bool]:
    return items.c.informed.is_(None) if word is None else items.c.informed == word


def _item(row: Any, own: list[TaskRow]) -> Item:
    item_id, created_at, informed, body = row
    sent = json.loads(body)
    item = Item(
        item_id=item_id,
        created_at=wire_time(created_at),
        title=sent.get("title"),
        recipient=sent.get("recipient"),
        template=sent.get("template"),
        fields=sent.get("fields") or {},
        tasks=own,
        informed=informed,
    )
    if "attachments" in sent:
        item |= {"attachments": sent["attachments"], "batch_id": sent["batch_id"]}
    if "headings" in sent:
        item["headings"] = sent["headings"]
    return item


def _run(connection: Source, query: Select[Any]) -> list[Any]:
    return connection.execute(*to_text(query)).fetchall()
