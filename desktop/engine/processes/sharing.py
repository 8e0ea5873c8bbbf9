"""A process's part in a data folder: it owns it and runs tasks, or submits to the owner."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Final

from desktop.engine.errors import Closed
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.processes.sockets import connected, listening
from desktop.engine.processes.submitter import PATIENCE_S
from desktop.engine.processes.submitting import AGAIN_S, LEAVE_S, Submitting
from desktop.engine.store.errors import StoreInUse
from desktop.engine.store.file.connect import Reader
from desktop.settings.lock_file import LockFile, last_holder
from desktop.settings.paths import DataFolder

FAILED_S: Final = 1.0
"""How soon a process tries again to become the owner after an error, s."""

Own = Callable[[ExitStack], AbstractContextManager[object]]
"""Starts the engine on the folder; the stack ends it. Returns the monitor, which is entered once
the app is ready."""

log = logging.getLogger(__name__)


class Sharing(Submitting):
    """Joins the processes of a folder, and leaves them.

    The process that gets the folder's lock is its owner: ``own`` starts its engine. When the owner
    ends, the first other process to ask gets the lock; they ask as soon as their connection to it
    ends. Until there is a new owner, submitted requests wait.
    """

    def __init__(self, engine: Engine, registry: Registry, folder: DataFolder, own: Own) -> None:
        super().__init__(engine, registry, Reader(folder.db), folder.root)
        self._folder = folder
        self._lock = LockFile(folder.backend_lock)
        self._own = own
        self._held = ExitStack()
        self._turn = threading.RLock()  # held to take the folder over, become ready, or leave
        self._monitor: AbstractContextManager[object] | None = None
        self._is_ready = False
        self._failure: Exception | None = None
        self._try_at = 0.0  # steady s
        self._joined = threading.Event()

    def join(self) -> None:
        """Become the owner, or find it; blocks meanwhile.

        Raises what starting the engine raises, and ``StoreInUse`` if another program has the
        folder.
        """
        self._folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._take_over():
            self._engine.elsewhere = self._submitter
        if self._failure is None:
            self._thread.start()
            self._joined.wait(PATIENCE_S)
        if self._failure is not None:
            raise self._failure
        if not self._joined.is_set():
            raise StoreInUse(self._folder.db, last_holder(self._folder.backend_lock))

    def ready(self) -> None:
        """Open the monitor, now or once this process is the owner."""
        self._is_ready = True
        if self._monitor is not None:
            self._open_monitor()

    def leave(self) -> None:
        """Stop the engine, or wait for answers; then leave the folder to the others.

        While its tasks end, an owner still accepts what others submit. It keeps the folder while a
        function that could not be stopped runs on.
        """
        with self._turn:
            self._is_leaving = True
        try:
            if self._lock.is_ours:
                self._held.close()
            else:
                self._submitter.wait(LEAVE_S)
        finally:
            self._end_thread()
            self._engine.over.add_done_callback(lambda _: self._lock.release())

    def _take_over(self) -> bool:
        """Become the folder's owner if it has none; blocks until the engine has started."""
        with self._turn:
            if self._is_leaving or time.monotonic() < self._try_at:
                return False
            try:
                if not self._lock.take():
                    return False
                self._monitor = self._own(self._held)
            except Exception as error:
                if self._thread.ident is not None:  # before that, join() raises the error
                    log.exception("%s cannot be taken over", self._folder.root)
                self._failure, self._try_at = error, time.monotonic() + FAILED_S
                self._held.close()
                self._lock.release()
                return False
            self._failure = None
            self._engine.elsewhere = None
            return True

    def _open_monitor(self) -> None:
        with self._turn:
            if self._is_ready and self._monitor is not None and not self._is_leaving:
                monitor, self._monitor = self._monitor, None
                self._held.enter_context(monitor)

    async def _take_part(self) -> None:
        """Submit until this process is the owner, then accept."""
        if not self._lock.is_ours:
            await self._submit()
            log.warning("%s: this process runs the tasks from now on", self._folder.root)
        async with listening(self._folder, self._line_server.serve):
            self._joined.set()
            work = asyncio.Event()
            self._when_there_is_work(work.set)
            while True:
                with suppress(Closed):
                    await self._answer_own()  # submitted before it became the owner
                try:
                    self._open_monitor()  # loads much; the callers above go first
                except Exception:
                    log.exception("%s: the tasks run without their monitor", self._folder.root)
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
