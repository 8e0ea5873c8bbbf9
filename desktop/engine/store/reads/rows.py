"""Converts the store's rows to what HTTP sends, and finds the rows changed since an event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from desktop.contract.events import TasksEvent
from desktop.contract.reasons import STANDING, Reason, ReasonData
from desktop.contract.rules.times import wire_time
from desktop.contract.states import State
from desktop.contract.tasks import TaskRow
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit, KnownBatches, Waits
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import (
    ALL_TASKS,
    IS_OWN,
    PENDING,
    FunctionRecord,
    TaskRecord,
)

ROOM: Final = 40
"""Characters of arguments in a title."""
LONGEST: Final = 1000
"""Longest arguments that are looked at, in characters of JSON."""


@lru_cache(maxsize=1024)  # the same rows are read again and again
def with_arguments(title: str, arguments: str | None) -> str:
    """Return ``Send invoice: 7, a@example.com``, or the title alone.

    Only values that fit on one line are shown.
    """
    if not arguments or len(arguments) > LONGEST:
        return title
    args, kwargs = json.loads(arguments)
    told = [_one_line(value) for value in args]
    told += [_named(name, value) for name, value in kwargs.items()]
    about = ", ".join(filter(None, told))
    if not about:
        return title
    return f"{title}: {about if len(about) <= ROOM else f'{about[: ROOM - 1]}…'}"


def _named(name: str, value: Any) -> str:
    text = _one_line(value)
    return f"{name} {text}" if text else ""


def _one_line(value: Any) -> str:
    """Return a value as one line of text, or nothing; a tagged value, such as a date, works too."""
    if isinstance(value, dict):
        value = value.get("value") if "$type" in value else None
    if value is None or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:ROOM].strip()
    return text if text.isprintable() else ""


UNTIL: Final = frozenset(
    {Reason.DELAYED, Reason.RETRY_LATER, Reason.NO_ROOM, Reason.ALONE_AFTER_CRASH}
)
"""Reasons that end at the row's own ``run_at``, which shifts when the clock is set."""

_TO_START: Final = frozenset({State.SCHEDULED, State.WAITING})
"""States in which a task may have a future start time."""

COLUMNS: Final = f"""
tasks.id, tasks.rev, tasks.item_id, functions.name, coalesce(tasks.title, functions.title),
tasks.recipient, tasks.state, tasks.why, tasks.reason, tasks.reason_data,
tasks.attempt, tasks.max_attempts, tasks.progress, functions.lane, functions.queue,
tasks.priority, tasks.created_at, tasks.run_at, tasks.started_at, tasks.finished_at,
tasks.error, tasks.resend_of, tasks.seen, tasks.batch_id, tasks.cause,
CASE WHEN tasks.title IS NULL AND tasks.item_id IS NULL
    THEN substr(tasks.arguments, 1, {LONGEST + 1}) END,
tasks.next_to, CASE WHEN {IS_OWN} THEN 0 ELSE 1 END
"""
"""The columns that :func:`task_row` reads, in this order."""


