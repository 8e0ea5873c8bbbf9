"""What became of failed rows is read from indexes alone."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the task to the index of outcomes, and an index of tasks with repeats."""
    op.execute("DROP INDEX batch_rows_by_outcome")
    op.execute(
        'CREATE INDEX batch_rows_by_outcome ON batch_rows (batch_id, outcome, "row", task_id) '
        "WHERE outcome IS NOT NULL"
    )
    op.execute(
        "CREATE INDEX tasks_with_repeats ON tasks (batch_id, state, id) "
        "WHERE batch_id IS NOT NULL AND (resend_of IS NOT NULL "
        "OR (state = 'failed' AND instr(reason_data, '\"task_id\"') > 0))"
    )
