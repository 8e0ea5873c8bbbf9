"""Base classes for work in a thread of its own while a block runs."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import Self

END_WITHIN: Final = 5.0
"""Seconds that a stop waits for a thread; an interrupted check or sweep is done another time."""


class BackgroundThread(ABC):
    """Calls ``_run`` in a thread named ``name`` while the block runs.

    At the end of the block the thread is asked to end and gets ``END_WITHIN`` seconds: what it does
    may never return. It is a daemon thread, so the process never waits longer.
    """

    def __init__(self, name: str) -> None:
        self._over = threading.Event()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask the thread to end, and wait for it."""
        self._ask_to_end()
        self.thread.join(END_WITHIN)

    @abstractmethod
    def _run(self) -> None:
        """Work until ``_over`` is set."""

    def _ask_to_end(self) -> None:
        self._over.set()


class LoopThread(BackgroundThread):
    """A background thread with an event loop of its own, in which ``_work`` runs."""

    @abstractmethod
    async def _work(self) -> None:
        """Work until cancelled."""

    def _run(self) -> None:
        # A selector loop is the only one that psycopg supports on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._work_until_over())

    async def _work_until_over(self) -> None:
        working = asyncio.create_task(self._work())
        await asyncio.to_thread(self._over.wait)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
