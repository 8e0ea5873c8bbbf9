"""A batch counts the sent rows that a person has marked as sent."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
MARKED = """
UPDATE batches SET marked = (SELECT count(*) FROM batch_rows
    WHERE batch_id = batches.id AND outcome = 'sent' AND answer = 'A person said that it was done.')
"""


def upgrade() -> None:
    """Add the count, and compute it from the rows."""
    op.execute("ALTER TABLE batches ADD COLUMN marked INTEGER NOT NULL DEFAULT 0")
    op.execute(MARKED)
