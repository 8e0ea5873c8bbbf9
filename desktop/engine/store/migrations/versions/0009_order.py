"""Tasks that follow others, tokens, and where functions are defined."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables; they have no rows for tasks that were accepted before."""
    op.execute(
        "CREATE TABLE followers (task_id INTEGER NOT NULL PRIMARY KEY, behind INTEGER,"
        " after INTEGER) STRICT"
    )
    op.execute("CREATE INDEX followers_behind ON followers (behind) WHERE behind IS NOT NULL")
    op.execute('CREATE INDEX followers_after ON followers ("after") WHERE after IS NOT NULL')
    op.execute(
        "CREATE TABLE tokens (token TEXT NOT NULL PRIMARY KEY, task_id INTEGER NOT NULL)"
        " WITHOUT ROWID, STRICT"
    )
    op.execute("CREATE INDEX ix_tokens_task_id ON tokens (task_id)")
    op.execute(
        "CREATE TABLE sources (name TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL)"
        " WITHOUT ROWID, STRICT"
    )
