"""The thread in which a backend passes parts of exchanges on, and takes those that arrive."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from desktop.backend.following.background_thread import BackgroundThread
from desktop.engine.postgres.relayed import READ_AT_ONCE, Part
from desktop.engine.transaction.replies import call_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.engine.postgres.relayed import RelayedPart
    from desktop.engine.processes.server.server_link import ServerLink

AT_ONCE: Final = 64
"""Parts that are passed on in one statement."""
LOOK_S: Final = 1.0
"""How often the server is asked who is there."""
END_WITHIN: Final = 5.0


class Relaying(BackgroundThread):
    """Talks with the database at ``url`` in a loop of its own, from ``serve`` to ``end``.

    Requests are answered in the loop given to ``serve``: there ``_take`` is called.
    """

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, END_WITHIN)
        self._url = url
        self._out: deque[Part] = deque()
        self._wake: Callable[[], None] = lambda: None
        # parts that were taken, and may be in the table still
        self._forgotten: set[tuple[object, ...]] = set()
        self._serving: asyncio.AbstractEventLoop | None = None
        self._is_woken = False  # at the end of this turn of its loop

    def serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin; requests are answered in this loop."""
        self._serving = loop
        self.thread.start()

    def end(self) -> None:
        """End, if it has begun."""
        self._ask_to_end()
        if self.thread.ident is not None:
            self.thread.join(END_WITHIN)

    def post(self, part: Part) -> None:
        """Pass a part on, from the server's loop; it need not be there yet.

        Parts of one turn of that loop, as the head of an answer and its body, go together.
        """
        self._out.append(part)
        if not self._is_woken:
            self._is_woken = True
            asyncio.get_running_loop().call_soon(self._wake_up)

    def _wake_up(self) -> None:
        self._is_woken = False
        self._wake()

    def _run(self) -> None:
        # The only loop that psycopg takes on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._follow())

    async def _follow(self) -> None:
        following = asyncio.create_task(self._take_part())
        await asyncio.to_thread(self._over.wait)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    @abstractmethod
    async def _take_part(self) -> None:
        """Connect, and pass parts on."""

    @abstractmethod
    async def _look(self, link: ServerLink) -> bool:
        """Look who is there, again and again; ``False`` ends the connection."""

    @abstractmethod
    def _take(self, arrived: Sequence[RelayedPart]) -> None:
        """Take what has arrived, in the server's loop."""

    def _tell(self, call: Callable[..., None], *args: Any) -> None:
        """Call in the server's loop."""
        if self._serving is not None:
            call_in(self._serving, call, *args)

    async def _pass_on(self, link: ServerLink, name: str) -> None:
        """Pass parts on, and take what arrives for ``name``, until ``_look`` ends it."""
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
            # What is passed on is notified: without that there is nothing to be read.
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
            self._out.extendleft(reversed(sent))  # the other end takes none of them twice
            raise

    async def _take_in(self, link: ServerLink, name: str) -> bool:
        """Take what has arrived, each part once; whether there may be more."""
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
    """Name a part; its number in the table would not do: a server that crashed begins again."""
    return part.id, part.sender, part.exchange, part.number
