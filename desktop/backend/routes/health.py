"""``GET /health``: whether this is a backend, and which; the one route without a token."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop import __version__
from desktop.backend import examples, shapes
from desktop.backend.openapi import READS, documented
from desktop.backend.parts import parts_of
from desktop.backend.responses import json_response

router = APIRouter(tags=["backend"])


@router.get(
    "/health",
    summary="Whether the backend is there",
    **documented(200, shapes.Health, examples.HEALTH, *READS, open_to_all=True),
)
async def health(request: Request) -> Response:
    """Answer as long as requests are served; nothing in here is secret.

    ``damaged`` says that the database's file is, and that nothing more is written to it.
    """
    status = "ok" if parts_of(request).engine.damage is None else "damaged"
    return json_response({"status": status, "version": __version__})
