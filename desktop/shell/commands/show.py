"""``sendoff show``: print one task in detail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.times import local_stamp
from desktop.contract.states import OPEN, State
from desktop.shell.session import with_backend
from desktop.shell.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.tasks import Attempt, TaskDetail
    from desktop.shell.backend_address import BackendPlace

_LABEL: Final = 11
"""Columns of a label."""


def run(place: BackendPlace, task_id: int, *, as_json: bool = False) -> int:
    """Print a task: its state and the reason, its attempts, log, arguments and result."""

    def command(api: Api) -> int:
        task = api.task(task_id)
        if as_json:
            print(json.dumps(task, indent=1))
            return 0
        for line in lines(task):
            say(line)
        return 0

    return with_backend(place, command)


def lines(task: TaskDetail) -> Iterator[str]:
    """Format a task as lines; leave out what it does not have."""
    reason = task["why"] or task["error"]
    facts = {
        "Task": f"{task['id']} {task['title']} ({task['task']})",
        "State": f"{task['state']}: {reason}" if reason else task["state"],
        "Item": task["item_id"],
        "To": task["to"],
        "Next to": task["next_to"],
        "Queue": f"{task['queue']}, {task['lane']} lane, priority {task['priority']}",
        "Attempt": _attempts(task),
        "Progress": _progress(task),
        "Created": _moment(task["created_at"]),
        "Runs at": _moment(task["run_at"]),
        "Started": _moment(task["started_at"]),
        "Finished": _moment(task["finished_at"]),
        "Message-ID": task["message_id"],
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
        yield f"{'Log':<{_LABEL}}{_moment(line['at'])}  {level}{line['text']}"


def _attempts(task: TaskDetail) -> str:
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
        f"{'Attempt':<{_LABEL}}{attempt['attempt']}{times}  {_moment(attempt['started_at'])}  "
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


def _moment(moment: str | None) -> str | None:
    return None if moment is None else local_stamp(moment)
