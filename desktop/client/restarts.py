"""When a lost backend is started again: at once, then less and less often, then not at all."""

from __future__ import annotations

import time
from typing import Final

BACKOFF: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before the first, second, … restart in a row; the last value repeats."""
STEADY_AFTER: Final = 60.0
"""Seconds that a backend has to be ready before the delays start again at the first."""
GIVE_UP_AFTER: Final = 5
"""Failed starts in a row after which the cause is not expected to go away by itself."""


class Restarts:
    """Counts the starts of a backend in a row."""

    def __init__(self) -> None:
        self._restarts = self._failed = 0
        self._ready_at = 0.0

    def ready(self) -> None:
        """Note that a backend was started, or was found running."""
        self._failed = 0
        self._ready_at = time.monotonic()

    def lost(self) -> None:
        """Note that the backend has ended or hangs."""
        if time.monotonic() - self._ready_at > STEADY_AFTER:
            self._restarts = 0

    def failed(self, *, is_hopeless: bool) -> None:
        """Note a failed start; another one would not help if it ``is_hopeless``."""
        self._failed = GIVE_UP_AFTER if is_hopeless else self._failed + 1

    @property
    def are_over(self) -> bool:
        """Whether a person has to solve the problem first."""
        return self._failed >= GIVE_UP_AFTER

    def next_delay(self) -> float:
        """Return the seconds before the next start, and count it."""
        seconds = BACKOFF[min(self._restarts, len(BACKOFF) - 1)]
        self._restarts += 1
        return seconds
