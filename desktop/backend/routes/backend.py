"""The backend itself: ``GET /health``, ``/stats`` and ``/metrics``."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from desktop import __version__
from desktop.backend.guards.token import ACCESS
from desktop.backend.shared.services import services_of
from desktop.backend.wire import answers, prometheus
from desktop.backend.wire.examples import tasks as examples
from desktop.backend.wire.json_io import json_response
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import Route
from desktop.contract.access import CONTRACT
from desktop.contract.events import Stats
from desktop.settings.backend_file import proof
from desktop.settings.tokens import Tokens

router = APIRouter(tags=["backend"], route_class=Route)


@router.get(
    "/health",
    operation_id="get_health",
    summary="Whether the backend is there",
    **documented(200, answers.Health, examples.HEALTH, *READS, open_to_all=True),
)
async def health(
    request: Request,
    nonce: Annotated[str | None, Query(max_length=200, description="Asks for a proof")] = None,
    token_id: Annotated[
        str | None, Query(max_length=200, description="Which token the proof is of")
    ] = None,
) -> Response:
    """Answer as long as requests are served, full disk or not; nothing in here is secret.

    ``damaged`` says that the database's file is, and that nothing more is written to it. Where
    ``waiting`` is true, other requests wait for the backend that runs the tasks, or for the
    database's server. To a ``nonce`` the ``proof`` is its HMAC-SHA256 (hex) with the token as key:
    a client that knows the token can check that this is the backend before it sends the token. Of a
    token that ``sendoff token add`` made, the key is its SHA-256 (hex) and ``token_id`` the third
    of its four parts. ``access`` says what the token of the request allows.
    """
    answer: answers.Health = {
        "status": request.app.state.health(),
        "version": __version__,
        "contract": CONTRACT,
    }
    if request.app.state.is_waiting():
        answer["waiting"] = True
    if nonce is not None:
        tokens = cast("Tokens", request.app.state.tokens)
        answer["proof"] = proof(tokens.key(token_id), nonce)
    access = request.scope.get("state", {}).get(ACCESS)
    if access is not None:
        answer["access"] = access
    return json_response(answer)


@router.get(
    "/stats",
    operation_id="get_stats",
    summary="Counts, rates and lanes",
    **documented(200, Stats, examples.STATS, *READS),
)
def stats(request: Request) -> Response:
    """Answer in the same time however many tasks there are."""
    return json_response(services_of(request).engine.stats())


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Measures for a monitor",
    response_class=Response,  # no JSON, which FastAPI would describe beside it
    **documented(200, str, examples.METRICS, *READS, media=prometheus.MEDIA_TYPE),
)
def metrics(request: Request) -> Response:
    """Answer in the same time however many tasks there are; Prometheus' text format 0.0.4."""
    text = prometheus.exposition(services_of(request).engine.measures())
    return Response(text, media_type=prometheus.MEDIA_TYPE)
