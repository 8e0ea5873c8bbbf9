"""The queues there are: those of registered functions, and those tasks were accepted for."""

from __future__ import annotations

import sqlite3

from desktop.contract.queues import Held, Queue
from desktop.contract.states import State
from desktop.engine.registry import Registry
from desktop.engine.store import statements
from desktop.engine.store.detail import read_held_queues
from desktop.engine.store.records import Function
from desktop.engine.store.rows import wire_time


def read_queues(connection: sqlite3.Connection, registry: Registry) -> list[Queue]:
    """Read them by name, from the small tables only."""
    found: dict[str, Queue] = {}
    for name in registry.names():
        spec = registry.get(name)
        if spec is not None:
            queue = _queue(found, spec.queue)
            limits = [n for n in (queue["concurrency"], spec.concurrency) if n is not None]
            queue["concurrency"] = min(limits, default=None)
    names = {row[0]: Function(*row).queue for row in connection.execute(statements.FUNCTIONS)}
    for function, state, n in connection.execute(statements.COUNTS):
        _queue(found, names[function])["counts"][state] += n
    for held in read_held_queues(connection):
        since = wire_time(held.held_at)
        _queue(found, held.name)["held"] = Held(since=since, reason=held.reason)
    return [found[name] for name in sorted(found)]


def _queue(found: dict[str, Queue], name: str) -> Queue:
    counts = {state.value: 0 for state in State}
    return found.setdefault(name, Queue(name=name, concurrency=None, held=None, counts=counts))
