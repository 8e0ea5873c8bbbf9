"""From the store's rows to what travels over HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, func, select

from desktop.contract.reasons import STANDING, Reason, ReasonData
from desktop.contract.states import State
from desktop.contract.tasks import TaskRow
from desktop.contract.times import wire_time
from desktop.engine.store.reads.ahead import Waits
from desktop.engine.store.tables.records import Function, TaskRecord
from desktop.engine.store.tables.schema import functions, tasks

UNTIL: Final = frozenset(
    {Reason.DELAYED, Reason.RETRY_LATER, Reason.NO_ROOM, Reason.ALONE_AFTER_CRASH}
)
"""Reasons that end at the row's own ``run_at``, which a clock that is set moves along."""

COLUMNS: Final = (
    tasks.c.id,
    tasks.c.rev,
    tasks.c.item_id,
    functions.c.name,
    func.coalesce(tasks.c.title, functions.c.title).label("title"),
    tasks.c.recipient,
    tasks.c.state,
    tasks.c.why,
    tasks.c.reason,
    tasks.c.reason_data,
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
    why, reason, data = _why(row, waits)
    return TaskRow(
        id=row[0],
        rev=row[1],
        item_id=row[2],
        task=row[3],
        title=row[4],
        to=row[5] or None,
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
    )


def _why(row: Sequence[Any], waits: Waits) -> tuple[str, str | None, ReasonData]:
    """Say why a task is where it is; what a queued one waits for is not written in its row."""
    why, reason, stored = row[7:10]
    wait = waits.of(row[14], row[0]) if row[6] == State.QUEUED else None
    if wait is not None:
        said, (waits_for, about) = wait
        stands = waits_for in STANDING
        return said if stands or not why else f"{why} {said}", waits_for.value, about
    data: ReasonData = {} if stored is None else json.loads(stored)
    if reason in UNTIL and row[17]:
        data["until"] = wire_time(row[17])
    return why, reason, data


def row_of(record: TaskRecord, function: Function, waits: Waits) -> TaskRow:
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
        ),
        waits,
    )


def _optional_time(ms: int | None) -> str | None:
    return wire_time(ms) if ms else None
