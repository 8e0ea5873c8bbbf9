"""What the steps of a task have returned, and what surrounds its attempts."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

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
