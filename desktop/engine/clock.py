"""What time it is: handed in, so a simulator can own it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

DAY_S: Final = 24 * 3600
DAY_MS: Final = DAY_S * 1000
LONGEST_S: Final = 10 * 365.25 * DAY_S
"""Ten years: no wait is longer."""

_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""Goes on while the machine sleeps: on Linux the first, on macOS the second; Windows' own does."""
AT_ONCE_S: Final = 0.05
"""Two readings taken within this time count as simultaneous."""


class Clock(Protocol):
    """The time of day, and the time that passes."""

    def now(self) -> float:
        """Tell the time of day, epoch s; it may jump."""

    def steady(self) -> float:
        """Tell how much time has passed, s since an arbitrary moment; it never jumps."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Tell the time of day, epoch s; it may jump."""
        return time.time()

    def steady(self) -> float:
        """Tell how much time has passed, s since the machine was started, sleep included."""
        return time.monotonic() if _STEADY is None else time.clock_gettime(_STEADY)


class MovedClock:
    """The machine's clock, ahead of it by as much as it was moved; it can be held."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._ahead = 0.0  # s
        self._held: tuple[float, float] | None = None  # the machine's two times

    def now(self) -> float:
        """Tell the time of day, epoch s."""
        held = self._held
        return (self._machine.now() if held is None else held[0]) + self._ahead

    def steady(self) -> float:
        """Tell how much time has passed, s, with what it was moved by."""
        held = self._held
        return (self._machine.steady() if held is None else held[1]) + self._ahead

    def move_to(self, moment: float) -> None:
        """Have it be that time at least, epoch s."""
        self._ahead += max(0.0, moment - self.now())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no time pass inside but what it is moved by; it is made up for at the end."""
        before = self._held
        self._held = before or (self._machine.now(), self._machine.steady())
        try:
            yield
        finally:
            self._held = before


def read(clock: Clock) -> tuple[float, float]:
    """Read both times as of one moment, again where the machine fell asleep in between."""
    while True:
        before, now, steady = clock.steady(), clock.now(), clock.steady()
        if steady - before < AT_ONCE_S:
            return now, steady
