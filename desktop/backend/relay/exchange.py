"""One end of a request and its answer, whose parts travel through the database."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

AHEAD: Final = 16
"""Parts that one end may be ahead of what the other one has taken in: neither keeps many."""
BESIDE: Final = -1
"""The number of a part that is not one of those in order."""


class Ended(OSError):
    """The other end is gone, or the way to it."""


class Heard(NamedTuple):
    """A part that the other end has told."""

    head: dict[str, Any]
    body: bytes


class Exchange:
    """Tells and hears in order; used in the server's loop only.

    ``post`` passes a part on: its number, its head as JSON, its body.
    """

    def __init__(self, post: Callable[[int, str, bytes], None]) -> None:
        self._post = post
        self._told = self._taken = 0  # parts of ours, and those that the other end has taken in
        self._arrived = self._heard = 0  # parts of the other end
        self._waiting: deque[Heard] = deque()
        self.is_over = False
        self._news, self._room = asyncio.Event(), asyncio.Event()

    async def tell(self, head: dict[str, Any], body: bytes = b"") -> None:
        """Tell the other end a part, once it has taken in enough; raises ``Ended``."""
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
        """Take a part that has come; one that comes twice is taken once."""
        told = json.loads(head)
        if number == BESIDE:
            self._taken = max(self._taken, told["taken"])
            self._room.set()
        elif number == self._arrived + 1:
            self._arrived = number
            self._waiting.append(Heard(told, body))
            self._news.set()

    def leave(self) -> None:
        """Tell the other end, if it knows of this exchange, that no one waits for it any more."""
        if self._told:
            self._told += 1
            self._post(self._told, json.dumps({"gone": True}), b"")
        self.end()

    def end(self) -> None:
        """Have what waits raise ``Ended``, once it has heard all that came."""
        self.is_over = True
        self._news.set()
        self._room.set()
