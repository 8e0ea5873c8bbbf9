"""The writer thread: it steps the core when there is something to do, and sleeps otherwise."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from desktop.engine.clock import Clock, read
from desktop.engine.events.notices import RETRY_S
from desktop.engine.writer.core import Core
from desktop.engine.writer.inbox import SIBLINGS, Inbox

LONGEST_SLEEP_S: Final = 30.0
"""The longest sleep before a task is due, s; the time of day may jump meanwhile."""

DELAY_S: Final = 0.0003
"""How long it waits for ends, and for callers while tasks wait for a slot, s."""
RETURN: Final = 2
"""It waits for callers until all are back, at most this many times the duration of the last group:
a caller who came during that group has waited as long."""
LONGEST_RETURN_S: Final = 0.01
"""The longest wait for callers, however slow the disk is, s."""

log = logging.getLogger(__name__)


class Writer:
    """Runs ``core`` in a thread of its own until :meth:`stop`.

    If the thread ends by itself, all callers get ``Closed``, and the thread calls ``on_failure``.
    """

    def __init__(
        self, core: Core, inbox: Inbox, clock: Clock, on_failure: Callable[[], None]
    ) -> None:
        self._core = core
        self._inbox = inbox
        self._clock = clock
        self._on_failure = on_failure
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end; the next start judges what the disk refuses now."""
        self._stopping = True
        self._inbox.wake()
        self._thread.join()

    def _serve(self) -> None:
        try:
            self._work()
        except BaseException:
            log.critical("The writer has ended", exc_info=True)
        self._inbox.end()
        if not self._stopping:
            self._on_failure()

    def _work(self) -> None:
        while True:
            stopping = self._stopping
            began = time.monotonic()
            due = self._step()
            self._gather(time.monotonic() - began)
            if self._inbox.urgent or self._stopping is not stopping:
                continue  # the step may have consumed the wake-up of a stop
            if stopping:
                return
            now = self._clock.now()
            if due is None or due > now:
                self._inbox.wait(None if due is None else min(due - now, LONGEST_SLEEP_S))

    def _gather(self, took: float) -> None:
        """Wait for more before the next group, if the last one (``took`` s) had many.

        While tasks wait for a worker's slot, only its notes count: more callers would queue up.
        """
        inbox = self._inbox
        if inbox.callers >= SIBLINGS and (inbox.patient or inbox.worker_wait.is_on):
            within = min(RETURN * took, LONGEST_RETURN_S)
            inbox.gather(within, inbox.callers if inbox.patient else 0)
        elif inbox.taken >= SIBLINGS:
            inbox.gather(DELAY_S)

    def _step(self) -> float | None:
        now, steady = read(self._clock)
        try:
            return self._core.step(now, steady)
        except Exception:
            # A bug, but without this thread every caller would wait forever.
            log.exception("The writer failed; it tries again in %s s", RETRY_S)
            return now + RETRY_S
