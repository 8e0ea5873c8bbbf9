"""One end of an exchange: a request and its answer, whose parts travel through the database."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

AHEAD: Final = 16
"""Parts that one end may send before the other one has read them; so neither keeps many."""
BESIDE: Final = -1
"""The number of a part outside the order: an acknowledgement."""


class Ended(OSError):
    """The other end, or the connection to it, is gone."""


class Heard(NamedTuple):
    """A part from the other end."""

    head: dict[str, Any]
    body: bytes


class Exchange:
    """Sends and receives parts in order; used in the server's loop only.

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
