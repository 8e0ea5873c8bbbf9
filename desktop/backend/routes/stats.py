"""``GET /stats``: counts per state, rates, lanes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend.description import examples
from desktop.backend.description.openapi import READS, documented
from desktop.backend.parts.parts import parts_of
from desktop.backend.parts.responses import json_response
from desktop.contract.events import Stats

router = APIRouter(tags=["backend"])


@router.get(
    "/stats",
    operation_id="get_stats",
    summary="Counts, rates and lanes",
    **documented(200, Stats, examples.STATS, *READS),
)
def stats(request: Request) -> Response:
    """Answer in the same time however many tasks there are."""
    return json_response(parts_of(request).engine.stats())
