"""A supervisor at work, and what it reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from desktop.client.child import Child
from desktop.client.supervisor import Supervisor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.health import BackendState
from tests import WITHIN

S = TypeVar("S", bound=BackendState)


class Reports:
    """What a supervisor reports, in order."""

    def __init__(self, data: OfficeFolder, child: Child | None = None) -> None:
        self._queue: asyncio.Queue[BackendState] = asyncio.Queue()
        self.supervisor = Supervisor(data, self._queue.put_nowait, child)
        self.seen: list[BackendState] = []

    async def until(self, kind: type[S]) -> S:
        async with asyncio.timeout(WITHIN):
            while True:
                state = await self._queue.get()
                self.seen.append(state)
                if isinstance(state, kind):
                    return state


@asynccontextmanager
async def supervised(data: OfficeFolder, child: Child | None = None) -> AsyncIterator[Reports]:
    reports = Reports(data, child)
    running = asyncio.create_task(reports.supervisor.run())
    try:
        yield reports
    finally:
        running.cancel()
        await asyncio.wait({running})
        await reports.supervisor.stop()
