"""A script's part in a data folder: it submits, and never runs a task."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Final

from desktop.engine.errors import EngineError, NotWritable
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.processes.sockets import connected
from desktop.engine.processes.submitting import AGAIN_S, LEAVE_S, Submitting, woken_within
from desktop.engine.store.database import Reader
from desktop.settings.lock_file import LockFile
from desktop.settings.paths import DataFolder

LINGER_S: Final = 0.05
"""How long a script that has taken the folder keeps it for its next request, s."""
STAY_S: Final = 1.0
"""How long it keeps the folder at most, s, because the app may want to start."""

Open = Callable[[ExitStack], None]
"""Starts an engine that only accepts tasks; the stack ends it."""


class Visit(Submitting, AbstractContextManager[Engine]):
    """Submits while the block runs."""

    def __enter__(self) -> Engine:
        """Start; this waits for nothing."""
        self._engine.elsewhere = self._submitter
        self._thread.start()
        return self._engine

    def __exit__(self, *_: object) -> None:
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


class Visiting(Visit):
    """Submits to the folder's owner.

    If no process runs the tasks, it puts them on disk itself, for the next process that does.
    """

    def __init__(self, engine: Engine, registry: Registry, folder: DataFolder, open_: Open) -> None:
        super().__init__(engine, registry, Reader(folder.db), folder.root)
        self._folder = folder
        self._lock = LockFile(folder.backend_lock)
        self._open = open_

    def __enter__(self) -> Engine:
        """Start; this waits for nothing."""
        self._folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super().__enter__()

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
            with ExitStack() as held:
                self._open(held)
                await self._accept_while_busy(work)
        except EngineError as error:
            self._submitter.give_up(0, error)
        except OSError as error:
            self._submitter.give_up(0, NotWritable(f"{self._folder.root}: {error}."))
        finally:
            self._lock.release()
