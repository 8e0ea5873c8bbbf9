"""``GET /queues``: what each queue allows, whether it is held, and what is in it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend import examples
from desktop.backend.openapi import READS, documented
from desktop.backend.parts import parts_of
from desktop.backend.responses import json_response
from desktop.contract.queues import Queues

router = APIRouter(tags=["tasks"])


@router.get(
    "/queues",
    summary="Queues, their limits and their counts",
    **documented(200, Queues, examples.QUEUES, *READS),
)
def queues(request: Request) -> Response:
    """Answer in the same time however many tasks there are."""
    return json_response({"queues": parts_of(request).engine.queues()})
