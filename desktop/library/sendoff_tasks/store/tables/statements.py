"""The writer's statements, as SQLite's text for the driver's own cursor.

Through SQLAlchemy a row costs 12 µs, as text 3 µs. Last come those on queues: the next task,
pauses, and start times of attempts (for rates).
"""

from __future__ import annotations

from typing import Final

from sendoff_tasks.store.tables.cursor import Source, insert_rows, put_rows
from sendoff_tasks.store.tables.records import DEADLINE_COUNTS, START_COUNTS, BriefRecord
from sendoff_tasks.store.tables.schema import (
    IS_OPEN,
    SPELLED,
    counts,
    functions,
    idempotency,
    meta,
    queues,
)

INSERT_FUNCTION: Final = insert_rows(functions)
INSERT_COUNT: Final = insert_rows(counts)
INSERT_QUEUE: Final = insert_rows(queues)
INSERT_IDEMPOTENCY: Final = insert_rows(idempotency)
NEXT_WORD: Final = "SELECT term FROM temp.vocabulary WHERE term >= ? LIMIT 1"
INSERT_WORDS: Final = "INSERT INTO words (rowid, text) VALUES (?, ?)"


def insert_words(rows: int) -> str:
    """Return the statement that adds the words of this many tasks to the index."""
    return INSERT_WORDS + ", (?, ?)" * (rows - 1)


DELETE_WORDS: Final = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"
MERGE_WORDS: Final = "INSERT INTO words (words, rank) VALUES ('merge', ?)"
"""Merges parts of the index by so many pages; fewer than 0 first mark all parts to become one."""

TASK: Final = "SELECT * FROM tasks WHERE id = ?"
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
UNSCRUBBED: Final = "unscrubbed"
"""The key in ``meta`` that says that the index still has words of which no task has any more."""
STOPPING: Final = "stopping"
"""The key in ``meta`` of the moment, epoch ms, at which the engine began to stop."""
LIVED: Final = "lived"
"""The key in ``meta`` of a moment, epoch ms, at which the process that runs the tasks lived."""


ANSWERS: Final = "SELECT key, answer FROM idempotency"
ANSWER: Final = "SELECT body_hash, answer FROM idempotency WHERE key = ?"
ANSWER_OF_EITHER: Final = "SELECT body_hash, answer FROM idempotency WHERE key IN (?, ?)"
CHANGE_KEY: Final = "UPDATE idempotency SET key = ? WHERE key = ?"
REPLACE_ANSWER: Final = put_rows(idempotency)
CHANGE_ANSWER: Final = "UPDATE idempotency SET answer = ? WHERE key = ?"

CLAIMABLE: Final = (
    "SELECT * FROM tasks WHERE state = 'queued' AND function = ? ORDER BY priority DESC, id LIMIT ?"
)
QUEUED_AMONG: Final = (
    "SELECT id, function FROM tasks"
    " WHERE state = 'queued' AND id IN (SELECT value FROM json_each(?))"
)
RUNNING: Final = "SELECT * FROM tasks WHERE state = 'running'"
OPEN_AGAIN: Final = """
SELECT * FROM tasks WHERE state IN ('scheduled', 'queued', 'waiting')
AND id IN (SELECT task_id FROM attempts WHERE outcome = 'uncertain')
"""
"""Tasks that were uncertain and that a person had run again."""
# The row's own state decides, because an index can be out of date after a drive lost writes.
# The + keeps the planner off the index of states, which has every queued task.
_NOT_BEGUN: Final = "+tasks.state IN ('scheduled', 'queued', 'waiting')"
DUE: Final = f"SELECT * FROM tasks WHERE run_at <= ? AND {_NOT_BEGUN} ORDER BY run_at LIMIT ?"  # noqa: S608
NEXT_DUE: Final = "SELECT min(run_at) FROM tasks WHERE run_at > ?"
# A running task does not expire here; its attempt knows the deadline.
EXPIRED: Final = f"SELECT * FROM tasks WHERE deadline <= ? AND {_NOT_BEGUN} LIMIT ?"  # noqa: S608
NEXT_DEADLINE: Final = "SELECT min(deadline) FROM tasks WHERE deadline > ?"
_HELD: Final = "SELECT * FROM tasks WHERE held = ? AND held <> '' AND function = ?"
HELD: Final = f"{_HELD} LIMIT ?"
HELD_BEHIND: Final = f"{_HELD} AND id > ? ORDER BY id LIMIT ?"

