"""The list of items, by who was told and by any word, on a short store and on one of ``--rows``."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

from desktop.engine import Retry, task
from desktop.engine.errors import Final
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.reads.items import ItemQuery
from desktop.engine.submission import NewItemRow, NewTask, Submission
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

SHORT = 1_000
A_CALL = 10_000
READS_A_SECOND = 25
WITHIN = 20.0
"""Milliseconds a page may take."""
FAILS = 100
"""One message in so many is refused."""
_references = count(1)


@task(name="tell", retry=Retry(attempts=1), reference=lambda: f"<{next(_references)}@example.org>")
def tell(number: int) -> None:
    """Refuse one message in ``FAILS``, or do nothing."""
    if number % FAILS == 0:
        raise Final("No such user.")


def run(plan: Plan) -> list[Figure]:
    """Fill both stores once, and read them turn by turn."""
    logging.getLogger("sendoff.task").setLevel(logging.CRITICAL)
    short, rows = min(SHORT, plan.rows), plan.rows
    found: dict[str, tuple[list[float], list[float]]] = {}
    with engine(plan.place("long")) as long, engine(plan.place("short")) as brief:
        fill(long, rows)
        fill(brief, short)
        for _ in range(plan.reps):
            for place, (each, items) in enumerate(((long, rows), (brief, short))):
                for name, value in measured(each, items, plan).items():
                    found.setdefault(name, ([], []))[place].append(value)
    beside = f"{short:,} items"
    return [
        against(f"{rows:,} items: {name}", "ms", *times, beside=beside, limit=WITHIN)
        for name, times in found.items()
    ]


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run an engine on a new store in this folder."""
    registry = Registry()
    registry.add(tell)
    running = Engine(folder / "engine.db", registry)
    running.start()
    yield running
    running.stop()


def fill(running: Engine, items: int) -> None:
    """Register so many items with a message each, and wait until all have ended."""
    pause = threading.Event()  # asking all the time would take the processor from the engine
    for first in range(1, items + 1, A_CALL):
        numbers = range(first, min(first + A_CALL, items + 1))
        running.submit(Submission(items=[_item(number) for number in numbers])).result()
        while _ended(running) < numbers.stop - 1:
            pause.wait(0.05)


def measured(running: Engine, items: int, plan: Plan) -> dict[str, float]:
    """Measure one store: the ms of what the window reads, each page with its counts."""
    reads = plan.times(READS_A_SECOND)
    refused = ItemQuery(informed=("no",))
    searches = ("ada", f"ada{items // 2}", "example nobody")
    return {
        "first page": _median(lambda: running.items(ItemQuery()), reads),
        "a page in the middle": _median(lambda: running.items(ItemQuery(after=items // 2)), reads),
        "first page of those not told": _median(lambda: running.items(refused), reads),
        "search, first page": max(
            _median(lambda text=text: running.items(ItemQuery(text=text)), reads)  # type: ignore[misc]
            for text in searches
        ),
    }


def _item(number: int) -> NewItemRow:
    person = {"name": f"Ada{number}", "email": f"ada{number}@example.org"}
    to = f"{person['name']} <{person['email']}>"
    body = {"title": f"Booking {number}", "recipient": person}
    return NewItemRow(number, body, [NewTask("tell", to=to)])


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
