"""``GET /metrics``: the backend's measures, for Prometheus and whatever reads its format."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend.description import examples
from desktop.backend.description.openapi import READS, documented
from desktop.backend.parts.parts import parts_of
from desktop.backend.wire import exposition

router = APIRouter(tags=["backend"])


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Measures for a monitor",
    response_class=Response,  # no JSON, which FastAPI would describe beside it
    **documented(200, str, examples.METRICS, *READS, media=exposition.MEDIA_TYPE),
)
def metrics(request: Request) -> Response:
    """Answer in the same time however many tasks there are; Prometheus' text format 0.0.4."""
    text = exposition.exposition(parts_of(request).engine.measures())
    return Response(text, media_type=exposition.MEDIA_TYPE)