FUNCTIONS: Final = "SELECT * FROM functions"
COUNTS: Final = "SELECT * FROM counts"
COUNT_SEEN: Final = "SELECT state, count(*) FROM tasks WHERE seen = 1 GROUP BY state"
QUEUES: Final = "SELECT * FROM queues"
EVENTS_FLOOR: Final = "SELECT value FROM meta WHERE key = 'events_floor'"
LAST_EVENT: Final = "SELECT max(id) FROM events"
EVENT_AT: Final = "SELECT at FROM events WHERE id = ?"
LAST_TASK: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'tasks'"
FORGET_LAST_TASK: Final = "DELETE FROM sqlite_sequence WHERE name = 'tasks'"
SET_LAST_TASK: Final = "INSERT INTO sqlite_sequence VALUES ('tasks', ?)"

TASKS_BEHIND: Final = "SELECT * FROM tasks WHERE id > ? ORDER BY id LIMIT ?"
TASKS: Final = "SELECT * FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
DELETE_LOG: Final = """
DELETE FROM log WHERE id IN
(SELECT id FROM log WHERE task_id IN (SELECT value FROM json_each(?)) LIMIT ?)
"""
DELETE_ATTEMPTS: Final = """
DELETE FROM attempts WHERE (task_id, attempt) IN
(SELECT task_id, attempt FROM attempts WHERE task_id IN (SELECT value FROM json_each(?)) LIMIT ?)
"""
DELETE_TASKS: Final = "DELETE FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
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
_BRIEF: Final = ", ".join(BriefRecord._fields).replace(
    "arguments", f"substr(arguments, 1, {SPELLED})"
)
ENDED: Final = f"""
SELECT {_BRIEF} FROM tasks WHERE (finished_at, id) > (?, ?) AND finished_at < ?
ORDER BY finished_at, id LIMIT ?
"""  # noqa: S608
OLDEST_IN: Final = f"SELECT {_BRIEF} FROM tasks WHERE state = ? ORDER BY id LIMIT ?"  # noqa: S608
CREATED_FIRST: Final = (
    "SELECT created_at FROM tasks WHERE id = (SELECT min(id) FROM tasks WHERE state = ?)"
)
"""When the oldest task in a state was created."""
CONTINUE_LINE: Final = """
UPDATE attempts SET attempt = ?, finished_at = max(finished_at, ?), error = ?, trace = ?,
count = count + 1 WHERE task_id = ? AND attempt = ? AND outcome = ? AND finished_at >= ?
"""
"""Extends the line of the previous attempt by one more attempt in the same outage."""
FORGET_END: Final = "UPDATE attempts SET finished_at = 0 WHERE task_id = ? AND attempt = ?"
"""Marks the end of an attempt as unknown."""
DELETE_QUEUE: Final = "DELETE FROM queues WHERE name = ?"

OLDEST_EVENTS: Final = "SELECT id, at FROM events ORDER BY id LIMIT ?"
DELETE_EVENTS: Final = "DELETE FROM events WHERE id <= ?"
META: Final = "SELECT value FROM meta WHERE key = ?"
APPLICATION: Final = "application"
"""The key in ``meta`` of a text that the application keeps from one run to the next."""
DELETE_META: Final = "DELETE FROM meta WHERE key = ?"
PUT_META: Final = put_rows(meta)
ADD_META: Final = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
DELETE_ANSWERS: Final = """
DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at < ? LIMIT ?)
"""

OPEN_KEYS: Final = f"""
SELECT key, function, id FROM tasks
WHERE key IN (SELECT atom FROM json_each(?)) AND key IS NOT NULL AND {IS_OPEN}
"""  # noqa: S608
"""The open tasks with some keys, given as a JSON array."""


