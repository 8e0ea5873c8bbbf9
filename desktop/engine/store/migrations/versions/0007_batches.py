"""Batches: spreadsheets whose rows are sent together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BATCHES = """
CREATE TABLE batches (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, rev INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL, state TEXT NOT NULL,
    created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    started_at INTEGER, finished_at INTEGER, paused_at INTEGER,
    key TEXT NOT NULL, template TEXT, tasks TEXT NOT NULL, rate TEXT, run_at INTEGER,
    columns TEXT NOT NULL, sheet TEXT,
    revision INTEGER NOT NULL DEFAULT 0, grace_until INTEGER NOT NULL DEFAULT 0,
    sends TEXT NOT NULL DEFAULT '', fed_to INTEGER NOT NULL DEFAULT 0,
    stopped_at INTEGER,
    rows INTEGER NOT NULL DEFAULT 0, ready INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0, same INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, twice INTEGER NOT NULL DEFAULT 0,
    left_out INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0, kept INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0
) STRICT
"""
ROWS = """
CREATE TABLE batch_rows (
    batch_id INTEGER NOT NULL, row INTEGER NOT NULL,
    revision INTEGER NOT NULL, item TEXT NOT NULL, recipient TEXT,
    identity TEXT, content TEXT NOT NULL,
    checked TEXT NOT NULL, problem TEXT, data TEXT, path TEXT,
    outcome TEXT, item_id INTEGER, task_id INTEGER,
    ended_at INTEGER, answer TEXT, message_id TEXT,
    PRIMARY KEY (batch_id, row)
) STRICT
"""


def upgrade() -> None:
    """Add the tables, and the columns for the row from which a task was made."""
    op.execute(BATCHES)
    op.execute(ROWS)
    op.execute(
        'CREATE INDEX batch_rows_by_identity ON batch_rows (identity, batch_id, "row")'
        " WHERE identity IS NOT NULL"
    )
    op.execute('CREATE INDEX batch_rows_by_check ON batch_rows (batch_id, checked, "row")')
    op.execute(
        'CREATE INDEX batch_rows_by_outcome ON batch_rows (batch_id, outcome, "row")'
        " WHERE outcome IS NOT NULL"
    )
    op.add_column("tasks", sa.Column("batch_id", sa.Integer))
    op.add_column("tasks", sa.Column("batch_row", sa.Integer))
    has_one = sa.text("batch_id IS NOT NULL")
    op.create_index("tasks_by_batch", "tasks", ["batch_id", "state", "id"], sqlite_where=has_one)
