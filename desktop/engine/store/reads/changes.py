"""Reading what changed since an event."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from sqlalchemy import bindparam, func, literal_column, select, text

from desktop.contract.events import TasksEvent
from desktop.engine.store.reads.ahead import NONE_AT_LIMIT, AtLimit, Waits
from desktop.engine.store.reads.rows import select_rows, task_row
from desktop.engine.store.tables.compiled import sql
from desktop.engine.store.tables.records import ALL_TASKS
from desktop.engine.store.tables.schema import events, tasks
from desktop.engine.store.tables.statements import EVENTS_FLOOR, LAST_EVENT

CHANGED: Final = sql(
    select(events.c.task_id)
    .where(events.c.id > bindparam("after"))
    .limit(bindparam("limit"))
    .offset(literal_column("0"))
)
ROWS: Final = sql(
    select_rows().where(
        tasks.c.id.in_(select(literal_column("value")).select_from(func.json_each(text("?"))))
    )
)


def last_event(connection: sqlite3.Connection) -> int:
    """Return the number of the newest event; what was trimmed still counts."""
    floor = int(connection.execute(EVENTS_FLOOR).fetchone()[0])
    return connection.execute(LAST_EVENT).fetchone()[0] or floor


def changes_since(
    connection: sqlite3.Connection,
    after: int | None,
    limit: int,
    at_limit: AtLimit = NONE_AT_LIMIT,
) -> tuple[int, TasksEvent | None]:
    """Return the newest event, and what changed after event ``after``.

    ``None`` instead of the changes where they cannot be told (an ``after`` that never was, or is
    trimmed), are not told one by one (``ALL_TASKS``) or are more than ``limit`` tasks.
    """
    last = last_event(connection)
    floor = int(connection.execute(EVENTS_FLOOR).fetchone()[0])
    if after is None or not floor <= after <= last or last - after > 100 * limit:
        return last, None
    # A task may have changed many times; the rows are read as they are now.
    changed = {number for (number,) in connection.execute(CHANGED, (after, 100 * limit))}
    if ALL_TASKS in changed or len(changed) > limit:
        return last, None
    waits = Waits(at_limit, connection=connection)
    rows = [task_row(row, waits) for row in connection.execute(ROWS, (json.dumps([*changed]),))]
    gone = changed - {row["id"] for row in rows}
    return last, TasksEvent(rows=rows, gone=sorted(gone))
