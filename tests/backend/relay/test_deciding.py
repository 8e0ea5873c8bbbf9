"""What the backend that runs the tasks makes of requests that its spares relay."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.sse import EventSourceResponse

from desktop.backend.relay.deciding import Deciding
from desktop.engine.postgres.relayed import Part, RelayedPart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio
HEAD = {
    "method": "GET",
    "path": "/events",
    "raw_path": "/events",
    "query": "",
    "headers": [],
    "more": False,
}


async def test_a_stream_whose_spare_was_killed_ends_and_is_no_error(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, goes_on, told = FastAPI(), asyncio.Event(), asyncio.Queue[Part]()

    @app.get("/events", response_class=EventSourceResponse)
    async def stream() -> AsyncIterator[int]:
        yield 1
        await goes_on.wait()
        yield 2

    engine: Any = SimpleNamespace(session_name="sendoff first")
    deciding = Deciding(engine, "postgresql://", app, "token", 1)
    monkeypatch.setattr(deciding, "post", told.put_nowait)
    deciding._take([RelayedPart(1, "spare", 7, 1, json.dumps(HEAD), b"")])
    while b"1" not in (await told.get()).body:
        pass
    deciding._lose(["spare"])
    goes_on.set()
    await asyncio.gather(*deciding._answering)
    assert not deciding._open
    assert "could not be answered" not in caplog.text
