"""A page of items by number, filtered by kind, text or batch, with counts; and one item."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any, Final, cast

from sqlalchemy import Select, func, literal_column, select

from desktop.contract.items import (
    COUNTED,
    NONE_ASKED,
    DeedLine,
    Item,
    ItemDetail,
    Items,
    NewItem,
    Version,
)
from desktop.contract.rules.times import wire_time
from desktop.contract.tasks import Deed, TaskRow
from desktop.engine.errors import UnknownId
from desktop.engine.store.reads import rows as task_rows
from desktop.engine.store.reads.rows import task_row
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit, Waits
from desktop.engine.store.tables.cursor import Source, run
from desktop.engine.store.tables.schema import tasks
from desktop.items.reads.batches import BATCHES
from desktop.items.reads.worded_items import (
    KINDS,
    ItemSearch,
    Kinds,
    WordedItems,
    find_lone,
    of_kinds,
)
from desktop.items.tables.item_statements import BODY, LAST_ITEM
from desktop.items.tables.schema import ERASED, items

COLUMNS: Final = f"items.id, items.created_at, items.informed, items.informed_at, {BODY}"
"""The columns read of an item; its body is the last one."""
ITEM: Final = f"SELECT {COLUMNS} FROM items WHERE items.id = ?"  # noqa: S608
TASKS_OF_ITEMS: Final = f"""
SELECT {task_rows.COLUMNS} FROM {task_rows.WITH_FUNCTIONS}
WHERE tasks.item_id IN (SELECT value FROM json_each(?)) ORDER BY tasks.item_id, tasks.id
"""  # noqa: S608
DEEDS: Final = """
SELECT task_id, at, text FROM log WHERE task_id IN (SELECT value FROM json_each(?))
AND text IN (SELECT atom FROM json_each(?)) ORDER BY at, id
"""
BODIES: Final = """
SELECT item_id, at, body FROM corrections WHERE item_id IN (SELECT value FROM json_each(?))
ORDER BY item_id, number DESC
"""
FIRST: Final = "SELECT id, body FROM items WHERE id IN (SELECT value FROM json_each(?))"
_ALL_DEEDS: Final = json.dumps(list(Deed))
_of_batch: Final = tasks.alias("of_batch")
_GIVEN_ITEMS: Final = (
    f"SELECT {COLUMNS} FROM items WHERE items.id IN (SELECT value FROM json_each(?))"  # noqa: S608
)


def read_items(connection: Source, query: ItemSearch, at_limit: AtLimit = NONE_AT_LIMIT) -> Items:
    """Return one page, and how many items there are of each kind."""
    found = FoundItems(connection, query)
    rows = found.rows()
    page = items_with_tasks(connection, rows, at_limit)
    if query.deeds:
        _add_deeds(connection, page)
    following = page[-1]["item_id"] if len(page) == query.limit else found.end
    counts, exact = found.counts()
    return Items(items=page, next=following, counts=counts, counts_are_exact=exact)


def items_with_tasks(
    connection: Source, rows: list[Any], at_limit: AtLimit = NONE_AT_LIMIT
) -> list[Item]:
    """Convert items to what is sent, each with its tasks; ``rows`` are as of :data:`ITEM`."""
    waits = Waits(at_limit, BATCHES, connection=connection)
    own: defaultdict[int | None, list[TaskRow]] = defaultdict(list)
    numbers = json.dumps([row[0] for row in rows])
    for row in connection.execute(TASKS_OF_ITEMS, (numbers,)).fetchall():
        task = task_row(row, waits)
        own[task["item_id"]].append(task)
    return [_item(row, own[row[0]]) for row in rows]


def _add_deeds(connection: Source, page: list[Item]) -> None:
    """Add to each item what people did about its tasks, and its corrections."""
    item_of = {task["id"]: item for item in page for task in item["tasks"]}
    for item in page:
        item["deeds"] = []
    found = connection.execute(DEEDS, (json.dumps(list(item_of)), _ALL_DEEDS)).fetchall()
    for task, at, text in found:
        item_of[task]["deeds"].append(DeedLine(task_id=task, at=wire_time(at), text=text))
    bodies = _versions(connection, page)
    for item in page:
        if len(bodies[item["item_id"]]) > 1:
            item["bodies"] = bodies[item["item_id"]]


def _versions(connection: Source, page: list[Item]) -> dict[int, list[Version]]:
    """Return all bodies of items, the newest first."""
    found: defaultdict[int, list[Version]] = defaultdict(list)
    numbers = json.dumps([item["item_id"] for item in page])
    for number, at, body in connection.execute(BODIES, (numbers,)).fetchall():
        found[number].append(Version(at=wire_time(at), item=json.loads(body)))
    first = dict(connection.execute(FIRST, (numbers,)).fetchall())
    for item in page:
        known = as_body(first[item["item_id"]])
        found[item["item_id"]].append(Version(at=item["created_at"], item=known))
    return found


def as_body(text: str) -> NewItem:
    """Return a body; that of an erased item is empty."""
    return cast("NewItem", json.loads(text) or {})


def _item(row: Any, own: list[TaskRow]) -> Item:
    item_id, created_at, informed, informed_at, body = row
    sent = as_body(body)
    item = Item(
        item_id=item_id,
        created_at=wire_time(created_at),
        title=sent.get("title"),
        recipient=sent.get("recipient"),
        template=sent.get("template"),
        fields=sent.get("fields") or {},
        tasks=own,
        informed=informed,
        informed_at=None if informed_at is None else wire_time(informed_at),
        erased=body == ERASED,
    )
    if "attachments" in sent:
        item |= {"attachments": sent["attachments"], "batch_id": sent["batch_id"]}
    if "headings" in sent:
        item["headings"] = sent["headings"]
    return item


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
        if query.batch_id is None:
            numbers = self._with_lone(numbers)
        return self._read(numbers)

    def _with_lone(self, numbers: list[int]) -> list[int]:
        """Return a page with the items that have the words and no task, as far as it reaches."""
        query, sign = self._query, -1 if self._query.descending else 1
        full = len(numbers) == query.limit
        until = numbers[-1] if full else self.end
        lone = find_lone(self._connection, query, until)
        found = sorted({*numbers, *lone.numbers}, key=lambda number: sign * number)
        if lone.end is not None:
            found = [number for number in found if sign * number <= sign * lone.end]
            self.end = lone.end
        return found[: query.limit]

    def page(self, after: int | None, limit: int) -> Select[Any]:
        """Return the query for rows in order; it ignores words."""
        query, ids = self._query, self._ids(self._query.informed)
        number = ids.selected_columns.id
        ids = query.order.sorted(ids.where(*query.between(number, after)), number)
        some = ids.limit(limit).subquery("page")
        rows: Select[Any] = select(literal_column(COLUMNS)).select_from(
            some.join(items, items.c.id == some.c.id)
        )
        return query.order.sorted(rows, some.c.id)

    def counts(self) -> tuple[dict[str, int], bool]:
        """Count the items of each kind up to a limit, and return whether the counts are exact.

        If very many tasks have the words, or a batch has very many items, only some are counted.
        """
        counts = dict.fromkeys((word or NONE_ASKED for word in KINDS), 0)
        if self._worded is not None:
            known = self._worded.known
            are_all_known = self._worded.are_all_known
            if self._query.batch_id is None:
                lone = find_lone(self._connection, self._query)
                known = lone.kinds | known
                are_all_known &= lone.end is None
            found = Counter(word or NONE_ASKED for word in known.values())
            return counts | found, are_all_known
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


def read_item(connection: Source, item_id: int, at_limit: AtLimit = NONE_AT_LIMIT) -> Item:
    """Return an item and its tasks; raise ``UnknownId``."""
    (item,) = items_with_tasks(connection, [_row(connection, item_id)], at_limit)
    return item


def _row(connection: Source, item_id: int) -> Any:
    """Return the columns of an item, see :data:`COLUMNS`; raise ``UnknownId``."""
    row = connection.execute(ITEM, (item_id,)).fetchone()
    if row is None:
        raise UnknownId("item", item_id)
    return row


def read_body(connection: Source, item_id: int) -> NewItem:
    """Return an item's current body; raise ``UnknownId``."""
    return as_body(_row(connection, item_id)[-1])


def read_item_detail(
    connection: Source, item_id: int, at_limit: AtLimit = NONE_AT_LIMIT
) -> ItemDetail:
    """Return an item, its tasks and its earlier versions; raise ``UnknownId``."""
    item = read_item(connection, item_id, at_limit)
    now, *versions = _versions(connection, [item])[item_id]
    corrected_at = now["at"] if versions else None
    return ItemDetail(**item, item=now["item"], corrected_at=corrected_at, versions=versions)


def read_next_item(connection: Source) -> int:
    """Return the number that an item without one would get now."""
    (last,) = connection.execute(LAST_ITEM).fetchone()
    return int(last) + 1
