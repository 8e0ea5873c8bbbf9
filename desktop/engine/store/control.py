"""The statements behind pauses, rates, unique keys, turns and jumps of the clock."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, func, literal_column, select, text, update
from sqlalchemy.dialects import sqlite

from desktop.engine.store.records import DEADLINE_COUNTS, START_COUNTS
from desktop.engine.store.schema import IS_OPEN, functions, idempotency, pauses, starts, tasks
from desktop.engine.store.statements import sql

_NO_OFFSET: Final[Any] = literal_column("0")


def _p(name: str) -> Any:
    return bindparam("p_" + name)


PAUSES: Final = sql(select(pauses))
INSERT_PAUSE: Final = sql(pauses.insert().values(queue=_p("queue"), since=_p("since")))
DELETE_PAUSE: Final = sql(delete(pauses).where(pauses.c.queue == _p("queue")))

STARTS: Final = sql(select(starts).order_by(starts.c.queue, starts.c.at))
_begun = sqlite.insert(starts).values(queue=_p("queue"), at=_p("at"), n=_p("n"))
COUNT_STARTS: Final = sql(
    _begun.on_conflict_do_update(
        index_elements=[starts.c.queue, starts.c.at], set_={"n": starts.c.n + _begun.excluded.n}
    )
)
DELETE_STARTS: Final = sql(
    delete(starts).where(starts.c.queue == _p("queue"), starts.c.at <= _p("before"))
)
DROP_STARTS: Final = sql(delete(starts).where(starts.c.queue == _p("queue")))
DELETE_OLD_STARTS: Final = sql(delete(starts).where(starts.c.at <= _p("before")))

# The open tasks with some keys, given as one JSON array.
_given: Select[Any] = select(literal_column("value")).select_from(func.json_each(text("?")))
OPEN_KEYS: Final = sql(
    select(tasks.c.key, tasks.c.function, tasks.c.id).where(
        tasks.c.key.in_(_given), tasks.c.key.is_not(None), literal_column(IS_OPEN)
    )
)

# The first of a function's queued tasks; its first column makes the order plain to `heapq.merge`.
FIRST_QUEUED: Final = sql(
    select((-tasks.c.priority).label("rank"), tasks.c.id)
    .where(tasks.c.state == literal_column("'queued'"), tasks.c.function == _p("function"))
    .order_by(tasks.c.priority.desc(), tasks.c.id)
    .limit(_p("limit"))
    .offset(_NO_OFFSET)
)
FUNCTIONS_OF_QUEUE: Final = sql(select(functions.c.id).where(functions.c.queue == _p("queue")))


def _counts(flag: int) -> Any:
    return tasks.c.delayed.bitwise_and(literal_column(str(flag))) != literal_column("0")


MOVE_DELAYS: Final = sql(
    update(tasks)
    .values(run_at=tasks.c.run_at + _p("ms"))
    .where(tasks.c.run_at.is_not(None), _counts(START_COUNTS))
)
MOVE_DEADLINES: Final = sql(
    update(tasks)
    .values(deadline=tasks.c.deadline + _p("ms"))
    .where(tasks.c.deadline.is_not(None), _counts(DEADLINE_COUNTS))
)
MOVE_ANSWERS: Final = sql(
    update(idempotency)
    .values(created_at=idempotency.c.created_at + _p("ms"))
    .where(idempotency.c.created_at.between(_p("first"), _p("last")))
)


def _oldest() -> Select[Any]:
    """Write a loose index scan: a jump from each priority to the next one below it.

    Of each priority of one function's queued tasks the lowest number, from the highest priority
    below a given one down.
    """

    def queued(column: Any, *more: Any) -> Any:
        function = column.table.c.function == _p("function")
        state = column.table.c.state == literal_column("'queued'")
        return select(column).where(state, function, *more)

    one, other = tasks.alias("one"), tasks.alias("other")
    top = queued(tasks.c.priority, tasks.c.priority < _p("below"))
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
        .limit(_p("limit"))
        .offset(_NO_OFFSET)
    )


def _first(query: Select[Any], order: Any) -> Any:
    return query.order_by(order).limit(literal_column("1")).offset(_NO_OFFSET).scalar_subquery()


OLDEST: Final = sql(_oldest())
