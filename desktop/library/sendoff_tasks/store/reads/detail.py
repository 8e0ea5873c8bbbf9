"""One task with its attempts, log, arguments and result, and the repeats of its message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from time import time
from typing import Final, NamedTuple

from sendoff_tasks.attempts.control import HandOver
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.functions.arguments import plain
from sendoff_tasks.functions.eligibility import check_whole
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.tasks import ID_LIMIT, Attempt, HandedOver, LogLine, TaskDetail
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.reads.rows import WHOLE, WITH_FUNCTIONS, task_in, task_row
from sendoff_tasks.store.reads.waits import AtLimit, KnownByFeature, Waits
from sendoff_tasks.store.tables.beside_tasks import FOLLOWING, STEPS_DONE, TASK_OF_TOKEN
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import TASK
from sendoff_tasks.words.reasons import reason_words
from sendoff_tasks.words.table import ENGLISH

REPEATS: Final = "SELECT * FROM tasks WHERE resend_of = ? ORDER BY id"
"""The repeats of one task."""

REPEATS_OF: Final = """
SELECT * FROM tasks WHERE resend_of IN (SELECT value FROM json_each(?)) AND resend_of IS NOT NULL
"""
"""The repeats of several tasks."""

HAVE_LEFT: Final = frozenset({State.SUCCEEDED, State.UNCERTAIN})
"""The states of a task whose message has left, or may have left."""

Find = Callable[[int], TaskRecord | None]
FindRepeats = Callable[[int], Iterable[TaskRecord]]


def same_message(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> list[TaskRecord]:
    """Return the other tasks of a task's message, in no order.

    If the first task was removed, its number still connects the others.
    """
    first: TaskRecord | None = record
    number, found = record.id, {}
    while first is not None and first.resend_of is not None:
        number = first.resend_of
        first = find(number)
        if first is not None:
            found[number] = first
    below = [number]
    while below:
        for task in repeats_of(below.pop()):
            found[task.id] = task
            below.append(task.id)
    found.pop(record.id, None)
    return list(found.values())


def is_done_since(task: TaskRecord, record: TaskRecord) -> bool:
    """Tell whether ``task`` will send the message of ``record``, or has since it was made.

    A copy to another address is another message.
    """
    if task.copy_for != record.copy_for:
        return False
    if task.state in OPEN:
        return True
    is_later = task.id > record.id or task.finished_at > record.created_at
    return task.state in HAVE_LEFT and is_later


def newest_repeat(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> int | None:
    """Return the newest other task that sends the message of ``record``, or has sent it since.

    If there is none, return the repeat that a person has made.
    """
    others = same_message(record, find, repeats_of)
    done = (task.id for task in others if is_done_since(task, record))
    return max(done, default=record.noted_repeat)


_TASK: Final = f"SELECT {WHOLE} FROM {WITH_FUNCTIONS} WHERE tasks.id = ?"  # noqa: S608
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))
_OPEN_CALLS: Final = f"""
SELECT tasks.id, functions.name, tasks.arguments FROM tasks
JOIN functions ON functions.id = tasks.function WHERE tasks.state IN ({_OPEN}) ORDER BY tasks.id
"""  # noqa: S608
HISTORY: Final = """
SELECT attempt, started_at, finished_at, outcome, error, trace, count FROM attempts
WHERE task_id = ? ORDER BY attempt
"""
RAN_ON: Final = "SELECT NULL, NULL WHERE ? IS NULL"
"""The worker of each attempt of a task; none where the store is a file."""
FOLLOWERS: Final = 100
"""Most followers of a task that are named."""
LOG: Final = "SELECT at, attempt, level, text, deed FROM log WHERE task_id = ? ORDER BY id"


def read_task(
    connection: Source,
    task_id: int,
    at_limit: AtLimit,
    parameters: Callable[[str], Sequence[str]] = lambda _: (),
    *,
    known: KnownByFeature,
) -> TaskDetail:
    """Return a task with its attempts, log, arguments and result; raise ``UnknownId``."""
    check_whole("the number of a task", task_id)
    is_possible = 1 <= task_id <= ID_LIMIT
    found = connection.execute(_TASK, (task_id,)).fetchone() if is_possible else None
    if found is None:
        raise UnknownId("task", task_id)
    record, function = task_in(found)
    row = task_row(record, function, Waits(at_limit, known, connection=connection))
    args, kwargs = plain(record.arguments)
    # Sorted here, because an index by time would slow each insertion.
    lines = connection.execute(LOG, (task_id,)).fetchall()
    told = TaskDetail(
        **row,
        history=_history(connection, record),
        log=[
            LogLine(at=wire_time(at), attempt=attempt, level=level, text=text, deed=deed)
            for at, attempt, level, text, deed in sorted(lines, key=itemgetter(0))
        ],
        steps=[name for (name,) in connection.execute(STEPS_DONE, (task_id,))],
        followers=[number for (number,) in connection.execute(FOLLOWING, (task_id, FOLLOWERS))],
        args=args,
        parameters=list(parameters(row["task"])[: len(args)]),
        kwargs=kwargs,
        result=None if record.result is None else plain(record.result),
        reference=record.reference or None,
        handed_over=_handed_over(record),
        repeated_by=_repeated_by(connection, task_id),
    )
    return {**told, **known.detail(record)}  # type: ignore[typeddict-item]


def read_call(connection: Source, task_id: int) -> tuple[str, str]:
    """Return the name of a task's function, and its stored arguments; raise ``UnknownId``."""
    found = connection.execute(_TASK, (task_id,)).fetchone()
    if found is None:
        raise UnknownId("task", task_id)
    record, function = task_in(found)
    return function.name, record.arguments


