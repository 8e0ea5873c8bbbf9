"""How often a task is tried, and how long it waits before the next attempt."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random
from typing import Final

from sendoff_tasks.functions.eligibility import (
    brief,
    check_number,
    check_plain,
    check_whole,
)

Backoff = Callable[[int, Random], float]
"""``(attempt, random) -> s``: the wait after attempt 1, 2, …"""

MOST_ATTEMPTS: Final = 1_000_000
"""More than any task has; each store can count some more."""


@dataclass(frozen=True, slots=True)
class exponential:  # noqa: N801 - it is written like a function
    """Exponential backoff with full jitter: uniform in 0 … min(cap, base · factor^(attempt − 1)) s.

    Raises ``TypeError`` for a value that is not a number, ``ValueError`` for one out of bounds.
    Source: Marc Brooker, *Exponential Backoff and Jitter*, AWS Architecture Blog, 2015.
    """

    base: float
    cap: float = 3600
    factor: float = 2

    def __post_init__(self) -> None:
        for what, value in (("base", self.base), ("cap", self.cap), ("factor", self.factor)):
            check_number(what, value)
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
            growth = float(self.factor) ** (attempt - 1)
        except OverflowError:
            return self.cap
        return min(self.cap, self.base * growth)


@dataclass(frozen=True, slots=True)
class Retry:
    """How many attempts a task has, how long it waits between them, and which errors it retries.

    Only exceptions in ``on`` and their subclasses are retried; those in ``never`` are not, even if
    ``on`` has them. An error raised ``from`` another, or in a group, counts as both.
    ``RetryLater`` and ``GiveUp`` decide for themselves. An attempt that takes its process down
    does not count here: crashes are counted apart. Raises ``TypeError`` for an option that cannot
    work.
    """

    attempts: int = 5
    backoff: Backoff = field(default=exponential(2, cap=3600))
    on: tuple[type[BaseException], ...] = (BaseException,)
    never: tuple[type[BaseException], ...] = ()

    def __post_init__(self) -> None:
        check_whole("attempts", self.attempts)
        check_plain("backoff", self.backoff)
        for what, kinds in (("on", self.on), ("never", self.never)):
            if not isinstance(kinds, tuple) or not all(
                isinstance(kind, type) and issubclass(kind, BaseException) for kind in kinds
            ):
                raise TypeError(f"{what} must be a tuple of exception classes, got {brief(kinds)}")
        if self.attempts < 1:
            raise TypeError(f"a task needs at least one attempt, got {self.attempts}")
        if self.attempts > MOST_ATTEMPTS:
            raise TypeError(f"a task has at most {MOST_ATTEMPTS:,} attempts, got {self.attempts}")

    def follows(self, errors: Collection[BaseException]) -> bool:
        """Tell whether an attempt may be followed by another.

        ``errors`` are the one that it raised, and those that this was raised in or from.
        """
        is_meant = any(isinstance(error, self.on) for error in errors)
        return is_meant and not any(isinstance(error, self.never) for error in errors)


DEFAULT_RETRY: Final = Retry()
ONCE: Final = Retry(1)
"""The default of a function without ``@task``, which was written to run once."""
