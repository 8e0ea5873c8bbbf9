"""A database on a server: the spare that waits to run its tasks, and the watch of who runs them.

A spare answers each request with 503 and ``Retry-After``, so a balancer passes requests to the
backend that runs the tasks.
"""

from __future__ import annotations

import asyncio
import logging
from abc import abstractmethod
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sendoff_tasks.http.background import BackgroundThread
from sendoff_tasks.http.wire.problems import RETRY, problem_response
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.postgres.connection import NoSession
from sendoff_tasks.postgres.writer_store import FREE, process_of
from sendoff_tasks.processes.server_link import (
    AGAIN_S,
    ServerLink,
    Takeover,
    beginning_again,
    connected,
)
from sendoff_tasks.processes.submitting import LOOK_S
from sendoff_tasks.processes.workers import Watching
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from starlette.types import ASGIApp, Receive, Scope, Send

    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.postgres.mark import ServerMark

log = logging.getLogger(__name__)


class LoopThread(BackgroundThread):
    """A background thread with an event loop of its own, in which ``_work`` runs."""

    @abstractmethod
    async def _work(self) -> None:
        """Work until cancelled."""

    def _run(self) -> None:
        # A selector loop is the only one that psycopg supports on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._work_until_over())

    async def _work_until_over(self) -> None:
        working = asyncio.create_task(self._work_logged())
        await asyncio.to_thread(self._over.wait)
        working.cancel()
        await asyncio.wait({working})

    async def _work_logged(self) -> None:
        try:
            await self._work()
        except Exception:
            log.exception("The thread %r has ended", self.thread.name)


class Spare(LoopThread):
    """A thread of its own, which follows the database at ``url``, and keeps its newest group.

    ``take_over`` is called in a thread when no process runs the tasks. It returns the application
    that answers from then on, or ``None`` if this process does not run them.
    """

    def __init__(self, url: str, mark: ServerMark, take_over: Callable[[], ASGIApp | None]) -> None:
        super().__init__("spare")
        self._mark = mark
        self._url = url
        self._take_over = take_over
        self.app: ASGIApp | None = None  # answers once this backend runs the tasks
        self.address: str | None = None  # of the backend that runs them, if that is known

    async def refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 503, ``Retry-After``, and where the tasks run, if that is known."""
        sentence = ENGLISH.say(
            "server", "spare_of" if self.address else "spare", address=self.address
        )
        await problem_response(503, sentence, headers=RETRY)(scope, receive, send)

    async def _work(self) -> None:
        succession = Takeover()
        while True:
            with beginning_again():
                try:
                    async with connected(self._url, FREE) as link:
                        await self._follow(link, succession)
                finally:
                    self.address = None
                self._mark.close()
                self.app = await asyncio.to_thread(self._take_over)
            if self.app is not None:
                log.warning("This process runs the tasks from now on")
                return
            await asyncio.sleep(AGAIN_S)

    async def _follow(self, link: ServerLink, succession: Takeover) -> None:
        """Wait until no process runs the tasks."""
        known: str | None = None
        while not await succession.is_open(link):
            await link.compare(self._mark)
            self._mark.keep()
            if succession.holder != known:
                known = succession.holder
                if known is not None:
                    log.info("%s runs the tasks", process_of(known) or "Another process")
            self.address = None if known is None else await link.address(known)
            await link.wait(LOOK_S)
            link.woken.clear()


log.addFilter(LogRateLimit())

ASK_EVERY: Final = 2.0
"""Seconds. Once another process writes to the database, shown data may be older by this much."""


class DatabaseWatch(LoopThread):
    """Follows a database's workers, and asks the writer every ``ASK_EVERY`` seconds, in a thread.

    A lost session, and with it the lost right to run the tasks, is noticed only by a write; an idle
    backend writes nothing. ``on_taken`` is called once another process has the tasks, and
    ``cut_off`` is set while there is no session.
    """

    def __init__(
        self, engine: Engine, url: str, on_taken: Callable[[], None], cut_off: Event
    ) -> None:
        super().__init__("database watch")
        self._engine = engine
        self._url = url
        self._on_taken = on_taken
        self._cut_off = cut_off
        self._taken: Future[None] = Future()

    @property
    def is_taken(self) -> bool:
        """Whether another process has the tasks, as far as this one knows."""
        return self._taken.done()

    def notice_taken(self) -> None:
        """Take note, from any thread, that another process has the tasks."""
        with suppress(InvalidStateError):  # it is known already
            self._taken.set_result(None)

    async def look(self) -> bool:
        """Ask once; tell whether this process still runs the tasks."""
        try:
            await self._engine.ask(lambda _: None)
            self._cut_off.clear()
        except Exception as error:  # noqa: BLE001 - the server's own, if a table is missing
            log.info("The database does not answer (will retry): %s", error)
            if isinstance(error, NoSession):
                self._cut_off.set()
        return not self._engine.is_displaced

    async def _work(self) -> None:
        following = asyncio.create_task(Watching(self._engine, self._url).follow())
        taken = asyncio.wrap_future(self._taken)
        while not self.is_taken:
            await asyncio.wait({taken}, timeout=ASK_EVERY)
            if not self.is_taken and not await self.look():
                self.notice_taken()
        following.cancel()  # it may wait for news of workers
        await asyncio.gather(following, return_exceptions=True)
        log.error(ENGLISH.say("database", "taken"))
        self._on_taken()
