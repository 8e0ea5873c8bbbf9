"""Unique keys, delays that move with the clock, what was handed over, pauses and rate limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns at the end of ``tasks``, so no row is rewritten."""
    op.add_column("tasks", sa.Column("key", sa.Text))
    op.add_column("tasks", sa.Column("delayed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("handover", sa.Text))
    op.add_column("items", sa.Column("joined", sa.Text))
    # A wait between attempts counts from the end of the last one. Whether the time of a scheduled
    # task was a delay is not known any more.
    op.execute("UPDATE tasks SET delayed = 1 WHERE run_at IS NOT NULL AND state = 'waiting'")
    is_open = "key IS NOT NULL AND state NOT IN ('succeeded', 'cancelled', 'failed')"
    op.create_index("tasks_by_key", "tasks", ["key"], sqlite_where=sa.text(is_open))
    op.execute(
        "CREATE TABLE pauses (queue TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL) "
        "WITHOUT ROWID, STRICT"
    )
    op.execute(
        "CREATE TABLE starts (queue TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, "
        "PRIMARY KEY (queue, at)) WITHOUT ROWID, STRICT"
    )
