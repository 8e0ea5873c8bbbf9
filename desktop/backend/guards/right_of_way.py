"""Requests go before attempts: while one is answered, these wait a moment before they compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from desktop.engine.lanes.right_of_way import RightOfWay


class RightOfWayMiddleware:
    """Pure ASGI middleware: a request has the ``right_of_way`` until its answer leaves.

    It has none while its body is on the way: a client may take its time.
    """

    def __init__(self, app: ASGIApp, *, right_of_way: RightOfWay) -> None:
        self._app = app
        self._right_of_way = right_of_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        request = _Request(self._right_of_way, receive, send)
        request.take()
        try:
            await self._app(scope, request.receive, request.send)
        finally:
            request.release()


class _Request:
    """What an application hears and says, and whether it has the right of way meanwhile."""

    __slots__ = ("_has_it", "_receive", "_right_of_way", "_send")

    def __init__(self, right_of_way: RightOfWay, receive: Receive, send: Send) -> None:
        self._right_of_way = right_of_way
        self._receive = receive
        self._send = send
        self._has_it = False

    def take(self) -> None:
        """Have it from here on."""
        self._has_it = True
        self._right_of_way.take()

    def release(self) -> None:
        """Have it no longer."""
        if self._has_it:
            self._has_it = False
            self._right_of_way.release()

    async def receive(self) -> Message:
        """Wait for the client, without it."""
        self.release()
        message = await self._receive()
        if message["type"] == "http.request":
            self.take()
        return message

    async def send(self, message: Message) -> None:
        """Answer, with it until the body leaves."""
        await self._send(message)
        if message["type"] == "http.response.body":
            self.release()
