"""Tables beside that of tasks: what follows what, tokens, places of functions, steps, contexts."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Column, Index, Integer, Table, Text, insert, select
from sqlalchemy import text as sql_text

from desktop.engine.store.tables.compiled import GIVEN, p, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schema import metadata

followers = Table(
    # The tasks that wait for others. A row goes once its task may begin.
    "followers",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("behind", Integer),  # the one before it in its request's line, until that lets it go
    Column("after", Integer),  # the one that has to succeed first
    sqlite_strict=True,
)
Index("followers_behind", followers.c.behind, sqlite_where=sql_text("behind IS NOT NULL"))
Index("followers_after", followers.c.after, sqlite_where=sql_text("after IS NOT NULL"))

tokens = Table(
    # Names that cannot be guessed, under which strangers are told of one task.
    "tokens",
    metadata,
    Column("token", Text, primary_key=True),
    Column("task_id", Integer, nullable=False, index=True),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

sources = Table(
    # Where the functions of names that are no ``module:qualname`` were defined last.
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
    behind: int | None
    after: int | None


INSERT_FOLLOWER: Final = sql(insert(followers).values(dict.fromkeys(Follower._fields)))
FOLLOWER: Final = sql(select(followers).where(followers.c.task_id == p("task")))
MOVED: Final = " UNION ".join(
    sql(select(followers).where(column.in_(GIVEN), column.is_not(None)))
    for column in (followers.c.behind, followers.c.after, followers.c.task_id)
)
"""Who has to be looked at once some tasks have moved: given three times, as one JSON array."""
LET_GO: Final = "UPDATE followers SET behind = NULL WHERE task_id = ?"
DELETE_FOLLOWER: Final = "DELETE FROM followers WHERE task_id = ?"
AWAITED: Final = "SELECT 1 FROM followers WHERE after = ? LIMIT 1"
COUNT_FOLLOWERS: Final = "SELECT count(*) FROM followers"

INSERT_TOKEN: Final = sql(insert(tokens).values(token=p("token"), task_id=p("task")))
TASK_OF_TOKEN: Final = sql(select(tokens.c.task_id).where(tokens.c.token == p("token")))
TOKEN_OF_TASK: Final = sql(select(tokens.c.token).where(tokens.c.task_id == p("task")))
DELETE_TOKENS: Final = sql(tokens.delete().where(tokens.c.task_id.in_(GIVEN)))

SOURCES: Final = sql(select(sources))
SET_SOURCE: Final = "INSERT OR REPLACE INTO sources VALUES (?, ?)"


steps = Table(
    # A step that has ended well: it is not run again in a later attempt.
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
    # Values of context variables that travel with a task, by their names: typed JSON.
    "contexts",
    metadata,
    Column("task_id", Integer, primary_key=True),
    Column("variables", Text, nullable=False),
    sqlite_strict=True,
)


def read_steps(source: Source, task_id: int) -> dict[str, str]:
    """Read what the steps of a task have returned in its earlier attempts, by name."""
    return dict(source.execute(STEPS_OF, (task_id,)).fetchall())


INSERT_STEP: Final = sql(insert(steps).values(dict.fromkeys(steps.c.keys())))
STEPS_OF: Final = sql(select(steps.c.name, steps.c.result).where(steps.c.task_id == p("task")))
DELETE_STEPS: Final = sql(steps.delete().where(steps.c.task_id.in_(GIVEN)))

INSERT_CONTEXT: Final = sql(insert(contexts).values(dict.fromkeys(contexts.c.keys())))
CONTEXT_OF: Final = sql(select(contexts.c.variables).where(contexts.c.task_id == p("task")))
ANY_CONTEXT: Final = "SELECT EXISTS (SELECT 1 FROM contexts)"
DELETE_CONTEXTS: Final = sql(contexts.delete().where(contexts.c.task_id.in_(GIVEN)))
