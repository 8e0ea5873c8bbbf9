"""Watches a database on a server: its workers, and whether another process takes the tasks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread, LoopThread
from desktop.engine.errors import EngineError
from desktop.engine.log_rate_limit import LogRateLimit

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.engine.facade.engine import Engine

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

LOOK_EVERY: Final = 2.0
"""Seconds. Once another process writes to the database, shown data may be older by this much."""
END_WITHIN: Final = 2.0
WORKERS_END_WITHIN: Final = 5.0
TAKEN: Final = "Another process runs the tasks of the database; this one ends."


class WorkerWatch(LoopThread):
    """Registers workers, applies their notes and ends the attempts of lost ones, in a thread."""

    def __init__(self, engine: Engine, url: str) -> None:
        # Without such a database, psycopg may not be installed.
        from desktop.engine.processes.server.watching import Watching

        super().__init__("worker watch", WORKERS_END_WITHIN)
        self._watching = Watching(engine, url)

    async def _work(self) -> None:
        await self._watching.follow()


class TakeoverWatch(BackgroundThread):
    """Asks the writer every ``LOOK_EVERY`` seconds, in a thread, while the block runs.

    A lost session, and with it the lost right to run the tasks, is noticed only by a write; an idle
    backend writes nothing. ``on_taken`` is called once another process has the tasks.
    """

    def __init__(self, engine: Engine, on_taken: Callable[[], None]) -> None:
        super().__init__("takeover watch", END_WITHIN)
        self._engine = engine
        self._on_taken = on_taken

    def look(self) -> bool:
        """Ask once; tell whether this process still runs the tasks."""
        try:
            self._engine.settled()
        except EngineError as error:
            log.info("The database is asked again until it answers: %s", error)
        return not self._engine.is_displaced

    def _run(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            if not self.look():
                log.error(TAKEN)
                self._on_taken()
                return
