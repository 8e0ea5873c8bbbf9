"""``GET /health`` tells that a backend is there, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop import __version__
from desktop.backend.application import create_app
from tests.backend.conftest import PORT, TOKEN, client_of

if TYPE_CHECKING:
    from desktop.backend.parts import Parts

pytestmark = pytest.mark.anyio


async def test_it_needs_no_token_and_holds_no_secret(parts: Parts) -> None:
    async with client_of(create_app(parts, token=TOKEN, port=PORT), token=None) as client:
        answer = await client.get("/health")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "version": __version__}
        assert (await client.get("/stats")).status_code == 401
        assert (await client.get("/openapi.json")).status_code == 401
