"""Queues that wait for their server, and one history line for all attempts of an outage."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns at the end, so no row is rewritten."""
    kind = sa.Column("kind", sa.Text, nullable=False, server_default="queue_held")
    op.add_column("queues", kind)
    op.add_column("queues", sa.Column("until", sa.Integer))
    op.add_column("queues", sa.Column("probes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("attempts", sa.Column("count", sa.Integer, nullable=False, server_default="1"))
