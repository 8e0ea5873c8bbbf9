"""Failures by cause, and search by any word, on a short store and on one of ``--rows`` tasks."""

from __future__ import annotations

import logging
import threading
from random import Random
from typing import TYPE_CHECKING

from desktop.engine import Retry, task
from desktop.engine.errors import Final
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.submission import NewTask, Submission
from tests.benchmarks.stores import A_CALL, SHORT, long_and_short, median_of, wait_ended

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine
    from tests.benchmarks.figures import Figure
    from tests.benchmarks.plan import Plan

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
    reads = plan.times(READS_A_SECOND)
    order = min(plan.rows, SHORT) // 2 // FAILS * FAILS
    return long_and_short(
        plan, sell, fill, lambda each, _: measured(each, order, reads), "tasks", WITHIN
    )


def fill(running: Engine, tasks: int) -> None:
    """Hand in so many tasks; wait until all have ended and the last is found by its argument."""
    for first in range(0, tasks, A_CALL):
        numbers = range(first, min(first + A_CALL, tasks))
        calls = [NewTask("sell", (n, f"{_word(n)} {_word(7 * n)} common")) for n in numbers]
        running.submit(Submission(tasks=calls)).result()
        wait_ended(running, numbers.stop)
    pause = threading.Event()
    last = Query(Filter(text=f"{tasks - 1} common"), limit=1)
    while not running.rows(last)["tasks"]:
        pause.wait(0.5)


def measured(running: Engine, order: int, reads: int) -> dict[str, float]:
    """Measure one store: the ms of what the window reads; ``order`` is one that failed."""
    cause = running.causes()[0]["cause"]
    searches = (_word(17), "common", f"{order} common", f"{WORDS[3]} refused", "refused", "absent")
    return {
        f"page of causes, one task in {FAILS} failed": median_of(running.causes, reads),
        "first page of a cause": median_of(lambda: running.rows(Query(Filter(cause=cause))), reads),
        "search in arguments and errors": max(
            median_of(lambda text=text: running.rows(Query(Filter(text=text))), reads)  # type: ignore[misc]
            for text in searches
        ),
    }


def _word(number: int) -> str:
    return WORDS[number % len(WORDS)]
