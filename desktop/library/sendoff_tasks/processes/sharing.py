"""A process's part in an app's tasks: it runs them, or submits to the process that does."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Final

from sendoff_tasks.errors import Closed, EngineError, NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.folder.lock_file import LockFile, is_held, last_holder
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.processes.sockets import connected, listening
from sendoff_tasks.processes.submitting import (
    AGAIN_S,
    LEAVE_S,
    PATIENCE_S,
    Submitting,
    woken_within,
)
from sendoff_tasks.store.database import Reader
from sendoff_tasks.store.errors import StoreError, StoreInUse
from sendoff_tasks.store.reader_pool import ReaderPool

FAILED_S: Final = 1.0
"""How soon a process tries again to run the tasks after an error, s."""

MonitorOpener = Callable[[], AbstractContextManager[object]]
"""Returns what serves the monitor while it is entered; it may have to be entered again."""
Own = Callable[[ExitStack], MonitorOpener]
"""Starts the engine; the stack ends it. Returns the monitor for when the app is ready."""

log = logging.getLogger(__name__)


class Member(Submitting):
    """Joins the processes that share an app's tasks, and leaves them.

    One of them runs the tasks: ``own`` starts its engine. The others submit to it. When it ends,
    another one takes the tasks over; until then, submitted requests wait.
    """

    def __init__(
        self, engine: Engine, registry: Registry, reader: ReaderPool, place: object, own: Own
    ) -> None:
        super().__init__(engine, registry, reader, place)
        self._own = own
        self._held = ExitStack()
        self._turn = threading.Lock()  # held to take over, step down, open the monitor, or leave
        self._runs_tasks = False
        self._monitor: MonitorOpener | None = None  # made, but not open yet
        self._is_ready = False
        self._is_told = False  # whether it was logged that the monitor waits
        self._failure: Exception | None = None
        self._try_at = 0.0  # steady s
        self._joined = threading.Event()

    def join(self) -> None:
        """Run the tasks, or find the process that does; blocks meanwhile.

        Raises what starting the engine raises, and ``StoreError`` if no process answers.
        """
        if not self._take_over():
            self._engine.elsewhere = self._submitter
        if self._failure is None:
            self._thread.start()
            self._joined.wait(PATIENCE_S)
        if self._failure is not None:
            raise self._failure
        if not self._joined.is_set():
            raise self._unanswered()

    def ready(self) -> None:
        """Open the monitor, now or once this process runs the tasks."""
        self._is_ready = True
        self._submitter.on_work()  # makes the thread check for it

    def leave(self) -> None:
        """Stop the engine, or wait for answers; then leave the tasks to the others.

        While its tasks end, a process still accepts what others submit.
        """
        with self._turn:
            self._is_leaving = True
        try:
            if self._runs_tasks:
                self._held.close()
            else:
                self._submitter.wait(LEAVE_S)
        finally:
            self._end_thread()

    @abstractmethod
    def _start(self) -> bool:
        """Start the engine with ``own``; return ``False`` if another process runs the tasks."""

    @abstractmethod
    def _unanswered(self) -> StoreError:
        """Return why this process could not join."""

    def _take_over(self) -> bool:
        """Run the tasks if no process does; blocks until the engine has started."""
        with self._turn:
            if self._is_leaving or time.monotonic() < self._try_at:
                return False
            before, self._failure = self._failure, None
            try:
                self._runs_tasks = self._start()
            except Exception as error:
                # Before the thread runs, join() raises it.
                if self._thread.ident is not None and repr(error) != repr(before):
                    log.exception("%s: this process cannot run the tasks", self._place)
                self._failure, self._try_at = error, time.monotonic() + FAILED_S
            if not self._runs_tasks:
                self._held.close()
                return False
            self._engine.elsewhere = None
            return True

    def _open_monitor(self) -> None:
        """Open it once the app is ready and the previous process has closed its own."""
        with self._turn:
            if not self._is_ready or self._monitor is None or self._is_leaving:
                return
            try:
                self._held.enter_context(self._monitor())
            except StoreInUse as error:  # by the previous process, or by a foreign one
                level = logging.INFO if self._is_told else logging.WARNING
                log.log(level, "The monitor waits: %s", error)
                self._is_told = True
            except Exception:
                self._monitor = None
                raise
            else:
                self._monitor, self._is_told = None, False

    async def _open_monitor_late(self) -> None:
        """Open the monitor of a process that runs the tasks; if that fails, log why."""
        if not self._is_ready or self._monitor is None:
            return
        try:
            await asyncio.to_thread(self._open_monitor)  # loads much
        except Exception:
            log.exception("%s: the tasks run without their monitor", self._place)


class Sharing(Member):
    """The part in a data folder; the process that has the folder's lock is its owner.

    When the owner ends, the first other process to ask gets the lock; they ask as soon as their
    connection to it ends.
    """

    def __init__(self, engine: Engine, registry: Registry, folder: DataFolder, own: Own) -> None:
        super().__init__(engine, registry, Reader(folder.db), folder.root, own)
        self._folder = folder
        self._lock = LockFile(folder.backend_lock)

    def join(self) -> None:
        """Do as ``Member.join``; raise ``StoreInUse`` if another program has the folder."""
        self._folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().join()

    def ready(self) -> None:
        """Do as ``Member.ready``; an owner opens the monitor before it returns."""
        self._is_ready = True
        if self._runs_tasks:
            self._open_monitor()

    def leave(self) -> None:
        """Do as ``Member.leave``; keep the folder while a function that was not stopped runs on."""
        try:
            super().leave()
        finally:
            self._engine.over.add_done_callback(lambda _: self._lock.release())

    def _start(self) -> bool:
        if not self._lock.take():
            return False
        try:
            self._monitor = self._own(self._held)
        except BaseException:
            self._held.close()  # before another process can take the folder
            self._lock.release()
            raise
        return True

    def _unanswered(self) -> StoreError:
        return StoreInUse(self._folder.db, last_holder(self._folder.backend_lock))

    async def _take_part(self) -> None:
        """Submit until this process is the owner, then accept."""
        if not self._runs_tasks:
            await self._submit()
            log.warning("%s: this process runs the tasks from now on", self._place)
        async with listening(self._folder, self._line_server.serve):
            self._joined.set()
            work = asyncio.Event()
            self._when_there_is_work(work.set)
            while True:
                with suppress(Closed):
                    await self._answer_own()  # submitted before it became the owner
                await self._open_monitor_late()  # the callers above go first
                await work.wait()
                work.clear()

    async def _submit(self) -> None:
        """Submit to the owner, whichever process that is, until this process is the owner."""
        while not self._take_over():
            with suppress(OSError):
                stream = await connected(self._folder)
                self._joined.set()
                await self._send_lines(*stream)
            await asyncio.sleep(AGAIN_S)  # an ending owner releases the folder a moment later


LINGER_S: Final = 0.05
"""How long a script that has taken the folder keeps it for its next request, s."""
STAY_S: Final = 1.0
"""How long it keeps the folder at most, s, because the app may want to start."""

WARN_EVERY_S: Final = 60.0
"""How often at most it logs that its tasks wait for a worker, s."""

Open = Callable[[ExitStack], None]
"""Starts an engine that only accepts tasks; the stack ends it."""


class Visit(Submitting):
    """Submits from :meth:`join` on until :meth:`leave`."""

    def join(self) -> None:
        """Start; this waits for nothing."""
        self._engine.elsewhere = self._submitter
        self._thread.start()

    def ready(self) -> None:
        """Do nothing: it has no monitor."""

    def leave(self) -> None:
        """End once everything is answered."""
        self._submitter.wait(LEAVE_S)
        self._is_leaving = True
        self._end_thread()

    async def _accept_while_busy(self, work: asyncio.Event) -> None:
        """Accept requests here while more follow at once."""
        until = time.monotonic() + STAY_S
        while time.monotonic() < until:
            await self._answer_own()
            work.clear()
            if not await woken_within(LINGER_S, work):
                break


class SubmitOnly(Visit):
    """Submits to the folder's owner.

    If no process runs the tasks, it puts them on disk itself, for the next process that does. The
    log says so if that can only be a worker.
    """

    def __init__(self, engine: Engine, registry: Registry, folder: DataFolder, open_: Open) -> None:
        super().__init__(engine, registry, Reader(folder.db), folder.root)
        self._folder = folder
        self._lock = LockFile(folder.backend_lock)
        self._open = open_
        self._warn_at = 0.0  # steady s

    def join(self) -> None:
        """Start; this waits for nothing."""
        self._folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):  # adding a task tells it
            if self._folder.worker_mark.exists() and not is_held(self._folder.backend_lock):
                self._warn()
        super().join()

    def _warn(self) -> None:
        """Log that no worker is there, at most once a minute."""
        if time.monotonic() >= self._warn_at and (why := self._folder.worker_away):
            log.warning(why)
            self._warn_at = time.monotonic() + WARN_EVERY_S

    async def _take_part(self) -> None:
        work = asyncio.Event()
        while True:
            self._when_there_is_work(work.set)
            while not self._submitter.has_work:
                await work.wait()
                work.clear()
            try:
                stream = await connected(self._folder)
            except OSError:
                await self._accept_here(work)
                await asyncio.sleep(AGAIN_S * 2)  # gives an app that waits for the folder its turn
            else:
                await self._send_lines(*stream)

    async def _accept_here(self, work: asyncio.Event) -> None:
        """Write requests to disk while more follow at once; or leave them to the owner."""
        try:
            if not self._lock.take():
                return
            self._warn()
            with ExitStack() as held:
                self._open(held)
                await self._accept_while_busy(work)
        except EngineError as error:
            self._submitter.give_up(0, error)
        except OSError as error:
            failed = NotWritable("store.failed", file=str(self._folder.root), why=str(error))
            self._submitter.give_up(0, failed)
        finally:
            self._lock.release()
