"""What a queue allows: how many of its tasks run at once, and how often they may begin."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from desktop.contract.rules.times import DAY_MS, Rate
from desktop.engine.functions.registry import Registry
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import FunctionRecord
from desktop.engine.transaction.group import Group


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """``concurrency`` tasks at once at most, beginning as ``rate`` allows; ``None``: no limit.

    Rates in ``others`` apply as well, each in a period of its own, and so does what a provider
    allows ``per_day``: in any 24 hours.
    """

    concurrency: int | None = None
    rate: Rate | None = None
    others: tuple[Rate, ...] = ()
    per_day: int | None = None
    rates: tuple[Rate, ...] = field(init=False, compare=False)
    """All rates that apply."""

    def __post_init__(self) -> None:
        """Gather the rates once: they are asked for at each start."""
        daily = None if self.per_day is None else Rate(self.per_day, DAY_MS)
        rates = tuple(each for each in (self.rate, *self.others, daily) if each is not None)
        object.__setattr__(self, "rates", rates)


KEPT: Final = "limits"
"""The key in ``meta`` of what a person has set, as JSON."""
NO_LIMIT: Final = QueueLimit()
Wanted = Mapping[str, QueueLimit]
"""What a person has set, by queue."""


def queue_limit(
    queue: str,
    functions: Iterable[FunctionRecord],
    registry: Registry,
    wanted: QueueLimit = NO_LIMIT,
) -> QueueLimit:
    """Return a queue's limit: what a person ``wanted``, else the least its functions say.

    Its functions are those registered for it, and those of ``functions`` that have tasks there.
    """
    names = {function.name for function in functions if function.queue == queue}
    known = [spec for name in registry.names() if (spec := registry.get(name))]
    specs = [spec for spec in known if spec.queue == queue or spec.name in names]
    numbers = [spec.concurrency for spec in specs if spec.concurrency is not None]
    concurrency = wanted.concurrency or min(numbers, default=None)
    if wanted.rate is not None:
        return QueueLimit(concurrency, wanted.rate, (), wanted.per_day)
    rates = _least(spec.rate for spec in specs if spec.rate is not None)
    return QueueLimit(concurrency, next(iter(rates), None), rates[1:], wanted.per_day)


def _least(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    """Return the least rate of each period, the one that allows the least in the long run first."""
    least = {r.period_ms: r for r in sorted(rates, key=lambda r: r.count, reverse=True)}
    return tuple(sorted(least.values(), key=lambda r: r.count / r.period_ms))


class Limits:
    """The limits of an engine's queues, each worked out once for what is registered and wanted.

    What is wanted is kept in the store: an engine that is told nothing goes on with that.
    """

    def __init__(self, registry: Registry) -> None:
        self.wanted: Wanted = {}
        self._is_told = False
        self._registry = registry
        self._functions: Mapping[int, FunctionRecord] = {}
        self._known: dict[str, QueueLimit] = {}
        self._basis: tuple[object, ...] = ()

    def want(self, limits: Wanted) -> None:
        """Set what a person wants, to be kept by :meth:`keep`."""
        self.wanted, self._is_told = dict(limits), True

    def open(self, group: Group) -> None:
        """Keep what was wanted before the start, or take up what was kept."""
        if self._is_told:
            self.keep(group)
        else:
            self.wanted = _read(_kept(group))

    def keep(self, group: Group) -> None:
        """Write what is wanted into the store, unless it is there.

        A provider counts what left before it was told here how much it allows in a day.
        """
        text, kept = _written(self.wanted), _kept(group)
        if text == kept:
            return
        group.cursor.execute(statements.DELETE_META, (KEPT,))
        group.cursor.execute(statements.INSERT_META, (KEPT, text))
        group.flush()
        before = _read(kept)
        for queue, limit in self.wanted.items():
            if limit.per_day not in {None, before.get(queue, NO_LIMIT).per_day}:
                group.memory.starts.look_back(group, queue)

    def look(self, functions: Mapping[int, FunctionRecord]) -> None:
        """Take up what is registered, wanted, and had tasks accepted for it (``functions``)."""
        basis = (self._registry.version, self.wanted, len(functions))
        if basis != self._basis:
            self._basis, self._functions, self._known = basis, functions, {}

    def of(self, queue: str) -> QueueLimit:
        """Return the queue's limit as of the last :meth:`look`."""
        known = self._known.get(queue)
        if known is None:
            wanted = self.wanted.get(queue, NO_LIMIT)
            known = queue_limit(queue, self._functions.values(), self._registry, wanted)
            self._known[queue] = known
        return known


def _kept(group: Group) -> str:
    row = group.cursor.execute(statements.META, (KEPT,)).fetchone()
    return "{}" if row is None else str(row[0])


def _written(wanted: Wanted) -> str:
    limits = {
        queue: (limit.concurrency, None if limit.rate is None else str(limit.rate), limit.per_day)
        for queue, limit in wanted.items()
    }
    return json.dumps(limits, sort_keys=True)


def _read(text: str) -> Wanted:
    """Read what :func:`_written` wrote; older stores say nothing of a day."""
    return {
        queue: QueueLimit(concurrency, None if rate is None else Rate.parse(rate), (), *per_day)
        for queue, (concurrency, rate, *per_day) in json.loads(text).items()
    }
