"""Server-sent events: how they are written, and an answer that stays alive without any."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, cast

from anyio import CancelScope
from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from starlette.types import Send

PING_S: Final = 15.0
"""Seconds without an event after which a comment is sent: proxies close silent connections."""
_PING: Final = b": ping\n\n"
_HEADERS: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Neither a cache nor a proxy may keep events back."""


def encoded(data: str, kind: str | None = None, number: str | None = None) -> bytes:
    """Write an event of one line of data; ``number`` is its id."""
    fields = (("event", kind), ("data", data), ("id", number))
    text = "".join(f"{name}: {value}\n" for name, value in fields if value is not None)
    return f"{text}\n".encode()


class EventSource(StreamingResponse):
    """Sends encoded events as they come, and a comment whenever there was none for ``PING_S``."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], status_code: int = 200) -> None:
        super().__init__(events, status_code, _HEADERS)

    async def stream_response(self, send: Send) -> None:
        """Send the head, the events and the end."""
        head = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **head})
        events = cast("AsyncGenerator[bytes, None]", self.body_iterator)
        async with aclosing(events):
            coming = asyncio.ensure_future(anext(events, None))
            try:
                while (event := await _event_or_ping(coming)) is not None:
                    if event is not _PING:
                        coming = asyncio.ensure_future(anext(events, None))
                    await send({"type": "http.response.body", "body": event, "more_body": True})
            finally:
                coming.cancel()
                with CancelScope(shield=True):
                    await asyncio.wait({coming})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _event_or_ping(coming: asyncio.Future[bytes | None]) -> bytes | None:
    done, _ = await asyncio.wait({coming}, timeout=PING_S)
    return coming.result() if done else _PING
