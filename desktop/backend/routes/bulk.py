"""``POST /tasks/bulk``: one action on many tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend.description import examples
from desktop.backend.description.openapi import WRITES, documented
from desktop.backend.parts.idempotency import REPLAYED, idempotency_of
from desktop.backend.parts.parts import parts_of
from desktop.backend.parts.responses import json_response
from desktop.backend.wire.bodies import BULK, Bulk
from desktop.backend.wire.body import read
from desktop.backend.wire.parameters import filter_of
from desktop.contract.tasks import BulkAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.store.reads.query import Filter

router = APIRouter(tags=["tasks"])


@router.post(
    "/tasks/bulk",
    operation_id="act_on_tasks",
    summary="Retry, cancel or resolve many tasks",
    **documented(
        200,
        BulkAnswer,
        examples.BULK_ANSWER,
        *WRITES,
        headers=examples.REPLAYED,
        body=(Bulk, examples.BULK),
        keyed=True,
    ),
)
async def act_on_many(request: Request) -> Response:
    """Act on the tasks of ``ids`` or on all that ``filter`` matches.

    ``done`` and ``again`` resolve *uncertain* ones. Each task that does not allow the action is
    left alone and its reason counted. What practice mode kept is retried where it is named by its
    number, or the filter asks for the reason ``kept``.
    """
    parts = parts_of(request)
    body = await read(request, BULK)
    which: Sequence[int] | Filter = body["ids"] if "ids" in body else filter_of(body["filter"])
    key = idempotency_of(request, body)
    asked = await to_thread.run_sync(parts.engine.bulk, body["action"], which, key)
    done = await asyncio.wrap_future(asked)
    return json_response(done.answer, headers=REPLAYED if done.replayed else None)
