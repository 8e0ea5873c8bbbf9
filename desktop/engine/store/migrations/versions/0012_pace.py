"""Counts of ended attempts, and of waiting and running times, by minute and by hour."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the table; earlier attempts are not counted."""
    op.execute(
        "CREATE TABLE pace (span INTEGER NOT NULL, at INTEGER NOT NULL, function INTEGER NOT NULL,"
        " done INTEGER NOT NULL, failed INTEGER NOT NULL, again INTEGER NOT NULL,"
        " longest INTEGER NOT NULL, waits TEXT NOT NULL, runs TEXT NOT NULL,"
        " PRIMARY KEY (span, at, function)) WITHOUT ROWID, STRICT"
    )
