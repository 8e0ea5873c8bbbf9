"""``/tasks/bulk``: one action on many tasks, at once or after a while; its undo."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend.shared.from_bodies import addressee_of
from desktop.backend.shared.idempotency import idempotency_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire import answers
from desktop.backend.wire.bodies import BULK, Bulk
from desktop.backend.wire.json_io import json_response, read
from desktop.backend.wire.openapi import READS, REPLAYED_HEADER, WRITES, documented
from desktop.backend.wire.parameters import PendingId, Route, filter_of
from desktop.contract.tasks import BulkAnswer, PendingRow
from desktop.engine.errors import UnknownId
from desktop.engine.store.reads.catalogue import read_pending
from desktop.engine.store.tables.pending import Asked
from desktop.engine.verbs.bulk.pending import undo_pending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.store.reads.query import Filter

router = APIRouter(tags=["tasks"], route_class=Route)


@router.post(
    "/tasks/bulk",
    operation_id="act_on_tasks",
    summary="Act on many tasks",
    **documented(
        200,
        BulkAnswer,
        *WRITES,
        headers=REPLAYED_HEADER,
        body=Bulk,
        keyed=True,
    ),
)
async def act_on_many(request: Request) -> Response:
    """Act on the tasks of ``ids`` or on all that ``filter`` matches.

    With ``preview`` nothing is done: the answer tells what would be done.

    A task that does not allow the action is left alone, and its reason is counted.

    With ``delay`` the action waits so many seconds: the answer has it as ``pending``, `GET
    /pending` lists it with its progress, and `DELETE /pending/{id}` undoes it. It survives a
    restart. Until it is done, a task that is to be cancelled does not start; a later action takes
    its tasks out of it.

    - ``done`` and ``again`` resolve *uncertain* tasks.
    - ``retry`` includes a message that practice mode kept only if ``ids`` names its task or the
      filter asks for the reason ``kept``.
    - ``resend`` repeats tasks as new ones; the answer has their ``ids``.
    - ``remove`` deletes tasks that have ended, and items without other tasks. Failed and uncertain
      tasks have to be *seen* first.
    """
    services = services_of(request)
    body = await read(request, BULK)
    which: Sequence[int] | Filter = body["ids"] if "ids" in body else filter_of(body["filter"])
    key = idempotency_of(request, body)
    delay = body.get("delay", 0)
    ids = body.get("ids", [])
    addressee = await addressee_of(body, ids[0], services) if ids else None
    if body.get("preview"):
        asked = await to_thread.run_sync(services.engine.preview, body["action"], which)
    else:
        more = Asked(body.get("filter"), addressee)
        asked = await to_thread.run_sync(
            services.engine.bulk, body["action"], which, key, delay, more
        )
    done = await asyncio.wrap_future(asked)
    return json_response(done.answer, replayed=done.replayed)


@router.get(
    "/pending",
    operation_id="list_pending",
    summary="List the actions that can still be undone",
    **documented(200, answers.PendingRows, *READS),
)
def list_pending(request: Request) -> Response:
    """Return the actions that wait or are being carried out, the first due first.

    ``pending`` events tell of changes, and what an action has done.
    """
    return json_response({"pending": services_of(request).engine.read(read_pending)})


@router.get(
    "/pending/{pending_id}",
    operation_id="get_pending",
    summary="Read an action that waits or was carried out",
    **documented(200, PendingRow, *READS, 404),
)
def read_one(pending_id: PendingId, request: Request) -> Response:
    """Return the action, also for a day after it was carried out; 404 once it was undone."""
    found = services_of(request).engine.read(read_pending, [pending_id])
    if not found:
        raise UnknownId("pending action", pending_id)
    return json_response(found[0])


@router.delete(
    "/pending/{pending_id}",
    operation_id="undo_action",
    summary="Undo an action that waits",
    **documented(204, None, *READS, 404, 409, 429, 503),
)
async def undo(pending_id: PendingId, request: Request) -> Response:
    """Forget the action: nothing was done. One that is being carried out stops where it is.

    409 once it was carried out.
    """
    await services_of(request).engine.ask(lambda group: undo_pending(group, pending_id))
    return Response(status_code=204)
