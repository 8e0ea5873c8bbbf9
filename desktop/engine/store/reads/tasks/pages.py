"""Reading pages of the table: first the ids in their order, then those rows."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Integer, Select, cast, false, func, or_, select, union

from desktop.contract.states import State
from desktop.contract.tasks import PAGE_LIMIT, TaskCounts, TaskPage
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.query import (
    BadQuery,
    Filter,
    KeysetPlace,
    Query,
    read_cursor,
    write_cursor,
    write_event_id,
)
from desktop.engine.store.reads.rows import last_event, read_rows, task_row
from desktop.engine.store.reads.tasks.orders import KEYS, SortOrder
from desktop.engine.store.reads.tasks.searches import Demand
from desktop.engine.store.reads.tasks.walks import walks
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit, Waits
from desktop.engine.store.tables.compiled import run
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schema import tasks

GATHERED: Final = 10_000
"""Ids gathered at a time, where all are wanted."""
COUNTED: Final = 10_000
"""Tasks counted one by one at most, where no table of counts has the answer."""
UNITED: Final = 100
"""Parts of a page in one UNION at most."""


def read_page(
    connection: Source, query: Query, store: str, at_limit: AtLimit = NONE_AT_LIMIT
) -> TaskPage:
    """Read one page as of the newest event; raises ``BadQuery``."""
    order = _order(query)
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise BadQuery("limit", f"A page has 1 to {PAGE_LIMIT} tasks.")
    offset = query.offset or 0
    if offset < 0 or (query.after is not None and query.offset is not None):
        raise BadQuery("offset", "Give either the place to go on after, or how many to skip.")
    catalogue = Catalogue(connection)
    found, total, exact = _places(connection, query, order, catalogue, offset)
    page = found[: query.limit]
    rows = {row[0]: row for row in read_rows(connection, (place.id for place in page))}
    held = {each.name: each for each in catalogue.held}
    waits = Waits(at_limit, held, catalogue.pauses, connection=connection)
    return TaskPage(
        tasks=[task_row(rows[place.id], waits) for place in page],
        next=write_cursor(query.sort, page[-1]) if len(found) > len(page) else None,
        as_of=write_event_id(store, last_event(connection)),
        total=total,
        total_is_exact=exact,
    )


def _places(
    connection: Source, query: Query, order: SortOrder, catalogue: Catalogue, offset: int
) -> tuple[list[KeysetPlace], int, bool]:
    """Return a page's places and one more; how many are meant, and whether that is all of them."""
    wanted, limit = query.filter, query.limit + 1
    at_first = query.after is None and not offset
    if at_first and order.key == "id" and wanted.asks_for_words:
        # Words are searched once, for the page and for how many there are.
        whole = ordered_ids(connection, wanted, order, catalogue, 0, COUNTED + 1)
        all_found = whole.cte("found").prefix_with("MATERIALIZED")
        key, number = all_found.c.key, all_found.c.id
        count = select(func.count()).select_from(all_found).scalar_subquery().label("total")
        first = order.sorted(select(key, number, count), key, number).limit(limit)
        counted = _run_whole(connection, first)
        total = counted[0][2] if counted else 0
        places = [KeysetPlace(key, number) for key, number, _ in counted]
        return places, min(total, COUNTED), total <= COUNTED
    ids = ordered_ids(connection, wanted, order, catalogue, offset, limit)
    places = [KeysetPlace(*place) for place in _run_whole(connection, ids)]
    if at_first and len(places) < limit:
        return places, len(places), True
    return places, *_total(connection, wanted, catalogue)


def count_states(connection: Source, wanted: Filter) -> TaskCounts:
    """Count the tasks of a filter by state, whichever states it asks for; up to a limit."""
    catalogue = Catalogue(connection)
    wanted = replace(wanted, states=(), standing=None)
    counts = {state.value: 0 for state in State}
    if wanted == replace(Filter(), task=wanted.task, queue=wanted.queue):
        of = catalogue.meant(wanted)
        counts = {state: catalogue.count(of, [state]) for state in counts}
        stopped = replace(wanted, states=(State.QUEUED,), standing=True)
        return TaskCounts(counts=counts, standing=catalogue.matching(stopped), is_exact=True)
    newest = SortOrder("id", descending=True)
    ids = ordered_ids(connection, wanted, newest, catalogue, 0, COUNTED + 1).subquery()
    stands = or_(false(), *(tasks.c.function == number for number in catalogue.standing))
    query = select(tasks.c.state, func.count(), func.sum(cast(stands, Integer)))
    query = query.select_from(ids.join(tasks, tasks.c.id == ids.c.id)).group_by(tasks.c.state)
    standing = 0
    for state, count, stopped_of in run(connection, query):
        counts[state] = count
        if state == State.QUEUED:
            standing = stopped_of
    is_exact = sum(counts.values()) <= COUNTED
    return TaskCounts(counts=counts, standing=standing, is_exact=is_exact)


