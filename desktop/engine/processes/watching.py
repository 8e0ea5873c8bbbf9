"""Follows the workers for the process that runs the tasks: applies notes, ends lost attempts."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import Final

from desktop.engine.errors import Busy, Closed, NotWritable
from desktop.engine.facade.engine import Engine
from desktop.engine.postgres.orders import NOTED
from desktop.engine.processes import workers
from desktop.engine.processes.server_link import (
    AGAIN_S,
    ServerLink,
    WorkerRow,
    beginning_again,
    connected,
)
from desktop.engine.processes.submitting import LOOK_S
from desktop.engine.processes.workers import LEASE_S

ALONE_S: Final = 10.0
"""How often workers are looked for while there is none, s; a new one notifies."""

log = logging.getLogger(__name__)


class Watching:
    """Follows the workers of the database at ``url`` while this process runs its tasks."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url
        self._known: dict[str, tuple[str, str]] = {}  # stage and offer of each known worker
        self._is_forgotten = False  # whether a refused group may have forgotten one of them
        self._moved: dict[str, tuple[int, float]] = {}  # a worker's beat, and since when, steady s
        self._applied: dict[str, int] = {}  # the number of each worker's last note

    async def follow(self) -> None:
        """Follow the workers until another process runs the tasks."""
        while not self._engine.is_displaced:
            with beginning_again():
                async with connected(self._url, NOTED) as link:
                    # Nothing is known of the time without a connection, so all leases start again.
                    self._known, self._moved = {}, {}
                    await self._follow_link(link)
            await asyncio.sleep(AGAIN_S)

    async def _follow_link(self, link: ServerLink) -> None:
        look_at = 0.0
        while not self._engine.is_displaced:
            link.woken.clear()
            told, link.told = link.told, set()
            try:
                if any(self._is_new(text) for text in told):
                    await self._apply_all()
                if not told or "" in told or time.monotonic() >= look_at:
                    await self._look(link)
                    look_at = time.monotonic() + LOOK_S
            except (Busy, NotWritable, Closed) as error:
                log.info("What workers have noted waits: %s", error)
                self._is_forgotten, look_at = True, 0.0
                await asyncio.sleep(AGAIN_S)
            else:
                await link.wait(LOOK_S if self._known else ALONE_S)

    def _is_new(self, text: str) -> bool:
        """Return whether a notification (``text``) is about a note that is not applied yet.

        A notification may come after its note was applied.
        """
        worker, _, number = text.rpartition(" ")
        return number.isdecimal() and int(number) > self._applied.get(worker, 0)

    async def _look(self, link: ServerLink) -> None:
        """Look for workers, for their notes, and whether they live."""
        rows = await link.workers()
        await self._meet(rows)
        if any(row.has_noted for row in rows):
            await self._apply_all()
        await self._bury(rows)

    async def _meet(self, rows: list[WorkerRow]) -> None:
        """Give orders to new workers, and none to those that leave."""
        found = {row.id: (row.stage, row.offer) for row in rows}
        if found == self._known and not self._is_forgotten:
            return
        for row in rows:
            if row.id not in self._known:
                log.info("The worker %s has come", row.name)
        for queue in await self._engine.ask(workers.meet):
            await asyncio.wrap_future(self._engine.release(queue))
        self._known, self._is_forgotten = found, False
        self._applied = {id_: self._applied.get(id_, 0) for id_ in found}

    async def _apply_all(self) -> None:
        """Apply all notes."""
        while len(await self._apply()) == workers.STEP:
            pass

    async def _apply(self) -> list[workers.NotedRow]:
        """Apply up to ``STEP`` notes; return them."""
        try:
            taken: list[workers.NotedRow] = await self._engine.ask(
                workers.take, ahead=workers.ask_for_notes
            )
        except (Busy, NotWritable, Closed):
            raise
        except Exception:
            log.exception("What workers have noted is applied one by one")
            taken = await self._engine.ask(workers.waiting)
            for row in taken:
                await self._apply_one(row)
        for row in taken:
            self._applied[row.worker] = row.number
        return taken

    async def _apply_one(self, row: workers.NotedRow) -> None:
        try:
            await self._engine.ask(partial(workers.apply, rows=[row]))
        except (Busy, NotWritable, Closed):
            raise
        except Exception as error:
            log.exception("This cannot be applied: %r", row)
            why = error
            await self._engine.ask(lambda group: workers.refuse(group, row, why))

    async def _bury(self, rows: list[WorkerRow]) -> None:
        """End the attempts of workers that are gone, or have not moved for a lease."""
        now = time.monotonic()
        moved = {row.id: self._since(row, now) for row in rows}
        self._moved = moved
        for row in rows:
            beat, since = moved[row.id]
            is_gone = row.stage == "gone"
            if not is_gone and now - since <= LEASE_S:
                continue
            done = partial(workers.bury, worker=row.id, beat=None if is_gone else beat)
            if await self._engine.ask(done):
                level = logging.INFO if is_gone else logging.WARNING
                how = "has left" if is_gone else "gave no sign of life; its attempts are over"
                log.log(level, "The worker %s %s", row.name, how)

    def _since(self, row: WorkerRow, now: float) -> tuple[int, float]:
        known = self._moved.get(row.id)
        return known if known is not None and known[0] == row.beat else (row.beat, now)
