"""``/health``, ``/stats`` and ``/metrics``: the state of the backend."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from desktop import __version__
from desktop.backend.guards.token import ACCESS
from desktop.backend.shared.services import services_of
from desktop.backend.wire import answers, prometheus
from desktop.backend.wire.json_io import json_response
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import Route
from desktop.backend.wire.problems import RETRY
from desktop.contract.access import CONTRACT
from desktop.contract.events import Stats
from desktop.settings.backend_file import proof
from desktop.settings.tokens import Tokens

router = APIRouter(tags=["backend"], route_class=Route)


@router.get(
    "/health",
    operation_id="get_health",
    summary="Whether the backend is there",
    **documented(200, answers.Health, *READS, open_to_all=True),
)
async def health(
    request: Request,
    nonce: Annotated[str | None, Query(max_length=200, description="Asks for a proof")] = None,
    token_id: Annotated[
        str | None, Query(max_length=200, description="Which token the proof is of")
    ] = None,
) -> Response:
    """Answer while requests are served, even on a full disk; the answer holds no secret.

    With the status ``damaged``, the database file is damaged and nothing more is written to it.
    With the status ``spare``, another backend runs the tasks of the database, and the HTTP status
    is 503, as balancers expect it. ``address`` is where that one is, if it was told.

    ``proof`` is the HMAC-SHA256 (hex) of the ``nonce``, with the token as key: a client can check
    that this is the backend before it sends the token. For a token of ``sendoff token add``, the
    key is the token's SHA-256 (hex), and ``token_id`` is the third of its four parts. ``access`` is
    what the token of the request allows.
    """
    answer: answers.Health = {
        "status": request.app.state.health(),
        "version": __version__,
        "contract": CONTRACT,
    }
    is_spare = answer["status"] == "spare"
    if is_spare and (address := request.app.state.spare.address):
        answer["address"] = address
    if nonce is not None:
        tokens = cast("Tokens", request.app.state.tokens)
        answer["proof"] = proof(tokens.key(token_id), nonce)
    access = request.scope.get("state", {}).get(ACCESS)
    if access is not None:
        answer["access"] = access
    return json_response(answer, 503, RETRY) if is_spare else json_response(answer)


@router.get(
    "/stats",
    operation_id="get_stats",
    summary="Counts, rates and lanes",
    **documented(200, Stats, *READS),
)
def stats(request: Request) -> Response:
    """Return counts; the time this takes does not depend on the number of tasks."""
    return json_response(services_of(request).engine.stats())


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Measures for a monitor",
    response_class=Response,  # else FastAPI would describe a JSON answer too
    **documented(200, str, *READS, media=prometheus.MEDIA_TYPE),
)
def metrics(request: Request) -> Response:
    """Return metrics in Prometheus' text format 0.0.4, in a time independent of the tasks."""
    text = prometheus.exposition(services_of(request).engine.measures())
    return Response(text, media_type=prometheus.MEDIA_TYPE)
