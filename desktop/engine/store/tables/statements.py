"""The writer's statements, written in SQLAlchemy Core and compiled once to text.

Through SQLAlchemy a row costs 12 µs, as text on the driver's cursor 3 µs. Last come
those on queues: the next task, pauses, and start times of attempts (for rates).
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects import sqlite

from desktop.engine.store.tables.cursor import GIVEN, GIVEN_TEXTS, NO_OFFSET, Source, all_of, p, sql
from desktop.engine.store.tables.records import DEADLINE_COUNTS, START_COUNTS, BriefRecord
from desktop.engine.store.tables.schema import (
    IS_OPEN,
    SPELLED,
    attempts,
    counts,
    events,
    functions,
    idempotency,
    log,
    meta,
    pauses,
    queues,
    starts,
    tasks,
)


def _insert(table: Any, *without: str) -> str:
    return sql(
        insert(table).values({c.name: bindparam(c.name) for c in table.c if c.name not in without})
    )


INSERT_FUNCTION: Final = _insert(functions)
INSERT_COUNT: Final = _insert(counts)
INSERT_QUEUE: Final = _insert(queues)
INSERT_IDEMPOTENCY: Final = _insert(idempotency)
NEXT_WORD: Final = "SELECT term FROM temp.vocabulary WHERE term >= ? LIMIT 1"
INSERT_WORDS: Final = "INSERT INTO words (rowid, text) VALUES (?, ?)"


def insert_words(rows: int) -> str:
    """Return the statement that adds the words of this many tasks to the index."""
    return INSERT_WORDS + ", (?, ?)" * (rows - 1)


DELETE_WORDS: Final = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"

TASK: Final = sql(all_of(tasks).where(tasks.c.id == p("id")))
TASKS_OF_ITEM: Final = sql(all_of(tasks).where(tasks.c.item_id == p("item")).order_by(tasks.c.id))
PAUSED_WHY: Final = "paused_why"
"""The key in ``meta`` of why the program itself has paused everything."""
DOUBTED_UNTIL: Final = "doubted_until"
"""The key in ``meta`` of a moment, epoch ms, before which nothing is deleted for its age."""
RESTED_AT: Final = "rested_at"
"""The key in ``meta`` of a start, epoch ms, after which nothing was deleted for a day."""
SET_BACK: Final = "set_back"
"""The key in ``meta`` of how far behind starts found the clock in that doubt, ms."""
SEARCHED_TO: Final = "searched_to"
"""The key in ``meta`` of the last task whose fields, arguments and error are indexed."""
STOPPING: Final = "stopping"
"""The key in ``meta`` of the moment, epoch ms, at which the engine began to stop."""
LIVED: Final = "lived"
"""The key in ``meta`` of a moment, epoch ms, at which the process that runs the tasks lived."""


ANSWER: Final = sql(
    select(idempotency.c.body_hash, idempotency.c.answer).where(idempotency.c.key == p("key"))
)
REPLACE_ANSWER: Final = INSERT_IDEMPOTENCY.replace("INSERT", "INSERT OR REPLACE", 1)
CHANGE_ANSWER: Final = sql(
    update(idempotency).where(idempotency.c.key == p("key")).values(answer=p("answer"))
)

_queued = tasks.c.state == literal_column("'queued'")
CLAIMABLE: Final = sql(
    all_of(tasks)
    .where(_queued, tasks.c.function == p("function"))
    .order_by(tasks.c.priority.desc(), tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
RUNNING: Final = sql(all_of(tasks).where(tasks.c.state == literal_column("'running'")))
OPEN_AGAIN: Final = sql(
    all_of(tasks).where(
        text("tasks.state IN ('scheduled', 'queued', 'waiting')"),
        tasks.c.id.in_(
            select(attempts.c.task_id).where(attempts.c.outcome == literal_column("'uncertain'"))
        ),
    )
)
"""Tasks that were uncertain and that a person had run again."""
# The row's own state decides, because an index can be out of date after a drive lost writes.
# The + keeps the planner off the index of states, which has every queued task.
_not_begun = text("+tasks.state IN ('scheduled', 'queued', 'waiting')")
DUE: Final = sql(
    all_of(tasks)
    .where(tasks.c.run_at <= p("now"), _not_begun)
    .order_by(tasks.c.run_at)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
NEXT_DUE: Final = sql(select(func.min(tasks.c.run_at)).where(tasks.c.run_at > p("now")))
# A running task does not expire here; its attempt knows the deadline.
EXPIRED: Final = sql(
    all_of(tasks)
    .where(tasks.c.deadline <= p("now"), _not_begun)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
NEXT_DEADLINE: Final = sql(select(func.min(tasks.c.deadline)).where(tasks.c.deadline > p("now")))
_held = all_of(tasks).where(
    tasks.c.held == p("held"),
    tasks.c.held != literal_column("''"),
    tasks.c.function == p("function"),
)
HELD: Final = sql(_held.limit(p("limit")).offset(NO_OFFSET))
HELD_BEHIND: Final = sql(
    _held.where(tasks.c.id > p("id")).order_by(tasks.c.id).limit(p("limit")).offset(NO_OFFSET)
)

FUNCTIONS: Final = sql(select(functions))
COUNTS: Final = sql(select(counts))
COUNT_SEEN: Final = "SELECT state, count(*) FROM tasks WHERE seen = 1 GROUP BY state"
QUEUES: Final = sql(select(queues))
EVENTS_FLOOR: Final = sql(
    select(meta.c.value).where(meta.c.key == literal_column("'events_floor'"))
)
LAST_EVENT: Final = sql(select(func.max(events.c.id)))
EVENT_AT: Final = sql(select(events.c.at).where(events.c.id == p("id")))
LAST_TASK: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'tasks'"
FORGET_LAST_TASK: Final = "DELETE FROM sqlite_sequence WHERE name = 'tasks'"
SET_LAST_TASK: Final = "INSERT INTO sqlite_sequence VALUES ('tasks', ?)"

TASKS_BEHIND: Final = sql(
    all_of(tasks)
    .where(tasks.c.id > p("id"))
    .order_by(tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
TASKS: Final = sql(all_of(tasks).where(tasks.c.id.in_(GIVEN)))
_some_lines = select(log.c.id).where(log.c.task_id.in_(GIVEN)).limit(p("limit"))
DELETE_LOG: Final = sql(delete(log).where(log.c.id.in_(_some_lines.offset(NO_OFFSET))))
_attempt = tuple_(attempts.c.task_id, attempts.c.attempt)
_some_attempts = select(*_attempt.clauses).where(attempts.c.task_id.in_(GIVEN)).limit(p("limit"))
DELETE_ATTEMPTS: Final = sql(delete(attempts).where(_attempt.in_(_some_attempts.offset(NO_OFFSET))))
DELETE_TASKS: Final = sql(delete(tasks).where(tasks.c.id.in_(GIVEN)))
WAS_UNCERTAIN: Final = (
    "SELECT EXISTS (SELECT 1 FROM attempts WHERE task_id = ? AND outcome = 'uncertain')"
)
"""Whether any attempt of a task ended uncertain."""
ASKED_AGAIN: Final = """
    SELECT COALESCE(MAX(CASE outcome WHEN 'uncertain' THEN attempt END), 0)
        > COALESCE(MAX(CASE outcome WHEN 'crashed' THEN attempt END), 0)
    FROM attempts WHERE task_id = ?
