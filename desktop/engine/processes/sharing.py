"""A process' part in a data folder: it owns it and runs tasks, or submits to the one that does."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Final

from desktop.engine.engine import Engine
from desktop.engine.errors import Closed
from desktop.engine.functions.registry import Registry
from desktop.engine.processes.reception import Reception
from desktop.engine.processes.sockets import connected, listening
from desktop.engine.processes.submitter import PATIENCE_S, Submitter
from desktop.engine.store.file.errors import StoreInUse
from desktop.engine.transaction.replies import call_in
from desktop.settings.lock_file import LockFile, last_holder
from desktop.settings.paths import DataFolder

AGAIN_S: Final = 0.03
"""How soon a process looks again whether the folder has an owner that listens, or needs one."""
FAILED_S: Final = 1.0
"""How soon it tries again to be the owner after it could not."""
LEAVE_S: Final = 5.0
"""How long a process that ends waits for answers it still misses."""

Own = Callable[[ExitStack], AbstractContextManager[object]]
"""Starts the engine on the folder, to be ended by the stack; returns what is entered once the app
is ready."""

log = logging.getLogger(__name__)


class Sharing:
    """Joins the processes of a folder, and leaves them.

    The one that gets the folder's lock is its owner: ``own`` starts its engine. When it ends, the
    system gives the lock to the first of the others that asks; they do so as soon as their
    connection to it ends. Until there is a new owner, what they submit waits.
    """

    def __init__(self, engine: Engine, registry: Registry, folder: DataFolder, own: Own) -> None:
        self._engine = engine
        self._folder = folder
        self._own = own
        self._lock = LockFile(folder.backend_lock)
        self._held = ExitStack()
        self._reception = Reception(engine, registry)
        self._submitter = Submitter(folder.db)
        self._turn = threading.RLock()  # to take the folder over, to become ready, or to leave
        self._window: AbstractContextManager[object] | None = None
        self._is_ready = self._is_leaving = False
        self._failure: Exception | None = None
        self._try_at = 0.0  # steady s
        self._joined = threading.Event()
        self._end: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="sharing", daemon=True)

    def join(self) -> None:
        """Become the owner, or find it; blocks meanwhile.

        Raises what starting the engine does, ``StoreInUse`` where another program has the folder.
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
        """Let the window in, here or where this process becomes the owner."""
        with self._turn:
            self._is_ready = True
            self._let_in()

    def leave(self) -> None:
        """Stop the engine, or wait for what was submitted; then leave the folder to the others.

        An owner that drains still accepts what they submit.
        """
        with self._turn:
            self._is_leaving = True
        if self._lock.is_ours:
            self._held.close()
        else:
            self._submitter.wait(LEAVE_S)
        self._end()
        if self._thread.ident is not None:
            self._thread.join()
        self._submitter.close()
        self._engine.elsewhere = None
        self._lock.release()

    def _take_over(self) -> bool:
        """Become the folder's owner, if it has none; blocks until the engine has started."""
        with self._turn:
            if self._is_leaving or time.monotonic() < self._try_at or not self._lock.take():
                return False
            try:
                self._window = self._own(self._held)
                self._let_in()
            except Exception as error:
                if self._thread.ident is not None:  # else the caller is told
                    log.exception("%s cannot be taken over", self._folder.root)
                self._failure, self._try_at = error, time.monotonic() + FAILED_S
                self._held.close()
                self._lock.release()
                return False
            self._failure = None
            self._engine.elsewhere = None
            return True

    def _let_in(self) -> None:
        if self._is_ready and self._window is not None:
            self._held.enter_context(self._window)
            self._window = None

    # in the thread

    def _run(self) -> None:
        asyncio.run(self._share())

    async def _share(self) -> None:
        """Do this process' part until it leaves."""
        loop = asyncio.get_running_loop()
        part = asyncio.create_task(self._submit_or_receive())
        self._end = lambda: call_in(loop, _cancel, part)
        if self._is_leaving:
            part.cancel()
        with suppress(asyncio.CancelledError):
            await part

    async def _submit_or_receive(self) -> None:
        if not self._lock.is_ours:
            await self._submit()
            log.warning("%s: this process runs the tasks from now on", self._folder.root)
        async with listening(self._folder, self._reception.serve):
            self._joined.set()
            await self._answer_own()

    async def _submit(self) -> None:
        """Submit to the owner, whichever process that is, until it is this one."""
        watching = asyncio.create_task(self._lose_patience())
        try:
            while not self._take_over():
                try:
                    stream = await connected(self._folder)
                except OSError:
                    await asyncio.sleep(AGAIN_S)
                else:
                    self._joined.set()
                    await self._talk(*stream)
        finally:
            watching.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send line after line to the owner, until it hangs up."""
        loop, sent = asyncio.get_running_loop(), b""

        def send() -> None:
            nonlocal sent
            line = self._submitter.line()
            if line is not None and line is not sent:
                sent = line
                writer.write(line)

        self._submitter.on_work = lambda: call_in(loop, send)
        send()
        try:
            while (text := await reader.readline()).endswith(b"\n"):
                self._submitter.settle(text)
                send()
        except OSError:
            pass  # it was killed
        finally:
            self._submitter.on_work = lambda: None
            writer.close()

    async def _answer_own(self) -> None:
        """Accept what this process has submitted before it became the owner."""
        loop, work = asyncio.get_running_loop(), asyncio.Event()
        self._submitter.on_work = lambda: call_in(loop, work.set)
        while True:
            with suppress(Closed):
                while (line := self._submitter.line()) is not None:
                    self._submitter.settle(await self._reception.answer(line))
            await work.wait()
            work.clear()

    async def _lose_patience(self) -> None:
        while True:
            await asyncio.sleep(FAILED_S)
            self._submitter.give_up(PATIENCE_S)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
