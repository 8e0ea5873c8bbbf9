"""A process's part in a database on a server: it runs the tasks, or submits to another one."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Final

from desktop.engine.errors import Busy, Closed, EngineError, NotWritable
from desktop.engine.facade.engine import Engine
from desktop.engine.facade.opening import Purpose, reserve
from desktop.engine.functions.registry import Registry
from desktop.engine.postgres.database.holder import FREE
from desktop.engine.postgres.handed_rows import (
    CHANNEL,
    Handed,
    accept_handed,
    channel_of,
    refuse_handed,
)
from desktop.engine.processes.server.handing_over import AGAIN_S, HandingOver, beginning_again
from desktop.engine.processes.server.server_link import HandedRow, ServerLink, connected
from desktop.engine.processes.server.watching import Watching
from desktop.engine.processes.submitter import NO_ANSWER, PATIENCE_S
from desktop.engine.processes.submitting import LEAVE_S, LOOK_S
from desktop.engine.processes.wire import load_line, load_tasks
from desktop.engine.store.errors import DatabaseInUse, StoreError, StoreInUse
from desktop.engine.text import sentence
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.lines import Line
from desktop.engine.verbs.submit.prepare import PreparedSubmission

FAILED_S: Final = 5.0
"""How soon a process that could not run the tasks tries again, s."""

log = logging.getLogger(__name__)


class OnServer(HandingOver):
    """Joins the processes of a database, and leaves them.

    The process that gets the database's lock runs the tasks. The others write their requests into a
    table, as the app's own transactions do; so requests are on disk wherever the tasks run.
    """

    def __init__(
        self,
        engine: Engine,
        registry: Registry,
        url: str,
        grace: float,
        make_monitor: Callable[[], AbstractContextManager[object]],
    ) -> None:
        super().__init__(engine, registry, url)
        self._grace = grace
        self._make_monitor = make_monitor
        self._monitor: AbstractContextManager[object] | None = None  # made, but not open yet
        self._watched = ExitStack()
        self._is_ready = False
        self._is_told = False  # whether it was logged that the monitor waits
        self._turn = threading.Lock()  # held to take the database over, or to leave
        self._runs_tasks = False
        self._failure: Exception | None = None
        self._joined = threading.Event()

    def join(self) -> None:
        """Run the tasks, or find the process that does; blocks meanwhile.

        Raises what starting the engine raises.
        """
        reserve(self._url, Purpose.APP)
        if not self._take_over():
            self._engine.elsewhere = self._submitter
        self._engine.takes_handed = True
        if self._failure is None:
            self._thread.start()
            self._joined.wait(PATIENCE_S)
        if self._failure is not None:
            raise self._failure
        if not self._joined.is_set():
            raise StoreError(NO_ANSWER)

    def ready(self) -> None:
        """Open the monitor, now or once this process runs the tasks."""
        self._is_ready = True
        self._submitter.on_work()  # makes the thread check for it

    def leave(self) -> None:
        """Stop the engine, or wait for answers; then leave the tasks to the others."""
        with self._turn:
            self._is_leaving = True
        self._engine.takes_handed = False
        try:
            self._watched.close()
            if self._runs_tasks:
                self._engine.stop(self._grace)
            else:
                self._submitter.wait(LEAVE_S)
        finally:
            self._end_thread()

    def _take_over(self) -> bool:
        """Run the tasks if no process does; blocks until the engine has started."""
        with self._turn:
            if self._is_leaving:
                return False
            try:
                # First, because it adds functions of its own, for which no task must wait.
                self._monitor = self._monitor or self._make_monitor()
                self._engine.start()
            except DatabaseInUse:
                self._failure = None
                return False
            except Exception as error:
                is_new = repr(error) != repr(self._failure)
                if is_new and self._thread.ident is not None:  # before that, join() raises it
                    log.exception("The tasks cannot be run by this process")
                self._failure = error
                return False
            self._failure, self._runs_tasks = None, True
            self._engine.elsewhere = None
            return True

    def _step_down(self) -> None:
        """Submit to the process that has taken the tasks over."""
        with self._turn:
            if self._is_leaving:
                return
            log.warning("Another process runs the tasks; those under way here are given up")
            self._engine.elsewhere, self._runs_tasks = self._submitter, False
            self._engine.stop(grace=0)
            self._watched.close()

    def _open_monitor(self) -> None:
        """Open it once the app is ready and the previous process has closed its own."""
        with self._turn:
            if not self._is_ready or self._monitor is None or self._is_leaving:
                return
            try:
                self._watched.enter_context(self._monitor)
            except StoreInUse as error:  # by the previous process, or by a foreign one
                level = logging.INFO if self._is_told else logging.WARNING
                log.log(level, "The monitor waits: %s", error)
                self._is_told = True
            except Exception:
                self._monitor = None
                log.exception("The tasks run without their monitor")
            else:
                self._monitor, self._is_told = None, False

    async def _take_part(self) -> None:
        """Submit until this process runs the tasks, then accept requests; and again."""
        while True:
            if not self._runs_tasks:
                await self._submit()
                log.warning("This process runs the tasks from now on")
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
            again = AGAIN_S
            with beginning_again():
                async with connected(self._url, own, FREE) as link:
                    self._joined.set()
                    await self._submit_through(link)
                if self._take_over():
                    return
                if self._failure is not None:
                    again = FAILED_S
            await asyncio.sleep(again)

    # while this process runs them

    async def _receive(self) -> None:
        """Accept what is handed over, until another process runs the tasks."""
        while not self._engine.is_displaced:
            with beginning_again():
                async with connected(self._url, CHANNEL) as link:
                    self._joined.set()
                    self._when_there_is_work(link.woken.set)
                    async with link.showing_life(self._engine.session_name, LOOK_S):
                        await self._accept_handed(link)
            await asyncio.sleep(AGAIN_S)

    async def _accept_handed(self, link: ServerLink) -> None:
        with suppress(EngineError):  # the writer's session may have been lost with this one
            await self._engine.ask(_check_session)
        while not self._engine.is_displaced:
            link.woken.clear()
            try:
                await self._answer_own()  # submitted before this process ran the tasks
                if self._is_ready and self._monitor is not None:
                    await asyncio.to_thread(self._open_monitor)  # loads much
                senders = await link.waiting()
                await self._accept_all(senders)
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
        handed = Handed([row.id for row in rows])
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

    async def _load(self, rows: list[HandedRow]) -> Line | PreparedSubmission:
        """Decode rows, and learn the functions they name."""
        if rows[0].is_line:
            line = load_line(rows[0].wanted.encode())
            await self._line_server.learn(line)
            return line
        tasks = load_tasks([(row.number, row.wanted) for row in rows])
        await self._line_server.learn(tasks)
        return tasks


def _check_session(_: Group) -> None:
    """Do nothing in a group, which begins by checking that the session is alive."""
