"""The right of way: attempts compute while no request is being answered, or after a short wait."""

from __future__ import annotations

import threading
import time
from typing import Final

LONGEST_S: Final = 0.008
"""The longest wait of attempts during uninterrupted requests, s; most requests take less."""


class RightOfWay:
    """Lets requests go before attempts in the threads of one process; thread-safe.

    All threads share the GIL, which has no priorities. Without the right of way, a request would
    wait for the GIL behind each attempt that computes.
    """

    def __init__(self) -> None:
        self._requests = 0
        self._until = 0.0  # when attempts stop waiting for requests, monotonic s
        self._waiting = 0  # number of waiting attempts
        self._lock = threading.Lock()
        self._free = threading.Condition(self._lock)

    def take(self) -> None:
        """Make attempts wait until :meth:`release`."""
        with self._lock:
            if not self._requests:
                self._until = time.monotonic() + LONGEST_S
            self._requests += 1

    def release(self) -> None:
        """Let attempts continue, unless another request has the right of way."""
        with self._lock:
            self._requests -= 1
            if self._waiting and not self._requests:
                self._free.notify_all()

    def give(self) -> None:
        """Wait until no request is being answered, at most until ``LONGEST_S`` after the first."""
        if self._requests and time.monotonic() < self._until:
            with self._lock:
                left = self._until - time.monotonic()
                self._waiting += 1
                self._free.wait_for(lambda: not self._requests, max(left, 0.0))
                self._waiting -= 1
