"""The right of way: attempts compute when no request is being answered, or a moment later."""

from __future__ import annotations

import threading
import time
from typing import Final

LONGEST_S: Final = 0.008
"""How long attempts stand back for requests without a gap; most are answered in less."""


class RightOfWay:
    """Lets requests go before attempts in the threads of one process; thread-safe.

    All of them share the interpreter's lock, which knows no priorities: without it a request waits
    for it behind each attempt that computes.
    """

    def __init__(self) -> None:
        self._requests = 0
        self._until = 0.0  # when attempts go on though there are requests, monotonic s
        self._waiting = 0  # attempts
        self._lock = threading.Lock()
        self._free = threading.Condition(self._lock)

    def take(self) -> None:
        """Hold attempts back until :meth:`release`."""
        with self._lock:
            if not self._requests:
                self._until = time.monotonic() + LONGEST_S
            self._requests += 1

    def release(self) -> None:
        """Let attempts go on, unless another request has it."""
        with self._lock:
            self._requests -= 1
            if self._waiting and not self._requests:
                self._free.notify_all()

    def give(self) -> None:
        """Wait until no request has it; not at all where they have come without a gap for long."""
        if self._requests and time.monotonic() < self._until:
            with self._lock:
                left = self._until - time.monotonic()
                self._waiting += 1
                self._free.wait_for(lambda: not self._requests, max(left, 0.0))
                self._waiting -= 1
