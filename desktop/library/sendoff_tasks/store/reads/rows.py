"""Converts the store's rows to what HTTP sends, and finds the rows changed since an event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from time import time
from typing import Any, Final, NamedTuple

from sendoff_tasks.model.events import TasksEvent
from sendoff_tasks.model.reasons import Reason, ReasonData
from sendoff_tasks.model.secrets import HIDDEN, is_secret
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import TaskRow
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.reads.waits import AtLimit, KnownByFeature, Waits
from sendoff_tasks.store.tables.cursor import Source, columns
from sendoff_tasks.store.tables.records import ALL_TASKS, PENDING, FunctionRecord, Hold, TaskRecord
from sendoff_tasks.store.tables.schema import tasks
from sendoff_tasks.words.reasons import reason_words
from sendoff_tasks.words.table import ENGLISH

ROOM: Final = 40
"""Characters of arguments in a title."""
LONGEST: Final = 1000
"""Longest arguments that are looked at, in characters of JSON."""


@lru_cache(maxsize=1024)  # the same rows are read again and again
def with_arguments(title: str, arguments: str | None) -> str:
    """Return ``Send invoice: 7, a@example.com``, or the title alone.

    Only values that fit on one line are shown.
    """
    if not arguments or len(arguments) > LONGEST:
        return title
    args, kwargs = json.loads(arguments)
    told = [_one_line(value) for value in args]
    told += [_named(name, value) for name, value in kwargs.items()]
    about = ", ".join(filter(None, told))
    if not about:
        return title
    return f"{title}: {about if len(about) <= ROOM else f'{about[: ROOM - 1]}…'}"


def _named(name: str, value: Any) -> str:
    text = HIDDEN if is_secret(name) else _one_line(value)
    return f"{name} {text}" if text else ""


def _one_line(value: Any) -> str:
    """Return a value as one line of text, or nothing; a tagged value, such as a date, works too."""
    if isinstance(value, dict):
        value = value.get("value") if "$type" in value else None
    if value is None or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:ROOM].strip()
    return text if text.isprintable() else ""


UNTIL: Final = frozenset(
    {Reason.DELAYED, Reason.RETRY_LATER, Reason.NO_ROOM, Reason.ALONE_AFTER_CRASH}
)
"""Reasons that end at the row's own ``run_at``, which shifts when the clock is set."""

_TO_START: Final = frozenset({State.SCHEDULED, State.WAITING})
"""States in which a task may have a future start time."""

_FUNCTION: Final = "functions.name, functions.queue, functions.lane, functions.title"
_SHORTER: Final = {
    "arguments": (
        "CASE WHEN tasks.title IS NULL AND tasks.item_id IS NULL"
        f" THEN substr(tasks.arguments, 1, {LONGEST + 1}) ELSE '' END"
    ),
    **dict.fromkeys(("result", "reference", "key", "handover", "past_errors"), "NULL"),
}
WHOLE: Final = f"tasks.*, {_FUNCTION}"
"""The columns of a task and its function: see :func:`task_in`."""
COLUMNS: Final = ", ".join(
    [*(_SHORTER.get(name, f"tasks.{name}") for name in columns(tasks)), _FUNCTION]
)
"""The same columns, without what may be long and is in no :class:`TaskRow`."""


