"""Pages of the table of tasks: first the ids in order, then their rows."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, Select, cast, false, func, literal_column, or_, select

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import PAGE_LIMIT, IdsPart, TaskCounts, TaskPage
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.query import (
    BadQuery,
    KeysetPlace,
    TaskQuery,
    asks_for_words,
    read_cursor,
    write_cursor,
    write_event_id,
)
from sendoff_tasks.store.reads.rows import last_event, read_rows, task_row
from sendoff_tasks.store.reads.searches import ENDS, GOING_ON, PATIENCE, FoundTasks, Search
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, AtLimit, KnownByFeature, Waits
from sendoff_tasks.store.reads.walks import KEYS, SortOrder, union_of, walks
from sendoff_tasks.store.tables.cursor import GIVEN, Source, run, sql
from sendoff_tasks.store.tables.schema import tasks

GATHERED: Final = 50_000
"""Ids read at a time, where all are wanted."""
COUNTED: Final = 10_000
"""Most tasks counted one by one, where no table of counts has the answer."""


def read_page(
    connection: Source,
    query: TaskQuery,
    store: str,
    at_limit: AtLimit = NONE_AT_LIMIT,
    *,
    known: KnownByFeature,
) -> TaskPage:
    """Return one page as of the newest event; raise ``BadQuery``."""
    order = _order(query)
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise BadQuery("limit", "page_size", most=PAGE_LIMIT)
    offset = query.offset or 0
    if offset < 0 or (query.after is not None and query.offset is not None):
        raise BadQuery("offset", "one_place")
    catalogue = Catalogue(connection, known)
    if order.key == "id" and asks_for_words(query.filter):
        part = _searched(connection, query, order, catalogue)
    else:
        part = _walked(connection, query, order, catalogue)
    found = read_rows(connection, (place.id for place in part.places))
    told = {record.id: (record, function) for record, function in found}
    waits = Waits(at_limit, known, catalogue.stops, connection=connection)
    return TaskPage(
        tasks=[task_row(*told[place.id], waits) for place in part.places],
        next=None if part.end is None else write_cursor(query.sort, part.end),
        as_of=write_event_id(store, last_event(connection)),
        total=part.total,
        total_is_exact=part.is_exact,
    )


class _Part(NamedTuple):
    """The positions on a page, the total of the query, and where the next page begins."""

    places: list[KeysetPlace]
    total: int
    is_exact: bool
    end: KeysetPlace | None


def _walked(connection: Source, query: TaskQuery, order: SortOrder, catalogue: Catalogue) -> _Part:
    wanted, offset = query.filter, query.offset or 0
    if order == NEWEST_FIRST and wanted == TaskFilter() and not offset:
        ((text,),) = connection.execute(NEWEST, (query.limit + 1,)).fetchall()
        found = json.loads(text)
    else:
        ids = ordered_ids(connection, wanted, order, catalogue, offset, query.limit + 1)
        found = _run_as_one_row(connection, ids)
    places = [KeysetPlace(*place) for place in found]
    if query.after is None and not offset and len(places) <= query.limit:
        return _Part(places, len(places), True, None)
    page = places[: query.limit]
    end = page[-1] if len(places) > len(page) else None
    return _Part(page, *_total(connection, wanted, catalogue), end)


def _searched(
    connection: Source, query: TaskQuery, order: SortOrder, catalogue: Catalogue
) -> _Part:
    """Return the tasks that words find, or those found within a limited time."""
    search = Search(connection, query.filter, catalogue, descending=order.descending)
    offset, limit = query.offset or 0, query.limit + 1
    counted = None
    if offset:
        found = FoundTasks(search.find(offset + limit).ids[offset:])
    elif order.after is not None:
        found = search.find(limit, order.after.id, GOING_ON)
    else:
        found = counted = search.find(COUNTED + 1, patience=PATIENCE, enough=limit)
    page, end = found.ids[: query.limit], found.end
    if len(found.ids) > len(page):
        end = page[-1]
    if counted is None:
        counted = search.find(COUNTED + 1, patience=PATIENCE / 2)
    places = [KeysetPlace(number, number) for number in page]
    return _Part(places, *_count_found(counted), None if end is None else KeysetPlace(end, end))


def _count_found(found: FoundTasks) -> tuple[int, bool]:
    """Return how many tasks were found, up to a limit, and whether that is exact."""
    count = len(found.ids)
    return min(count, COUNTED), found.end is None and count <= COUNTED


def _find_newest(connection: Source, wanted: TaskFilter, catalogue: Catalogue) -> FoundTasks:
    """Find the newest matching tasks, one more than are counted."""
    if asks_for_words(wanted):
        return Search(connection, wanted, catalogue).find(COUNTED + 1, patience=PATIENCE)
    order = SortOrder("id", descending=True)
    ids = ordered_ids(connection, wanted, order, catalogue, 0, COUNTED + 1)
    return FoundTasks([number for _, number in _run_as_one_row(connection, ids)])


def count_states(connection: Source, wanted: TaskFilter, *, known: KnownByFeature) -> TaskCounts:
    """Count the tasks of a filter by state, ignoring its states; up to a limit."""
    catalogue = Catalogue(connection, known)
    wanted = replace(wanted, states=(), standing=None)
    counts = {state.value: 0 for state in State}
    if wanted == _of_functions(wanted):
        of = catalogue.meant(wanted)
        counts = {state: catalogue.count(of, [state]) for state in counts}
        stopped = catalogue.matching(replace(wanted, states=(State.QUEUED,), standing=True))
        seen = catalogue.seen(of)
        return TaskCounts(counts=counts, standing=stopped, seen=seen, is_exact=True)
    found = _find_newest(connection, wanted, catalogue)
    of_stopped = [tasks.c.function == literal_column(str(n)) for n in catalogue.stopped_functions]
    stopped_sum = func.sum(cast(or_(false(), *of_stopped), Integer))
    of_found = tasks.c.id.in_(GIVEN)
    each = select(tasks.c.state, func.count(), stopped_sum, func.sum(tasks.c.seen))
    query = sql(each.where(of_found).group_by("state"))
    standing, seen = 0, {}
    for state, count, standing_of, seen_of in connection.execute(query, (json.dumps(found.ids),)):
        counts[state] = count
        if state == State.QUEUED:
            standing = standing_of
        if seen_of:
            seen[state] = seen_of
    is_exact = _count_found(found)[1]
    return TaskCounts(counts=counts, standing=standing, seen=seen, is_exact=is_exact)


def all_ids(
    connection: Source,
    wanted: TaskFilter,
    most: int | None = None,
    *,
    known: KnownByFeature,
) -> array[int]:
    """Return the ids of all matching tasks, ascending; stop soon after ``most``."""
    catalogue = Catalogue(connection, known)
    found = array("q")
    limit = GATHERED if most is None else min(GATHERED, most + 1)
    for some in _gathered(connection, wanted, SortOrder("id", descending=False), catalogue, limit):
        found.extend(some)
        if most is not None and len(found) > most:
            break
    return found


def read_ids(
    connection: Source, query: TaskQuery, store: str, *, known: KnownByFeature
) -> Iterator[IdsPart]:
    """Yield the ids of all matching tasks in order, at least one part; raise ``BadQuery``.

    A search yields what it has found whenever it has taken its time: a reader may stop it there.
    """
    order, catalogue = _order(query), Catalogue(connection, known)
    as_of = write_event_id(store, last_event(connection))
    for some in _gathered(connection, query.filter, order, catalogue, GATHERED, GOING_ON):
        yield IdsPart(ids=some, as_of=as_of)


def _gathered(
    connection: Source,
    wanted: TaskFilter,
    order: SortOrder,
    catalogue: Catalogue,
    limit: int,
    patience: float | None = None,
) -> Iterator[list[int]]:
    """Yield all ids in order, ``limit`` at a time; of a search, fewer once it has no patience."""
    if order.key == "id" and asks_for_words(wanted):
        search = Search(connection, wanted, catalogue, descending=order.descending)
        end: int | None = None
        while True:
            some, end = search.find(limit, end, patience)
            yield some
            if end is None and len(some) < limit:
                return
            end = some[-1] if end is None else end
    while True:
        rows = ordered_ids(connection, wanted, order, catalogue, 0, limit).subquery()
        last_key = (func.min if order.descending else func.max)(rows.c.key)
        ids = func.json_group_array(rows.c.id).label("found")
        ((text, key),) = run(connection, select(ids, last_key))
        some = json.loads(text)
        yield some
        if len(some) < limit:
            return
        order = replace(order, after=KeysetPlace(key, some[-1]))


def ordered_ids(
    connection: Source,
    wanted: TaskFilter,
    order: SortOrder,
    catalogue: Catalogue,
    offset: int,
    limit: int,
) -> Select[Any]:
    """Return the query for the ``(key, id)`` of a page's tasks in order.

    With words and an order by number, a ``Search`` is used instead.
    """
    if offset and order.key == "id" and wanted == TaskFilter():
        first = _first_if_dense(connection, order, offset, catalogue.count())
        if first is not None:
            offset, order = 0, SortOrder("id", order.descending, first)
    parts = walks(wanted, order, catalogue)
    if len(parts) == 1:
        return _cut(parts[0], offset, limit)
    if order.key != "id":
        parts, offset = _needed_stretches(connection, parts, offset, limit)
        parts[0], offset = select(_cut(parts[0], offset, limit).subquery()), 0
    # Each part stops after all the page can need of it; "UNION" drops duplicates of two parts.
    united = union_of([_cut(part, 0, offset + limit) for part in parts]).subquery()
    query = order.sorted(select(united.c.key, united.c.id), united.c.key, united.c.id)
    return _cut(query, offset, limit)


def _needed_stretches(
    connection: Source, parts: list[Select[Any]], offset: int, limit: int
) -> tuple[list[Select[Any]], int]:
    """Return the stretches in which the page lies, and how many rows to skip in the first."""
    found: list[Select[Any]] = []
    for part in parts[:-1]:
        some = _cut(part, 0, offset + limit).subquery()
        ((count,),) = run(connection, select(func.count()).select_from(some))
        if not count or (not found and count <= offset):
            offset -= count
            continue
        found.append(part)
        limit -= count - offset if len(found) == 1 else count
        if limit <= 0:
            return found, offset
    return [*found, parts[-1]], offset


def _cut(query: Select[Any], offset: int, limit: int) -> Select[Any]:
    return query.limit(limit).offset(offset)


def _first_if_dense(
    connection: Source, order: SortOrder, offset: int, total: int
) -> KeysetPlace | None:
    """Return the position ``offset`` tasks in, if no number is missing: arithmetic is enough."""
    lowest, highest = connection.execute(ENDS).fetchone()
    if not total or highest - lowest + 1 != total:
        return None
    number = highest - offset + 1 if order.descending else lowest + offset - 1
    return KeysetPlace(number, number)


def _of_functions(wanted: TaskFilter) -> TaskFilter:
    """Return the part of a filter that concerns functions."""
    return TaskFilter(task=wanted.task, called=wanted.called, queue=wanted.queue)


def _total(connection: Source, wanted: TaskFilter, catalogue: Catalogue) -> tuple[int, bool]:
    """Return how many tasks a filter means, and whether that is exact."""
    counted = replace(_of_functions(wanted), states=wanted.states)
    if wanted == replace(counted, standing=wanted.standing):
        return catalogue.matching(wanted), True
    of_states = TaskFilter(states=wanted.states, standing=wanted.standing)
    if wanted == replace(of_states, seen=False):
        states = wanted.states or State
        return catalogue.matching(of_states) - sum(catalogue.seen().get(s, 0) for s in states), True
    of_cause = TaskFilter(states=wanted.states, cause=wanted.cause, seen=wanted.seen)
    if wanted.cause is not None and not wanted.seen and wanted == of_cause:
        is_unseen = wanted.seen is False
        return catalogue.count_caused(wanted.cause, wanted.states, is_unseen=is_unseen), True
    if wanted.batch_id is not None and wanted == replace(counted, batch_id=wanted.batch_id):
        ids = _in_batch(wanted, catalogue).limit(COUNTED + 1).subquery()
        ((count,),) = run(connection, select(func.count()).select_from(ids))
        return min(count, COUNTED), count <= COUNTED
    return _count_found(_find_newest(connection, wanted, catalogue))


def _in_batch(wanted: TaskFilter, catalogue: Catalogue) -> Select[Any]:
    """Return the unordered query for a batch's tasks; its index includes their states."""
    found = select(tasks.c.id).where(tasks.c.batch_id == wanted.batch_id)
    if wanted.states:
        found = found.where(or_(*(tasks.c.state == state for state in wanted.states)))
    functions = catalogue.meant(wanted)
    if functions is None:
        return found
    return found.where(or_(false(), *(tasks.c.function == number for number in functions)))


def _order(query: TaskQuery) -> SortOrder:
    key = query.sort.removeprefix("-")
    if key not in KEYS:
        raise BadQuery("sort", "sort", keys=", ".join(KEYS))
    after = None if query.after is None else read_cursor(query.sort, query.after)
    return SortOrder(key, query.sort.startswith("-"), after)


def _as_one_row(query: Select[Any]) -> Select[Any]:
    """Return all rows in one step of SQLite, for the reason in ``rows.read_rows``."""
    rows = query.subquery()
    return select(func.json_group_array(func.json_array(*rows.c)).label("found"))


def _run_as_one_row(connection: Source, query: Select[Any]) -> list[Any]:
    ((text,),) = run(connection, _as_one_row(query))
    found: list[Any] = json.loads(text)
    return found


NEWEST_FIRST: Final = SortOrder("id", descending=True)
NEWEST: Final = """
SELECT json_group_array(json_array(key, id)) AS found
FROM (SELECT id AS key, id FROM tasks ORDER BY id DESC LIMIT ?) AS page
"""
"""The most frequent page, compiled once: compiling took a sixth of its time."""
