"""Statements on queues: the next task, pauses, and start times of attempts (for rates)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, literal_column, select, union_all
from sqlalchemy.dialects import sqlite

from desktop.engine.store.tables.cursor import NO_OFFSET, Source, p, sql
from desktop.engine.store.tables.schema import attempts, functions, pauses, starts, tasks

# The first queued tasks of a function; the first column is the sort key of `heapq.merge`.
FIRST_QUEUED: Final = sql(
    select((-tasks.c.priority).label("rank"), tasks.c.id)
    .where(tasks.c.state == literal_column("'queued'"), tasks.c.function == p("function"))
    .order_by(tasks.c.priority.desc(), tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
FUNCTIONS_OF_QUEUE: Final = sql(select(functions.c.id).where(functions.c.queue == p("queue")))


def _oldest() -> Select[Any]:
    """Return a loose index scan, which jumps from each priority to the next lower one.

    For each priority below a given one, highest first, it returns the lowest number among a
    function's queued tasks.
    """

    def queued(column: Any, *more: Any) -> Any:
        function = column.table.c.function == p("function")
        state = column.table.c.state == literal_column("'queued'")
        return select(column).where(state, function, *more)

    one, other = tasks.alias("one"), tasks.alias("other")
    top = queued(tasks.c.priority, tasks.c.priority < p("below"))
    levels = select(_first(top, tasks.c.priority.desc()).label("priority")).cte(
        "levels", recursive=True
    )
    down = queued(one.c.priority, one.c.priority < levels.c.priority).correlate(levels)
    levels = levels.union_all(
        select(_first(down, one.c.priority.desc())).where(levels.c.priority.is_not(None))
    )
    lowest = queued(other.c.id, other.c.priority == levels.c.priority).correlate(levels)
    return (
        select(levels.c.priority, _first(lowest, other.c.id).label("id"))
        .where(levels.c.priority.is_not(None))
        .limit(p("limit"))
        .offset(NO_OFFSET)
    )


def _first(query: Select[Any], order: Any) -> Any:
    return query.order_by(order).limit(literal_column("1")).offset(NO_OFFSET).scalar_subquery()


OLDEST: Final = sql(_oldest())
LOWEST: Final = sql(
    select(tasks.c.priority)
    .where(tasks.c.state == literal_column("'queued'"), tasks.c.function == p("function"))
    .order_by(tasks.c.priority)
    .limit(literal_column("1"))
    .offset(NO_OFFSET)
)
"""The lowest priority among a function's queued tasks."""


STARTS: Final = sql(select(starts).order_by(starts.c.queue, starts.c.at))
_begun = sqlite.insert(starts).values(queue=p("queue"), at=p("at"), n=p("n"))
COUNT_STARTS: Final = sql(
    _begun.on_conflict_do_update(
        index_elements=[starts.c.queue, starts.c.at], set_={"n": starts.c.n + _begun.excluded.n}
    )
)
DELETE_STARTS: Final = sql(
    delete(starts).where(starts.c.queue == p("queue"), starts.c.at <= p("before"))
)
DELETE_NO_STARTS: Final = sql(
    delete(starts).where(
        starts.c.queue == p("queue"), starts.c.at == p("at"), starts.c.n <= literal_column("0")
    )
)
DROP_STARTS: Final = sql(delete(starts).where(starts.c.queue == p("queue")))
DELETE_OLD_STARTS: Final = sql(delete(starts).where(starts.c.at <= p("before")))


def _begun_by(which: ColumnElement[bool]) -> str:
    """Make the statement for the start times of attempts since a time, with counts.

    Attempts that handed nothing to a server do not count.
    """
    ended = (
        select(attempts.c.started_at.label("at"))
        .join(tasks, tasks.c.id == attempts.c.task_id)
        .where(
            which,
            attempts.c.started_at > p("since"),
            attempts.c.outcome.not_in(map(literal_column, ("'offline'", "'quota'", "'too early'"))),
        )
    )
    running = select(tasks.c.started_at).where(
        which, tasks.c.started_at > p("since"), tasks.c.state == literal_column("'running'")
    )
    both = union_all(ended, running).subquery("begun")
    return sql(select(both.c.at, func.count()).group_by(both.c.at))


BEGUN: Final = _begun_by(
    tasks.c.function.in_(select(functions.c.id).where(functions.c.queue == p("queue")))
)
"""The start times of a queue's attempts, with counts."""
BEGUN_OF_BATCH: Final = _begun_by(tasks.c.batch_id == p("batch_id"))
"""The start times of a batch's attempts, with counts."""


def read_pauses(source: Source) -> dict[str, int]:
    """Return the paused queues, with the time of the pause in epoch ms."""
    return dict(source.execute(PAUSES).fetchall())


PAUSES: Final = sql(select(pauses))
INSERT_PAUSE: Final = sql(pauses.insert().values(queue=p("queue"), since=p("since")))
DELETE_PAUSE: Final = sql(delete(pauses).where(pauses.c.queue == p("queue")))


def starts_of(batch_id: int) -> str:
    """Return the name under which a batch's starts are counted; no queue's name begins like it."""
    return f"\n{batch_id}"
