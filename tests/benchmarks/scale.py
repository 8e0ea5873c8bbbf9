"""The engine on a short store and on one of ``--rows`` tasks: what grows with their number."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from desktop.engine import task
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.submission import NewTask, Submission
from tests.benchmarks.figures import Figure, against, alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

SHORT = 1_000
A_CALL = 10_000
TASKS_A_SECOND = 2_000
SUBMITTERS = 16
READS_A_SECOND = 25
TEXT = "x" * 108
"""With the number and the brackets about 120 bytes of arguments."""
SEARCHES = ("ada", "example", "ada7 example", "nobody")
GROWTH = 1.2
SEARCH_WITHIN = 20.0
BYTES_A_TASK = 500.0


@task(name="keep")
def keep(number: int, text: str) -> None:
    """Do nothing."""


def run(plan: Plan) -> list[Figure]:
    """Fill the long store once; measure it turn by turn with short ones that are new each time."""
    long = plan.place("long")
    with engine(long) as running:
        fill(running, plan.rows)
    size = (long / "engine.db").stat().st_size / plan.rows
    found: dict[str, tuple[list[float], list[float]]] = {}
    with engine(long) as running:
        for _ in range(plan.reps):
            with engine(plan.place("short")) as short:
                fill(short, min(SHORT, plan.rows))
                for place, each in enumerate((running, short)):
                    for name, value in measured(each, plan).items():
                        found.setdefault(name, ([], []))[place].append(value)
    rates, search = found.pop("throughput"), found.pop("search, first page")
    rows = f"{plan.rows:,} tasks"
    beside = f"{min(SHORT, plan.rows):,} tasks"
    return [
        against(
            f"{rows}: throughput", "tasks/s", *rates, beside=beside, at_least=round(1 / GROWTH, 2)
        ),
        *(
            against(f"{rows}: {name}", "ms", *times, beside=beside, at_most=GROWTH)
            for name, times in found.items()
        ),
        against(f"{rows}: search, first page", "ms", *search, beside=beside, limit=SEARCH_WITHIN),
        alone(f"{rows}: on disk", "bytes a task", [size], at_most=BYTES_A_TASK),
    ]


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run an engine on the store in this folder."""
    registry = Registry()
    registry.add(keep)
    running = Engine(folder / "engine.db", registry)
    running.start()
    yield running
    running.stop()


def fill(running: Engine, tasks: int) -> None:
    """Hand in so many tasks for as many people, and wait until all have ended."""
    for first in range(0, tasks, A_CALL):
        numbers = range(first, min(first + A_CALL, tasks))
        calls = [NewTask("keep", (n, TEXT), to=f"Ada{n} <ada{n}@example.org>") for n in numbers]
        running.submit(Submission(tasks=calls)).result()
        _wait_done(running, numbers.stop)


def measured(running: Engine, plan: Plan) -> dict[str, float]:
    """Measure one store: tasks/s, and the ms of what the window reads."""
    reads = plan.times(READS_A_SECOND)
    rate = _throughput(running, plan.times(TASKS_A_SECOND))
    return {
        "throughput": rate,
        "first page": _median(lambda: running.rows(Query()), reads),
        "counts": _median(running.stats, reads),
        "search, first page": max(
            _median(lambda text=text: running.rows(Query(Filter(text=text))), reads)  # type: ignore[misc]
            for text in SEARCHES
        ),
    }


def _throughput(running: Engine, tasks: int) -> float:
    def submit() -> None:
        for number in range(tasks // SUBMITTERS + 1):
            running.add_task(keep, number, TEXT)

    before = running.stats()["counts"]["succeeded"]
    threads = [threading.Thread(target=submit) for _ in range(SUBMITTERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handed_in = SUBMITTERS * (tasks // SUBMITTERS + 1)
    _wait_done(running, before + handed_in)
    return handed_in / (time.perf_counter() - began)


def _wait_done(running: Engine, succeeded: int) -> None:
    pause = threading.Event()  # asking all the time would take the processor from the engine
    while running.stats()["counts"]["succeeded"] < succeeded:
        pause.wait(0.005)


def _median(read: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        read()
        found.append((time.perf_counter() - began) * 1000)
    return median(found)
