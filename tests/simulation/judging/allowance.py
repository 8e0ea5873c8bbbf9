"""What queues allow, judged by when attempts really began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.times import Rate
from sendoff_tasks.queues.limits import QueueLimit
from tests.simulation.computer.clock import UNNOTICED_S, Clock
from tests.simulation.judging.broken import expect


class Allowance:
    """What a person wants of each queue, else what its functions say; and what has begun."""

    def __init__(self, registry: Registry) -> None:
        self.wanted: dict[str, QueueLimit] = {}
        self._registry = registry
        self._began: defaultdict[str, list[float]] = defaultdict(list)  # under today's rates

    def want(self, limits: Mapping[str, QueueLimit]) -> None:
        """Note what a person has set."""
        if limits != self.wanted:
            self.wanted = dict(limits)
            self.changed()

    def changed(self) -> None:
        """Note that limits may have changed: what began before counts no more, by their rate."""
        self._began.clear()

    def begin(self, queue: str, busy: int, clock: Clock, told: str) -> None:
        """Judge an attempt that begins beside ``busy`` others."""
        limit = self._limit(queue)
        if limit.concurrency is not None:
            expect(busy < limit.concurrency, "concurrency", f"{told} is one too many")
        self.begin_row(queue, limit.rate, clock, told)

    def begin_row(self, name: str, rate: Rate | None, clock: Clock, told: str) -> None:
        """Judge an attempt that begins under the rate of a queue or a spreadsheet."""
        began = self._began[name]
        began.append(clock.steady())
        if rate is not None and len(began) > rate.count:
            span = began[-1] - began[-1 - rate.count]
            how = f"{told} is one too many for {rate}, within {span:.3f} s"
            # The clock may have been off to one side then, and is to the other side now.
            off = 2 * UNNOTICED_S if clock.has_jumped else 0.002  # times are kept in ms
            expect(span >= rate.period_ms / 1000 - off, "rates", how)

    def take_back(self, queue: str, began: float) -> None:
        """Count an attempt no more that began at this steady s and did not reach its server."""
        if began in self._began[queue]:
            self._began[queue].remove(began)

    def _limit(self, queue: str) -> QueueLimit:
        specs = [self._registry.get(name) for name in self._registry.names()]
        mine = [spec for spec in specs if spec is not None and spec.queue == queue]
        numbers = [spec.concurrency for spec in mine if spec.concurrency is not None]
        rates = [spec.rate for spec in mine if spec.rate is not None]
        wanted = self.wanted.get(queue, QueueLimit())
        return QueueLimit(
            wanted.concurrency or min(numbers, default=None), wanted.rate or next(iter(rates), None)
        )
