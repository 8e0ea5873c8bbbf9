"""``/causes``: what failures have in common, counted."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend.parts.parts import parts_of
from desktop.backend.wire.body import json_response
from desktop.backend.wire.examples import tasks as examples
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import CauseQuery, Route
from desktop.contract.causes import CASES, Causes

router = APIRouter(tags=["tasks"], route_class=Route)


@router.get(
    "/causes",
    operation_id="list_causes",
    summary="What failures have in common",
    **documented(200, Causes, examples.CAUSES, *READS),
)
def causes(query: CauseQuery, request: Request) -> Response:
    """Count the tasks of each cause, failed, waiting and uncertain ones unless ``state`` says else.

    With ``batch_id`` only those of a batch. ``GET /tasks?cause=`` has the tasks of one, and
    `POST /tasks/bulk` with the filter ``cause`` has them tried again. It answers in the same time
    however many tasks there are.
    """
    states = query.state.split(",") if query.state else CASES
    return json_response({"causes": parts_of(request).engine.causes(states, query.batch_id)})
