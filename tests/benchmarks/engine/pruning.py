"""What callers notice while a big backlog of old tasks is forgotten."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.facade import Register
from desktop.items.feature import domain
from desktop.items.reads.items import read_next_item
from sendoff_tasks.clock import Clock, SystemClock
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry, task
from sendoff_tasks.submission import NewTask
from tests.benchmarks.figures import Figure, against, alone, quantile
from tests.looking import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.plan import Plan

OLD_S = 40 * 86_400.0
A_CALL = 2_000
PACE_S = 0.005
"""Between two calls: a busy day, not a flood, in which only every eighth group forgets."""


class Earlier(SystemClock):
    """The machine's clock before what is done by it is old."""

    def now(self) -> float:
        return super().now() - OLD_S


@task
def nothing(item_id: int) -> None: ...


def run(plan: Plan) -> list[Figure]:
    """Measure a call's time with and without something to forget, on the same store."""
    ours, without, rates = [], [], []
    for _ in range(plan.reps):
        database = plan.place("pruning") / "sendoff.db"
        _fill(database, plan.rows // 2)
        without.append(_calls(database, Earlier(), plan.seconds)[0])
        p99, forgotten = _calls(database, SystemClock(), plan.seconds)
        ours.append(p99)
        rates.append(forgotten / plan.seconds)
    what = "a call while old tasks are forgotten, p99"
    return [
        against(what, "ms", ours, without, beside="nothing is forgotten"),
        alone("old tasks forgotten meanwhile", "tasks/s", rates),
    ]


def _fill(database: Path, rows: int) -> None:
    engine = _engine(database, Earlier())
    for first in range(1, rows + 1, A_CALL):
        numbers = range(first, min(first + A_CALL, rows + 1))
        Register(engine).submit(ItemSubmission([_item(number) for number in numbers])).result()
    eventually(lambda: engine.stats()["counts"]["succeeded"] == rows)
    engine.stop()


def _calls(database: Path, clock: Clock, seconds: float) -> tuple[float, int]:
    """Return the p99 of paced calls in ms, and how many of the old tasks went meanwhile."""
    engine = _engine(database, clock)
    before = sum(engine.stats()["counts"].values())
    first = engine.read(read_next_item)
    took: list[float] = []
    ends = time.perf_counter() + seconds
    while (start := time.perf_counter()) < ends:
        Register(engine).submit(ItemSubmission([_item(first + len(took))])).result()
        took.append((time.perf_counter() - start) * 1000)
        time.sleep(PACE_S)
    after = sum(engine.stats()["counts"].values())
    engine.stop()
    return quantile(took, 0.99), before + len(took) - after


def _engine(database: Path, clock: Clock) -> Engine:
    registry = Registry()
    registry.add(nothing)
    engine = Engine(EngineConfig(database, registry, clock=clock, features=domain()))
    engine.start()
    return engine


def _item(number: int) -> NewItemRow:
    to = f"Ada {number} <ada{number}@example.org>"
    return NewItemRow(number, {"title": f"Ticket {number}"}, [NewTask("nothing", to=to)])
