"""The engine on a short store and on one of ``--rows`` tasks: what grows with their number."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from sendoff_tasks import task
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.submission import NewTask, Submission
from tests.benchmarks.engine.stores import A_CALL, SHORT, engine, median_of, wait_ended
from tests.benchmarks.figures import Figure, against, alone

if TYPE_CHECKING:
    from sendoff_tasks.facade.engine import Engine
    from tests.benchmarks.plan import Plan

LOOK = 0.005
"""Seconds between two looks at whether all have ended: throughput is timed by it."""
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
    with engine(long, keep) as running:
        fill(running, plan.rows)
    size = (long / "engine.db").stat().st_size / plan.rows
    found: dict[str, tuple[list[float], list[float]]] = {}
    with engine(long, keep) as running:
        for _ in range(plan.reps):
            with engine(plan.place("short"), keep) as short:
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


def fill(running: Engine, tasks: int) -> None:
    """Hand in so many tasks for as many people, and wait until all have ended."""
    for first in range(0, tasks, A_CALL):
        numbers = range(first, min(first + A_CALL, tasks))
        calls = [NewTask("keep", (n, TEXT), to=f"Ada{n} <ada{n}@example.org>") for n in numbers]
        running.submit(Submission(tasks=calls)).result()
        wait_ended(running, numbers.stop, LOOK)


def measured(running: Engine, plan: Plan) -> dict[str, float]:
    """Measure one store: tasks/s, and the ms of what the window reads."""
    reads = plan.times(READS_A_SECOND)
    rate = _throughput(running, plan.times(TASKS_A_SECOND))
    return {
        "throughput": rate,
        "first page": median_of(lambda: running.rows(TaskQuery()), reads),
        "counts": median_of(running.stats, reads),
        "search, first page": max(
            median_of(lambda text=text: running.rows(TaskQuery(TaskFilter(text=text))), reads)  # type: ignore[misc]
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
    wait_ended(running, before + handed_in, LOOK)
    return handed_in / (time.perf_counter() - began)