def all_ids(connection: Source, wanted: Filter, most: int | None = None) -> array[int]:
    """Return the ids of all tasks that are meant, ascending; of more than ``most`` not all."""
    catalogue = Catalogue(connection)
    found = array("q")
    while True:
        beyond = found[-1] if found else 0
        order = SortOrder("id", descending=False, after=KeysetPlace(beyond, beyond))
        ids = ordered_ids(connection, wanted, order, catalogue, 0, GATHERED).subquery()
        # As one row: the driver lets go of the GIL for each.
        ((text,),) = run(connection, select(func.json_group_array(ids.c.id)))
        some = sorted(json.loads(text))
        found.extend(some)
        if len(some) < GATHERED or (most is not None and len(found) > most):
            return found


def ordered_ids(
    connection: Source,
    wanted: Filter,
    order: SortOrder,
    catalogue: Catalogue,
    offset: int,
    limit: int,
    beside: Sequence[Demand] = (),
) -> Select[Any]:
    """Return the query for ``(key, id)`` of a page's tasks in order.

    ``beside`` is asked of them, too, where words are asked for.
    """
    if offset and order.key == "id" and wanted == Filter():
        first = _first_if_dense(connection, order, offset, catalogue.count())
        if first is not None:
            offset, order = 0, SortOrder("id", order.descending, first)
    parts = walks(wanted, order, catalogue, beside)
    if len(parts) == 1:
        return _cut(parts[0], offset, limit)
    if order.key != "id":
        parts, offset = _needed(connection, parts, offset, limit)
        parts[0], offset = select(_cut(parts[0], offset, limit).subquery()), 0
    # Each part stops after what the page can need of it; "UNION" drops what two have found.
    united = _united([_cut(part, 0, offset + limit) for part in parts]).subquery()
    query = order.sorted(select(united.c.key, united.c.id), united.c.key, united.c.id)
    return _cut(query, offset, limit)


def _needed(
    connection: Source, parts: list[Select[Any]], offset: int, limit: int
) -> tuple[list[Select[Any]], int]:
    """Return those of the stretches that the page lies in, and how many to skip of the first."""
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


def _united(parts: list[Select[Any]]) -> Select[Any]:
    """Unite any number of parts; SQLite takes 500 at once."""
    while len(parts) > UNITED:
        groups = (parts[first : first + UNITED] for first in range(0, len(parts), UNITED))
        parts = [_united(group) for group in groups]
    return select(union(*(select(part.subquery()) for part in parts)).subquery())


def _cut(query: Select[Any], offset: int, limit: int) -> Select[Any]:
    return query.limit(limit).offset(offset)


def _first_if_dense(
    connection: Source, order: SortOrder, offset: int, total: int
) -> KeysetPlace | None:
    """Return the place ``offset`` tasks in, where no number is missing: then it is arithmetic."""
    lowest, highest = connection.execute(
        "SELECT (SELECT min(id) FROM tasks), (SELECT max(id) FROM tasks)"
    ).fetchone()
    if not total or highest - lowest + 1 != total:
        return None
    number = highest - offset + 1 if order.descending else lowest + offset - 1
    return KeysetPlace(number, number)


def _total(connection: Source, wanted: Filter, catalogue: Catalogue) -> tuple[int, bool]:
    """Count what is meant, and say whether that is all of it."""
    counted = replace(Filter(), states=wanted.states, task=wanted.task, queue=wanted.queue)
    if wanted == replace(counted, standing=wanted.standing):
        return catalogue.matching(wanted), True
    if wanted.cause is not None and wanted == Filter(states=wanted.states, cause=wanted.cause):
        return catalogue.count_caused(wanted.cause, wanted.states), True
    if wanted.batch_id is not None and wanted == replace(counted, batch_id=wanted.batch_id):
        ids = _in_batch(wanted, catalogue).limit(COUNTED + 1).subquery()
    else:
        order = SortOrder("id", descending=True)
        ids = ordered_ids(connection, wanted, order, catalogue, 0, COUNTED + 1).subquery()
    (count,) = run(connection, select(func.count()).select_from(ids))[0]
    return min(count, COUNTED), count <= COUNTED


def _in_batch(wanted: Filter, catalogue: Catalogue) -> Select[Any]:
    """Return the query for a batch's tasks in no order: its index alone tells their states."""
    found = select(tasks.c.id).where(tasks.c.batch_id == wanted.batch_id)
    if wanted.states:
        found = found.where(or_(*(tasks.c.state == state for state in wanted.states)))
    functions = catalogue.meant(wanted)
    if functions is None:
        return found
    return found.where(or_(false(), *(tasks.c.function == number for number in functions)))


def _order(query: Query) -> SortOrder:
    key = query.sort.removeprefix("-")
    if key not in KEYS:
        raise BadQuery("sort", f"Tasks can be sorted by {', '.join(KEYS)}.")
    after = None if query.after is None else read_cursor(query.sort, query.after)
    return SortOrder(key, query.sort.startswith("-"), after)


def _run_whole(connection: Source, query: Select[Any]) -> list[Any]:
    """Read all rows in one step of SQLite, for the reason that ``read_rows`` gives."""
    rows = query.subquery()
    whole = func.json_group_array(func.json_array(*rows.c)).label("found")
    ((text,),) = run(connection, select(whole))
    found: list[Any] = json.loads(text)
    return found
