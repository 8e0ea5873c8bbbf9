"""``/tasks/{task_id}``: repeat a task, change its start or priority, or mark it as seen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend.shared.idempotency import idempotency_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire.bodies import RESEND, TASK_CHANGE, ResendBody, TaskChangeBody
from desktop.backend.wire.json_io import json_of, json_response, read
from desktop.backend.wire.openapi import WRITES, documented
from desktop.backend.wire.parameters import Route, TaskId
from desktop.backend.wire.problems import bad_field
from desktop.backend.wire.values import moment
from desktop.contract.items import CONFIRMATION
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.tasks import TaskRow
from desktop.engine.submission import Resend, TaskChange

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services
    from desktop.contract.tasks import Addressee

router = APIRouter(tags=["tasks"], route_class=Route)

NOW: Final = 0.0
"""A past time, in seconds since the epoch."""
OWN_RECIPIENT: Final = "Only a confirmation can go to another address; this task finds its own."


@router.post(
    "/tasks/{task_id}/resend",
    operation_id="resend_task",
    summary="Send again what a task sent, as a new task",
    **documented(
        201,
        TaskRow,
        *WRITES,
        404,
        headers={"Location": "The new task."},
        body=ResendBody,
        body_needed=False,
        keyed=True,
    ),
)
async def resend(task_id: TaskId, request: Request) -> Response:
    """Repeat a task that has ended, also after success, with a Message-ID of its own.

    The item does not change. `to` and `to_me` apply to the new task only, and only a confirmation
    can have them. A message to another address than the item's is a copy: it does not change
    whether the item's person is informed, and a failed task can still be corrected and retried. An
    uncertain task has to be resolved first. To take the new task back, cancel it during `delay`.
    """
    services = services_of(request)
    body = await read(request, RESEND, empty=b"{}")
    addressee = _addressee(body, services)
    if addressee is not None:
        task = await to_thread.run_sync(services.engine.task, task_id)
        if task["task"] != CONFIRMATION:
            raise bad_field("to_me" if addressee.get("to_me") else "to", OWN_RECIPIENT)
    wanted = Resend(addressee, body.get("delay", 0), idempotency_of(request, body))
    resent = await asyncio.wrap_future(services.engine.resend(task_id, wanted))
    headers = {"Location": f"/tasks/{resent.row['id']}"}
    return json_response(resent.row, 201, headers, replayed=resent.replayed)


def _addressee(body: ResendBody, services: Services) -> Addressee | None:
    """Return the new task's own recipient; raises ``SettingsError`` for unreadable settings."""
    if body.get("to_me"):
        sender = parse_mailbox(services.settings.get().mail.sender)
        return {"name": sender.name, "email": sender.address, "to_me": True}
    to = body.get("to")
    return None if to is None else {"name": to.get("name", ""), "email": to["email"]}


@router.patch(
    "/tasks/{task_id}",
    operation_id="change_task",
    summary="Change when a task starts, its priority, or whether it was seen",
    **documented(
        200,
        TaskRow,
        *WRITES,
        404,
        409,
        body=TaskChangeBody,
    ),
)
async def change(task_id: TaskId, request: Request) -> Response:
    """Apply all of the change or nothing.

    `run_at` is for scheduled and queued tasks, `seen` for failed and uncertain ones.
    """
    body = await read(request, TASK_CHANGE)
    run_at = None
    if "run_at" in body:
        run_at = NOW if body["run_at"] is None else moment(body["run_at"])
    wanted = TaskChange(run_at, body.get("priority"), body.get("seen"))
    return await json_of(services_of(request).engine.change_task(task_id, wanted))
