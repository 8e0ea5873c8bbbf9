"""Measures how fast the messages of each batch are sent."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import goes_on_at, is_kept_waiting, is_limited

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

LEAST_S: Final = 5.0
"""Seconds of measuring before a pace is reported: a shorter span gives wrong forecasts."""
LEAST_SENT: Final = 10
"""Messages before a pace is reported within the first minute: the first may be slow."""
WHOLE_S: Final = 60.0
"""The most seconds measured; also the least if a limit lets messages leave in bursts."""


class Seen(NamedTuple):
    """How many messages of a batch were open at a moment, epoch s."""

    at: float
    open: int


class Paces:
    """Records how each batch's number of open messages falls while nothing stops it."""

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._seen: dict[int, deque[Seen]] = {}

    def note(self, batch: Batch, now: float) -> None:
        """Record a batch as it is at ``now``; measuring begins with its first message."""
        number, count = batch["batch_id"], batch["counts"]["open"]
        before = self._before.get(number)
        waits = is_kept_waiting(batch) or goes_on_at(batch, now) is not None
        if batch["state"] != BatchState.RUNNING or waits or (before is not None and count > before):
            self._before.pop(number, None)
            self._seen.pop(number, None)
        if batch["state"] != BatchState.RUNNING or waits:
            return
        self._before[number] = count
        if before is not None and count < before:
            seen = self._seen.setdefault(number, deque())
            seen.append(Seen(now, count))
            while len(seen) > 1 and seen[1].at <= now - WHOLE_S:
                seen.popleft()

    def of(self, batch: Batch, now: float) -> float:
        """Return how many of its messages are sent in a second; 0 if that is unknown."""
        seen = self._seen.get(batch["batch_id"])
        if not seen:
            return 0.0
        span = now - seen[0].at
        if span < (WHOLE_S if is_limited(batch, now) else LEAST_S):
            return 0.0
        sent = seen[0].open - seen[-1].open
        return sent / span if sent >= LEAST_SENT or span >= WHOLE_S else 0.0
