"""Which limits a queue has, for ``dispatch/claimer`` to keep to; and the list of queues."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.queues import Paused, Queue, QueueHold
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import DAY_MS, Rate, parse_rates, wire_time
from sendoff_tasks.queues.taken import forget_taken
from sendoff_tasks.store.reads.catalogue import read_held_queues
from sendoff_tasks.store.reads.waits import first_pause
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import FunctionRecord, HeldQueue
from sendoff_tasks.store.tables.statements import read_pauses
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.rate_windows import Starts


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """At most ``concurrency`` tasks run at once, started at ``rate``; ``None`` means no limit.

    Rates in ``others`` apply as well, each in its own period. ``per_day`` is a provider's limit
    for any 24 hours.
    """

    concurrency: int | None = None
    rate: Rate | None = None
    others: tuple[Rate, ...] = ()
    per_day: int | None = None
    rates: tuple[Rate, ...] = field(init=False, compare=False)
    """All rates that apply."""

    @property
    def in_words(self) -> str | None:
        """The rates without the daily limit, as :func:`parse_rates` reads them."""
        return ", ".join(map(str, filter(None, (self.rate, *self.others)))) or None

    def __post_init__(self) -> None:
        """Collect the rates once, because each start needs them."""
        daily = None if self.per_day is None else Rate(self.per_day, DAY_MS)
        rates = tuple(each for each in (self.rate, *self.others, daily) if each is not None)
        object.__setattr__(self, "rates", rates)


META_KEY: Final = "limits"
"""The key in ``meta`` of the limits a person has set, as JSON."""
NO_LIMIT: Final = QueueLimit()
Wanted = Mapping[str, QueueLimit]
"""The limits a person has set, by queue."""


def queue_limit(
    queue: str,
    functions: Iterable[FunctionRecord],
    registry: Registry,
    wanted: QueueLimit,
) -> QueueLimit:
    """Return a queue's limit: the one a person ``wanted``, else the lowest of its functions.

    Its functions are those registered for it, and those in ``functions`` that have tasks there.
    """
    names = {function.name for function in functions if function.queue == queue}
    specs = [each for each in registry.specs() if each.queue == queue or each.name in names]
    numbers = [spec.concurrency for spec in specs if spec.concurrency is not None]
    concurrency = wanted.concurrency or min(numbers, default=None)
    if wanted.rate is not None:
        return replace(wanted, concurrency=concurrency)
    rates = _least(spec.rate for spec in specs if spec.rate is not None)
    return QueueLimit(concurrency, next(iter(rates), None), rates[1:], wanted.per_day)


def _least(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    """Return the lowest rate of each period, sorted by what they allow in the long run."""
    least = {r.period_ms: r for r in sorted(rates, key=lambda r: r.count, reverse=True)}
    return tuple(sorted(least.values(), key=lambda r: r.count / r.period_ms))


class Limits(Part):
    """The limits of an engine's queues, each computed once for the registry and the wanted limits.

    Wanted limits are kept in the store, from the next group on; an engine that is given none uses
    those. Any thread may set them.
    """

    def __init__(self) -> None:
        self.wanted: Wanted = {}
        self._is_told = False
        self._written: Wanted | None = None  # what is known to be stored
        self._stored = ""
        self._registry = Registry()
        self._functions: Mapping[int, FunctionRecord] = {}
        self._known: dict[str, QueueLimit] = {}
        self._basis: tuple[object, ...] = ()

    def want(self, limits: Wanted) -> None:
        """Set the limits a person wants; :meth:`store` writes them."""
        self.wanted, self._is_told = dict(limits), True

    def load(self, source: Source) -> None:
        """Read the stored limits; they are wanted unless others were set before."""
        self._written, self._stored = None, statements.read_meta(source, META_KEY) or "{}"
        if not self._is_told:
            self.wanted = _load(self._stored)

    def open(self, group: Group) -> None:
        """Store the limits set before the start."""
        self.store(group)

    def store(self, group: Group) -> None:
        """Store the wanted limits, unless they are stored already.

        For a new daily limit, earlier starts count too: the provider has counted them.
        """
        wanted = self.wanted
        if wanted is self._written:
            return
        text, before = _dump(wanted), self._stored
        self._written, self._stored = wanted, text
        if text == before:
            return
        group.cursor.execute(statements.PUT_META, (META_KEY, text))
        group.flush()
        earlier = _load(before)
        for queue, limit in wanted.items():
            if limit != earlier.get(queue, NO_LIMIT):
                forget_taken(group, queue)
            if limit.per_day not in {None, earlier.get(queue, NO_LIMIT).per_day}:
                group.part(Starts).look_back(group, queue)

    def look(self, registry: Registry, functions: Mapping[int, FunctionRecord]) -> None:
        """Take in the ``registry``, the wanted limits and the ``functions`` that had tasks."""
        basis = (registry, registry.version, self.wanted, len(functions))
        if basis != self._basis:
            self._basis, self._known = basis, {}
            self._registry, self._functions = registry, functions

    def of(self, queue: str) -> QueueLimit:
        """Return the queue's limit as of the last :meth:`look`."""
        known = self._known.get(queue)
        if known is None:
            wanted = self.wanted.get(queue, NO_LIMIT)
            known = queue_limit(queue, self._functions.values(), self._registry, wanted)
            self._known[queue] = known
        return known


