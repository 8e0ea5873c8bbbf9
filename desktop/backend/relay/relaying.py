"""The thread in which a backend sends and receives the parts of exchanges."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from desktop.backend.following.background_thread import LoopThread
from desktop.engine.postgres.relayed import READ_AT_ONCE, Part
from desktop.engine.transaction.replies import call_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.engine.postgres.relayed import RelayedPart
    from desktop.engine.processes.server.server_link import ServerLink

AT_ONCE: Final = 64
"""Parts that are sent in one statement."""
LOOK_S: Final = 1.0
"""Seconds between two checks of which processes are connected."""
END_WITHIN: Final = 5.0


class Relaying(LoopThread):
    """Talks to the database at ``url`` in an event loop of its own, from ``serve`` to ``end``.

    Requests are answered in the server's loop, which is given to ``serve``. ``_take`` is called
    there.
    """

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, END_WITHIN)
        self._url = url
        self._out: deque[Part] = deque()
        self._wake: Callable[[], None] = lambda: None
        # parts that were received, and may still be in the table
        self._forgotten: set[tuple[object, ...]] = set()
        self._serving: asyncio.AbstractEventLoop | None = None
        self._is_woken = False  # a wake-up is scheduled for the end of this turn of the loop

    def serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start; requests are answered in ``loop``."""
        self._serving = loop
        self.thread.start()

    def end(self) -> None:
        """End the thread, if it was started."""
        self._ask_to_end()
        if self.thread.ident is not None:
            self.thread.join(END_WITHIN)

    def post(self, part: Part) -> None:
        """Queue a part to be sent; called in the server's loop.

        The parts of one turn of that loop, such as the head and body of an answer, go together.
        """
        self._out.append(part)
        if not self._is_woken:
            self._is_woken = True
            asyncio.get_running_loop().call_soon(self._wake_up)

    def _wake_up(self) -> None:
        self._is_woken = False
        self._wake()

    @abstractmethod
    async def _look(self, link: ServerLink) -> bool:
        """Check which processes are connected; ``False`` ends the connection."""

    @abstractmethod
    def _take(self, arrived: Sequence[RelayedPart]) -> None:
        """Take received parts; called in the server's loop."""

    def _tell(self, call: Callable[..., None], *args: Any) -> None:
        """Call a function in the server's loop."""
        if self._serving is not None:
            call_in(self._serving, call, *args)

    async def _pass_on(self, link: ServerLink, name: str) -> None:
        """Send queued parts and receive those for ``name``, until ``_look`` returns ``False``."""
        loop = asyncio.get_running_loop()
        self._wake = lambda: call_in(loop, link.woken.set)
        look_at, has_news = 0.0, True
        while True:
            link.woken.clear()
            if time.monotonic() >= look_at or link.is_left:
                if not await self._look(link):
                    return
                look_at = time.monotonic() + LOOK_S
            while self._out:
                await self._send(link, name)
            # Each sent part is notified, so without news there is nothing to read.
            if not (has_news and await self._take_in(link, name)):
                has_news = await link.wait(LOOK_S)

    async def _send(self, link: ServerLink, name: str) -> None:
        sent = [self._out.popleft() for _ in range(min(AT_ONCE, len(self._out)))]
        sent = [part for part in sent if part.sender == name]  # the others were given up
        if not sent:
            return
        try:
            await link.relay(sent)
        except BaseException:
            self._out.extendleft(reversed(sent))  # the other end takes each of them once
            raise

    async def _take_in(self, link: ServerLink, name: str) -> bool:
        """Take each received part once; tell whether there may be more."""
        arrived = await link.arrived(name)
        named = {_name_of(part): part for part in arrived}
        fresh = [part for each, part in named.items() if each not in self._forgotten]
        if fresh:
            self._tell(self._take, fresh)
        if named:
            self._forgotten.update(named)
            await link.forget_parts([part.id for part in arrived])
            self._forgotten.difference_update(named)
        return len(arrived) == READ_AT_ONCE


def _name_of(part: RelayedPart) -> tuple[object, ...]:
    """Identify a part; its id alone is not enough, because a crashed server starts over."""
    return part.id, part.sender, part.exchange, part.number
