"""Schedules and their due times, the steps of tasks, and context variables that travel."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the tables; they have no rows for tasks that were accepted before."""
    op.execute(
        "CREATE TABLE schedules (name TEXT NOT NULL PRIMARY KEY, rule TEXT NOT NULL,"
        " next_at INTEGER, paused_at INTEGER, last_at INTEGER, last_task INTEGER)"
        " WITHOUT ROWID, STRICT"
    )
    op.execute(
        "CREATE TABLE due_times (name TEXT NOT NULL, due_at INTEGER NOT NULL,"
        " task_id INTEGER NOT NULL, PRIMARY KEY (name, due_at)) WITHOUT ROWID, STRICT"
    )
    op.execute(
        "CREATE TABLE steps (task_id INTEGER NOT NULL, name TEXT NOT NULL,"
        " attempt INTEGER NOT NULL, at INTEGER NOT NULL, result TEXT NOT NULL,"
        " PRIMARY KEY (task_id, name)) WITHOUT ROWID, STRICT"
    )
    op.execute(
        "CREATE TABLE contexts (task_id INTEGER NOT NULL PRIMARY KEY, variables TEXT NOT NULL)"
        " STRICT"
    )
