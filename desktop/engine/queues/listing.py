"""Lists the queues: those of registered functions and those that have had tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from desktop.contract.queues import Paused, Queue, QueueHold
from desktop.contract.rules.times import wire_time
from desktop.contract.states import State
from desktop.engine.functions.registry import Registry
from desktop.engine.queues.limits import NO_LIMIT, Wanted, queue_limit
from desktop.engine.store.reads.catalogue import read_held_queues
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.queues import read_pauses
from desktop.engine.store.tables.records import ALL_QUEUES, FunctionRecord, HeldQueue


def read_queues(connection: Source, registry: Registry, limits: Wanted, now: int) -> list[Queue]:
    """Return the queues by name, read from small tables only; ``limits`` are set by a person.

    ``now`` is in epoch ms.
    """
    functions = {row[0]: FunctionRecord(*row) for row in connection.execute(statements.FUNCTIONS)}
    counts: dict[str, Counter[str]] = {spec.queue: Counter() for spec in registry.specs()}
    for function, state, n in connection.execute(statements.COUNTS):
        counts.setdefault(functions[function].queue, Counter())[state] += n
    held = {each.name: each for each in read_held_queues(connection)}
    pauses = read_pauses(connection)
    found = []
    for name in sorted(counts):
        paused = _paused(name, pauses)
        limit = queue_limit(name, functions.values(), registry, limits.get(name, NO_LIMIT))
        found.append(
            Queue(
                name=name,
                concurrency=limit.concurrency,
                rate=None if limit.rate is None else str(limit.rate),
                per_day=limit.per_day,
                paused=paused,
                held=_held(held.get(name), now, is_paused=paused is not None),
                counts={state.value: counts[name][state.value] for state in State},
            )
        )
    return found


def _paused(name: str, pauses: Mapping[str, int]) -> Paused | None:
    since = [pauses[each] for each in (name, ALL_QUEUES) if each in pauses]
    return Paused(since=wire_time(min(since))) if since else None


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
