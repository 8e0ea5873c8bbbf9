"""Items: a page of them by number, filtered by kind, words or batch, with counts; and one item."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, exists, false, func, literal_column, or_, select

from desktop.contract.items import (
    COUNTED,
    NONE_ASKED,
    DeedLine,
    Informed,
    Item,
    ItemDetail,
    Items,
    NewItem,
    Version,
)
from desktop.contract.office import OfficeRow, office_row
from desktop.items.reads.batches import BATCHES
from desktop.items.tables.item_statements import BODY, LAST_ITEM, NO_TASK
from desktop.items.tables.schema import ERASED, items
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.reads import rows as task_rows
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.conditions import subject_number, words_condition
from sendoff_tasks.store.reads.rows import task_in, task_row
from sendoff_tasks.store.reads.searches import GOING_ON, Extent, Search
from sendoff_tasks.store.reads.vocabulary import words
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, AtLimit, Waits
from sendoff_tasks.store.reads.walks import SortOrder
from sendoff_tasks.store.tables.cursor import Source, clock_of, is_remote, run, to_text
from sendoff_tasks.store.tables.schema import tasks


@dataclass(frozen=True, slots=True)
class ItemSearch:
    """A page of items by number, starting after ``after``.

    ``text`` is searched in the items' tasks, as in :class:`TaskFilter`. The items are of one of the
    kinds in ``informed``. With ``deeds``, each item has what people did about its tasks.
    ``without_task`` leaves out items that have a task; erased ones are then found by their number.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()
    after: int | None = None
    descending: bool = True
    limit: int = 100
    deeds: bool = False
    without_task: bool = False

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


COLUMNS: Final = f"items.id, items.created_at, items.informed, items.informed_at, {BODY}"
"""The columns read of an item; its body is the last one."""
ITEM: Final = f"SELECT {COLUMNS} FROM items WHERE items.id = ?"  # noqa: S608
TASKS_OF_ITEMS: Final = f"""
SELECT {task_rows.COLUMNS} FROM {task_rows.WITH_FUNCTIONS}
WHERE tasks.item_id IN (SELECT value FROM json_each(?)) ORDER BY tasks.item_id, tasks.id
"""  # noqa: S608
DEEDS: Final = """
SELECT task_id, at, deed FROM log WHERE task_id IN (SELECT value FROM json_each(?))
AND deed IS NOT NULL ORDER BY at, id
"""
BODIES: Final = """
SELECT item_id, at, body FROM corrections WHERE item_id IN (SELECT value FROM json_each(?))
ORDER BY item_id, number DESC
"""
FIRST: Final = "SELECT id, body FROM items WHERE id IN (SELECT value FROM json_each(?))"


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


def items_with_tasks(connection: Source, rows: list[Any], at_limit: AtLimit) -> list[Item]:
    """Convert items to what is sent, each with its tasks; ``rows`` are as of :data:`ITEM`."""
    waits = Waits(at_limit, BATCHES, connection=connection)
    own: defaultdict[int | None, list[OfficeRow]] = defaultdict(list)
    numbers = json.dumps([row[0] for row in rows])
    for row in connection.execute(TASKS_OF_ITEMS, (numbers,)).fetchall():
        task = office_row(task_row(*task_in(row), waits))
        own[task["item_id"]].append(task)
    return [_item(row, own[row[0]]) for row in rows]


def _add_deeds(connection: Source, page: list[Item]) -> None:
    """Add to each item what people did about its tasks, and its corrections."""
    item_of = {task["id"]: item for item in page for task in item["tasks"]}
    for item in page:
        item["deeds"] = []
    found = connection.execute(DEEDS, (json.dumps(list(item_of)),)).fetchall()
    for task, at, deed in found:
        item_of[task]["deeds"].append(DeedLine(task_id=task, at=wire_time(at), deed=deed))
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


_OWN: Final = ("cc", "bcc", "attachments", "batch_id", "headings", "reading")
"""What an item has only if it was given."""


def _item(row: Any, tasks_of_item: list[OfficeRow]) -> Item:
    item_id, created_at, informed, informed_at, body = row
    sent = as_body(body)
    own: Any = {name: sent[name] for name in _OWN if sent.get(name)}
    item = Item(
        item_id=item_id,
        created_at=wire_time(created_at),
        title=sent.get("title"),
        recipient=sent.get("recipient"),
        template=sent.get("template"),
        fields=sent.get("fields") or {},
        tasks=tasks_of_item,
        informed=informed,
        informed_at=None if informed_at is None else wire_time(informed_at),
        erased=body == ERASED,
    )
    item.update(own)
    return item


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


_of_batch: Final = tasks.alias("of_batch")
_GIVEN_ITEMS: Final = (
    f"SELECT {COLUMNS} FROM items WHERE items.id IN (SELECT value FROM json_each(?))"  # noqa: S608
)


Kinds = Sequence[str | None]
KINDS: Final[Kinds] = (*(each.value for each in Informed), None)
"""All kinds, by whether recipients were told; ``None`` is the kind of items without a message."""


def of_kinds(kinds: Kinds) -> list[ColumnElement[bool]]:
    """Return the condition for items of one of these kinds; for no kinds, of all."""
    return [or_(*map(_is_kind, kinds))] if kinds else []


def _is_kind(kind: str | None) -> ColumnElement[bool]:
    return items.c.informed.is_(None) if kind is None else items.c.informed == kind


