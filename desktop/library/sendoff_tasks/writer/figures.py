"""Rates of starts and ends, and how long tasks waited and ran, since the engine's start."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from sendoff_tasks.model.events import Rates
from sendoff_tasks.model.tasks import OutcomeWord
from sendoff_tasks.store.tables.records import FunctionRecord
from sendoff_tasks.transaction.measuring import GroupMeasures

BOUNDS: Final = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0,
)  # fmt: skip
"""The upper bound of each bucket, s; one more bucket has all longer times."""


@dataclass(slots=True)
class Histogram:
    """How many times fell into each bucket, and their sum, s."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float, n: int) -> None:
        """Count a time that occurred ``n`` times."""
        self.counts[bisect_left(BOUNDS, seconds)] += n
        self.total += seconds * n


@dataclass(slots=True)
class Attempts:
    """Attempts by queue: started, ended by outcome, and how long they waited and ran."""

    started: Counter[str] = field(default_factory=Counter)
    finished: Counter[tuple[str, OutcomeWord]] = field(default_factory=Counter)
    waited: defaultdict[str, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    ran: defaultdict[str, Histogram] = field(default_factory=lambda: defaultdict(Histogram))


class Durations:
    """Sums what groups have measured; readable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts = Attempts()

    def count(self, measured: GroupMeasures, functions: Mapping[int, FunctionRecord]) -> None:
        """Add the figures of one group; ``functions`` by number."""
        attempts = self._attempts
        with self._lock:
            for (function, waited), n in measured.waited.items():
                queue = functions[function].queue
                attempts.started[queue] += n
                attempts.waited[queue].add(waited / 1000, n)
            for (function, outcome, ran), n in measured.ran.items():
                queue = functions[function].queue
                attempts.finished[queue, outcome] += n
                attempts.ran[queue].add(ran / 1000, n)

    def read(self) -> Attempts:
        """Return a copy of all counts."""
        with self._lock:
            return deepcopy(self._attempts)


WINDOW: Final = 10
"""Length of the window, s."""
LEAST: Final = 5
"""Seconds after a first end before a pace is known."""


class Throughput:
    """Counts starts and ends; ``now`` is the time of day, epoch s."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: deque[tuple[int, int, Counter[str]]] = deque(maxlen=WINDOW + 1)
        self._since: dict[str, float] = {}  # by queue: when its current run of ends began
        self._last: dict[str, int] = {}  # by queue: the second of its last end

    def count(self, now: float, started: int, finished: Mapping[str, int]) -> None:
        """Record what one group did: attempts that began, and tasks that ended, by queue."""
        second = int(now)
        with self._lock:
            if self._buckets and self._buckets[-1][0] == second:
                _, before, ended = self._buckets.pop()
            else:
                before, ended = 0, Counter()
            for queue, n in finished.items():
                ended[queue] += n
                if abs(second - self._last.get(queue, 0)) > WINDOW:
                    self._since[queue] = now
                self._last[queue] = second
            self._buckets.append((second, before + started, ended))

    def rates(self, now: float) -> Rates:
        """Return the mean rates over the last ten whole seconds and the current one."""
        seen = self._in_window(now)
        span = WINDOW + now % 1
        return Rates(
            started=round(sum(started for _, started, _ in seen) / span, 1),
            finished=round(sum(finished.total() for _, _, finished in seen) / span, 1),
        )

    def paces(self, now: float) -> dict[str, float]:
        """Return how many tasks of each queue end per second, where that is known."""
        ended: Counter[str] = sum((finished for _, _, finished in self._in_window(now)), Counter())
        spans = {queue: min(WINDOW + now % 1, now - self._since[queue]) for queue in ended}
        return {queue: n / spans[queue] for queue, n in ended.items() if spans[queue] >= LEAST}

    def _in_window(self, now: float) -> list[tuple[int, int, Counter[str]]]:
        with self._lock:
            return [
                (second, started, ended.copy())
                for second, started, ended in self._buckets
                if int(now) - second <= WINDOW
            ]
