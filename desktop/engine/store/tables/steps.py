"""What the steps of a task have returned, and what surrounds its attempts."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, Text, insert, select

from desktop.engine.store.tables.compiled import GIVEN, p, sql
from desktop.engine.store.tables.cursor import Source
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


def read_steps(source: Source, task_id: int) -> dict[str, str]:
    """Read what the steps of a task have returned in its earlier attempts, by name."""
    return dict(source.execute(STEPS_OF, (task_id,)).fetchall())


INSERT_STEP: Final = sql(insert(steps).values(dict.fromkeys(steps.c.keys())))
STEPS_OF: Final = sql(select(steps.c.name, steps.c.result).where(steps.c.task_id == p("task")))
DELETE_STEPS: Final = sql(steps.delete().where(steps.c.task_id.in_(GIVEN)))

INSERT_CONTEXT: Final = sql(insert(contexts).values(dict.fromkeys(contexts.c.keys())))
CONTEXT_OF: Final = sql(select(contexts.c.variables).where(contexts.c.task_id == p("task")))
ANY_CONTEXT: Final = "SELECT EXISTS (SELECT 1 FROM contexts)"
DELETE_CONTEXTS: Final = sql(contexts.delete().where(contexts.c.task_id.in_(GIVEN)))
