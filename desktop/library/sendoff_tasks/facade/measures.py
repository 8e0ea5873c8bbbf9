"""Figures for an operator's monitor, read often, at a cost independent of the number of tasks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

from sendoff_tasks.facade.running_engine import EngineConfig, RunningEngine
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.events import LaneStats, Stats
from sendoff_tasks.model.queues import Process, Queue
from sendoff_tasks.model.states import TROUBLED, State
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.queues.limits import read_queues
from sendoff_tasks.queues.workers import Workers
from sendoff_tasks.store.reads.catalogue import read_counts, read_outlook
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.statements import CREATED_FIRST, NEXT_DUE
from sendoff_tasks.transaction.features import OneRead, ToCome
from sendoff_tasks.transaction.memory import place_of
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.writer.core import Core
from sendoff_tasks.writer.figures import Attempts


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of an engine at one moment.

    ``attempts`` counts since the engine's start. ``oldest_queued`` is the age, in s, of the oldest
    queued task, 0 if there is none. ``last_event`` is the number of the last change,
    ``store_bytes`` the size of the store on disk. ``refused`` counts the tasks that were committed
    in a database and could not be accepted.
    """

    queues: Sequence[Queue]
    lanes: dict[str, LaneStats]
    attempts: Attempts
    oldest_queued: float
    last_event: int
    store_bytes: int
    refused: int


def measure(running: RunningEngine, config: EngineConfig) -> Measures:
    """Return all figures at one moment."""
    store = running.store
    store_bytes, refused = store.size(), store.refused()  # they use connections of their own
    with running.reader.snapshot() as connection:
        now = math.floor(config.clock.now() * 1000)
        return Measures(
            queues=read_queues(connection, config.registry, config.limits.wanted, now),
            lanes=lane_stats(running.core),
            attempts=running.core.durations.read(),
            oldest_queued=_oldest_queued(connection, config.clock.now()),
            last_event=running.journal.last,
            store_bytes=store_bytes,
            refused=refused,
        )


def read_stats(running: RunningEngine, registry: Registry, now: float) -> Stats:
    """Return counts, rates and what comes next; ``now`` in epoch s."""
    core = running.core
    with running.reader.snapshot() as connection:
        counts = read_counts(connection)
        standing, done_in = read_outlook(connection, core.throughput.paces(now))
        reading = OneRead(core.memory, connection, registry, math.floor(now * 1000))
        to_come = [each.to_come(reading) for each in core.memory.features]
        next_at = _next_start(reading, to_come)
    stats = Stats(
        counts=counts,
        standing=standing,
        seen={state.value: core.memory.seen[state] for state in TROUBLED},
        pending=len([*core.memory.part(PendingRecords)]),
        rates=core.throughput.rates(now),
        done_in=done_in,
        next_at=None if next_at is None else wire_time(next_at),
        lanes=lane_stats(core),
    )
    for each in to_come:
        stats.update(cast("Stats", each.counts))
    return stats


def _next_start(reading: OneRead, to_come: Iterable[ToCome]) -> int | None:
    """Return when the next task starts; ``None`` while more tasks come and start."""
    begins = [begin for each in to_come for begin in each.begins]
    if any(begin <= reading.now for begin in begins):
        return None
    (due,) = reading.source.execute(NEXT_DUE, (reading.now,)).fetchone()
    return min(begins if due is None else [*begins, due], default=None)


def lane_stats(core: Core) -> dict[str, LaneStats]:
    """Return how full the lanes are, here and on all workers."""
    here, *workers = (process["lanes"] for process in processes_of(core))
    none = LaneStats(slots=0, busy=0)
    for name, lane in here.items():
        there = [worker.get(name, none) for worker in workers]
        lane["slots"] += sum(each["slots"] for each in there)
        lane["busy"] += sum(each["busy"] for each in there)
    return here


def processes_of(core: Core) -> list[Process]:
    """Return how full the lanes of each process are: of this one, and of the workers by name."""
    workers, busy = core.memory.part(Workers), core.memory.busy_lanes

    def process(name: str, worker: str, slots: Mapping[str, int]) -> Process:
        places = {lane: place_of(lane, worker) if worker else lane for lane in slots}
        lanes = {lane: LaneStats(slots=n, busy=busy[places[lane]]) for lane, n in slots.items()}
        return Process(name=name, lanes=lanes)

    here = process("", "", {name: lane.slots for name, lane in core.lanes.items()})
    there = [
        process(workers.names.get(each.id, each.id), each.id, each.slots)
        for each in [*workers.offers.values()]
    ]
    return [here, *sorted(there, key=itemgetter("name"))]


def _oldest_queued(connection: Source, now: float) -> float:
    found = connection.execute(CREATED_FIRST, (State.QUEUED.value,)).fetchone()
    return max(0.0, now - found[0] / 1000) if found else 0.0
