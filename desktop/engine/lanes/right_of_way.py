"""The right of way: attempts compute when no request is being answered, or a moment later."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        self._free = threading.Condition()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold attempts back inside ``with``."""
        with self._free:
            if not self._requests:
                self._until = time.monotonic() + LONGEST_S
            self._requests += 1
        try:
            yield
        finally:
            with self._free:
                self._requests -= 1
                if not self._requests:
                    self._free.notify_all()

    def give(self) -> None:
        """Wait until no request has it; not at all where they have come without a gap for long."""
        if self._requests and time.monotonic() < self._until:
            with self._free:
                left = self._until - time.monotonic()
                self._free.wait_for(lambda: not self._requests, max(left, 0.0))
