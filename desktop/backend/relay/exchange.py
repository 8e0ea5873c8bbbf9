"""A relayed request and its answer, whose parts travel through the database.

The spare reads the ``Body`` from its client, and passes the ``RelayedAnswer`` on to it. In between,
each backend has one end of the ``Exchange``.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Send

AHEAD: Final = 16
"""Parts that one end may send before the other one has read them; so neither keeps many."""
BESIDE: Final = -1
"""The number of a part outside the order: an acknowledgement."""
KEPT: Final = 1024 * 1024
"""Bytes; a larger body is not kept in memory."""


class Ended(OSError):
    """The other end, or the connection to it, is gone."""


class Heard(NamedTuple):
    """A part from the other end."""

    head: dict[str, Any]
    body: bytes


class Exchange:
    """One end: sends and receives parts in order; used in the server's loop only.

    ``post`` sends a part: its number, its head as JSON, its body.
    """

    def __init__(self, post: Callable[[int, str, bytes], None]) -> None:
        self._post = post
        self._told = self._taken = 0  # parts that we sent, and that the other end has read
        self._arrived = self._heard = 0  # parts of the other end that arrived, and that were read
        self._waiting: deque[Heard] = deque()
        self.is_over = False
        self._news, self._room = asyncio.Event(), asyncio.Event()

    async def tell(self, head: dict[str, Any], body: bytes = b"") -> None:
        """Send a part once the other end has read enough; raises ``Ended``."""
        while self._told - self._taken >= AHEAD and not self.is_over:
            self._room.clear()
            await self._room.wait()
        if self.is_over:
            raise Ended
        self._told += 1
        self._post(self._told, json.dumps(head), body)

    async def hear(self) -> Heard:
        """Wait for the next part; raises ``Ended``."""
        while not self._waiting:
            if self.is_over:
                raise Ended
            self._news.clear()
            await self._news.wait()
        self._heard += 1
        if self._heard % (AHEAD // 2) == 0:
            self._post(BESIDE, json.dumps({"taken": self._heard}), b"")
        return self._waiting.popleft()

    def arrive(self, number: int, head: str, body: bytes) -> None:
        """Take an arrived part; a part that arrives twice is taken once."""
        told = json.loads(head)
        if number == BESIDE:
            self._taken = max(self._taken, told["taken"])
            self._room.set()
        elif number == self._arrived + 1:
            self._arrived = number
            self._waiting.append(Heard(told, body))
            self._news.set()

    def leave(self) -> None:
        """Tell the other end, if it knows of this exchange, that the answer is not needed."""
        if self._told:
            self._told += 1
            self._post(self._told, json.dumps({"gone": True}), b"")
        self.end()

    def end(self) -> None:
        """Make waiting calls raise ``Ended``, after they have read all arrived parts."""
        self.is_over = True
        self._news.set()
        self._room.set()


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


class RelayedAnswer:
    """Passes the parts of an answer on to the client, and knows how far that has come."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = self.has_failed = self.is_whole = False
        self.is_stream = False  # of events

    async def take(self, head: dict[str, Any], body: bytes) -> None:
        """Send a part to the client; raises ``Ended`` if the request failed."""
        message: Message
        if "failed" in head:
            self.has_failed = True
            raise Ended
        if "status" in head:
            headers = [(name.encode("latin-1"), v.encode("latin-1")) for name, v in head["headers"]]
            self.has_begun = True
            self.is_stream = any(value.startswith(b"text/event-stream") for _, value in headers)
            message = {"type": "http.response.start", "status": head["status"], "headers": headers}
        else:
            self.is_whole = not head["more"]
            message = {"type": "http.response.body", "body": body, "more_body": head["more"]}
        await self._send(message)

    async def cut_off(self) -> None:
        """End an event stream in order: its client resumes after the last event that it has read.

        Any other unfinished answer ends with its connection.
        """
        if self.is_stream:
            await self._send({"type": "http.response.body", "body": b""})
