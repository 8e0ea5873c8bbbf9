"""Rows that a batch left out for a problem, and the later batch that contains each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from desktop.contract.batches import LaterRows
from desktop.contract.rules.corrections import as_read, corrections_in
from desktop.engine.store.reads.same_message import LOOKED_THROUGH_FOR_PAGE
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.store.tables.cursor import Source

LOOKED_THROUGH: Final = 1_000
"""Most rows read for a page of batches."""
LATER_BATCHES: Final = """
SELECT id, started_at FROM batches WHERE state IN ('running', 'paused', 'done') AND started_at >= ?
ORDER BY id DESC LIMIT 500
"""
"""The newest batches started since a time."""
_READ: Final = (
    "batch_id, row, coalesce(origin, identity, content), coalesce(origin, identity) IS NULL, "
    "item, corrections, coalesce(outcome, checked)"
    " NOT IN ('left_out', 'cancelled', 'problem', 'same', 'twice')"
)
PROBLEM_ROWS: Final = f"""
SELECT {_READ} FROM batch_rows
WHERE checked = 'problem' AND batch_id IN (SELECT value FROM json_each(?))
ORDER BY batch_id DESC LIMIT ?
"""  # noqa: S608
"""The rows that batches left out for a problem, with the key that identifies each."""
SOME_PROBLEM_ROWS: Final = f"""
SELECT {_READ} FROM batch_rows
WHERE batch_id = ? AND row IN (SELECT value FROM json_each(?)) AND checked = 'problem'
"""  # noqa: S608
ROWS_WITH: Final = f"""
SELECT {_READ} FROM batch_rows
WHERE origin IN (SELECT atom FROM json_each(?)) AND batch_id >= ?
UNION ALL SELECT {_READ} FROM batch_rows
WHERE identity IN (SELECT atom FROM json_each(?)) AND batch_id >= ? AND origin IS NULL LIMIT ?
"""  # noqa: S608
"""The rows of later batches with one of these keys."""
CANCELLED_TASKS: Final = """
SELECT batch_id, count(*), count(task_id), count(cancelled) FROM (
    SELECT r.batch_id, r.task_id, (
        SELECT t.id FROM tasks AS t INDEXED BY tasks_by_batch
        WHERE t.batch_id = r.batch_id AND t.state = 'cancelled' AND t.id = r.task_id LIMIT 1
    ) AS cancelled FROM (
        SELECT batch_id, task_id FROM batch_rows
        WHERE outcome = 'cancelled' AND batch_id IN (SELECT value FROM json_each(?))
        ORDER BY batch_id DESC LIMIT ?
    ) AS r
) AS r GROUP BY batch_id
"""
"""Counts the cancelled rows of batches: all, with a task, with a task that can be retried."""


class _Row(NamedTuple):
    batch: int
    row: int
    key: str
    is_unrecognized: bool  # has neither number nor address; its whole content is its key
    item: str
    corrections: str | None
    is_sent: bool  # or will be sent

    @property
    def person(self) -> str:
        return _person(self.item, self.corrections)


@lru_cache(maxsize=2048)  # the same rows are read repeatedly
def _person(item: str, corrections: str | None) -> str:
    """Return whose row it is, as read from the file: the name, or else the whole content."""
    read = as_read(json.loads(item), corrections_in(corrections))
    recipient = read.get("recipient") or {}
    name = " ".join(str(recipient.get("name") or "").split()).casefold()
    said = recipient.get("email") or "", read.get("title") or "", read.get("fields") or {}
    return name or json.dumps(said, sort_keys=True)


def read_left_out_later(
    connection: Source, records: Iterable[BatchRecord]
) -> dict[int, tuple[LaterRows, int]]:
    """Count the left-out rows of batches that later batches contain, and those left out again.

    Batches with few such rows come first, until there are too many rows to read.
    """
    left, room = dict[int, BatchRecord](), LOOKED_THROUGH
    for each in sorted(records, key=attrgetter("problems")):
        if each.started_at is not None and 0 < each.problems <= room:
            left[each.id] = each
            room -= each.problems
    if not left:
        return {}
    found = connection.execute(PROBLEM_ROWS, (json.dumps([*left]), LOOKED_THROUGH))
    later = defaultdict[int, list[LaterRow]](list)
    for (batch, _), place in _find_later(connection, left, [_Row(*row) for row in found]).items():
        later[batch].append(place)
    told = {}
    for batch, places in later.items():
        first, last = min(places).batch, max(places).batch
        again = sum(not each.is_sent for each in places)
        told[batch] = LaterRows(count=len(places), first=first, last=last), again
    return told


class LaterRow(NamedTuple):
    """The later batch that contains a row, and whether the row was or will be sent there."""

    batch: int
    is_sent: bool


def rows_left_out_later(
    connection: Source, record: BatchRecord, rows: Sequence[int]
) -> dict[int, LaterRow]:
    """Map left-out rows of a batch to the later batches that contain them."""
    if record.started_at is None or not rows:
        return {}
    found = connection.execute(SOME_PROBLEM_ROWS, (record.id, json.dumps(rows)))
    own = [_Row(*row) for row in found]
    return {
        row: place for (_, row), place in _find_later(connection, {record.id: record}, own).items()
    }


_Start = tuple[int, int]
"""A batch's place in the order of starts: when it was started, epoch ms, and its number."""


