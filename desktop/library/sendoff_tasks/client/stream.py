"""The event stream: it delivers every change, in order and without a gap."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import httpx
from httpx_sse import SSEError, aconnect_sse

from sendoff_tasks.client.health import SERVES, health_query, judge
from sendoff_tasks.client.http import CONNECT_WITHIN, client_options
from sendoff_tasks.folder.keys import new_nonce
from sendoff_tasks.model import events

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

    from sendoff_tasks.folder.backend_addresses import Backend

log = logging.getLogger(__name__)

SILENT_FOR: Final = 40.0
"""Seconds without a byte after which the connection counts as dead: without events, the backend
sends a comment every 15 s."""
BACKOFF: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the first, second, … reconnect in a row; the last value repeats."""


OnEvent = Callable[[str, Any], object]
"""Takes an event, on the loop that runs the stream: its kind and its data, ``None`` without any.

The kinds are those of ``events``; ``RESET`` has everything read again. An event may come
twice.
"""


class EventStream:
    """``GET /events`` of one data folder, across all restarts of its backend.

    The first connection asks for the id of the last event, has everything read, and listens from
    that id on. Later connections resume where the last one was cut.
    """

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._last_id: str | None = None
        self._failures = 0

    async def run(self, backend: Backend) -> None:
        """Listen until cancelled, and reconnect; an error of ``hear`` ends it."""
        timeout = httpx.Timeout(CONNECT_WITHIN, read=SILENT_FOR)
        async with httpx.AsyncClient(**{**client_options(backend), "timeout": timeout}) as client:
            while True:
                try:
                    await _meet(client, backend)
                    await self._listen(client)
                except (httpx.HTTPError, SSEError, _BadFrame, _Stranger) as error:
                    log.info("The event stream was interrupted: %r", error)
                await asyncio.sleep(BACKOFF[min(self._failures, len(BACKOFF) - 1)])
                self._failures += 1

    async def _listen(self, client: httpx.AsyncClient) -> None:
        """Listen on one connection until it ends."""
        if self._last_id is None:
            self._last_id = await _present(client)
            self._on_event(events.RESET, None)
        headers = {"Last-Event-ID": self._last_id}
        async with aconnect_sse(client, "GET", "/events", headers=headers) as source:
            source.response.raise_for_status()
            self._on_event(events.CONNECTED, None)
            try:
                async for event in source.aiter_sse():
                    self._on_event(event.event, _data(event) if event.data else None)
                    self._last_id = event.id or self._last_id  # after an error it comes again
                    self._failures = 0
            finally:
                self._on_event(events.DISCONNECTED, None)


class _BadFrame(Exception):
    """A frame that is no JSON; the stream reconnects after the last good one."""


class _Stranger(Exception):
    """The process on the backend's port does not know the token, so it is not sent there."""


async def _meet(client: httpx.AsyncClient, backend: Backend) -> None:
    """Have the backend prove that it knows the token; the next request uses this connection."""
    nonce = new_nonce()
    request = client.build_request("GET", "/health", params=health_query(backend, nonce))
    del request.headers["Authorization"]
    response = await client.send(request)
    try:
        health = judge(response.json(), backend, nonce)
    except ValueError as error:
        raise _Stranger(response.text[:200]) from error
    if health not in SERVES:
        raise _Stranger(response.text[:200])


def _data(event: ServerSentEvent) -> Any:
    try:
        return event.json()
    except ValueError as error:
        raise _BadFrame(event.data[:200]) from error


async def _present(client: httpx.AsyncClient) -> str:
    """Ask for the id of the last event so far."""
    response = await client.get("/tasks", params={"limit": 1})
    response.raise_for_status()
    try:
        return str(response.json()["as_of"])
    except (ValueError, KeyError, TypeError) as error:
        raise _BadFrame(response.text[:200]) from error
