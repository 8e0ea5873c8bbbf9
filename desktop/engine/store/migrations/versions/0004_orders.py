"""Tasks sorted by item, including tasks without one, and by duration."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the indexes for these orders."""
    op.drop_index("tasks_by_item", "tasks")
    op.create_index("tasks_by_item", "tasks", ["item_id"])
    op.execute(
        "CREATE INDEX tasks_by_took ON tasks (finished_at - coalesce(started_at, finished_at))"
        " WHERE finished_at > 0"
    )
