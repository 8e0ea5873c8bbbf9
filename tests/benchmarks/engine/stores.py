"""An engine on a store of a benchmark: filled, waited for, and timed at what it reads."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

from desktop.items.feature import domain
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

SHORT = 1_000
"""Rows of a short store."""
A_CALL = 10_000
"""What one call hands in to fill a store."""


@contextmanager
def engine(folder: Path, function: Callable[..., Any]) -> Iterator[Engine]:
    """Run an engine on the store in this folder; it has this task function."""
    registry = Registry()
    registry.add(function)
    running = Engine(EngineConfig(folder / "engine.db", registry, features=domain()))
    running.start()
    yield running
    running.stop()


def wait_ended(running: Engine, tasks: int, every: float = 0.05) -> None:
    """Wait until so many tasks have ended; looks once in ``every`` seconds."""
    pause = threading.Event()  # asking all the time would take the processor from the engine
    while _ended(running) < tasks:
        pause.wait(every)


def median_of(
    read: Callable[[], object], times: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Read so many times; returns the median in ms."""
    found = []
    for _ in range(times):
        began = clock()
        read()
        found.append((clock() - began) * 1000)
    return median(found)


def long_and_short(
    plan: Plan,
    function: Callable[..., Any],
    fill: Callable[[Engine, int], None],
    measured: Callable[[Engine, int], dict[str, float]],
    rows: str,
    within: float,
) -> list[Figure]:
    """Fill a store of ``--rows`` and a short one once, and read them turn by turn.

    ``fill`` and ``measured`` take the engine and how many ``rows`` (their plural) it has; a read
    may take ``within`` ms.
    """
    short, long = min(SHORT, plan.rows), plan.rows
    found: dict[str, tuple[list[float], list[float]]] = {}
    with (
        engine(plan.place("long"), function) as many,
        engine(plan.place("short"), function) as few,
    ):
        fill(many, long)
        fill(few, short)
        for _ in range(plan.reps):
            for place, (each, count) in enumerate(((many, long), (few, short))):
                for name, value in measured(each, count).items():
                    found.setdefault(name, ([], []))[place].append(value)
    return [
        against(f"{long:,} {rows}: {name}", "ms", *times, beside=f"{short:,} {rows}", limit=within)
        for name, times in found.items()
    ]


def _ended(running: Engine) -> int:
    counts = running.stats()["counts"]
    return counts["succeeded"] + counts["failed"]