"""
"""Whether an attempt of a task ended uncertain, and none crashed after it."""
_brief = select(
    *(
        func.substr(tasks.c.arguments, literal_column("1"), literal_column(str(SPELLED)))
        if name == "arguments"
        else tasks.c[name]
        for name in BriefRecord._fields
    )
)
ENDED: Final = sql(
    _brief.where(
        tuple_(tasks.c.finished_at, tasks.c.id) > tuple_(p("finished_at"), p("id")),
        tasks.c.finished_at < p("before"),
    )
    .order_by(tasks.c.finished_at, tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
OLDEST_IN: Final = sql(
    _brief.where(tasks.c.state == p("state"))
    .order_by(tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
CONTINUE_LINE: Final = sql(
    update(attempts)
    .where(
        attempts.c.task_id == p("task_id"),
        attempts.c.attempt == p("before"),
        attempts.c.outcome == p("outcome"),
        attempts.c.finished_at >= p("since"),
    )
    .ordered_values(
        (attempts.c.attempt, p("attempt")),
        (attempts.c.finished_at, func.max(attempts.c.finished_at, p("finished_at"))),
        (attempts.c.error, p("error")),
        (attempts.c.trace, p("trace")),
        (attempts.c.count, attempts.c.count + literal_column("1")),
    )
)
"""Extends the line of the previous attempt by one more attempt in the same outage."""
FORGET_END: Final = "UPDATE attempts SET finished_at = 0 WHERE task_id = ? AND attempt = ?"
"""Marks the end of an attempt as unknown."""
DELETE_QUEUE: Final = sql(delete(queues).where(queues.c.name == p("name")))

OLDEST_EVENTS: Final = sql(
    select(events.c.id, events.c.at).order_by(events.c.id).limit(p("limit")).offset(NO_OFFSET)
)
DELETE_EVENTS: Final = sql(delete(events).where(events.c.id <= p("id")))
META: Final = sql(select(meta.c.value).where(meta.c.key == p("key")))
APPLICATION: Final = "application"
"""The key in ``meta`` of a text that the application keeps from one run to the next."""
DELETE_META: Final = sql(delete(meta).where(meta.c.key == p("key")))
INSERT_META: Final = _insert(meta)
SET_META: Final = sql(update(meta).values(value=p("value")).where(meta.c.key == p("key")))
PUT_META: Final = (
    "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
KEEP_META: Final = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
DELETE_ANSWERS: Final = sql(
    delete(idempotency).where(
        idempotency.c.key.in_(
            select(idempotency.c.key)
            .where(idempotency.c.created_at < p("before"))
            .limit(p("limit"))
            .offset(NO_OFFSET)
        )
    )
)

OPEN_KEYS: Final = sql(
    select(tasks.c.key, tasks.c.function, tasks.c.id).where(
        tasks.c.key.in_(GIVEN_TEXTS), tasks.c.key.is_not(None), literal_column(IS_OPEN)
    )
)
"""The open tasks with some keys, given as a JSON array."""


def _counts(flag: int) -> Any:
    return tasks.c.delayed.bitwise_and(literal_column(str(flag))) != literal_column("0")


MOVE_DELAYS: Final = sql(
    update(tasks)
    .values(run_at=tasks.c.run_at + p("ms"))
    .where(tasks.c.run_at.is_not(None), _counts(START_COUNTS))
)
MOVE_DEADLINES: Final = sql(
    update(tasks)
    .values(deadline=tasks.c.deadline + p("ms"))
    .where(tasks.c.deadline.is_not(None), _counts(DEADLINE_COUNTS))
)
MOVE_ANSWERS: Final = sql(
    update(idempotency)
    .values(created_at=idempotency.c.created_at + p("ms"))
    .where(idempotency.c.created_at.between(p("first"), p("last")))
)


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
