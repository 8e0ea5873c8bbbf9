"""Corrections of items are found by the corrected address."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the address and its index."""
    op.execute("ALTER TABLE corrections ADD COLUMN address TEXT NOT NULL DEFAULT ''")
    op.execute(
        "UPDATE corrections "
        "SET address = lower(rtrim(substr(recipient, instr(recipient, '<') + 1), '>'))"
    )
    op.create_index("corrections_by_address", "corrections", ["address"])
