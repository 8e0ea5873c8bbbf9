"""What the steps of a task have returned, and what surrounds its attempts."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, Text, insert, select

from desktop.engine.store.tables.compiled import GIVEN, p, sql
from desktop.engine.store.tables.schema import metadata

steps = Table(
    # A step that has ended well: it is not run again in a later attempt.
    "steps",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("result", Text, nullable=False),  # typed JSON, as arguments are
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

contexts = Table(
    # Values of context variables that travel with a task, by their names: typed JSON.
    "contexts",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("variables", Text, nullable=False),
    sqlite_strict=True,
)

INSERT_STEP: Final = sql(insert(steps).values(dict.fromkeys(steps.c.keys())))
STEPS_OF: Final = sql(select(steps.c.name, steps.c.result).where(steps.c.task_id == p("task")))
DELETE_STEPS: Final = sql(steps.delete().where(steps.c.task_id.in_(GIVEN)))
