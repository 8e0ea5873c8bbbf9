"""``GET /health``: whether this is a backend, and which; the one route without a token."""

from __future__ import annotations

from fastapi import APIRouter, Response

from desktop import __version__
from desktop.backend import examples, shapes
from desktop.backend.openapi import documented
from desktop.backend.responses import json_response

router = APIRouter(tags=["backend"])


@router.get(
    "/health",
    summary="Whether the backend is there",
    **documented(200, shapes.Health, examples.HEALTH, open_to_all=True),
)
async def health() -> Response:
    """Answer as long as requests are served; nothing in here is secret."""
    return json_response({"status": "ok", "version": __version__})
