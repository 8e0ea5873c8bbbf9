"""Gives requests the right of way: while one is answered, attempts wait a moment to compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from desktop.engine.lanes.right_of_way import RightOfWay


class RightOfWayMiddleware:
    """ASGI middleware: a request has the ``right_of_way`` until its answer begins to leave.

    It does not have it while its body arrives, because a client may be slow.
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
    """The ``receive`` and ``send`` of a request, and whether it has the right of way."""

    __slots__ = ("_has_it", "_receive", "_right_of_way", "_send")

    def __init__(self, right_of_way: RightOfWay, receive: Receive, send: Send) -> None:
        self._right_of_way = right_of_way
        self._receive = receive
        self._send = send
        self._has_it = False

    def take(self) -> None:
        """Take the right of way."""
        self._has_it = True
        self._right_of_way.take()

    def release(self) -> None:
        """Release the right of way, if the request has it."""
        if self._has_it:
            self._has_it = False
            self._right_of_way.release()

    async def receive(self) -> Message:
        """Wait for the client, without the right of way."""
        self.release()
        message = await self._receive()
        if message["type"] == "http.request":
            self.take()
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer; release the right of way with the first part of the body."""
        await self._send(message)
        if message["type"] == "http.response.body":
            self.release()
