"""Fixtures of the backend's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PORT = 8765
TOKEN = "a-token-of-this-launch"


@pytest.fixture
def anyio_backend() -> str:
    """Run coroutines on asyncio, as the backend does."""
    return "asyncio"


def client_of(app: ASGIApp, token: str | None = TOKEN) -> httpx.AsyncClient:
    """Give a client that talks to the application itself, as the window would over a socket."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url=f"http://127.0.0.1:{PORT}",
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )
