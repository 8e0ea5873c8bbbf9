"""A batch counts the rows that later batches contain."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
LATER = """
UPDATE batches SET later = (SELECT nullif(json_group_object(number, n), '{}') FROM (
    SELECT json_extract(data, '$.batch_id') AS number, count(*) AS n FROM batch_rows
    WHERE batch_id = batches.id AND checked = 'twice'
    AND json_extract(data, '$.batch_id') IS NOT NULL GROUP BY number
)) WHERE started_at IS NOT NULL AND twice > 0
"""
SETTLED = """
UPDATE batch_rows SET ended_at = NULL
WHERE outcome = 'sent' AND ended_at IS NOT NULL AND answer = 'A person said that it was done.'
"""


def upgrade() -> None:
    """Add the counts, computed from the rows; a row settled by a person has no time."""
    op.execute("ALTER TABLE batches ADD COLUMN later TEXT")
    op.execute(LATER)
    op.execute(SETTLED)
