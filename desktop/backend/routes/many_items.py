"""``POST /items/batch``: many items in one request, all or none, or each on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from desktop.backend.shared.from_bodies import accept, bad_calls, item_errors, item_row
from desktop.backend.shared.idempotency import idempotency_of
from desktop.backend.shared.services import services_of
from desktop.backend.wire import answers
from desktop.backend.wire.bodies import LOOSE_ITEMS, MANY_ITEMS, NUMBERED_ITEM, ManyItems
from desktop.backend.wire.json_io import json_response, parse
from desktop.backend.wire.openapi import REPLAYED_HEADER, WRITES, documented
from desktop.backend.wire.parameters import Route
from desktop.backend.wire.problems import invalid
from desktop.backend.wire.validation import field_errors
from desktop.engine.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.backend.shared.services import Services
    from desktop.backend.wire.bodies import NumberedItem
    from desktop.contract.problems import FieldError
    from desktop.engine.submission import Accepted, NewItemRow

router = APIRouter(tags=["items"], route_class=Route)


@router.post(
    "/items/batch",
    operation_id="create_items",
    summary="Register many items",
    **documented(
        200,
        answers.ItemResults,
        *WRITES,
        headers=REPLAYED_HEADER,
        body=ManyItems,
        keyed=True,
    ),
)
async def register_many(
    request: Request, partial: Annotated[bool, Query(description="Each on its own")] = False
) -> Response:
    """Register up to 10,000 items: all of them or, when one is wrong or conflicts, none.

    With ``partial`` each item is accepted or refused on its own; the answer has a result for each.
    """
    services = services_of(request)
    raw = await request.body()
    judge = _judge_each if partial else _judge_all
    judged = await to_thread.run_sync(judge, raw, request, services)
    accepted = await accept(
        judged.submission, judged.errors, services, at="items.{}.tasks", many=True
    )
    # A repeated call has the refusals of the first one: settings may have changed since.
    wrong = judged.wrong if accepted.note is None else accepted.note
    return json_response({"results": _results(accepted, wrong)}, replayed=accepted.replayed)


_Wrong = tuple[int, Any, str]
"""An item that is refused on its own: its position, the number in the request, and why."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """Items to submit, the errors that refuse them all, and the items refused on their own."""

    submission: Submission
    errors: Sequence[FieldError] = ()
    wrong: Sequence[_Wrong] = ()


def _judge_all(raw: bytes, request: Request, services: Services) -> _Judged:
    """Check all items; one wrong item refuses the call. Takes its time."""
    items = parse(raw, MANY_ITEMS)["items"]
    errors: list[FieldError] = []
    for position, item in enumerate(items):
        errors += item_errors(item, services, f"items.{position}.")
    rows = [_row(item, services) for item in items]
    return _Judged(Submission(rows, idempotency=idempotency_of(request, items)), errors)


def _judge_each(raw: bytes, request: Request, services: Services) -> _Judged:
    """Check items one by one; takes its time."""
    rows: list[NewItemRow] = []
    wrong: list[_Wrong] = []
    items = parse(raw, LOOSE_ITEMS)["items"]
    for position, sent in enumerate(items):
        try:
            item = NUMBERED_ITEM.validate_python(sent)
            errors = item_errors(item, services) or _uncallable(item, services)
        except ValidationError as error:
            errors = field_errors(error.errors(include_url=False, include_input=False))
        if errors:
            number = sent.get("item_id") if isinstance(sent, dict) else None
            wrong.append((position, number, invalid(errors).detail))
        else:
            rows.append(_row(item, services))
    key = idempotency_of(request, items, note=wrong)
    return _Judged(Submission(rows, partial=True, idempotency=key), wrong=wrong)


def _uncallable(item: NumberedItem, services: Services) -> list[FieldError]:
    return bad_calls(Submission([_row(item, services)]), services, at="tasks")


def _row(item: NumberedItem, services: Services) -> NewItemRow:
    body: Any = {key: value for key, value in item.items() if key != "item_id"}
    return item_row(item.get("item_id"), body, services)


def _results(accepted: Accepted, wrong: Sequence[_Wrong]) -> list[answers.ItemResult]:
    """Make the result of each item, in the order of the request."""
    results: list[answers.ItemResult] = []
    for index, number in enumerate(accepted.item_ids):
        if index in accepted.refused:
            reason = accepted.refused[index]
            results.append({"item_id": number, "status": 409, "error": reason})
        else:
            results.append({"item_id": number, "status": 200})
    for position, number, reason in wrong:  # in ascending order, so each position is right
        results.insert(position, {"item_id": number, "status": 422, "error": reason})
    return results
