"""From the store's rows to what travels over HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, case, func, literal_column, null, select

from desktop.contract.local_time import local_time
from desktop.contract.states import State
from desktop.contract.tasks import QUEUE_HELD, QUEUE_PAUSED, TaskRow
from desktop.engine.store.ahead import Waits
from desktop.engine.store.records import ALL_QUEUES, Function, HeldQueue, TaskRecord
from desktop.engine.store.schema import functions, pauses, queues, tasks

LATEST_MS: Final = 253_402_300_799_999
"""The last moment of the year 9999."""

_is_queued = tasks.c.state == literal_column("'queued'")
_reason = select(queues.c.reason).where(queues.c.name == functions.c.queue).scalar_subquery()
_since = (
    select(func.min(pauses.c.since))
    .where(pauses.c.queue.in_([functions.c.queue, literal_column(f"'{ALL_QUEUES}'")]))
    .scalar_subquery()
)

COLUMNS: Final = (
    tasks.c.id,
    tasks.c.rev,
    tasks.c.item_id,
    functions.c.name,
    func.coalesce(tasks.c.title, functions.c.title).label("title"),
    tasks.c.recipient,
    tasks.c.state,
    tasks.c.why,
    case((_is_queued, _reason), else_=null()).label("held_with"),
    case((_is_queued, _since), else_=null()).label("paused_since"),
    tasks.c.attempt,
    tasks.c.max_attempts,
    tasks.c.progress,
    functions.c.lane,
    functions.c.queue,
    tasks.c.priority,
    tasks.c.created_at,
    tasks.c.run_at,
    tasks.c.started_at,
    tasks.c.finished_at,
    tasks.c.error,
)
"""What :func:`task_row` reads, in its order."""


def select_rows() -> Select[Any]:
    """Begin a query for :func:`task_row`; the functions are few, so the tasks lead the join."""
    return select(*COLUMNS).select_from(
        tasks.join(functions, functions.c.id == tasks.c.function, isouter=True)
    )


def task_row(row: Sequence[Any], waits: Waits) -> TaskRow:
    """Turn one row of :data:`COLUMNS` into what is sent."""
    return TaskRow(
        id=row[0],
        rev=row[1],
        item_id=row[2],
        task=row[3],
        title=row[4],
        to=row[5] or None,
        state=row[6],
        why=_why_queued(row, waits) if row[6] == State.QUEUED else row[7],
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
    )


def _why_queued(row: Sequence[Any], waits: Waits) -> str:
    """Say what a queued task waits for, which is not written in its row."""
    why, held_with, paused_since = row[7:10]
    if held_with is not None:
        return f"{QUEUE_HELD}: {held_with}"
    if paused_since is not None:
        return f"{QUEUE_PAUSED} {local_time(paused_since)}."
    wait = waits.of(row[14], row[0])
    return why if wait is None else f"{why} {wait}".lstrip()


def row_of(
    record: TaskRecord,
    function: Function,
    held: HeldQueue | None,
    paused_since: int | None,
    waits: Waits,
) -> TaskRow:
    """Tell a task the writer holds as :func:`task_row` tells one that was read."""
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
            held.reason if held else None,
            paused_since,
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
        ),
        waits,
    )


def wire_time(ms: int) -> str:
    """Write epoch ms as RFC 3339 UTC with milliseconds; that format ends with the year 9999."""
    seconds, rest = divmod(min(ms, LATEST_MS), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{rest:03}Z"


def _optional_time(ms: int | None) -> str | None:
    return wire_time(ms) if ms else None
