"""The clock, which callers pass in, so a simulator can control time."""

from __future__ import annotations

import math
import time
from typing import Final, Protocol

DAY_S: Final = 24 * 3600
LONGEST_S: Final = 10 * 365.25 * DAY_S
"""Ten years; no wait is longer."""

_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""A clock that counts sleep: the first on Linux, the second on macOS; Windows' monotonic does."""
AT_ONCE_S: Final = 0.05
"""Two readings taken within this time count as simultaneous."""


def to_ms(seconds: float) -> int:
    """Return a time or a span in ms, rounded up: nothing is early."""
    return math.ceil(seconds * 1000)


class Clock(Protocol):
    """The time of day, and the time that has passed."""

    def now(self) -> float:
        """Return the time of day, epoch s; it may jump."""

    def steady(self) -> float:
        """Return the seconds since an arbitrary moment; this never jumps."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return the time of day, epoch s; it may jump."""
        return time.time()

    def steady(self) -> float:
        """Return the seconds since the machine started, including sleep."""
        return time.monotonic() if _STEADY is None else time.clock_gettime(_STEADY)


def read(clock: Clock) -> tuple[float, float]:
    """Read both times at one moment; read again if the machine slept in between."""
    while True:
        before, now, steady = clock.steady(), clock.now(), clock.steady()
        if steady - before < AT_ONCE_S:
            return now, steady
