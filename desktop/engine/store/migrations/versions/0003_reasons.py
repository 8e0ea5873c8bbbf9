"""The reason of a task's state, as data beside the sentence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OLD = """
UPDATE tasks SET reason = CASE
  WHEN state = 'succeeded' AND result LIKE '"Kept in the outbox%' THEN 'kept'
  WHEN state = 'scheduled' THEN 'delayed'
  WHEN state = 'waiting' AND run_at IS NOT NULL THEN 'retry_later'
  WHEN held = 'queue' THEN 'queue_held'
  WHEN held = 'person' THEN 'held_for_person'
  WHEN held = 'function' THEN 'held_for_function'
  WHEN held = 'crashes' THEN 'held_after_crashes'
  WHEN state = 'cancelled' THEN 'cancelled_by_person'
  WHEN state = 'uncertain' THEN 'no_answer'
  WHEN state = 'failed' AND why = 'Its answer was final.' THEN 'final_answer'
  WHEN state = 'failed' AND why = 'No attempt is left.' THEN 'attempts_used_up'
  WHEN state = 'failed' AND why = 'Its deadline passed.' THEN 'deadline_passed'
  END
WHERE state NOT IN ('queued', 'running', 'succeeded')
  OR (state = 'succeeded' AND result LIKE '"Kept in the outbox%')
"""
"""Maps the sentences of older versions to reasons; nothing else reads those sentences."""


def upgrade() -> None:
    """Add the columns at the end, and fill them in existing rows from the sentences."""
    op.add_column("tasks", sa.Column("reason", sa.Text))
    op.add_column("tasks", sa.Column("reason_data", sa.Text))
    op.add_column("queues", sa.Column("server", sa.Text))
    op.add_column("queues", sa.Column("code", sa.Integer))
    op.execute(OLD)
    has_one = sa.text("reason IS NOT NULL")
    op.create_index("tasks_by_reason", "tasks", ["reason", "id"], sqlite_where=has_one)
