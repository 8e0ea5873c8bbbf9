"""The first schema: a new database is made whole from ``schema.metadata``, so nothing is to do."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: there is no older schema."""
