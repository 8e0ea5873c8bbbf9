"""From the store's rows to what travels over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, case, func, literal_column, null, select

from desktop.contract.states import State
from desktop.contract.tasks import TaskRow
from desktop.engine.store.records import Function, HeldQueue, TaskRecord
from desktop.engine.store.schema import functions, queues, tasks

LATEST_MS: Final = 253_402_300_799_999
"""The last moment of the year 9999."""

NONE_FULL: Final[Mapping[str, int]] = {}
"""No queue has as many running as it may; else its name and that limit."""

_held_with = case(
    (
        tasks.c.state == literal_column("'queued'"),
        select(queues.c.reason).where(queues.c.name == functions.c.queue).scalar_subquery(),
    ),
    else_=null(),
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
    _held_with.label("held_with"),
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


def task_row(row: Sequence[Any], full: Mapping[str, int]) -> TaskRow:
    """Turn one row of :data:`COLUMNS` into what is sent; ``full`` tells the full queues' limits."""
    return TaskRow(
        id=row[0],
        rev=row[1],
        item_id=row[2],
        task=row[3],
        title=row[4],
        to=row[5] or None,
        state=row[6],
        why=_why(row[6], row[7], row[8], full.get(row[13])),
        attempt=row[9],
        max_attempts=row[10],
        progress=None if row[11] is None else json.loads(row[11]),
        lane=row[12],
        queue=row[13],
        priority=row[14],
        created_at=wire_time(row[15]),
        run_at=_optional_time(row[16]),
        started_at=_optional_time(row[17]),
        finished_at=_optional_time(row[18]),
        error=row[19],
    )


def _why(state: str, why: str, held_with: str | None, limit: int | None) -> str:
    """Say why a task is where it is; what a queued one waits for is not written in its row."""
    if held_with is not None:
        return f"Its queue is held: {held_with}"
    if state != State.QUEUED or limit is None:
        return why
    running = "1 of its queue runs" if limit == 1 else f"{limit} of its queue run"
    return f"{why} Waits for its turn: {running} at once.".lstrip()


def row_of(
    record: TaskRecord, function: Function, held: HeldQueue | None, full: Mapping[str, int]
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
            held.reason if held and record.state == State.QUEUED else None,
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
        full,
    )


def wire_time(ms: int) -> str:
    """Write epoch ms as RFC 3339 UTC with milliseconds; that format ends with the year 9999."""
    seconds, rest = divmod(min(ms, LATEST_MS), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{rest:03}Z"


def _optional_time(ms: int | None) -> str | None:
    return wire_time(ms) if ms else None
