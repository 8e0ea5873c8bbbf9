"""What time it is: handed in, so that a simulator can own it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks: one to write down, one to measure with."""

    def now(self) -> float:
        """Tell the time of day, epoch s; it may jump."""

    def monotonic(self) -> float:
        """Tell seconds since some moment; it never goes back."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> float:
        """Tell the time of day, epoch s; it may jump."""
        return time.time()

    def monotonic(self) -> float:
        """Tell seconds since some moment; it never goes back."""
        return time.monotonic()
