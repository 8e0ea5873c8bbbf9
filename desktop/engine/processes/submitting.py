"""The thread in which a process submits to the owner of its tasks."""

from __future__ import annotations

import asyncio
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.processes.line_server import LineServer
from desktop.engine.processes.submitter import PATIENCE_S, Submitter
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.transaction.replies import call_in

AGAIN_S: Final = 0.03
"""How soon a process looks again for a listening owner, or for a folder without one, s."""
LOOK_S: Final = 1.0
"""How often it looks for callers that have waited too long, s."""
LEAVE_S: Final = 5.0
"""How long an ending process waits for missing answers, s."""

log = logging.getLogger(__name__)


class Submitting(ABC):
    """Runs ``_take_part`` in a thread and event loop of its own, until :meth:`_end_thread`.

    ``place`` is where the tasks are. ``loop`` is the event loop's class, if it must be a certain
    one.
    """

    loop: type[asyncio.AbstractEventLoop] | None = None

    def __init__(
        self, engine: Engine, registry: Registry, reader: ReaderPool, place: object
    ) -> None:
        self._engine = engine
        self._registry = registry
        self._place = place
        self._line_server = LineServer(engine, registry)
        self._submitter = Submitter(reader)
        self._is_leaving = False
        self._end: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="sharing", daemon=True)

    @abstractmethod
    async def _take_part(self) -> None:
        """Submit, and do everything else this process does for the folder."""

    def _end_thread(self) -> None:
        """End the thread, and refuse what is unanswered."""
        self._end()
        if self._thread.ident is not None:
            self._thread.join()
        self._submitter.close()
        self._engine.elsewhere = None

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self.loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        part = asyncio.create_task(self._take_part())
        watching = asyncio.create_task(self._refuse_late())
        self._end = lambda: call_in(loop, _cancel, part)
        if self._is_leaving:
            part.cancel()
        try:
            await part
        except asyncio.CancelledError:
            pass
        except Exception:
            log.exception("%s: the owner can no longer be reached from here", self._place)
            self._submitter.close()  # from now on every caller is refused
        watching.cancel()

    async def _send_lines(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send one line after the other to the owner, until it closes the connection."""
        sent = b""

        def send() -> None:
            nonlocal sent
            line = self._submitter.line()
            if line is not None and line is not sent:
                sent = line
                writer.write(line)

        self._when_there_is_work(send)
        send()
        try:
            while (text := await reader.readline()).endswith(b"\n"):
                self._submitter.settle(text)
                send()
        except OSError:
            pass  # the owner was killed
        finally:
            self._submitter.on_work = lambda: None
            writer.close()

    async def _answer_own(self) -> None:
        """Accept here what this process has submitted; raise ``Closed``."""
        while (line := self._submitter.line()) is not None:
            self._submitter.settle(await self._line_server.answer(line))

    def _when_there_is_work(self, call: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._submitter.on_work = lambda: call_in(loop, call)

    async def _refuse_late(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            self._submitter.give_up(PATIENCE_S)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


async def woken_within(seconds: float, woken: asyncio.Event) -> bool:
    """Wait until the event is set, at most ``seconds``; return whether it is set."""
    if woken.is_set():  # the usual case under load
        return True
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` may lose a cancellation
            await woken.wait()
    return woken.is_set()
