"""Limits the size of request bodies, and the number of large ones that are held at once."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

from desktop.backend.wire.problems import RETRY, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT: Final = 1024 * 1024
"""Bytes of an ordinary body."""
BULK_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a body with many items or tasks."""

SMALL: Final = 64 * 1024
"""Bytes up to which a body does not wait for a place: some hundreds of tasks."""
AT_ONCE: Final = 2
"""Larger bodies held at once: one is read while another is stored."""
PLACE_WITHIN: Final = 2.0
"""Seconds that a large body waits unread for a place."""
ARRIVES_WITHIN: Final = 10.0
"""Seconds that the rest of a large body may take to arrive."""

_LIST_PATH: Final = "/tasks"
_BULK_PATHS: Final = frozenset({"/items/batch", "/tasks/bulk", _LIST_PATH})
_ROWS: Final = re.compile(r"/batches/[^/]+/rows")
_FILES: Final = re.compile(r"/(templates|batches)/[^/]+/attachments/[^/]+|/batches/[^/]+/source")
_WHITESPACE: Final = b" \t\r\n"


class BodyLimitMiddleware:
    """ASGI middleware: 413 for a body over its path's limit, 429 for too many large ones at once.

    A body with a small announced length passes through; the HTTP parser enforces that length. Any
    other body is read here before the route begins. ``AT_ONCE`` bodies over ``SMALL`` are held
    until their answer, so neither memory nor the wait of small requests grows with the number of
    clients. Further ones wait unread; TCP's flow control slows their senders.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, after reading its body where needed, or refuse it."""
        length = _announced_length(scope) if scope["type"] == "http" else 0
        if (length is not None and length <= SMALL) or _is_streamed(scope):
            await self._app(scope, receive, send)
            return
        with closing(_Upload(scope["path"], receive, self._places)) as upload:
            refusal = await upload.take_in(length)
            await (refusal or self._app)(scope, upload.receive, send)


def _is_streamed(scope: Scope) -> bool:
    """Tell whether the body is a file, which its route reads in pieces and limits itself."""
    return scope["type"] == "http" and _FILES.fullmatch(scope["path"]) is not None


def _announced_length(scope: Scope) -> int | None:
    """Return the announced length of the body in bytes; ``None`` for a chunked body."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value)
    return length


class _Upload:
    """One request's body, received up to its limit and then given to the route."""

    def __init__(self, path: str, receive: Receive, places: asyncio.Semaphore) -> None:
        self._receive = receive
        self._places = places
        self._until: float | None = None
        self._may_be_list = path == _LIST_PATH
        self._limit = BULK_LIMIT if path in _BULK_PATHS or _ROWS.fullmatch(path) else LIMIT
        self._messages: list[Message] = []

    async def take_in(self, announced: int | None) -> ASGIApp | None:
        """Receive the whole body; return the refusal, if any."""
        try:
            fits = await self._fits(announced)
        except TimeoutError:
            return problem_response(429, _CROWDED, headers=RETRY)
        self._messages.reverse()
        return None if fits else _too_large(self._limit)

    async def receive(self) -> Message:
        """Return the received messages one by one, then those of the connection."""
        return self._messages.pop() if self._messages else await self._receive()

    def close(self) -> None:
        """Release the place for another body."""
        if self._until is not None:
            self._places.release()

    async def _fits(self, announced: int | None) -> bool:
        """Receive the body; ``False`` once it exceeds its limit, or is announced to."""
        received, more = 0, True
        while more:
            size = max(received, announced or 0)
            if size > self._limit:
                return False
            if size > SMALL and self._until is None:
                await self._take_place()
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
            self._messages.append(message)
            body = message.get("body", b"")
            if self._may_be_list and (start := body.lstrip(_WHITESPACE)):
                self._may_be_list = False
                if not start.startswith(b"["):
                    self._limit = LIMIT
            received += len(body)
            more = message.get("more_body", False)
        return received <= self._limit

    async def _take_place(self) -> None:
        async with asyncio.timeout(PLACE_WITHIN):
            await self._places.acquire()
        self._until = asyncio.get_running_loop().time() + ARRIVES_WITHIN


def _too_large(limit: int) -> ASGIApp:
    return problem_response(
        413, f"The body is larger than the {limit // (1024 * 1024)} MiB this route takes."
    )


_CROWDED: Final = "Too many large requests at once; send this one again."
