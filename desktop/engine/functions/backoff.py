"""How long to wait before the next attempt: pure functions of the attempt and a random source."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from desktop.engine.functions.eligibility import check_number

Backoff = Callable[[int, Random], float]
"""``(attempt, random) -> s``: the wait after attempt 1, 2, …"""


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential backoff with full jitter: uniform in 0 … min(cap, base · factor^(attempt − 1)) s.

    Source: Marc Brooker, *Exponential Backoff and Jitter*, AWS Architecture Blog, 2015.
    """

    base: float
    cap: float
    factor: float = 2.0

    def __post_init__(self) -> None:
        if not (0 < self.base <= self.cap and math.isfinite(self.cap)):
            raise ValueError(f"backoff needs 0 < base ≤ cap, got {self.base} and {self.cap}")
        if not (self.factor >= 1 and math.isfinite(self.factor)):
            raise ValueError(f"backoff needs a factor of 1 or more, got {self.factor}")

    def __call__(self, attempt: int, random: Random) -> float:
        """Return the wait in seconds after attempt number ``attempt`` (1 is the first)."""
        return random.uniform(0.0, self.ceiling(attempt))

    def ceiling(self, attempt: int) -> float:
        """Return the longest wait possible after ``attempt``, in seconds."""
        try:
            growth = self.factor ** (attempt - 1)
        except OverflowError:
            return self.cap
        return min(self.cap, self.base * growth)


def exponential(base: float, cap: float = 3600, factor: float = 2) -> Exponential:
    """Return a backoff that grows by ``factor`` from ``base`` s up to ``cap`` s, full jitter.

    Raises ``TypeError`` for what is no number, ``ValueError`` for one that is out of bounds.
    """
    for what, value in (("base", base), ("cap", cap), ("factor", factor)):
        check_number(what, value)
    return Exponential(float(base), float(cap), float(factor))
