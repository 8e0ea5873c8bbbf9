"""Counts of the tasks of a cause that a person has marked as seen."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"

FOUND = """
SET failed_seen = found.failed, uncertain_seen = found.uncertain
FROM (SELECT {keys}, sum(state = 'failed') AS failed, sum(state = 'uncertain') AS uncertain
    FROM tasks WHERE seen = 1 GROUP BY {keys}) AS found
"""
COUNT = f"UPDATE causes {FOUND.format(keys='cause')} WHERE found.cause = id"
COUNT_BATCHES = f"""
UPDATE batch_causes {FOUND.format(keys="batch_id, cause")}
WHERE found.batch_id = batch_causes.batch_id AND found.cause = batch_causes.cause
"""


def upgrade() -> None:
    """Add the counts, and count the existing tasks."""
    for table in ("causes", "batch_causes"):
        for count in ("failed_seen", "uncertain_seen"):
            op.execute(f"ALTER TABLE {table} ADD COLUMN {count} INTEGER NOT NULL DEFAULT 0")
    op.execute(COUNT)
    op.execute(COUNT_BATCHES)
