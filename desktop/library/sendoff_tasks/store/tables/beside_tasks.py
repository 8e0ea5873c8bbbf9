"""Tables beside the tasks: followers, tokens, sources, steps, context variables, schedules."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Column, Index, Integer, Table, Text

from sendoff_tasks.store.tables.cursor import Source, insert_rows, put_rows
from sendoff_tasks.store.tables.schema import metadata

followers = Table(
    # What a task waits for, a row for each, which is deleted once the awaited task lets it go.
    "followers",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("awaited", Integer, primary_key=True),
    # 1: it has to succeed; 0: it is before it in line; a row for each if both is so.
    Column("success", Integer, primary_key=True),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("followers_awaited", followers.c.awaited)

tokens = Table(
    # Unguessable names by which outsiders can look up one task.
    "tokens",
    metadata,
    Column("token", Text, primary_key=True),
    Column("task_id", Integer, nullable=False, index=True),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

sources = Table(
    # Where functions whose name is not ``module:qualname`` were last defined.
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("source", Text, nullable=False),  # module:qualname
    sqlite_with_rowid=False,
    sqlite_strict=True,
)


class Follower(NamedTuple):
    """One row of ``followers``."""

    task_id: int
    awaited: int
    success: int


INSERT_FOLLOWER: Final = insert_rows(followers)
FOLLOWERS: Final = "SELECT * FROM followers WHERE task_id = ? ORDER BY success, awaited"
MOVED: Final = """
SELECT * FROM followers WHERE awaited IN (SELECT value FROM json_each(?)) UNION
SELECT * FROM followers WHERE task_id IN (SELECT value FROM json_each(?))
"""
"""The rows to look at after tasks moved; takes those that are awaited, and those that wait."""
LET_GO: Final = "DELETE FROM followers WHERE task_id = ? AND awaited = ? AND success = ?"
LET_GO_OF_ALL: Final = "DELETE FROM followers WHERE task_id = ?"
AWAITED: Final = "SELECT 1 FROM followers WHERE awaited = ? AND success = 1 LIMIT 1"
FOLLOWING: Final = """
SELECT DISTINCT task_id FROM followers WHERE awaited = ? ORDER BY task_id LIMIT ?
"""
COUNT_FOLLOWERS: Final = "SELECT count(*) FROM followers"

INSERT_TOKEN: Final = insert_rows(tokens)
TASK_OF_TOKEN: Final = "SELECT task_id FROM tokens WHERE token = ?"  # noqa: S105
TOKEN_OF_TASK: Final = "SELECT token FROM tokens WHERE task_id = ?"  # noqa: S105
DELETE_TOKENS: Final = "DELETE FROM tokens WHERE task_id IN (SELECT value FROM json_each(?))"

SOURCES: Final = "SELECT * FROM sources"
SET_SOURCE: Final = put_rows(sources)


steps = Table(
    # Steps that have succeeded and are not run again in later attempts.
    "steps",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("result", Text, nullable=False),  # typed JSON, as arguments are
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

contexts = Table(
    # Context variables that travel with a task, as typed JSON by name.
    "contexts",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("variables", Text, nullable=False),
    sqlite_strict=True,
)


def read_steps(source: Source, task_id: int) -> dict[str, str]:
    """Return the results of a task's steps from earlier attempts, by name."""
    return dict(source.execute(STEPS_OF, (task_id,)).fetchall())


INSERT_STEP: Final = insert_rows(steps)
STEPS_OF: Final = "SELECT name, result FROM steps WHERE task_id = ?"
STEPS_DONE: Final = "SELECT name FROM steps WHERE task_id = ? ORDER BY at, name"
DELETE_STEPS: Final = "DELETE FROM steps WHERE task_id IN (SELECT value FROM json_each(?))"

INSERT_CONTEXT: Final = insert_rows(contexts)
CONTEXT_OF: Final = "SELECT variables FROM contexts WHERE task_id = ?"
ANY_CONTEXT: Final = "SELECT EXISTS (SELECT 1 FROM contexts)"
DELETE_CONTEXTS: Final = "DELETE FROM contexts WHERE task_id IN (SELECT value FROM json_each(?))"


schedules = Table(
    # One row for each task that has ever had a schedule; times are epoch ms.
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    Column("rule", Text, nullable=False),  # the rule from which ``next_at`` was computed
    Column("next_at", Integer),  # the first due time that was not handled
    Column("paused_at", Integer),
    Column("last_at", Integer),  # when a task was last made, for a due time or by a person
    Column("last_task", Integer),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

due_times = Table(
    # Due times that have their task; none has two.
    "due_times",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_at", Integer, primary_key=True),
    Column("task_id", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)


class ScheduleRecord(NamedTuple):
    """One row of ``schedules``."""

    name: str
    rule: str
    next_at: int | None
    paused_at: int | None = None
    last_at: int | None = None
    last_task: int | None = None


SCHEDULES: Final = "SELECT * FROM schedules"
PUT_SCHEDULE: Final = put_rows(schedules)
DUE_TIME: Final = "SELECT task_id FROM due_times WHERE name = ? AND due_at = ?"
INSERT_DUE_TIME: Final = insert_rows(due_times)
DELETE_DUE_TIMES: Final = (
    "DELETE FROM due_times WHERE name = ? AND due_at IN"
    " (SELECT due_at FROM due_times WHERE name = ? AND due_at < ? ORDER BY due_at LIMIT ?)"
)
LAST_RUNS: Final = """
SELECT id, state, nullif(finished_at, 0) - started_at FROM due_times JOIN tasks ON id = task_id
WHERE name = ? ORDER BY due_at DESC LIMIT ?
"""
STATE_OF_TASK: Final = "SELECT state FROM tasks WHERE id = ?"
