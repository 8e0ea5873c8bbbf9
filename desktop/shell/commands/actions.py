"""``sendoff retry``, ``cancel``, ``resolve``: act on tasks, one by one; ``undo`` what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from desktop.client.errors import Refused
from desktop.contract.rules.times import local_stamp
from desktop.contract.states import State
from desktop.shell.session import with_backend
from desktop.shell.terminal import fail, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.tasks import TaskDetail
    from desktop.shell.backend_address import BackendPlace

Action = Literal["retry", "cancel", "resolve"]


def run(place: BackendPlace, action: Action, ids: Sequence[int], outcome: str | None) -> int:
    """Act on every task; return 1 if any of them was refused.

    ``resolve`` without an ``outcome`` only shows what there is to decide.
    """

    def command(api: Api) -> int:
        return max([_act(api, action, task_id, outcome) for task_id in ids])

    return with_backend(place, command)


def undo(place: BackendPlace, number: int | None) -> int:
    """Undo an action that waits, by default the last one; return 1 if there is none."""

    def command(api: Api) -> int:
        waiting = [each["id"] for each in api.many.pending()]
        if number is None and not waiting:
            return fail("No action is waiting, so there is nothing to undo.")
        chosen = max(waiting) if number is None else number
        try:
            api.many.undo(chosen)
        except Refused as error:
            return fail(f"Action {chosen}: {error}")
        say(f"Action {chosen} is undone.")
        return 0

    return with_backend(place, command)


def _act(api: Api, action: Action, task_id: int, outcome: str | None) -> int:
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
        return fail(f"Task {task_id}: {error}")
    stops = action == "cancel" and row["state"] == State.RUNNING
    say(f"Task {task_id} is {'being cancelled' if stops else row['state']}.")
    return 0


def _show_way_out(task: TaskDetail) -> int:
    """Say how to settle an uncertain task; fail for any other task."""
    number, state = task["id"], task["state"]
    if state != State.UNCERTAIN:
        return fail(f"Task {number} is {state}, so there is nothing to settle.")
    say(
        f"Settle it: `sendoff resolve {number} --outcome done` where it happened, "
        "`--outcome again` where it did not."
    )
    return 0


def _show_evidence(task: TaskDetail) -> None:
    """Say what an uncertain task handed over, so a person can find out if it arrived."""
    handed = task["handed_over"]
    if task["state"] != State.UNCERTAIN or handed is None:
        return
    at = local_stamp(handed["at"])
    what = handed["what"] or task["title"]
    to = f" to {handed['to']}" if handed["to"] else ""
    name = f", Message-ID {handed['message_id']}" if handed["message_id"] else ""
    say(f"Task {task['id']} handed over at {at}{to}: {what}{name}.")
