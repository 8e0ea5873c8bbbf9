"""The body of a relayed request, which may be needed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import Message, Receive

KEPT: Final = 1024 * 1024
"""Bytes; a larger body is not kept in memory."""


class Body:
    """Reads a body from the connection, and again from memory if it is small enough."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[Message] = []
        self._size = 0
        self.is_kept = True
        self.is_abandoned = False  # whether the client has gone

    def again(self) -> Receive:
        """Return a ``receive`` that begins with the first message of the body."""
        place = 0

        async def receive() -> Message:
            nonlocal place
            place += 1
            return self._kept[place - 1] if place <= len(self._kept) else await self._next()

        return receive

    async def _next(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if message["type"] == "http.request" and self._size <= KEPT:
            self._kept.append(message)
        elif message["type"] == "http.request":
            self.is_kept = False
        else:
            self.is_abandoned = True
        return message
