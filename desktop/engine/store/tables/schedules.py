"""The tables of schedules and of due times that were taken, and their statements."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Column, Integer, Table, Text, insert, select
from sqlalchemy.dialects import sqlite

from desktop.engine.store.tables.compiled import p, sql
from desktop.engine.store.tables.schema import metadata

schedules = Table(
    # One row for each task that has ever had a schedule; times are epoch ms.
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    Column("rule", Text, nullable=False),  # the rule from which ``next_at`` was computed
    Column("next_at", Integer),  # the first due time that was not handled
    Column("paused_at", Integer),
    Column("last_at", Integer),  # when a task was last made, for a due time or by a person
    Column("last_task", Integer),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

due_times = Table(
    # Due times that have their task; none has two.
    "due_times",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_at", Integer, primary_key=True),
    Column("task_id", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)


class ScheduleRecord(NamedTuple):
    """One row of ``schedules``."""

    name: str
    rule: str
    next_at: int | None
    paused_at: int | None = None
    last_at: int | None = None
    last_task: int | None = None


SCHEDULES: Final = sql(select(schedules))
_put = sqlite.insert(schedules).values(dict.fromkeys(ScheduleRecord._fields))
PUT_SCHEDULE: Final = sql(
    _put.on_conflict_do_update(
        index_elements=[schedules.c.name],
        set_={name: _put.excluded[name] for name in ScheduleRecord._fields[1:]},
    )
)
DUE_TIME: Final = sql(
    select(due_times.c.task_id).where(
        due_times.c.name == p("name"), due_times.c.due_at == p("due_at")
    )
)
INSERT_DUE_TIME: Final = sql(insert(due_times).values(dict.fromkeys(due_times.c.keys())))
DELETE_DUE_TIMES: Final = (
    "DELETE FROM due_times WHERE name = ? AND due_at IN"
    " (SELECT due_at FROM due_times WHERE name = ? AND due_at < ? ORDER BY due_at LIMIT ?)"
)
STATE_OF_TASK: Final = "SELECT state FROM tasks WHERE id = ?"
