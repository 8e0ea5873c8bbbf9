"""``/batches``: create, start, stop and read batches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend.shared.batches import batches
from desktop.backend.shared.idempotency import idempotency_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire.batches import (
    ACT_ON_BATCH,
    BATCH_LIMIT,
    BATCH_SETTINGS,
    NEW_BATCH,
    START_BATCH,
    ActOnBatch,
    BatchBody,
    BatchLimit,
    BatchNumber,
    BatchSettings,
    StartBatch,
)
from desktop.backend.wire.json_io import json_of, json_response, read
from desktop.backend.wire.openapi import READS, WRITES, documented
from desktop.backend.wire.parameters import BatchId, BatchQuery, DeleteQuery, Route
from desktop.backend.wire.problems import invalid
from desktop.contract.batches import Batch, BatchAnswer, BatchPage
from desktop.engine.batches.starting import StartOptions
from desktop.engine.verbs.submit.idempotency import recall

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services
    from desktop.engine.batches.acting_later import BatchAction
    from desktop.engine.submission import Idempotency

router = APIRouter(tags=["batches"], route_class=Route)

_VERBS = (*READS, 404, 409, 429)


@router.post(
    "/batches",
    operation_id="create_batch",
    summary="Make a batch: a draft, of which nothing runs",
    **documented(
        201,
        BatchNumber,
        *WRITES,
        404,
        headers={"Location": "Where the batch is."},
        body=BatchBody,
        keyed=True,
    ),
)
async def create(request: Request) -> Response:
    """Answer once the draft is on disk; rows and files are added by their own routes."""
    services = services_of(request)
    body = await read(request, NEW_BATCH)
    created = await batches.create(body, services, idempotency_of(request, body))
    headers = {"Location": f"/batches/{created.batch_id}"}
    return json_response({"batch_id": created.batch_id}, 201, headers, replayed=created.replayed)


@router.get(
    "/batches",
    operation_id="list_batches",
    summary="Read batches, the newest first",
    **documented(200, BatchPage, *READS),
)
def read_page(query: BatchQuery, request: Request) -> Response:
    """Return batches with their counts; ``next`` is the ``after`` of the following page."""
    return json_response(services_of(request).engine.batches.list(query.after, query.limit))


@router.get(
    "/batches/{batch_id}",
    operation_id="get_batch",
    summary="Read a batch",
    **documented(200, Batch, *READS, 404),
)
def read_one(batch_id: BatchId, request: Request) -> Response:
    """Return the batch with its settings, state and counts."""
    return json_response(services_of(request).engine.batches.get(batch_id))


@router.put(
    "/batches/{batch_id}",
    operation_id="change_batch",
    summary="Change a draft's settings",
    **documented(200, Batch, *WRITES, 404, 409, body=BatchSettings),
)
async def change(batch_id: BatchId, request: Request) -> Response:
    """Replace all settings of a draft; its rows are checked again in the background.

    Rows that are not checked yet count as `unchecked`.
    """
    services = services_of(request)
    body = await read(request, BATCH_SETTINGS)
    errors = batches.batch_errors(body, services)
    if errors:
        raise invalid(errors)
    wanted = batches.new_batch_row(body)
    batch = await asyncio.wrap_future(services.engine.batches.change(batch_id, wanted))
    if batch["counts"]["unchecked"]:
        services.unchecked.set()
    return json_response(batch)


@router.delete(
    "/batches/{batch_id}",
    operation_id="delete_batch",
    summary="Delete a draft, or undo the start of a batch",
    **documented(204, None, *_VERBS),
)
async def delete(batch_id: BatchId, query: DeleteQuery, request: Request) -> Response:
    """Delete a draft with its files.

    While no message of a started batch has left, it becomes a draft again, and its items and tasks
    are deleted. After that, the answer is a conflict.

    With ``delay`` a draft is deleted after so many seconds, unless that is undone: `GET /pending`
    and `pending` events tell of it.
    """
    services = services_of(request)
    if query.delay:
        later = services.engine.batches.later("delete", batch_id, query.delay)
        await asyncio.wrap_future(later)
    else:
        await to_thread.run_sync(batches.delete, batch_id, services)
    return Response(status_code=204)


@router.post(
    "/batches/{batch_id}/start",
    operation_id="start_batch",
    summary="Send the rows of a draft",
    **documented(
        202,
        Batch,
        *WRITES,
        404,
        body=StartBatch,
        body_needed=False,
        keyed=True,
    ),
)
async def start(batch_id: BatchId, request: Request) -> Response:
    """Answer once the start is on disk; the tasks are added in groups afterwards.

    Rows with a problem, and rows that were sent before, are left out. While rows are unchecked, the
    answer is a conflict. Nothing leaves for ``delay`` seconds, so DELETE can undo the start.
    """
    services = services_of(request)
    body = await read(request, START_BATCH, empty=b"{}")
    key = idempotency_of(request, body)
    first = None if key is None else await services.engine.ask(lambda group: recall(group, key))
    wanted = StartOptions(
        body.get("leave_changed", False), body.get("send_same", False), body.get("delay", 0)
    )
    started = await to_thread.run_sync(services.engine.batches.start, batch_id, wanted, key)
    batch = await asyncio.wrap_future(started)
    services.unchecked.set()  # rows of other drafts may be the same
    return json_response(batch, 202, replayed=first is not None)


@router.post(
    "/batches/{batch_id}/pause",
    operation_id="pause_batch",
    summary="Pause a batch",
    **documented(200, Batch, *_VERBS),
)
async def pause(batch_id: BatchId, request: Request) -> Response:
    """Send no more rows until the batch is resumed; messages on their way arrive."""
    return await json_of(services_of(request).engine.batches.pause(batch_id))


@router.post(
    "/batches/{batch_id}/resume",
    operation_id="resume_batch",
    summary="Resume a paused batch",
    **documented(200, Batch, *_VERBS),
)
async def resume(batch_id: BatchId, request: Request) -> Response:
    """Send rows again, as the limits allow."""
    return await json_of(services_of(request).engine.batches.resume(batch_id))


@router.put(
    "/batches/{batch_id}/rate",
    operation_id="limit_batch",
    summary="Change the limit of a started batch",
    **documented(200, Batch, *WRITES, 404, 409, body=BatchLimit),
)
async def limit(batch_id: BatchId, request: Request) -> Response:
    """Set how many attempts may begin in which time; those of the last 24 hours count.

    A deferred or failed attempt counts as one. One that found its server away or at its limit, or
    that was too early, does not.
    """
    body = await read(request, BATCH_LIMIT)
    return await json_of(services_of(request).engine.batches.limit(batch_id, body["rate"]))


@router.post(
    "/batches/{batch_id}/cancel",
    operation_id="cancel_batch",
    summary="Cancel every open row of a batch",
    **documented(
        200,
        BatchAnswer,
        *WRITES,
        404,
        409,
        body=ActOnBatch,
        body_needed=False,
    ),
)
async def cancel(batch_id: BatchId, request: Request) -> Response:
    """Cancel rows that have not started at once, and ask running attempts to stop.

    With ``delay`` the action waits so many seconds, and no row starts: the answer has it as
    ``pending``, and `DELETE /pending/{id}` undoes it.
    """
    services = services_of(request)
    body = await read(request, ACT_ON_BATCH, empty=b"{}")
    if body.get("delay"):
        soon = body["delay"] + 1
        asyncio.get_running_loop().call_later(soon, services.unchecked.set)
        return await _later("cancel", batch_id, body["delay"], services)
    batch = await asyncio.wrap_future(services.engine.batches.cancel(batch_id))
    services.unchecked.set()  # rows of drafts may not have been sent now
    return json_response(batch)


@router.post(
    "/batches/{batch_id}/retry",
    operation_id="retry_batch",
    summary="Try the failed rows of a batch again",
    **documented(
        200,
        BatchAnswer,
        *WRITES,
        404,
        body=ActOnBatch,
        body_needed=False,
        keyed=True,
    ),
)
async def retry(batch_id: BatchId, request: Request) -> Response:
    """Retry the rows whose newest task failed, under the batch's rate.

    Uncertain rows and rows marked as seen are not retried. With ``delay`` the action waits, as a
    *cancel* does.
    """
    services = services_of(request)
    body = await read(request, ACT_ON_BATCH, empty=b"{}")
    key = idempotency_of(request, body)
    if body.get("delay"):
        return await _later("retry", batch_id, body["delay"], services, key)
    retried = await asyncio.wrap_future(services.engine.batches.retry(batch_id, key))
    batch = await to_thread.run_sync(services.engine.batches.get, batch_id)
    return json_response(batch, replayed=retried.replayed)


async def _later(
    action: BatchAction,
    batch_id: int,
    delay: float,
    services: Services,
    key: Idempotency | None = None,
) -> Response:
    """Have an action wait; answer with the batch."""
    engine = services.engine
    waits = await asyncio.wrap_future(engine.batches.later(action, batch_id, delay, key))
    batch = cast("BatchAnswer", await to_thread.run_sync(engine.batches.get, batch_id))
    if waits.pending is not None:
        batch["pending"] = waits.pending
    return json_response(batch, replayed=waits.replayed)