def _repeated_by(connection: Source, task_id: int) -> int | None:
    """Return the newest other task that sent, or will send, the message of an ended task."""

    def find(number: int) -> TaskRecord | None:
        row = connection.execute(TASK, (number,)).fetchone()
        return None if row is None else TaskRecord(*row)

    def repeats_of(number: int) -> list[TaskRecord]:
        return [TaskRecord(*row) for row in connection.execute(REPEATS, (number,)).fetchall()]

    record = find(task_id)
    if record is None or record.state in OPEN:
        return None
    return newest_repeat(record, find, repeats_of)


class Ending(NamedTuple):
    """How far a task has come; ``result`` is as it is stored."""

    state: str
    result: str | None
    error: str


def read_ending(connection: Source, task_id: int) -> Ending:
    """Return how far a task has come; raise ``UnknownId``."""
    row = connection.execute(TASK, (task_id,)).fetchone()
    if row is None:
        raise UnknownId("task", task_id)
    record = TaskRecord(*row)
    return Ending(record.state, record.result, record.error or _why(record))


def _why(record: TaskRecord) -> str:
    """Say why a task without an error has ended."""
    data = json.loads(record.reason_data or "{}")
    return reason_words(ENGLISH, record.reason, data, time(), attempt=record.attempt)


def read_number(connection: Source, token: str) -> int | None:
    """Return the number of the task with this token."""
    found = connection.execute(TASK_OF_TOKEN, (token,)).fetchone()
    return None if found is None else int(found[0])


def read_open_calls(connection: Source) -> list[tuple[int, str, str]]:
    """Return each open task's number, its function's name and its stored arguments."""
    return connection.execute(_OPEN_CALLS, ()).fetchall()


def _handed_over(record: TaskRecord) -> HandedOver | None:
    if not (record.passed and record.handover):
        return None
    told = HandOver.decode(record.handover)
    return HandedOver(at=wire_time(told.at), what=told.what, to=told.to)


def _history(connection: Source, record: TaskRecord) -> list[Attempt]:
    """Return the ended attempts, and the running one, which only the task's row shows."""
    workers = dict(connection.execute(RAN_ON, (record.id,)).fetchall())
    rows = connection.execute(HISTORY, (record.id,)).fetchall()
    if record.state == State.RUNNING and record.started_at:
        rows.append((record.attempt, record.started_at, 0, "running", None, None, 1))
    return [
        Attempt(
            attempt=attempt,
            count=count,
            started_at=wire_time(started_at),
            finished_at=wire_time(finished_at) if finished_at else None,
            outcome=outcome,
            error=error,
            traceback=trace,
            worker=workers.get(attempt),
        )
        for attempt, started_at, finished_at, outcome, error, trace, count in rows
    ]
