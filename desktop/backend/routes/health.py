"""``GET /health``: whether this is a backend, and which; the one route without a token."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from desktop import __version__
from desktop.backend.description import examples
from desktop.backend.description.openapi import READS, documented
from desktop.backend.parts.parts import parts_of
from desktop.backend.parts.responses import json_response
from desktop.backend.wire import answers
from desktop.settings.backend_file import proof

router = APIRouter(tags=["backend"])


@router.get(
    "/health",
    operation_id="get_health",
    summary="Whether the backend is there",
    **documented(200, answers.Health, examples.HEALTH, *READS, open_to_all=True),
)
async def health(
    request: Request,
    nonce: Annotated[str | None, Query(max_length=200, description="Asks for a proof")] = None,
) -> Response:
    """Answer as long as requests are served, full disk or not; nothing in here is secret.

    ``damaged`` says that the database's file is, and that nothing more is written to it. To a
    ``nonce`` the ``proof`` is its HMAC-SHA256 (hex) with the token as key: whoever knows the token
    can tell by it that this is the backend, before showing the token itself.
    """
    status = "ok" if parts_of(request).engine.damage is None else "damaged"
    answer = {"status": status, "version": __version__}
    if nonce is not None:
        answer["proof"] = proof(request.app.state.token, nonce)
    return json_response(answer)