def _find_later(
    connection: Source, left: Mapping[int, BatchRecord], rows: Sequence[_Row]
) -> dict[tuple[int, int], LaterRow]:
    """Map rows, by batch and number, to the last later batch that sends each.

    If none sends a row, take the last batch that contains it.
    """
    own = {number: (record.started_at or 0, number) for number, record in left.items()}
    oldest = min(own.values())
    started = {
        number: (at, number)
        for number, at in connection.execute(LATER_BATCHES, oldest[:1])
        if (at, number) > oldest
    }
    if not rows or not started:
        return {}
    first: dict[str, _Start] = {}  # by key: the first batch that left such a row out
    for row in rows:
        first[row.key] = min(own[row.batch], first.get(row.key, own[row.batch]))
    # By key, person and whether it is sent: the last later batch with such a row.
    last: dict[tuple[str, str, bool], _Start] = {}
    for each in _alike(connection, rows, [*started]):
        start = started.get(each.batch, oldest)
        if start > first.get(each.key, start):
            about = each.key, each.person, bool(each.is_sent)
            last[about] = max(start, last.get(about, start))
    known, later = {key for key, _, _ in last}, {}
    for row in rows:
        for is_sent in (True, False) if row.key in known else ():
            start = last.get((row.key, row.person, is_sent), oldest)
            if start > own[row.batch]:
                later[row.batch, row.row] = LaterRow(start[1], is_sent)
                break
    return later


def _alike(connection: Source, rows: Sequence[_Row], others: Sequence[int]) -> Iterator[_Row]:
    """Yield rows of other batches with the same keys, and those without number or address."""
    keys = json.dumps(sorted({row.key for row in rows}))
    given = (keys, min(others)) * 2
    found = connection.execute(ROWS_WITH, (*given, 2 * LOOKED_THROUGH))
    yield from map(_Row._make, found)
    if any(row.is_unrecognized for row in rows):
        found = connection.execute(PROBLEM_ROWS, (json.dumps(others), LOOKED_THROUGH))
        yield from (each for each in map(_Row._make, found) if each.is_unrecognized)


def read_cancelled(
    connection: Source, records: Iterable[BatchRecord]
) -> dict[int, tuple[int, int]]:
    """Count the cancelled rows of batches whose tasks exist, and those that never had a task.

    In batches with many, the first count may be too low, and the second is then 0.
    """
    cancelled = {each.id: each.cancelled for each in records if each.cancelled}
    if not cancelled:
        return {}
    given = (json.dumps([*cancelled]), LOOKED_THROUGH_FOR_PAGE)
    found = {number: counts for number, *counts in connection.execute(CANCELLED_TASKS, given)}
    is_cut = sum(rows for rows, *_ in found.values()) == LOOKED_THROUGH_FOR_PAGE
    told = {}
    for number, count in cancelled.items():
        _, had, there = found.get(number, (0, 0, 0))
        is_exact = not is_cut or number > min(found)
        told[number] = there, count - had if is_exact else 0
    return told
