"""A lifespan for tasks: what an app opens once in each process that runs them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)
Lifespan = Callable[[], AbstractAsyncContextManager[Any]]
"""Makes the context manager; what it yields is the ``state`` of each ``TaskContext``."""
LEAVE_S: Final = 10.0
"""How long the app may take to close what it has opened, s."""
NICE: Final = 5
"""Added to the niceness of the loop's thread where threads have their own (Linux).

Request threads then need not wait for the core on which a task computes. A higher value would make
them wait longer beside other busy programs: those would keep this thread from its core while it
holds the GIL.
"""


class TaskLoop:
    """An event loop in a daemon thread of its own; ``over`` is set once it has ended."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._is_stopping = False
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.loop = self._runner.get_loop()
        thread = threading.Thread(target=self._serve, name="async-lane", daemon=True)
        try:
            thread.start()
        except BaseException:
            self._runner.close()
            raise

    def stop(self) -> None:
        """End the loop; what still runs in it is cancelled."""
        if not self._is_stopping:
            self._is_stopping = True
            with suppress(RuntimeError):  # its thread may have seen that, and have ended
                self.loop.call_soon_threadsafe(self.loop.stop)

    def _serve(self) -> None:
        if sys.platform == "linux":
            os.nice(NICE)
        try:
            with self._runner:
                while not self._is_stopping:
                    # SystemExit in an asyncio task that a task created would end the loop for all.
                    # The code that awaits that asyncio task gets the exception anyway.
                    with suppress(SystemExit, KeyboardInterrupt):
                        self.loop.run_forever()
        finally:
            self.over.set()


class TaskLifespan:
    """What ``install(task_lifespan=…)`` was given, and what it has opened in this process.

    ``state`` is what it yielded, while it is entered.
    """

    def __init__(self, make: Lifespan) -> None:
        self.make = make
        self.state: Any = None
        self._thread: TaskLoop | None = None
        self._held: Future[None] | None = None
        self._is_over = asyncio.Event()

    @property
    def is_entered(self) -> bool:
        """Whether it is open in this process."""
        return self._held is not None

    def enter(self, loop: asyncio.AbstractEventLoop | None = None) -> asyncio.AbstractEventLoop:
        """Enter it in ``loop``, or in a loop of its own; blocks, and raises what it raises.

        Returns the loop. The ``async def`` tasks of this process run in it, too.
        """
        if loop is None:
            self._thread = TaskLoop()
            loop = self._thread.loop
        entered: Future[None] = Future()
        self._is_over = asyncio.Event()
        self._loop = loop
        self._held = asyncio.run_coroutine_threadsafe(self._hold(entered), loop)
        wait((entered, self._held), return_when=FIRST_COMPLETED)
        if not entered.done():
            held, self._held = self._held, None
            self.leave()
            held.result()
        return loop

    def leave(self) -> None:
        """Leave it, if it is entered; blocks, and logs what it raises."""
        held, self._held = self._held, None
        thread, self._thread = self._thread, None
        if held is not None:
            self._loop.call_soon_threadsafe(self._is_over.set)
            try:
                held.result(LEAVE_S)
            except Exception:
                log.exception("The task lifespan failed at its end")
        self.state = None
        if thread is not None:
            thread.stop()

    def is_in_its_loop(self) -> bool:
        """Tell whether the caller runs in the loop in which it is entered."""
        return asyncio._get_running_loop() is self._loop  # noqa: SLF001 - it is documented

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Run a call in the loop in which it is entered; blocks."""
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()

    async def _hold(self, entered: Future[None]) -> None:
        """Enter and leave in one asyncio task, as cancel scopes need it."""
        async with self.make() as self.state:
            entered.set_result(None)
            await self._is_over.wait()
