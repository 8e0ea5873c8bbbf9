"""``POST /items/batch``: many items in one call, all or none, or each on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from desktop.backend import examples, shapes
from desktop.backend.body import parse
from desktop.backend.idempotency import REPLAYED, idempotency_of
from desktop.backend.models import BATCH, LOOSE_BATCH, NUMBERED_ITEM, Batch
from desktop.backend.openapi import WRITES, documented
from desktop.backend.parts import parts_of
from desktop.backend.problems import invalid
from desktop.backend.responses import json_response
from desktop.backend.scheduling import accept_many, item_errors, item_row
from desktop.backend.validation import field_errors
from desktop.engine.submission import Submission

if TYPE_CHECKING:
    from desktop.backend.models import NumberedItem
    from desktop.backend.parts import Parts
    from desktop.contract.problems import FieldError
    from desktop.engine.submission import Accepted, NewItemRow

router = APIRouter(tags=["items"])


@router.post(
    "/items/batch",
    summary="Register many items",
    **documented(
        200,
        shapes.BatchAnswer,
        examples.BATCH_ANSWER,
        *WRITES,
        headers=examples.REPLAYED,
        body=(Batch, examples.BATCH),
        keyed=True,
    ),
)
async def register_many(
    request: Request, partial: Annotated[bool, Query(description="Each on its own")] = False
) -> Response:
    """Register up to 10,000 items: all of them or, when one is wrong or conflicts, none.

    With ``partial`` each stands on its own, and the answer says what became of it.
    """
    parts = parts_of(request)
    raw = await request.body()
    judged = await to_thread.run_sync(_judge_each if partial else _judge_all, raw, parts)
    submission = Submission(
        items=[_row(body, parts) for body in judged.good.values()],
        partial=partial,
        idempotency=idempotency_of(request, judged.sent),
    )
    accepted = await accept_many(submission, parts, at="items")
    headers = REPLAYED if accepted.replayed else None
    return json_response({"results": _results(judged, accepted)}, headers=headers)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A batch as it was sent, and by position which of its items are good or why they are not."""

    sent: list[Any]
    good: dict[int, NumberedItem]
    wrong: dict[int, str]


def _judge_all(raw: bytes, parts: Parts) -> _Judged:
    """Check all items at once; one that is wrong refuses the call."""
    items = parse(raw, BATCH)["items"]
    errors: list[FieldError] = []
    for position, item in enumerate(items):
        errors += item_errors(item, parts, f"items.{position}.")
    if errors:
        raise invalid(errors)
    return _Judged(list(items), dict(enumerate(items)), {})


def _judge_each(raw: bytes, parts: Parts) -> _Judged:
    """Check items one by one."""
    judged = _Judged(parse(raw, LOOSE_BATCH)["items"], {}, {})
    for position, sent in enumerate(judged.sent):
        try:
            item = NUMBERED_ITEM.validate_python(sent)
            errors = item_errors(item, parts)
        except ValidationError as error:
            errors = field_errors(error.errors(include_url=False, include_input=False))
        if errors:
            judged.wrong[position] = invalid(errors).detail
        else:
            judged.good[position] = item
    return judged


def _row(item: NumberedItem, parts: Parts) -> NewItemRow:
    body: Any = {key: value for key, value in item.items() if key != "item_id"}
    return item_row(item.get("item_id"), body, parts)


def _results(judged: _Judged, accepted: Accepted) -> list[shapes.BatchResult]:
    """Say for each item, in the order they were sent, under which number it is or why not."""
    results: dict[int, shapes.BatchResult] = {}
    for index, position in enumerate(judged.good):
        if index in accepted.refused:
            number = judged.good[position].get("item_id")
            reason = accepted.refused[index]
            results[position] = {"item_id": number, "status": 409, "error": reason}
        else:
            results[position] = {"item_id": accepted.item_ids[index], "status": 200}
    for position, reason in judged.wrong.items():
        sent = judged.sent[position]
        number = sent.get("item_id") if isinstance(sent, dict) else None
        results[position] = {"item_id": number, "status": 422, "error": reason}
    return [results[position] for position in range(len(judged.sent))]
