"""A task is found by the errors of its earlier attempts too, from its next one on."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the column that keeps the words of errors which another one replaced."""
    op.execute("ALTER TABLE tasks ADD COLUMN past_errors TEXT")
