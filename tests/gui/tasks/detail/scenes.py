"""A task in each state that the desk shows, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from desktop.gui.kit.rights import ALL_RIGHTS, WindowRights
from desktop.gui.kit.words.task_row import Row, row_of
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.detail.contents import TaskRead
from desktop.gui.tasks.detail.desk_content import DeskContent
from desktop.gui.tasks.detail.modes import of_several, of_task
from sendoff_tasks.client.calls import SortedFilter
from tests.gui.tasks.acting.pending_rows import begin, pending_action, selection
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

NOW: Final = 1_790_000_100.0
VIEWER: Final = WindowRights(may_change=False)
TO: Final = "Dee Park <dee@exmaple.org>"
GONE: Final = "550 5.1.1 <dee@exmaple.org>: no such user"
LONG: Final = "The spreadsheet fees.ods has no column “amount”, which the function receipts reads."
HELD: Final = {
    "queue": "mail",
    "server": "mx",
    "text": "mx wants another login.",
    "since": stamp(NOW - 600),
}
SINCE: Final = {"since": stamp(NOW - 600)}
AWAY: Final = {"queue": "mail", "text": "mx cannot be reached.", **SINCE}


class TaskScene(NamedTuple):
    """A task: its row, what is read of it, its item, an action on it, and who looks."""

    row: dict[str, Any]
    detail: dict[str, Any]
    item: dict[str, Any] | None = None
    started: str = ""
    rights: WindowRights = ALL_RIGHTS
    is_real: bool = True
    is_read: bool = True


def scene(state: str, **changes: Any) -> TaskScene:
    """Make a scene of an e-mail; ``detail``, ``item`` and more may be among the changes."""
    own = {name: changes.pop(name) for name in TaskScene._fields[2:] if name in changes}
    detail = changes.pop("detail", {})
    return TaskScene({"state": state, "to": TO, "item_id": 205, **changes}, detail, **own)


def own(state: str, **changes: Any) -> TaskScene:
    """Make a scene of an own task."""
    plain = {"task": "receipts", "title": "Receipts of May", "queue": "default", "to": None}
    return scene(state, **plain | {"item_id": None} | changes)


def repeat(number: int, state: str = "succeeded", **changes: Any) -> Any:
    """Make a task that repeats that of a scene."""
    return task_row(number, state, resend_of=88, **{"to": "Dee <dee@example.org>"} | changes)


REFUSED: Final = {
    "error": GONE,
    "reason": "final_answer",
    "reason_data": {"code": 550, "server": "mx", "said": GONE},
}
BLOCKED: Final = {
    "error": "550 blocked, see https://example.org",
    "reason": "final_answer",
    "reason_data": {"code": 554, "server": "mx"},
}
LOST: Final = {
    "error": "mx gave no answer after the e-mail was handed over.",
    "reason": "no_answer",
    "reason_data": {"server": "mx", **SINCE},
}
NO_FEE: Final = {"lacks": ["fee"], "template": "Letter"}
FAULT: Final = "The template “Letter” does not render, line 2 of the text: x"

SCENES: Final[dict[str, TaskScene]] = {
    "sent": scene("succeeded"),
    "sent, not yet read": scene("succeeded", is_read=False),
    "sent, the template is newer": scene("succeeded", detail={"is_older": True}),
    "sent, seen by a viewer": scene("succeeded", rights=VIEWER),
    "sent again": scene("succeeded", reason_data={"task_id": 90}, item={"tasks": [repeat(90)]}),
    "sent, and a copy to another": scene(
        "succeeded", item={"tasks": [repeat(90, "scheduled", copy=True, run_at=stamp(NOW + 9))]}
    ),
    "came back": scene("succeeded", reason="came_back", reason_data={"code": 550, "said": GONE}),
    "marked as sent": scene("succeeded", reason="settled_by_person"),
    "kept": scene("succeeded", reason="kept"),
    "kept, in practice": scene("succeeded", reason="kept", is_real=False),
    "failed, address": scene("failed", **REFUSED),
    "failed, address, left": scene("failed", **REFUSED, seen=True),
    "failed, address, corrected": scene("failed", **REFUSED, next_to="Dee <dee@example.org>"),
    "failed, address, sent again": scene(
        "failed",
        **REFUSED | {"reason_data": {"code": 550, "said": GONE, "task_id": 90}},
        item={"tasks": [repeat(90)]},
    ),
    "failed, mailbox full": scene(
        "failed",
        error="552 5.2.2 over quota",
        reason="attempts_used_up",
        reason_data={"said": "552 5.2.2 over quota"},
    ),
    "failed, else": scene("failed", **BLOCKED),
    "failed, else, left": scene("failed", **BLOCKED, seen=True),
    "failed, else, seen by a viewer": scene("failed", **BLOCKED, rights=VIEWER),
    "failed, retried": scene("failed", **BLOCKED, started="retry"),
    "uncertain": scene("uncertain", **LOST),
    "uncertain, cut short": scene("uncertain", reason="cut_short"),
    "uncertain, the last one failed": scene(
        "uncertain", **BLOCKED | {"reason_data": {"code": 550, "may_have_arrived": True}}
    ),
    "uncertain, seen by a viewer": scene("uncertain", **LOST, rights=VIEWER),
    "cancelled": scene("cancelled", reason="cancelled_by_person", attempt=2),
    "scheduled": scene("scheduled", run_at=stamp(NOW + 86400), attempt=0),
    "scheduled, soon": scene("scheduled", run_at=stamp(NOW + 4), attempt=0),
    "scheduled, something is missing": scene(
        "scheduled", run_at=stamp(NOW + 86400), attempt=0, detail=NO_FEE
    ),
    "scheduled, its batch is paused": scene(
        "scheduled", attempt=0, reason="batch_paused", reason_data={"batch_id": 7, **SINCE}
    ),
    "scheduled, beyond the limit of its batch": scene(
        "scheduled",
        attempt=0,
        run_at=stamp(NOW + 1800),
        reason="batch_limit",
        reason_data={"batch_id": 7, "limit": "21/day", "until": stamp(NOW + 1800)},
    ),
    "queued": scene("queued", attempt=0),
    "queued, cancelled": scene("queued", attempt=0, started="cancel"),
    "queued, paused": scene("queued", attempt=0, reason="all_paused", reason_data=SINCE),
    "queued, behind a hold": scene("queued", reason="queue_held", reason_data=HELD),
    "queued, offline": scene(
        "queued", reason="offline", reason_data={**AWAY, "until": stamp(NOW + 40)}
    ),
    "queued, no more for today": scene(
        "queued", reason="quota", reason_data={**AWAY, "until": stamp(NOW + 1800), "code": 451}
    ),
    "running": scene("running"),
    "running, handed over": scene("running", progress={"done": 2, "total": 2, "text": ""}),
    "running, asked to stop": scene("running", reason="cancel_requested", reason_data=SINCE),
    "waiting": scene(
        "waiting",
        run_at=stamp(NOW + 40),
        attempt=2,
        error="451 4.7.1 Greylisted",
        reason="retry_later",
    ),
    "held, the login": scene("waiting", reason="queue_held", reason_data=HELD),
    "held, something is missing": scene(
        "waiting", reason="held_for_person", error="The template needs “fee”.", detail=NO_FEE
    ),
    "held, the template has a fault": scene(
        "waiting", reason="held_for_person", reason_data={"text": FAULT}, error=FAULT
    ),
    "held, fixed": scene("waiting", reason="held_for_person", reason_data={"fixed": True}),
    "held, after crashes": scene("waiting", reason="held_after_crashes", reason_data={"count": 3}),
    "held, seen by a viewer": scene(
        "waiting", reason="queue_held", reason_data=HELD, rights=VIEWER
    ),
    "own, done": own("succeeded"),
    "own, running": own("running", progress={"done": 6, "total": 9, "text": "page 6"}),
    "own, failed": own("failed", error="ValueError: bad row", reason="attempts_used_up"),
    "own, failed, in many words": own("failed", error=LONG, reason="final_answer"),
    "own, waits": own("waiting", run_at=stamp(NOW + 40), error="TimeoutError", attempt=1),
    "own, held": own(
        "waiting", reason="held_for_person", reason_data={"text": "No paper"}, error="No paper"
    ),
    "own, held, of an app": own(
        "waiting", reason="held_for_person", error="No paper", rights=WindowRights(is_app=True)
    ),
    "own, its function is gone": own(
        "waiting",
        reason="held_for_function",
        reason_data={"task": "receipts", "text": "There is no task named “receipts”."},
    ),
    "own, follows": own("waiting", reason="after_task", reason_data={"task_id": 17}),
    "own, uncertain": own("uncertain", reason="cut_short"),
}


def row_in(name: str) -> Row:
    """Return the row of a scene."""
    return row_of(task_row(88, **SCENES[name].row))


def read_in(name: str, letter: dict[str, Any] | None = None, **detail: Any) -> TaskRead:
    """Return what is read of the task in a scene, with further details, or another letter."""
    told = SCENES[name]
    source = TaskSource([task_row(88, **told.row)])
    source.details[88] = told.detail | detail
    item: Any = None if told.item is None else ITEM | told.item
    is_mail = "queue" not in told.row
    return TaskRead(
        source.task(88), item, None, letter or (source.message(88) if is_mail else None)
    )


def shown_in(name: str) -> DeskContent:
    """Return what the desk shows in a scene."""
    told = SCENES[name]
    read = read_in(name) if told.is_read else None
    pending = PendingActions(Delivery())
    pending.delivery.is_real = told.is_real
    if told.started:
        begin(pending, pending_action(3, told.started, 1, [(88, 88)]))
    return of_task(row_in(name), read, told.rights, pending, NOW)


ITEM: Final[dict[str, Any]] = {"title": "Opera", "template": None, "fields": {}, "tasks": []}

_FOUR: Final = ("failed", "failed", "scheduled", "succeeded")
SEVERAL: Final[dict[str, Callable[[], DeskContent]]] = {
    "four": lambda: of_several(
        selection([row_of(task_row(n, state)) for n, state in enumerate(_FOUR, 1)], 4)
    ),
    "two of 5,000 in sight": lambda: of_several(
        selection([row_of(task_row(n, "failed")) for n in (1, 2)], 5000)
    ),
    "all that failed": lambda: of_several(
        selection([], 380, SortedFilter(states=("failed",)), {"failed": 380})
    ),
    "uncertain ones": lambda: of_several(
        selection([row_of(task_row(n, "uncertain")) for n in (1, 2)], 2)
    ),
}
