"""Follows the workers of a PostgreSQL database while this backend runs its tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread
from desktop.engine.processes.server.watching import Watching

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine

END_WITHIN: Final = 5.0


class WorkerWatch(BackgroundThread):
    """Meets workers, applies what they note and ends what they lost, in a thread of its own."""

    def __init__(self, engine: Engine, url: str) -> None:
        super().__init__("worker watch", END_WITHIN)
        self._watching = Watching(engine, url)

    def _run(self) -> None:
        # The only loop that psycopg takes on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._follow())

    async def _follow(self) -> None:
        following = asyncio.create_task(self._watching.follow())
        await asyncio.to_thread(self._over.wait)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
