"""A script's part in a database on a server: it submits, and never runs a task."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress

from desktop.engine.errors import EngineError
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.postgres.database.holder import FREE
from desktop.engine.postgres.handed_rows import channel_of, delete_handed
from desktop.engine.processes.server.handing_over import AGAIN_S, HandingOver, beginning_again
from desktop.engine.processes.server.server_link import connected
from desktop.engine.processes.visiting import Open, Visit
from desktop.engine.store.errors import DatabaseInUse


class VisitingServer(HandingOver, Visit):
    """Submits to the process that runs the tasks.

    If there is none, it accepts its tasks itself, for the next process that runs them.
    """

    def __init__(self, engine: Engine, registry: Registry, url: str, open_: Open) -> None:
        super().__init__(engine, registry, url)
        self._open = open_

    async def _take_part(self) -> None:
        own = channel_of(self._submitter.process)
        while True:
            with beginning_again():
                async with connected(self._url, own, FREE) as link:
                    await self._submit_through(link)
                await self._accept_here()
            await asyncio.sleep(AGAIN_S)  # gives an app that waits for the database its turn

    async def _accept_here(self) -> None:
        """Accept requests here while more follow at once; or leave them to a new process."""
        work = asyncio.Event()
        self._when_there_is_work(work.set)
        try:
            while not self._submitter.has_work:
                await work.wait()
                work.clear()
            with suppress(DatabaseInUse), ExitStack() as held:
                self._open(held)
                await self._accept_while_busy(work)
                await self._engine.ask(lambda group: delete_handed(group, self._submitter.process))
        except EngineError as error:
            self._submitter.give_up(0, error)
