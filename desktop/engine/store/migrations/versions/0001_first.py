"""The first schema; new databases are created whole from ``schema.metadata``."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: there is no older schema."""
