"""``PUT /items/{item_id}``: correct an item."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend.parts.idempotency import REPLAYED, idempotency_of
from desktop.backend.parts.parts import parts_of
from desktop.backend.parts.scheduling import correct, correction_of, item_errors
from desktop.backend.wire import examples
from desktop.backend.wire.body import json_response, read
from desktop.backend.wire.changes import CORRECTION, Correction
from desktop.backend.wire.openapi import WRITES, documented
from desktop.backend.wire.parameters import ItemId, Route
from desktop.contract.items import CorrectedItem

router = APIRouter(tags=["items"], route_class=Route)


@router.put(
    "/items/{item_id}",
    operation_id="correct_item",
    summary="Correct an item; what it was is kept",
    **documented(
        200,
        CorrectedItem,
        examples.CORRECTED_ITEM,
        *WRITES,
        404,
        headers={"X-Task-Ids": "Numbers of the added tasks, separated by commas."},
        body=(Correction, examples.CORRECTION),
        keyed=True,
    ),
)
async def correct_one(item_id: ItemId, request: Request) -> Response:
    """Replace the item's body; a task that has not begun, or waits, uses it at its next attempt.

    With `send`, those of its tasks that have ended are added as new ones. While one runs it is a
    conflict. An uncertain one stays until it is resolved, and nothing is added in its place. Times
    in `item` count for added tasks only.
    """
    parts = parts_of(request)
    body = await read(request, CORRECTION)
    correction = correction_of(item_id, body, parts, idempotency_of(request, body))
    corrected = await correct(correction, item_errors(body["item"], parts, "item."), parts)
    headers = {"X-Task-Ids": ",".join(map(str, corrected.added))}
    answer = CorrectedItem(
        item_id=item_id,
        using=corrected.using,
        added=corrected.added,
        uncertain=corrected.uncertain,
    )
    return json_response(answer, headers={**headers, **REPLAYED} if corrected.replayed else headers)
