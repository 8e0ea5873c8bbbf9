"""``tasks`` lists tasks, one a line; ``show`` prints one in detail."""

from __future__ import annotations

import json
from time import time
from typing import TYPE_CHECKING, Any, Final, cast

from sendoff_tasks.client.calls import SortedFilter, walk
from sendoff_tasks.model.causes import ON_THE_WAY
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.secrets import task_without_secrets
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.times import epoch, local_stamp
from sendoff_tasks.shell.command_line import (
    UNSEEN,
    cut,
    row_width,
    say,
    say_row,
)
from sendoff_tasks.shell.session import asks_backend
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from sendoff_tasks.client.calls import TasksApi
    from sendoff_tasks.model.tasks import Attempt, TaskDetail, TaskRow

TITLE: Final = 22
REASON: Final = 24
"""Columns of title and reason in a wide table."""
NUMBER: Final = 8
STATE: Final = 9
GAP: Final = 2
"""Columns of a number, of the state, and between two."""
LEAST: Final = 6
"""Columns of a title or another text on the narrowest terminal."""
_LABEL: Final = 11
"""Columns of a label."""


@asks_backend
def list_tasks(api: TasksApi, options: argparse.Namespace) -> int:
    """Print the tasks in these states (in all if none is named) that contain this text."""
    query = SortedFilter(
        states=tuple(options.state or ()),
        text=options.text,
        since=options.since,
        until=options.until,
    )
    rows = (row for page in walk(api, query) for row in page["tasks"])
    if options.json:
        print(json.dumps(list(rows), indent=1))
        return 0
    row = None
    for row in rows:
        say_row(line(row, row_width()))
    if row is not None and State.UNCERTAIN in query.states:
        say(f"{command('resolve ID')} shows what one handed over, and how to settle it.")
    return 0


def line(row: TaskRow, width: int = UNSEEN) -> str:
    """Format a task as one line: number, state, title, reason, and what the program adds.

    Cut the texts before the reason if ``width`` would leave too few columns for it.
    """
    told: Mapping[str, Any] = row
    waits = row["state"] == State.WAITING and row["run_at"] is None
    is_held = waits and row["reason"] != Reason.AFTER_TASK
    state = "held" if is_held else row["state"]
    says_why = waits or row["state"] in ON_THE_WAY
    why = _why(row)
    reason = (why or row["error"] if says_why else row["error"] or why) or ""
    numbers = [row["id"], *map(told.get, PROGRAM.numbers)]
    parts = [f"{'' if n is None else n:>{NUMBER}}" for n in numbers]
    parts.insert(1, f"{state:<{STATE}}")
    columns = (("title", TITLE), *PROGRAM.columns)
    texts = sum(room for _, room in columns)
    others = sum(len(part) + GAP for part in parts) + GAP * len(columns)
    missing = others + texts + REASON - width
    parts += [
        _column(told.get(name) or "", room, missing * room // texts) for name, room in columns
    ]
    return (" " * GAP).join([*parts, reason]).rstrip()


def _why(row: TaskRow) -> str:
    """Say why a task is in its state."""
    if row["why"] or row["state"] != State.SCHEDULED or row["run_at"] is None:
        return row["why"]
    now = time()
    return ENGLISH.say("headline", "starts", when=ENGLISH.coming(epoch(row["run_at"]) or now, now))


def _column(shown: str, columns: int, fewer: int) -> str:
    """Pad a text to its column; cut it only if the column has ``fewer`` columns than usual."""
    if fewer <= 0:
        return shown.ljust(columns)
    room = max(columns - fewer, LEAST)
    return cut(shown, room).ljust(room)


@asks_backend
def show_task(api: TasksApi, options: argparse.Namespace) -> int:
    """Print a task: its state and the reason, its attempts, log, arguments and result."""
    task = cast("TaskDetail", task_without_secrets(api.task(options.id)))
    if options.json:
        print(json.dumps(task, indent=1))
        return 0
    for line in lines(task):
        say(line)
    return 0


def lines(task: TaskDetail) -> Iterator[str]:
    """Format a task as lines; leave out what it does not have."""
    told: Mapping[str, Any] = task
    reason = _why(task) or task["error"]
    facts = {
        "Task": f"{task['id']} {task['title']} ({task['task']})",
        "State": f"{task['state']}: {reason}" if reason else task["state"],
        **{label: told.get(name) for label, name in PROGRAM.facts.items()},
        "Queue": f"{task['queue']}, {task['lane']} lane, priority {task['priority']}",
        "Attempt": _attempt_of(task),
        "Progress": _progress(task),
        "Created": _stamp(task["created_at"]),
        "Runs at": _stamp(task["run_at"]),
        "Started": _stamp(task["started_at"]),
        "Finished": _stamp(task["finished_at"]),
        PROGRAM.reference: task["reference"],
        "Arguments": _arguments(task),
        "Result": None if task["result"] is None else _shown(task["result"]),
    }
    for label, fact in facts.items():
        if fact is not None:
            yield f"{label:<{_LABEL}}{fact}"
    for attempt in task["history"]:
        yield from _attempt(attempt)
    for line in task["log"]:
        level = "" if line["level"] == "info" else f"{line['level']}: "
        yield f"{'Log':<{_LABEL}}{_stamp(line['at'])}  {level}{line['text']}"


def _attempt_of(task: TaskDetail) -> str:
    """Say which attempt it is and, while the task waits, how many are left."""
    left = task["max_attempts"] - task["attempt"]
    waits = task["state"] in OPEN and task["state"] != State.RUNNING
    said = f"{left} left" if waits and left else ""
    return ", ".join(filter(None, (str(task["attempt"]), said)))


def _attempt(attempt: Attempt) -> Iterator[str]:
    times = f" and {attempt['count'] - 1} before it" if attempt["count"] > 1 else ""
    error = f": {attempt['error']}" if attempt["error"] else ""
    worker = attempt.get("worker")
    where = f" on {worker}" if worker else ""
    yield (
        f"{'Attempt':<{_LABEL}}{attempt['attempt']}{times}  {_stamp(attempt['started_at'])}  "
        f"{attempt['outcome']}{where}{error}"
    )
    for line in (attempt["traceback"] or "").splitlines():
        yield f"{'':<{_LABEL}}{line}"


def _arguments(task: TaskDetail) -> str | None:
    """Format the call's arguments as JSON, keyword arguments with their names."""
    given = [_shown(value) for value in task["args"]]
    given += [f"{name}={_shown(value)}" for name, value in task["kwargs"].items()]
    return ", ".join(given) or None


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _progress(task: TaskDetail) -> str | None:
    progress = task["progress"]
    if progress is None:
        return None
    total = "" if progress["total"] is None else f" of {progress['total']:g}"
    return f"{progress['done']:g}{total} {progress['text']}".rstrip()


def _stamp(moment: str | None) -> str | None:
    return None if moment is None else local_stamp(moment)
