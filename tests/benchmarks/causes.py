"""Failures by cause, and search by any word, on a short store and on one of ``--rows`` tasks."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from desktop.engine import Retry, task
from desktop.engine.errors import Final
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.submission import NewTask, Submission
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

SHORT = 1_000
A_CALL = 10_000
READS_A_SECOND = 25
WITHIN = 20.0
"""Milliseconds a page may take, be it of causes or of what a word finds."""
FAILS = 10
"""One task in so many fails."""
CAUSES = 40
_chance = Random(1)
WORDS = ["".join(_chance.choices("abcdefghijklmnoprstuvw", k=7)) for _ in range(5_000)]


@task(name="sell", retry=Retry(attempts=1))
def sell(number: int, text: str) -> None:
    """Fail for one of ``CAUSES`` causes, or do nothing."""
    if number % FAILS == 0:
        raise Final(f"The {WORDS[number // FAILS % CAUSES]} of order {number} refused.")


def run(plan: Plan) -> list[Figure]:
    """Fill both stores once, and read them turn by turn."""
    logging.getLogger("sendoff.task").setLevel(logging.CRITICAL)
    short, rows = min(SHORT, plan.rows), plan.rows
    found: dict[str, tuple[list[float], list[float]]] = {}
    with engine(plan.place("long")) as long, engine(plan.place("short")) as brief:
        fill(long, rows)
        fill(brief, short)
        for _ in range(plan.reps):
            for place, each in enumerate((long, brief)):
                for name, value in measured(each, plan).items():
                    found.setdefault(name, ([], []))[place].append(value)
    beside = f"{short:,} tasks"
    return [
        against(f"{rows:,} tasks: {name}", "ms", *times, beside=beside, limit=WITHIN)
        for name, times in found.items()
    ]


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run an engine on a new store in this folder."""
    registry = Registry()
    registry.add(sell)
    running = Engine(folder / "engine.db", registry)
    running.start()
    yield running
    running.stop()


def fill(running: Engine, tasks: int) -> None:
    """Hand in so many tasks; wait until all have ended and the last is found by its argument."""
    pause = threading.Event()  # asking all the time would take the processor from the engine
    for first in range(0, tasks, A_CALL):
        numbers = range(first, min(first + A_CALL, tasks))
        calls = [NewTask("sell", (n, f"{_word(n)} {_word(7 * n)} common")) for n in numbers]
        running.submit(Submission(tasks=calls)).result()
        while _ended(running) < numbers.stop:
            pause.wait(0.05)
    last = Query(Filter(text=f"{tasks - 1} common"), limit=1)
    while not running.rows(last)["tasks"]:
        pause.wait(0.5)


def measured(running: Engine, plan: Plan) -> dict[str, float]:
    """Measure one store: the ms of what the window reads."""
    reads = plan.times(READS_A_SECOND)
    cause = running.causes()[0]["cause"]
    order = min(plan.rows, SHORT) // 2 // FAILS * FAILS
    searches = (_word(17), "common", f"{order} common", f"{WORDS[3]} refused", "refused", "absent")
    return {
        f"page of causes, one task in {FAILS} failed": _median(running.causes, reads),
        "first page of a cause": _median(lambda: running.rows(Query(Filter(cause=cause))), reads),
        "search in arguments and errors": max(
            _median(lambda text=text: running.rows(Query(Filter(text=text))), reads)  # type: ignore[misc]
            for text in searches
        ),
    }


def _word(number: int) -> str:
    return WORDS[number % len(WORDS)]


def _ended(running: Engine) -> int:
    counts = running.stats()["counts"]
    return counts["succeeded"] + counts["failed"]


def _median(read: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        read()
        found.append((time.perf_counter() - began) * 1000)
    return median(found)
