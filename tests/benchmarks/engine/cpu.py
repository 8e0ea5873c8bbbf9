"""The cpu lane: as many tasks at once as there are cores, against one at a time."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from sendoff_tasks import task
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.submission import Submission
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

ROUNDS = 500_000
"""About 30 ms of a core."""
TASKS_A_SECOND = 25
LOOK_S = 0.02
"""How often the end is looked for; looking takes from the cores that are measured."""


@task(name="compute", lane="cpu")
def compute(rounds: int) -> int:
    """Keep one core busy."""
    value = 1
    for number in range(rounds):
        value = (value * 31 + number) % 65521
    return value


def run(plan: Plan) -> list[Figure]:
    """Measure both numbers of slots, in the lane and in a pool of Python's own."""
    slots = max(2, os.cpu_count() or 2)
    tasks = plan.times(TASKS_A_SECOND)
    lane: dict[int, list[float]] = {1: [], slots: []}
    pool: dict[int, list[float]] = {1: [], slots: []}
    for _ in range(plan.reps):
        for number in (1, slots):
            with engine(plan.place("cpu"), number) as running:
                lane[number].append(_tasks_a_second(running, number, tasks))
            pool[number].append(_in_a_pool(number, tasks))
    many = f"{slots} slots"
    return [
        against(
            f"cpu lane, {many}",
            "tasks/s",
            lane[slots],
            lane[1],
            beside="1 slot",
            at_least=0.95 * slots,
        ),
        against(f"  ProcessPoolExecutor, {many}", "tasks/s", pool[slots], pool[1], beside="1 slot"),
    ]


@contextmanager
def engine(folder: Path, slots: int) -> Iterator[Engine]:
    """Run an engine with so many worker processes."""
    registry = Registry()
    registry.add(compute)
    running = Engine(EngineConfig(folder / "engine.db", registry, cpu_slots=slots))
    running.start()
    yield running
    running.stop()


def _tasks_a_second(running: Engine, slots: int, tasks: int) -> float:
    _finish(running, slots)  # starts every worker
    return tasks / _finish(running, tasks)


def _finish(running: Engine, tasks: int) -> float:
    """Hand tasks in at once and wait for the last; s."""
    before = running.stats()["counts"].get("succeeded", 0)
    began = time.perf_counter()
    calls = [running.task_of(compute, [ROUNDS]) for _ in range(tasks)]
    running.submit(Submission(tasks=calls)).result()
    pause = threading.Event()
    while running.stats()["counts"].get("succeeded", 0) < before + tasks:
        pause.wait(LOOK_S)
    return time.perf_counter() - began


def _in_a_pool(workers: int, tasks: int) -> float:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(compute, [ROUNDS] * workers))
        began = time.perf_counter()
        list(pool.map(compute, [ROUNDS] * tasks))
        return tasks / (time.perf_counter() - began)
