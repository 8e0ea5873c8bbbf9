"""Requests go before attempts: while one is answered, these wait a moment before they compute."""

from __future__ import annotations

from contextlib import ExitStack
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
        with ExitStack() as held:
            held.enter_context(self._right_of_way.taken())

            async def wait() -> Message:
                held.close()
                message = await receive()
                if message["type"] == "http.request":
                    held.enter_context(self._right_of_way.taken())
                return message

            async def answer(message: Message) -> None:
                await send(message)
                if message["type"] == "http.response.body":
                    held.close()

            await self._app(scope, wait, answer)