MOVE_DELAYS: Final = f"""
UPDATE tasks SET run_at = run_at + ? WHERE run_at IS NOT NULL AND delayed & {START_COUNTS} <> 0
"""  # noqa: S608
MOVE_DEADLINES: Final = f"""
UPDATE tasks SET deadline = deadline + ?
WHERE deadline IS NOT NULL AND delayed & {DEADLINE_COUNTS} <> 0
"""  # noqa: S608
MOVE_ANSWERS: Final = """
UPDATE idempotency SET created_at = created_at + ? WHERE created_at BETWEEN ? AND ?
"""


# The first queued tasks of a function; the first column is the sort key of `heapq.merge`.
FIRST_QUEUED: Final = """
SELECT -priority AS rank, id FROM tasks WHERE state = 'queued' AND function = ?
ORDER BY priority DESC, id LIMIT ?
"""
FUNCTIONS_OF_QUEUE: Final = "SELECT id FROM functions WHERE queue = ?"
_SINCE: Final = """
SELECT function, CASE WHEN reason = 'asked_again' THEN ready_at ELSE coalesce(
(SELECT min(started_at) FROM attempts WHERE task_id = tasks.id), ready_at, created_at) END
FROM tasks WHERE id IN (SELECT id FROM tasks WHERE {} ORDER BY id LIMIT 50)
"""
QUEUED_SINCE: Final = _SINCE.format("state = 'queued' AND function = ?")
"""Since when the first queued tasks of a function wait: since their first attempt, or ready."""
WAITING_SINCE: Final = _SINCE.format("state = 'waiting'")
"""The same of the first tasks that wait for another attempt, of all functions."""
QUEUED_BY_AGE: Final = (
    "SELECT id FROM tasks WHERE state = 'queued' AND function = ? ORDER BY id LIMIT ?"
)
"""The oldest queued tasks of a function."""


STARTS: Final = "SELECT * FROM starts ORDER BY queue, at"
COUNT_STARTS: Final = """
INSERT INTO starts (queue, at, n) VALUES (?, ?, ?)
ON CONFLICT (queue, at) DO UPDATE SET n = starts.n + excluded.n
"""
DELETE_STARTS: Final = "DELETE FROM starts WHERE queue = ? AND at <= ?"
DELETE_NO_STARTS: Final = "DELETE FROM starts WHERE queue = ? AND at = ? AND n <= 0"
DROP_STARTS: Final = "DELETE FROM starts WHERE queue = ?"
DELETE_OLD_STARTS: Final = "DELETE FROM starts WHERE at <= ?"
_BEGUN: Final = """
SELECT at, count(*) FROM (
    SELECT attempts.started_at AS at FROM attempts JOIN tasks ON tasks.id = attempts.task_id
    WHERE {0} AND attempts.started_at > ?
    AND attempts.outcome NOT IN ('offline', 'quota', 'too early')
    UNION ALL
    SELECT tasks.started_at FROM tasks
    WHERE {0} AND tasks.started_at > ? AND tasks.state = 'running'
) AS begun GROUP BY at
"""
"""Start times of attempts since a time, without those that handed nothing to a server."""

BEGUN: Final = _BEGUN.format("tasks.function IN (SELECT id FROM functions WHERE queue = ?)")
"""The start times of a queue's attempts, with counts."""
BEGUN_OF_BATCH: Final = _BEGUN.format("tasks.batch_id = ?")
"""The start times of a batch's attempts, with counts."""


def read_meta(source: Source, key: str) -> str | None:
    """Return the text that ``meta`` has under a key, if any."""
    row = source.execute(META, (key,)).fetchone()
    return None if row is None else str(row[0])


def read_newest_event(source: Source) -> int:
    """Return the number of the newest event, also if it has been deleted since."""
    (newest,) = source.execute(LAST_EVENT).fetchone()
    return newest or int(source.execute(EVENTS_FLOOR).fetchone()[0])


def read_pauses(source: Source) -> dict[str, int]:
    """Return the paused queues, with the time of the pause in epoch ms."""
    return dict(source.execute(PAUSES).fetchall())


PAUSES: Final = "SELECT * FROM pauses"
INSERT_PAUSE: Final = "INSERT INTO pauses VALUES (?, ?)"
DELETE_PAUSE: Final = "DELETE FROM pauses WHERE queue = ?"


def starts_of(batch_id: int) -> str:
    """Return the name under which a batch's starts are counted; no queue's name begins like it."""
    return f"\n{batch_id}"
