"""The one thread that writes: steps the core when there is something to do, else sleeps."""

from __future__ import annotations

import logging
import threading
from typing import Final

from desktop.engine.clock import Clock
from desktop.engine.core import RETRY_S, Core
from desktop.engine.inbox import Inbox

LONGEST_SLEEP_S: Final = 30.0
"""While a task waits for a time; the time of day may jump under a longer one, as after a sleep."""

log = logging.getLogger(__name__)


class Writer:
    """Runs ``core`` in a thread of its own until :meth:`stop`."""

    def __init__(self, core: Core, inbox: Inbox, clock: Clock) -> None:
        self._core = core
        self._inbox = inbox
        self._clock = clock
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end; what the disk refuses then is judged at the next start."""
        self._stopping = True
        self._inbox.wake()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            stopping = self._stopping
            due = self._step()
            if self._inbox.urgent:
                continue
            if stopping:
                return
            now = self._clock.now()
            if due is None or due > now:
                self._inbox.wait(None if due is None else min(due - now, LONGEST_SLEEP_S))

    def _step(self) -> float | None:
        now = self._clock.now()
        try:
            return self._core.step(now)
        except Exception:
            # A bug; but without this thread every caller would wait for ever.
            log.exception("The writer stumbled")
            return now + RETRY_S