WITH_FUNCTIONS: Final = "tasks LEFT JOIN functions ON functions.id = tasks.function"
"""Tasks lead the join, because there are few functions."""
ROWS: Final = f"""
SELECT json_group_array(json_array({COLUMNS})) AS found FROM {WITH_FUNCTIONS}
WHERE tasks.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608


def read_rows(connection: Source, ids: Iterable[int]) -> list[list[Any]]:
    """Return rows for :func:`task_row`, unordered, in one step of SQLite.

    The driver releases the GIL for each row, and beside a thread that computes it waits up to a
    switch interval to get it back: 100 rows took 90 ms.
    """
    ((text,),) = connection.execute(ROWS, (json.dumps([*ids]),)).fetchall()
    found: list[list[Any]] = json.loads(text)
    return found


def task_row(row: Sequence[Any], waits: Waits) -> TaskRow:
    """Convert one row of :data:`COLUMNS` to what is sent."""
    why, reason, data = _why(row, waits)
    is_again = row[24] is not None and row[20] is not None
    return TaskRow(
        id=row[0],
        rev=row[1],
        item_id=row[2],
        task=row[3],
        title=with_arguments(row[4], row[25]),
        to=row[5] or None,
        next_to=row[26],
        state=row[6],
        why=why,
        reason=reason,
        reason_data=data,
        attempt=row[10],
        max_attempts=row[11],
        progress=None if row[12] is None else json.loads(row[12]),
        lane=row[13],
        queue=row[14],
        priority=row[15],
        created_at=wire_time(row[16]),
        run_at=_optional_time(row[17]),
        started_at=_optional_time(row[18]),
        finished_at=_optional_time(row[19]),
        error=row[20],
        resend_of=row[21],
        copy=bool(row[27]),
        seen=row[22] == 1,
        batch_id=row[23],
        cause=waits.cause_of(row[14], row[6], row[23], reason=row[8], is_again=is_again) or row[24],
    )


def _why(row: Sequence[Any], waits: Waits) -> tuple[str, str | None, ReasonData]:
    """Return why a task is in its state; what its whole queue waits for is not in its row."""
    why, reason, stored = row[7:10]
    wait = waits.of(row[14], row[0]) if row[6] == State.QUEUED else None
    if row[6] == State.WAITING and reason in UNTIL and row[17]:
        wait = waits.outage_beyond(row[14], row[17])
        if wait is None and not waits.stopped_till(row[14], row[17], row[23]):
            wait = waits.limit_beyond(row[23], row[17])
    if wait is not None and not (why and wait[1].reason == Reason.LANE_FULL):
        said, (waits_for, about) = wait
        stands = waits_for in STANDING or waits_for == Reason.BATCH_LIMIT
        return said if stands or not why else f"{why} {said}", waits_for.value, about
    data: ReasonData = {} if stored is None else json.loads(stored)
    if reason == Reason.BATCH_LIMIT:
        said, (waits_for, about) = waits.of_batch(row[23], row[14], why)
        return said, waits_for.value, about
    if reason in UNTIL and row[17]:
        data["until"] = wire_time(row[17])
    if row[6] in _TO_START and row[17] and (stop := waits.stopped_till(row[14], row[17], row[23])):
        why, about = stop
        data |= about
    return why, reason, data


def row_of(record: TaskRecord, function: FunctionRecord, waits: Waits) -> TaskRow:
    """Convert a record of the writer as :func:`task_row` converts a row."""
    return task_row(
        (
            record.id,
            record.rev,
            record.item_id,
            function.name,
            record.title or function.title,
            record.recipient,
            record.state,
            record.why,
            record.reason,
            record.reason_data,
            record.attempt,
            record.max_attempts,
            record.progress,
            function.lane,
            function.queue,
            record.priority,
            record.created_at,
            record.run_at,
            record.started_at,
            record.finished_at,
            record.error,
            record.resend_of,
            record.seen,
            record.batch_id,
            record.cause,
            record.arguments if record.title is None and record.item_id is None else None,
            record.next_to,
            record.is_copy,
        ),
        waits,
    )


def _optional_time(ms: int | None) -> str | None:
    return wire_time(ms) if ms else None


CHANGED: Final = "SELECT json_group_array(task_id) AS found FROM events WHERE id > ?"
ENDS: Final = """
SELECT (SELECT max(id) FROM events),
(SELECT CAST(meta.value AS INTEGER) FROM meta WHERE key = 'events_floor')
"""
"""The newest event, and the event below the oldest one that is kept."""


class ChangedRows(NamedTuple):
    """The changes since an event: rows of tasks, numbers of batches and of pending actions."""

    tasks: TasksEvent
    batches: list[int]
    pending: list[int]


def last_event(connection: Source) -> int:
    """Return the number of the newest event, including trimmed ones."""
    last, _ = _ends(connection)
    return last


def _ends(connection: Source) -> tuple[int, int]:
    ((last, floor),) = connection.execute(ENDS).fetchall()
    return last or floor, floor


def changes_since(
    connection: Source,
    after: int | None,
    limit: int,
    at_limit: AtLimit = NONE_AT_LIMIT,
    *,
    known: KnownBatches,
) -> tuple[int, ChangedRows | None]:
    """Return the newest event's number, and the changes after event ``after``.

    The changes are ``None`` if they are not known (``after`` is unknown or trimmed), are not listed
    one by one (``ALL_TASKS``) or concern more than ``limit`` tasks.
    """
    last, floor = _ends(connection)
    if after is None or not floor <= after <= last or last - after > 100 * limit:
        return last, None
    # A task may have changed many times; only its current row is read.
    ((found,),) = connection.execute(CHANGED, (after,)).fetchall()
    changed = set(json.loads(found))
    others = sorted(-number for number in changed if number < 0)
    changed.difference_update(-number for number in others)
    batches = [number for number in others if number < PENDING]
    pending = [number - PENDING for number in others[len(batches) :]]
    if ALL_TASKS in changed or len(changed) > limit:
        return last, None
    waits = Waits(at_limit, known, connection=connection)
    rows = [task_row(row, waits) for row in read_rows(connection, changed)]
    gone = changed - {row["id"] for row in rows}
    return last, ChangedRows(TasksEvent(rows=rows, gone=sorted(gone)), batches, pending)
