"""An index that finds the repeats of a task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the index."""
    is_repeat = sa.text("resend_of IS NOT NULL")
    op.create_index("tasks_by_repeated", "tasks", ["resend_of"], sqlite_where=is_repeat)
