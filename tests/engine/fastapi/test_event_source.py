"""Server-sent events: a comment keeps a silent stream alive, and its end is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from sendoff_tasks.fastapi import event_source
from sendoff_tasks.fastapi.event_source import EventSource, encoded

pytestmark = pytest.mark.anyio


async def test_silent_stream_has_comments_between_its_events(
    monkeypatch: pytest.MonkeyPatch, anyio_backend: str
) -> None:
    monkeypatch.setattr(event_source, "PING_S", 0.01)
    is_silent = asyncio.Event()
    app = FastAPI()

    async def events() -> AsyncIterator[bytes]:
        yield encoded("1", "one", "a")
        await is_silent.wait()
        yield encoded("2")

    @app.get("/")
    def stream() -> EventSource:
        return EventSource(events())

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        async def go_on_after_a_ping(message: Message) -> None:
            if b": ping" in message.get("body", b""):
                is_silent.set()
            await send(message)

        await app(scope, receive, go_on_after_a_ping)

    transport = httpx.ASGITransport(app=heard)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        first, *pings, last, end = (await client.get("/")).text.split("\n\n")
    assert (first, last, end) == ("event: one\ndata: 1\nid: a", "data: 2", "")
    assert {*pings} == {": ping"}
