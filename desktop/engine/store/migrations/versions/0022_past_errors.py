"""Search finds a task by the errors of its earlier attempts, too, from the next error on."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the column for the words of replaced errors."""
    op.execute("ALTER TABLE tasks ADD COLUMN past_errors TEXT")
