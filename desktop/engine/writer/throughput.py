"""What starts and finishes a second over the last ten, in a bucket a second."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from desktop.contract.events import Rates

WINDOW: Final = 10
"""Seconds looked back."""


class Throughput:
    """Counts what started and finished; ``now`` is the time of day, epoch s."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: deque[tuple[int, int, int]] = deque(maxlen=WINDOW + 1)

    def count(self, now: float, started: int, finished: int) -> None:
        """Note what one group did."""
        second = int(now)
        with self._lock:
            if self._buckets and self._buckets[-1][0] == second:
                _, before_started, before_finished = self._buckets.pop()
                started, finished = started + before_started, finished + before_finished
            self._buckets.append((second, started, finished))

    def rates(self, now: float) -> Rates:
        """Tell the mean of the last ten whole seconds and the present one."""
        with self._lock:
            seen = [bucket for bucket in self._buckets if int(now) - bucket[0] <= WINDOW]
        span = WINDOW + now % 1
        return Rates(
            started=round(sum(started for _, started, _ in seen) / span, 1),
            finished=round(sum(finished for _, _, finished in seen) / span, 1),
        )
