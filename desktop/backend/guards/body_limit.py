"""How large a request's body may be, and how many large ones are taken in at a time."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

from desktop.backend.wire.problems import RETRY_AFTER, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT: Final = 1024 * 1024
"""Bytes of an ordinary body."""
BULK_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a body that brings many items or tasks."""

SMALL: Final = 64 * 1024
"""Bytes of a body that need not wait for a place: some hundreds of tasks."""
AT_ONCE: Final = 2
"""Larger bodies held at a time: one is read while another is being written down."""
PLACE_WITHIN: Final = 2.0
"""Seconds a large body waits unread for its place."""
ARRIVES_WITHIN: Final = 10.0
"""Seconds it may take to arrive in its place."""

_LIST_PATH: Final = "/tasks"
_BULK_PATHS: Final = frozenset({"/items/batch", "/tasks/bulk", _LIST_PATH})
_ROWS: Final = re.compile(r"/batches/[^/]+/rows")
_FILES: Final = re.compile(r"/(templates|batches)/[^/]+/attachments/[^/]+|/batches/[^/]+/source")
_WHITESPACE: Final = b" \t\r\n"


class BodyLimitMiddleware:
    """Pure ASGI middleware: 413 for a body over its path's limit, 429 for one large one too many.

    A body whose announced length is small goes through untouched: the HTTP parser holds it to
    that length. One without a length, and a longer one, are taken in here before the route begins,
    which need not read its body at all. Of those over ``SMALL`` only a few are held until their
    answer is given, so neither memory nor the wait of a small one grows with the callers; the
    others wait unread, which TCP tells their senders.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body measured where that is needed, or answer it."""
        length = _announced_length(scope) if scope["type"] == "http" else 0
        if (length is not None and length <= SMALL) or _is_streamed(scope):
            await self._app(scope, receive, send)
            return
        with closing(_Upload(scope["path"], receive, self._places)) as upload:
            refusal = await upload.take_in(length)
            await (refusal or self._app)(scope, upload.receive, send)


def _is_streamed(scope: Scope) -> bool:
    """Tell whether the route takes the body in by pieces, and bounds it by itself: a file."""
    return scope["type"] == "http" and _FILES.fullmatch(scope["path"]) is not None


def _announced_length(scope: Scope) -> int | None:
    """Tell the body's length in bytes, or ``None`` where it arrives in chunks."""
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
        """Receive the whole body; returns the answer that refuses it, if any."""
        try:
            fits = await self._fits(announced)
        except TimeoutError:
            return problem_response(429, _CROWDED, headers={"Retry-After": str(RETRY_AFTER)})
        self._messages.reverse()
        return None if fits else _too_large(self._limit)

    async def receive(self) -> Message:
        """Give the next message that came, then what the connection brings."""
        return self._messages.pop() if self._messages else await self._receive()

    def close(self) -> None:
        """Leave the place to another one."""
        if self._until is not None:
            self._places.release()

    async def _fits(self, announced: int | None) -> bool:
        """Receive it; ``False`` once it is over its limit, or is announced to be."""
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
