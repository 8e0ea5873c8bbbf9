"""Counts of tasks that batches hold back, so listing causes does not read a million tasks."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

TABLE = """
CREATE TABLE scheduled_in_batches (
    batch_id INTEGER NOT NULL, function INTEGER NOT NULL, cause TEXT NOT NULL,
    aside INTEGER NOT NULL, again INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (batch_id, function, cause, aside, again)
) WITHOUT ROWID, STRICT
"""
COUNT = """
INSERT INTO scheduled_in_batches
SELECT batch_id, function, coalesce(cause, ''), held = 'batch', error IS NOT NULL, count(*)
FROM tasks WHERE state = 'scheduled' AND batch_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""


def upgrade() -> None:
    """Make the table, and count the existing tasks."""
    op.execute(TABLE)
    op.execute(COUNT)
