"""Corrections by a person are stored beside the row; a batch names the one it continues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns and indexes; earlier corrections count as read from the file."""
    for column in ("corrections", "origin"):
        op.execute(f"ALTER TABLE batch_rows ADD COLUMN {column} TEXT")
    op.execute("ALTER TABLE batches ADD COLUMN continues INTEGER")
    for count in ("corrected", "unused"):
        op.execute(f"ALTER TABLE batches ADD COLUMN {count} INTEGER NOT NULL DEFAULT 0")
    op.create_index(
        "batch_rows_by_origin",
        "batch_rows",
        ["origin", "batch_id", "row"],
        sqlite_where=sa.text("origin IS NOT NULL"),
    )
    op.create_index(
        "batches_by_continued",
        "batches",
        ["continues", "id"],
        sqlite_where=sa.text("continues IS NOT NULL"),
    )
