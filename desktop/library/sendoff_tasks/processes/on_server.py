"""A process's part in the tasks of a database on a server, and a script's."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack, suppress
from functools import partial

from sendoff_tasks.errors import Busy, Closed, EngineError, NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.postgres.handed_rows import (
    CHANNEL,
    HandedRows,
    accept_handed,
    channel_of,
    delete_handed,
    refuse_handed,
)
from sendoff_tasks.postgres.opening import PostgresReader
from sendoff_tasks.postgres.writer_store import FREE
from sendoff_tasks.processes.server_link import (
    AGAIN_S,
    LOOP,
    PLACE,
    HandedRow,
    HandingOver,
    ServerLink,
    beginning_again,
    connected,
)
from sendoff_tasks.processes.sharing import Member, Open, Own, Visit
from sendoff_tasks.processes.submitting import LOOK_S
from sendoff_tasks.processes.wire import load_line, load_tasks
from sendoff_tasks.processes.workers import Watching
from sendoff_tasks.store.errors import DatabaseInUse, StoreError
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.lines import Line
from sendoff_tasks.verbs.submit import PreparedSubmission

log = logging.getLogger(__name__)


class OnServer(Member):
    """The part in a database; the process that has the database's lock runs the tasks.

    The others write their requests into a table, as the app's own transactions do; so requests are
    on disk wherever the tasks run.
    """

    loop = LOOP

    def __init__(self, engine: Engine, registry: Registry, url: str, own: Own) -> None:
        super().__init__(engine, registry, PostgresReader(url), PLACE, own)
        self._url = url
        self._handing_over = HandingOver(self._submitter, registry, engine.config.mark)
        self._others: set[str] = set()  # processes that have handed lines over
        self._look_at = 0.0  # steady s, when to look whether they live

    def join(self) -> None:
        """Do as ``Member.join``; from now on the app's own transactions may hand tasks over."""
        self._engine.takes_handed = True
        super().join()

    def leave(self) -> None:
        """Do as ``Member.leave``."""
        self._engine.takes_handed = False
        super().leave()

    def _start(self) -> bool:
        try:
            self._monitor = self._own(self._held)
        except DatabaseInUse:
            return False
        return True

    def _unanswered(self) -> StoreError:
        return StoreError("engine.silent")

    def _step_down(self) -> None:
        """Submit to the process that has taken the tasks over."""
        with self._turn:
            if self._is_leaving:
                return
            log.warning("Another process runs the tasks now; giving up the attempts of this one")
            self._engine.elsewhere, self._runs_tasks = self._submitter, False
            self._engine.stop(grace=0)
            self._held.close()

    async def _take_part(self) -> None:
        """Submit until this process runs the tasks, then accept requests; and again."""
        while True:
            if not self._runs_tasks:
                await self._submit()
                log.warning("%s: this process now runs the tasks", self._place)
            watching = asyncio.create_task(Watching(self._engine, self._url).follow())
            try:
                await self._receive()
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
            await asyncio.to_thread(self._step_down)

    # while another process runs the tasks

    async def _submit(self) -> None:
        own = channel_of(self._submitter.process)
        while True:
            with beginning_again():
                async with connected(self._url, own, FREE) as link:
                    await link.act_as(self._submitter.process)
                    self._joined.set()
                    self._when_there_is_work(link.woken.set)
                    await self._handing_over.submit(link)
                if self._take_over():
                    return
            await asyncio.sleep(AGAIN_S)

    # while this process runs them

    async def _receive(self) -> None:
        """Accept what is handed over, until another process runs the tasks."""
        while not self._engine.is_displaced:
            with beginning_again():
                async with connected(self._url, CHANNEL) as link:
                    self._joined.set()
                    self._when_there_is_work(link.woken.set)
                    await self._accept_handed(link)
            await asyncio.sleep(AGAIN_S)

    async def _accept_handed(self, link: ServerLink) -> None:
        with suppress(EngineError):  # the writer's session may have been lost with this one
            await self._engine.ask(_check_session)
        while not self._engine.is_displaced:
            link.woken.clear()
            try:
                await self._answer_own()  # submitted before this process ran the tasks
                await self._open_monitor_late()
                senders = await link.waiting()
                await self._accept_all(senders)
                await self._forget_ended(link)
            except (Busy, NotWritable, Closed) as error:
                log.info("What was handed over waits: %s", error)
                await asyncio.sleep(AGAIN_S)
            else:
                if not senders:
                    await link.wait(LOOK_S)

    async def _accept_all(self, senders: list[list[HandedRow]]) -> None:
        """Accept the rows of all senders; raise the first error once all of them are done.

        Otherwise an acceptance still in the inbox could meet its rows again on the next read.
        """
        accepting = (self._accept(own) for own in senders)
        for error in await asyncio.gather(*accepting, return_exceptions=True):
            if error is not None:
                raise error

    async def _accept(self, rows: list[HandedRow]) -> None:
        """Accept the rows of one sender: its tasks, or its line."""
        handed = HandedRows([row.id for row in rows])
        try:
            handed.wanted = wanted = await self._load(rows)
            await self._engine.ask(lambda group: accept_handed(group, handed), wanted.weight)
        except (Busy, NotWritable, Closed):
            raise
        except Exception as error:  # rolled back: none of them was accepted
            if not isinstance(error, EngineError):
                log.exception("What was handed over could not be accepted")
            why = str(error) if isinstance(error, EngineError) else sentence(error)
            await self._engine.ask(lambda group: refuse_handed(group, handed, why))

    async def _forget_ended(self, link: ServerLink) -> None:
        """Let the tasks go that wait for a response of a process whose session has ended."""
        if not self._others or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_S
        for process in self._others - await link.alive([*self._others]):
            await self._engine.ask(partial(_end_all, process=process))
            self._others.discard(process)

    async def _load(self, rows: list[HandedRow]) -> Line | PreparedSubmission:
        """Decode rows, and learn the functions they name."""
        if rows[0].is_line:
            line = load_line(rows[0].wanted.encode())
            self._others.add(line.process)
            await self._line_server.learn(line)
            return line
        tasks = load_tasks([(row.number, row.wanted) for row in rows])
        await self._line_server.learn(tasks)
        return tasks


def _end_all(group: Group, process: str) -> None:
    group.memory.responses.end_all(process)


def _check_session(_: Group) -> None:
    """Do nothing in a group, which begins by checking that the session is alive."""


class VisitingServer(Visit):
    """Submits to the process that runs the tasks.

    If there is none, it accepts its tasks itself, for the next process that runs them.
    """

    loop = LOOP

    def __init__(self, engine: Engine, registry: Registry, url: str, open_: Open) -> None:
        super().__init__(engine, registry, PostgresReader(url), PLACE)
        self._url = url
        self._handing_over = HandingOver(self._submitter, registry, engine.config.mark)
        self._open = open_

    async def _take_part(self) -> None:
        own = channel_of(self._submitter.process)
        while True:
            with beginning_again():
                async with connected(self._url, own, FREE) as link:
                    await self._submit(link)
            await asyncio.sleep(AGAIN_S)

    async def _submit(self, link: ServerLink) -> None:
        """Submit, and accept here while no process runs the tasks, until the link is lost."""
        while True:
            self._when_there_is_work(link.woken.set)
            await self._handing_over.submit(link)
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