@cache
def _count_each() -> tuple[str, list[Any]]:
    """Return the statement that counts the items of each kind; it takes long to compile."""
    found = (select(items.c.id).where(*of_kinds((kind,))).limit(COUNTED) for kind in KINDS)
    counts = (select(func.count()).select_from(each.subquery()) for each in found)
    return to_text(select(*(each.scalar_subquery() for each in counts)))


class FoundItems:
    """The items of a query: a page of them, and how many there are.

    ``end`` is where a page stopped that is neither full nor the last.
    """

    def __init__(self, connection: Source, query: ItemSearch) -> None:
        self._connection = connection
        self._query = query
        self._has_words = bool(query.text.strip())
        asks_tasks = self._has_words and not query.without_task
        self._worded = WordedItems(connection, query) if asks_tasks else None
        self._lone = find_lone(connection, query)
        self.end: int | None = None

    def rows(self) -> list[Any]:
        """Return the rows of a page, in order."""
        query = self._query
        if not self._has_words:
            return run(self._connection, self.page(query.after, query.limit))
        numbers, self.end = ([], None) if self._worded is None else self._worded.page()
        return self._read(self._with_lone(numbers))

    def _with_lone(self, numbers: list[int]) -> list[int]:
        """Return a page with the items that have the words and no task, as far as both reach."""
        query, sign = self._query, -1 if self._query.descending else 1
        until = numbers[-1] if len(numbers) == query.limit else self.end
        ends = [sign * end for end in (until, self._lone.end) if end is not None]
        if ends and self._lone.end == sign * min(ends):
            self.end = self._lone.end
        found = sorted({*numbers, *self._lone.numbers}, key=lambda number: sign * number)
        return [number for number in found if not ends or sign * number <= min(ends)][: query.limit]

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
        """Count the items of each kind up to a limit, and tell whether the counts are exact.

        If very many tasks have the words, or a batch has very many items, only some are counted.
        """
        counts = dict.fromkeys((word or NONE_ASKED for word in KINDS), 0)
        if self._has_words:
            known, is_exact = self._lone.kinds, self._lone.end is None
            if self._worded is not None:
                known = known | self._worded.known
                is_exact = is_exact and self._worded.are_all_known
            return counts | Counter(word or NONE_ASKED for word in known.values()), is_exact
        if self._query.batch_id is not None or self._query.without_task:
            ids = self._ids(()).subquery()
            kinds = select(items.c.informed.label("kind"))
            kinds = kinds.select_from(ids.join(items, items.c.id == ids.c.id))
            some = kinds.limit(COUNTED + 1).subquery()
            query = select(some.c.kind, func.count()).group_by(some.c.kind)
            counted = run(self._connection, query)
            counts |= {word or NONE_ASKED: n for word, n in counted}
            return counts, sum(counts.values()) <= COUNTED
        (row,) = self._connection.execute(*_count_each()).fetchall()
        return dict(zip(counts, map(int, row), strict=True)), True

    def _ids(self, informed: Kinds) -> Select[Any]:
        """Return the query for numbers, unordered."""
        known = of_kinds(informed)
        if self._query.without_task:
            is_of_any = self._query.batch_id is None  # those of a batch have tasks
            known += [items.c.words.is_not(None)] if is_of_any else [false()]
            return select(items.c.id).where(*known)
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
_KINDS_OF_TASKS: Final = """
SELECT DISTINCT items.id, items.informed FROM tasks JOIN items ON items.id = tasks.item_id
WHERE tasks.id IN (SELECT value FROM json_each(?))
"""


class WordedItems:
    """The items that words find in one snapshot.

    ``known`` maps items to kinds: all items if ``are_all_known``, else those of the newest tasks.
    """

    def __init__(self, connection: Source, query: ItemSearch) -> None:
        self._connection = connection
        self._query = query
        self._sign = -1 if query.descending else 1
        self._catalogue = Catalogue(connection, BATCHES)
        wanted = TaskFilter(text=query.text, batch_id=query.batch_id)
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
_NUMBERED_LONE: Final = f"{_NUMBERED} AND {NO_TASK}"
_LAST_NUMBER: Final = (1 << 63) - 1


def find_lone(connection: Source, query: ItemSearch) -> LoneItemsFound:
    """Return the items of a page, or some of them; those of a batch all have tasks.

    Their kinds are of all items found; only their numbers follow ``query.informed``. The item whose
    number was typed is found in any case.
    """
    asked = words(query.text).split()
    if not asked or query.batch_id is not None:
        return LoneItemsFound({}, [], None)
    within = 0, _LAST_NUMBER
    if query.after is not None:
        within = (0, query.after - 1) if query.descending else (query.after + 1, _LAST_NUMBER)
    some = _LONE.format("DESC" if query.descending else "", LOOKED_AT)
    has_all = " AND ".join(["instr(words, ?) > 0"] * len(asked))
    texts = [f" {word}" for word in asked]
    matching = f"SELECT id, informed FROM ({some}) AS lone WHERE {has_all}"  # noqa: S608
    kinds = dict(connection.execute(matching, (*within, *texts)).fetchall())
    own = subject_number(asked)
    if own is not None:
        numbered = _NUMBERED_LONE if query.without_task else _NUMBERED
        kinds |= dict(connection.execute(numbered, (own, *within)).fetchall())
    numbers = [n for n, kind in kinds.items() if not query.informed or kind in query.informed]
    looked_at = f"SELECT id FROM ({some}) AS lone LIMIT 1 OFFSET {LOOKED_AT - 1}"  # noqa: S608
    end = connection.execute(looked_at, within).fetchone()
    return LoneItemsFound(kinds, sorted(numbers, reverse=query.descending), end and end[0])
