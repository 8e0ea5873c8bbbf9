"""``run``, ``retry``, ``cancel``, ``resolve`` and ``undo``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused, field_errors, is_missing
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import local_stamp
from sendoff_tasks.shell.command_line import fail, say
from sendoff_tasks.shell.session import asks_backend
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from sendoff_tasks.client.calls import ActionCalls, TasksApi
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.model.tasks import PendingRow, TaskDetail, TaskRow

TaskVerb = Literal["retry", "cancel", "resolve"]

_KWARGS: Final = "kwargs."
"""Begins the path of a refused argument."""
_EACH: Final = "Each task is handled separately, with an answer of its own."


@asks_backend
def run_task(api: TasksApi, options: argparse.Namespace) -> int:
    """Schedule a task and print its number."""
    try:
        row = _scheduled(api, options.task, dict(options.arg))
    except Refused as error:
        return fail(_sentence(error))
    say(f"Task {row['id']} is {row['state']}.")
    return 0


def _scheduled(api: TasksApi, name: str, typed: Mapping[str, str]) -> TaskRow:
    """Schedule the task; if it refuses arguments as text, try them as JSON."""
    try:
        return api.functions.run(name, typed, new_key())
    except Refused as error:
        arguments = {**typed, **_as_json(typed, field_errors(error))}
        if arguments == typed:
            raise
        return api.functions.run(name, arguments, new_key())


def _as_json(typed: Mapping[str, str], errors: Sequence[FieldError]) -> dict[str, Any]:
    """Parse as JSON each refused argument that is valid JSON."""
    read: dict[str, Any] = {}
    for error in errors:
        name = _argument(error)
        if name in typed:
            try:
                read[name] = json.loads(typed[name])
            except ValueError:
                continue
    return read


def _sentence(refused: Refused) -> str:
    """Say what is wrong with the first refused argument."""
    wrong = field_errors(refused)
    if not wrong:
        return str(refused)
    error = wrong[0]
    name = _argument(error)
    return f"{name}: {error['message']}" if name else error["message"]


def _argument(error: FieldError) -> str:
    """Return the name of the argument and the path in it; empty if the error is elsewhere."""
    path = error["path"]
    return path.removeprefix(_KWARGS) if path.startswith(_KWARGS) else ""


@asks_backend
def act_on_each(api: TasksApi, options: argparse.Namespace) -> int:
    """Act on every task; return 1 if any of them was refused.

    ``resolve`` without an ``outcome`` only shows what there is to decide.
    """
    return max(
        [
            _act(api, options.command, number, getattr(options, "outcome", None))
            for number in options.ids
        ]
    )


@asks_backend
def undo_last(api: TasksApi, options: argparse.Namespace) -> int:
    """Undo the named action, or the last one."""
    return undo_action(api.actions, options.id)


def undo_action(actions: ActionCalls, chosen: int | None) -> int:
    """Undo an action that waits, or stop it where it is; return 1 if there is none.

    The default is the last that has not begun, or else the last.
    """
    if chosen is None:
        waiting = actions.pending()
        if not waiting:
            return fail(ENGLISH.say("session", "no_action"))
        chosen = max(waiting, key=lambda each: (each["done"] == 0, each["id"]))["id"]
    try:
        row = actions.pending_one(chosen)
        actions.undo(chosen)
    except Refused as error:
        return _refused(f"Action {chosen}", error)
    said = f"Action {chosen} ({row['action']}, {_counted(row)})"
    done = _done_before(actions, chosen)
    how = "is undone" if done is None else f"was stopped: it was done to {done:,} of them"
    say(f"{said} {how}.")
    return 0


def _refused(subject: str, error: Refused) -> int:
    """Say what is refused, and why; that there is none names it already."""
    return fail(str(error) if is_missing(error) else f"{subject}: {error}")


def _counted(row: PendingRow) -> str:
    count, batch = row["touched"], row["batch_id"]
    word = "task" if batch is None else "row"
    counted = f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
    return counted if batch is None else f"{counted} of batch {batch}"


def _done_before(actions: ActionCalls, number: int) -> int | None:
    """Return for how many tasks an action was done before it was stopped; ``None`` if undone."""
    try:
        answer = actions.pending_one(number)["answer"]
    except Refused as error:
        if is_missing(error):
            return None
        raise
    return 0 if answer is None else answer["touched"]


def _act(api: TasksApi, action: TaskVerb, task_id: int, outcome: str | None) -> int:
    try:
        if action == "resolve":
            task = api.task(task_id)
            _show_evidence(task)
            if outcome is None:
                return _show_way_out(task)
            row = api.resolve(task_id, "done" if outcome == "done" else "again")
        else:
            row = api.retry(task_id) if action == "retry" else api.cancel(task_id)
    except Refused as error:
        return _refused(f"Task {task_id}", error)
    stops = action == "cancel" and row["state"] == State.RUNNING
    say(f"Task {task_id} is {'being cancelled' if stops else row['state']}.")
    return 0


def _show_way_out(task: TaskDetail) -> int:
    """Say how to settle an uncertain task; fail for any other task."""
    number, state = task["id"], task["state"]
    if state != State.UNCERTAIN:
        return fail(ENGLISH.say("session", "settled", task_id=number, state=state))
    say(ENGLISH.say("session", "settle", command=command(f"resolve {number} --outcome done")))
    return 0


def _show_evidence(task: TaskDetail) -> None:
    """Say what an uncertain task handed over, so a person can find out if it arrived."""
    handed = task["handed_over"]
    if task["state"] != State.UNCERTAIN or handed is None:
        return
    at = local_stamp(handed["at"])
    what = handed["what"] or task["title"]
    to = f" to {handed['to']}" if handed["to"] else ""
    name = f", {PROGRAM.reference} {task['reference']}" if task["reference"] else ""
    say(f"Task {task['id']} handed over at {at}{to}: {what}{name}.")
