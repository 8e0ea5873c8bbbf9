"""Whether the recipients of items were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

RANK = """
SELECT max(CASE
    WHEN t.state = 'uncertain' THEN 4
    WHEN t.state IN ('scheduled', 'queued', 'running', 'waiting') THEN 3
    WHEN t.state <> 'succeeded' THEN 1
    WHEN t.reason = 'kept' THEN 2
    ELSE 5 END)
FROM tasks AS t WHERE t.item_id = items.id AND t.reference IS NOT NULL
AND (t.addressee IS NULL OR json_extract(t.addressee, '$.to_me') IS NULL)
"""
FILL = f"""
UPDATE items SET informed = CASE ({RANK})
WHEN 1 THEN 'no' WHEN 2 THEN 'kept' WHEN 3 THEN 'not_yet' WHEN 4 THEN 'not_sure' WHEN 5 THEN 'yes'
END
"""  # noqa: S608 - made of constants


def upgrade() -> None:
    """Add the column, and fill it from the existing tasks."""
    op.add_column("items", sa.Column("informed", sa.Text))
    op.execute(FILL)
    op.create_index("items_by_informed", "items", ["informed"])
    of_batches = sa.text("batch_id IS NOT NULL")
    op.create_index(
        "tasks_by_batch_item", "tasks", ["batch_id", "item_id"], sqlite_where=of_batches
    )