WITH_FUNCTIONS: Final = "tasks LEFT JOIN functions ON functions.id = tasks.function"
"""Tasks lead the join, because there are few functions."""
ROWS: Final = f"""
SELECT json_group_array(json_array({COLUMNS})) AS found FROM {WITH_FUNCTIONS}
WHERE tasks.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608


def read_rows(connection: Source, ids: Iterable[int]) -> list[Told]:
    """Return tasks with their functions, unordered, in one step of SQLite.

    The driver releases the GIL for each row, and beside a thread that computes it waits up to a
    switch interval to get it back: 100 rows took 90 ms.
    """
    ((text,),) = connection.execute(ROWS, (json.dumps([*ids]),)).fetchall()
    return [task_in(row) for row in json.loads(text)]


PRESENT: Final = "SELECT id FROM tasks WHERE id IN (SELECT value FROM json_each(?))"


def read_missing(connection: Source, ids: set[int]) -> set[int]:
    """Return those of some numbers that no task has."""
    rows = connection.execute(PRESENT, (json.dumps([*ids]),)).fetchall()
    return ids - {number for (number,) in rows}


Told = tuple[TaskRecord, FunctionRecord]
"""A task and its function, for :func:`task_row`."""


def task_in(row: Sequence[Any]) -> Told:
    """Return the task and its function of a row of :data:`WHOLE` or :data:`COLUMNS`."""
    *own, name, queue, lane, title = row
    record = TaskRecord(*own)
    return record, _function(record.function, name, queue, lane, title)


_function: Final = lru_cache(maxsize=1024)(FunctionRecord)
"""Cached, because the many tasks of a page have few functions."""


def task_row(record: TaskRecord, function: FunctionRecord, waits: Waits) -> TaskRow:
    """Convert a task to what is sent."""
    reason, data = _reason(record, function.queue, waits)
    is_told = record.title is None and record.item_id is None
    return {
        "id": record.id,
        "rev": record.rev,
        "task": function.name,
        "title": with_arguments(
            record.title or function.title, record.arguments if is_told else None
        ),
        "state": record.state,
        "why": _why(record, function, reason, data),
        "reason": reason,
        "reason_data": data,
        "attempt": record.attempt,
        "max_attempts": record.max_attempts,
        "progress": None if record.progress is None else json.loads(record.progress),
        "lane": function.lane,
        "queue": function.queue,
        "priority": record.priority,
        "created_at": wire_time(record.created_at),
        "run_at": _optional_time(record.run_at),
        "started_at": _optional_time(record.started_at),
        "finished_at": _optional_time(record.finished_at),
        "error": record.error,
        "resend_of": record.resend_of,
        "seen": record.seen == 1,
        "batch_id": record.batch_id,
        "cause": waits.cause_of(record, function.queue) or record.cause,
        **waits.known.row(record),  # type: ignore[typeddict-item]
    }


def _why(record: TaskRecord, function: FunctionRecord, reason: str | None, data: ReasonData) -> str:
    return reason_words(ENGLISH, reason, data, time(), attempt=record.attempt, queue=function.queue)


def _reason(record: TaskRecord, queue: str, waits: Waits) -> tuple[str | None, ReasonData]:
    """Return why a task is in its state; what its whole queue waits for is not in its row."""
    reason, run_at = record.reason, record.run_at
    is_aside = record.held == Hold.ASIDE and record.state == State.SCHEDULED
    wait = None
    if record.state == State.QUEUED:
        wait = waits.of(queue, record.id)
    elif is_aside and record.batch_id is not None:
        wait = waits.of_batch(record.batch_id, queue)
    if wait is not None and not (reason and wait.reason == Reason.LANE_FULL):
        return wait.reason.value, wait.data
    data: ReasonData = {} if record.reason_data is None else json.loads(record.reason_data)
    if reason in UNTIL and run_at:
        data["until"] = wire_time(run_at)
    if record.state in _TO_START and run_at:
        data |= waits.stopped_till(queue, record.batch_id) or {}
    return reason, data


def _optional_time(ms: int | None) -> str | None:
    return wire_time(ms) if ms else None


CHANGED: Final = """
SELECT json_group_array(json_array(id, task_id)) AS found FROM events WHERE id > ?
"""
FRAMES_BEHIND: Final = 4
"""A listener that is further behind, in frames, reads everything again."""
ENDS: Final = """
SELECT (SELECT max(id) FROM events),
(SELECT CAST(meta.value AS bigint) FROM meta WHERE key = 'events_floor')
"""
"""The newest event, and the event below the oldest one that is kept."""


class ChangedRows(NamedTuple):
    """The changes since an event: rows of tasks, numbers of batches and of pending actions."""

    tasks: TasksEvent
    batches: list[int]
    pending: list[int]


def last_event(connection: Source) -> int:
    """Return the number of the newest event, including trimmed ones."""
    last, _ = _ends(connection)
    return last


def _ends(connection: Source) -> tuple[int, int]:
    ((last, floor),) = connection.execute(ENDS).fetchall()
    return last or floor, floor


def changes_since(
    connection: Source,
    after: int | None,
    limit: int,
    at_limit: AtLimit,
    *,
    known: KnownByFeature,
) -> tuple[int, ChangedRows | None]:
    """Return the number of an event, and the changes up to it after event ``after``.

    They are those of ``limit`` tasks, batches and pending actions at most, the oldest first. They
    are ``None``, and the event is the newest, if they are not known (``after`` is unknown or
    trimmed), are not listed one by one (``ALL_TASKS``) or are more than ``FRAMES_BEHIND`` limits.
    """
    last, floor = _ends(connection)
    if after is None or not floor <= after <= last or last - after > 100 * limit:
        return last, None
    ((found,),) = connection.execute(CHANGED, (after,)).fetchall()
    # A task may have changed many times; only its current row is read, for its newest event.
    newest = {number: event for event, number in sorted(json.loads(found))}
    if ALL_TASKS in newest or len(newest) > FRAMES_BEHIND * limit:
        return last, None
    changed = set(sorted(newest, key=newest.__getitem__)[:limit])
    last = max((newest[number] for number in changed), default=last)
    others = sorted(-number for number in changed if number < 0)
    changed.difference_update(-number for number in others)
    batches = [number for number in others if number < PENDING]
    pending = [number - PENDING for number in others[len(batches) :]]
    waits = Waits(at_limit, known, connection=connection)
    rows = [task_row(*each, waits) for each in read_rows(connection, changed)]
    gone = changed - {row["id"] for row in rows}
    return last, ChangedRows(TasksEvent(rows=rows, gone=sorted(gone)), batches, pending)