def stored_limits(source: Source) -> Wanted:
    """Return the limits that a person has set, as they are stored."""
    return _load(statements.read_meta(source, META_KEY) or "{}")


def _dump(wanted: Wanted) -> str:
    limits = {
        queue: (limit.concurrency, limit.in_words, limit.per_day) for queue, limit in wanted.items()
    }
    return json.dumps(limits, sort_keys=True)


def _load(text: str) -> Wanted:
    """Reverse :func:`_dump`."""
    return {queue: limited(*limits) for queue, limits in json.loads(text).items()}


def limited(concurrency: int | None, rate: str | None, per_day: int | None) -> QueueLimit:
    """Return the limits of a queue; ``rate`` is as for :func:`parse_rates`."""
    first, *others = parse_rates(rate) if rate else (None,)
    return QueueLimit(concurrency, first, tuple(filter(None, others)), per_day)


def read_queues(connection: Source, registry: Registry, limits: Wanted, now: int) -> list[Queue]:
    """Return the queues by name, read from small tables only; ``limits`` are set by a person.

    ``now`` is in epoch ms.
    """
    functions = {row[0]: FunctionRecord(*row) for row in connection.execute(statements.FUNCTIONS)}
    counts: dict[str, Counter[str]] = {spec.queue: Counter() for spec in registry.specs()}
    for function, state, n in connection.execute(statements.COUNTS):
        counts.setdefault(functions[function].queue, Counter())[state] += n
    since: dict[str, int] = {}
    read = [connection.execute(statements.WAITING_SINCE).fetchall()]
    read += [connection.execute(statements.QUEUED_SINCE, (n,)).fetchall() for n in functions]
    for function, at in chain.from_iterable(read):
        queue = functions[function].queue
        since[queue] = min(at, since.get(queue, at))
    held = {each.name: each for each in read_held_queues(connection)}
    pauses = read_pauses(connection)
    found = []
    for name in sorted(counts):
        first = first_pause(pauses, name)
        paused = None if first is None else Paused(since=wire_time(first[1]))
        limit = queue_limit(name, functions.values(), registry, limits.get(name, NO_LIMIT))
        found.append(
            Queue(
                name=name,
                concurrency=limit.concurrency,
                rate=limit.in_words,
                per_day=limit.per_day,
                paused=paused,
                held=_held(held.get(name), now, is_paused=paused is not None),
                counts={state.value: counts[name][state.value] for state in State},
                waits_since=wire_time(since[name]) if name in since else None,
            )
        )
    return found


def _held(held: HeldQueue | None, now: int, *, is_paused: bool) -> QueueHold | None:
    if held is None:
        return None
    return QueueHold(
        since=wire_time(held.held_at),
        kind=held.kind,
        until=None if held.until is None else wire_time(held.until),
        is_trying=held.until is not None and held.until <= now and not is_paused,
        reason=held.reason,
        action=held.action,
    )
