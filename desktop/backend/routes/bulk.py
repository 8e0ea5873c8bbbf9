"""``/tasks/bulk``: one action on many tasks, how far it is, and its end before that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend.shared.idempotency import REPLAYED, idempotency_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire.bodies import BULK, Bulk
from desktop.backend.wire.examples import tasks as examples
from desktop.backend.wire.json_io import json_response, read
from desktop.backend.wire.openapi import READS, REPLAYED_HEADER, WRITES, documented
from desktop.backend.wire.parameters import ActionKey, Route, filter_of
from desktop.contract.tasks import BulkAnswer, BulkProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.store.reads.query import Filter

router = APIRouter(tags=["tasks"], route_class=Route)


@router.post(
    "/tasks/bulk",
    operation_id="act_on_tasks",
    summary="Do one thing to many tasks",
    **documented(
        200,
        BulkAnswer,
        examples.BULK_ANSWER,
        *WRITES,
        headers=REPLAYED_HEADER,
        body=(Bulk, examples.BULK),
        keyed=True,
    ),
)
async def act_on_many(request: Request) -> Response:
    """Act on the tasks of ``ids`` or on all that ``filter`` matches.

    With ``preview`` nothing is done: the answer tells what would be. While a call with an
    `Idempotency-Key` is under way, `GET /tasks/bulk/{key}` tells how far it is.

    ``done`` and ``again`` resolve *uncertain* ones. Each task that does not allow the action is
    left alone and its reason counted. A message kept in practice mode is retried only if ``ids``
    names its task or the filter asks for the reason ``kept``. ``resend`` sends again as new tasks,
    after ``delay`` seconds; the answer has their numbers as ``ids``. ``put_off`` keeps tasks that
    have not begun from starting for ``delay`` seconds: *Undo* of a cancel has that time.
    ``remove`` forgets tasks that have ended, with items that have no other; failed and uncertain
    ones once they are *seen*.
    """
    services = services_of(request)
    body = await read(request, BULK)
    which: Sequence[int] | Filter = body["ids"] if "ids" in body else filter_of(body["filter"])
    key = idempotency_of(request, body)
    delay = body.get("delay", 0)
    if body.get("preview"):
        asked = await to_thread.run_sync(services.engine.preview, body["action"], which)
    else:
        asked = await to_thread.run_sync(services.engine.bulk, body["action"], which, key, delay)
    done = await asyncio.wrap_future(asked)
    return json_response(done.answer, headers=REPLAYED if done.replayed else None)


@router.get(
    "/tasks/bulk/{key}",
    operation_id="get_action",
    summary="Tell how far an action on many tasks is",
    **documented(200, BulkProgress, examples.BULK_PROGRESS, *READS, 404),
)
async def read_progress(key: ActionKey, request: Request) -> Response:
    """Find it by its `Idempotency-Key`; 404 until its first tasks are done."""
    progress = services_of(request).engine.bulk_progress(key)
    return json_response(await asyncio.wrap_future(progress))


@router.delete(
    "/tasks/bulk/{key}",
    operation_id="stop_action",
    summary="Stop an action on many tasks",
    **documented(200, BulkProgress, examples.BULK_PROGRESS, *READS, 404, 429),
)
async def stop(key: ActionKey, request: Request) -> Response:
    """End it where it is; the call is answered with what was done. What was done stays."""
    return json_response(await asyncio.wrap_future(services_of(request).engine.stop_bulk(key)))
