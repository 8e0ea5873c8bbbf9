"""Follows the workers of a PostgreSQL database while this backend runs its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import LoopThread
from desktop.engine.processes.server.watching import Watching

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine

END_WITHIN: Final = 5.0


class WorkerWatch(LoopThread):
    """Registers workers, applies their notes and ends the attempts of lost ones, in a thread."""

    def __init__(self, engine: Engine, url: str) -> None:
        super().__init__("worker watch", END_WITHIN)
        self._watching = Watching(engine, url)

    async def _work(self) -> None:
        await self._watching.follow()
