"""Watches a database on a server: its workers, and whether another process takes the tasks."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import LoopThread
from desktop.engine.errors import EngineError
from desktop.engine.log_rate_limit import LogRateLimit

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.engine.facade.engine import Engine

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

LOOK_EVERY: Final = 2.0
"""Seconds. Once another process writes to the database, shown data may be older by this much."""
TAKEN: Final = "Another process runs the tasks of the database; this one ends."


class DatabaseWatch(LoopThread):
    """Follows a database's workers, and asks the writer every ``LOOK_EVERY`` seconds, in a thread.

    A lost session, and with it the lost right to run the tasks, is noticed only by a write; an idle
    backend writes nothing. ``on_taken`` is called once another process has the tasks.
    """

    def __init__(self, engine: Engine, url: str, on_taken: Callable[[], None]) -> None:
        super().__init__("database watch")
        self._engine = engine
        self._url = url
        self._on_taken = on_taken

    async def look(self) -> bool:
        """Ask once; tell whether this process still runs the tasks."""
        try:
            await self._engine.ask(lambda _: None)
        except EngineError as error:
            log.info("The database is asked again until it answers: %s", error)
        return not self._engine.is_displaced

    async def _work(self) -> None:
        # Without such a database, psycopg may not be installed.
        from desktop.engine.processes.server.watching import Watching

        following = asyncio.create_task(Watching(self._engine, self._url).follow())
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not await self.look():
                break
        await following
        log.error(TAKEN)
        self._on_taken()
