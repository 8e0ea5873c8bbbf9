"""A backend that does not run the tasks of its database: it waits to take them over.

Until then it answers each request with 503, so a balancer passes requests to the backend that runs
the tasks.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import LoopThread
from desktop.backend.wire.problems import RETRY, problem_response
from desktop.engine.postgres.database.holder import FREE, process_of
from desktop.engine.processes.server.handing_over import AGAIN_S, Succession, beginning_again
from desktop.engine.processes.server.server_link import ServerLink, connected
from desktop.engine.processes.submitting import LOOK_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)

ELSEWHERE: Final = "This server is a spare: another one runs the tasks. Use {}."
UNNAMED: Final = "that one"


class Spare(LoopThread):
    """A thread of its own, which follows the database at ``url``.

    ``take_over`` is called in a thread when no process runs the tasks. It returns the application
    that answers from then on, or ``None`` if this process does not run them.
    """

    def __init__(self, url: str, take_over: Callable[[], ASGIApp | None]) -> None:
        super().__init__("spare")
        self._url = url
        self._take_over = take_over
        self.app: ASGIApp | None = None  # answers once this backend runs the tasks
        self.address: str | None = None  # of the backend that runs them, if it has told one

    async def refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with 503 and the place of the backend that runs the tasks."""
        sentence = ELSEWHERE.format(self.address or UNNAMED)
        await problem_response(503, sentence, headers=RETRY)(scope, receive, send)

    async def _work(self) -> None:
        succession = Succession()
        while True:
            with beginning_again():
                async with connected(self._url, FREE) as link:
                    await self._follow(link, succession)
                self.app = await asyncio.to_thread(self._take_over)
            if self.app is not None:
                log.warning("This process runs the tasks from now on")
                return
            await asyncio.sleep(AGAIN_S)

    async def _follow(self, link: ServerLink, succession: Succession) -> None:
        """Wait until no process runs the tasks."""
        known = ""
        while not await succession.is_open(link):
            link.woken.clear()
            if succession.holder != known:
                known = succession.holder
                log.info("%s runs the tasks", process_of(known) or "Another process")
            self.address = await link.address()
            await link.wait(LOOK_S)
