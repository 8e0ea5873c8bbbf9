"""What time it is: handed in, so that a simulator can own it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The time of day."""

    def now(self) -> float:
        """Tell the time of day, epoch s; it may jump."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Tell the time of day, epoch s; it may jump."""
        return time.time()
