"""The engine without HTTP: durable no-op tasks a second, and how soon one starts when idle."""

from __future__ import annotations

import os
import queue
import random
import threading
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from desktop.engine import task
from desktop.engine.engine import Engine
from desktop.engine.registry import Registry
from desktop.qtpool import QtWorkers
from tests.benchmarks import raw_sqlite
from tests.benchmarks.figures import Figure, against, quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

SUBMITTERS = 16
SLOTS = 32
TASKS_A_SECOND = 5_000
STARTS_A_SECOND = 75
PAGE = b"x" * 4096

_began: queue.SimpleQueue[float] = queue.SimpleQueue()


@task(name="nothing")
def nothing(_: int) -> None:
    """Do nothing."""


@task(name="note_start")
def note_start() -> None:
    """Write down when this was run."""
    _began.put(time.perf_counter())


def run(plan: Plan) -> list[Figure]:
    """Measure throughput beside a raw SQLite loop, then idle starts beside ``fdatasync``."""
    tasks = plan.times(TASKS_A_SECOND) // SUBMITTERS * SUBMITTERS
    rates, raw = [], []
    for _ in range(plan.reps):
        with engine(plan.place("engine")) as started:
            rates.append(_tasks_a_second(started, tasks))
        raw.append(raw_sqlite.tasks_a_second(plan.place("raw") / "raw.db", tasks, SUBMITTERS))
    starts, syncs = [], []
    for _ in range(plan.reps):
        starts.append(_idle_starts(plan))
        syncs.append(_syncs(plan))
    return [
        against(
            f"no-op tasks, {SUBMITTERS} submitters, synchronous=FULL",
            "tasks/s",
            rates,
            raw,
            beside="raw SQLite loop",
            at_least=0.9,
        ),
        _start_figure("p50", 0.5, starts, syncs, at_most=0.6, above=0.4),
        _start_figure("p99", 0.99, starts, syncs, at_most=2.0, above=1.8),
    ]


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run an engine as the backend composes it: blocking tasks on a ``QThreadPool``."""
    registry = Registry()
    for function in (nothing, note_start):
        registry.add(function)
    with QtWorkers(SLOTS) as threads:
        running = Engine(folder / "engine.db", registry, io=threads, io_slots=SLOTS)
        running.start()
        yield running
        running.stop()


def _tasks_a_second(running: Engine, tasks: int) -> float:
    def submit() -> None:
        for number in range(tasks // SUBMITTERS):
            running.add_task(nothing, number)

    threads = [threading.Thread(target=submit) for _ in range(SUBMITTERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pause = threading.Event()  # asking all the time would take the processor from the engine
    while running.stats()["counts"].get("succeeded", 0) < tasks:
        pause.wait(0.002)
    return tasks / (time.perf_counter() - began)


def _idle_starts(plan: Plan) -> list[float]:
    def start() -> float:
        began = time.perf_counter()
        running.add_task(note_start)
        return _began.get() - began

    with engine(plan.place("idle")) as running:
        start()
        return _with_pauses(start, plan.times(STARTS_A_SECOND))


def _syncs(plan: Plan) -> list[float]:
    def sync() -> float:
        began = time.perf_counter()
        os.write(file, PAGE)
        os.fdatasync(file)
        return time.perf_counter() - began

    place = plan.place("sync") / "file"
    file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    times = _with_pauses(sync, plan.times(STARTS_A_SECOND))
    os.close(file)
    return times


def _with_pauses(measure: Callable[[], float], times: int) -> list[float]:
    """Measure one thing at a time, with 5 to 15 ms of quiet before each; ms."""
    quiet = threading.Event()
    chance = random.Random(1)
    found = []
    for _ in range(times):
        quiet.wait(chance.uniform(0.005, 0.015))
        found.append(measure() * 1000)
    return found


def _start_figure(
    name: str,
    part: float,
    starts: list[list[float]],
    syncs: list[list[float]],
    *,
    at_most: float,
    above: float,
) -> Figure:
    """Judge a quantile by a fixed limit in ms, or by the disk of this run and what lies above."""
    ours = [quantile(times, part) for times in starts]
    disk = [quantile(times, part) for times in syncs]
    limit = max(at_most, median(disk) + above)
    what = f"start on an idle engine, {name}"
    return against(what, "ms", ours, disk, beside=f"fdatasync {name}", limit=limit)
