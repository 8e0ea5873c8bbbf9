"""What a queue allows: how many of its tasks run at once, and how often they may begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from desktop.contract.rate import Rate
from desktop.engine.registry import Registry
from desktop.engine.store.records import Function


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """``concurrency`` tasks at once at most, beginning as ``rate`` allows; ``None``: no limit."""

    concurrency: int | None = None
    rate: Rate | None = None


NO_LIMIT: Final = QueueLimit()
Wanted = Mapping[str, QueueLimit]
"""What a person has set, by queue."""


def queue_limit(
    queue: str, functions: Iterable[Function], registry: Registry, wanted: QueueLimit = NO_LIMIT
) -> QueueLimit:
    """Return a queue's limit: what a person ``wanted``, else the least its functions say.

    Its functions are those registered for it, and those of ``functions`` that have tasks there.
    """
    names = {function.name for function in functions if function.queue == queue}
    known = [spec for name in registry.names() if (spec := registry.get(name))]
    specs = [spec for spec in known if spec.queue == queue or spec.name in names]
    numbers = [spec.concurrency for spec in specs if spec.concurrency is not None]
    rates = [spec.rate for spec in specs if spec.rate is not None]
    least = min(rates, default=None, key=lambda rate: rate.count / rate.period_ms)
    return QueueLimit(wanted.concurrency or min(numbers, default=None), wanted.rate or least)


class Limits:
    """The limits of an engine's queues, each worked out once for what is registered and wanted."""

    def __init__(self, registry: Registry) -> None:
        self.wanted: Wanted = {}
        self._registry = registry
        self._known: dict[str, QueueLimit] = {}
        self._basis: tuple[object, ...] = ()

    def of(self, queue: str, functions: Mapping[int, Function]) -> QueueLimit:
        """Return the queue's limit; ``functions`` are those that tasks were accepted for."""
        basis = (self._registry.version, self.wanted, len(functions))
        if basis != self._basis:
            self._basis, self._known = basis, {}
        known = self._known.get(queue)
        if known is None:
            wanted = self.wanted.get(queue, NO_LIMIT)
            known = queue_limit(queue, functions.values(), self._registry, wanted)
            self._known[queue] = known
        return known
