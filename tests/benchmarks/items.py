"""The list of items, by who was told and by any word, on a short store and on one of ``--rows``."""

from __future__ import annotations

import logging
from itertools import count
from typing import TYPE_CHECKING

from desktop.engine import Retry, task
from desktop.engine.errors import Final
from desktop.engine.store.reads.items import ItemQuery
from desktop.engine.submission import NewItemRow, NewTask, Submission
from tests.benchmarks.stores import A_CALL, long_and_short, median_of, wait_ended

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine
    from tests.benchmarks.figures import Figure
    from tests.benchmarks.plan import Plan

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
    reads = plan.times(READS_A_SECOND)
    return long_and_short(
        plan, tell, fill, lambda each, items: measured(each, items, reads), "items", WITHIN
    )


def fill(running: Engine, items: int) -> None:
    """Register so many items with a message each, and wait until all have ended."""
    for first in range(1, items + 1, A_CALL):
        numbers = range(first, min(first + A_CALL, items + 1))
        running.submit(Submission(items=[_item(number) for number in numbers])).result()
        wait_ended(running, numbers.stop - 1)


def measured(running: Engine, items: int, reads: int) -> dict[str, float]:
    """Measure one store: the ms of what the window reads, each page with its counts."""
    refused = ItemQuery(informed=("no",))
    searches = ("ada", f"ada{items // 2}", "example nobody")
    return {
        "first page": median_of(lambda: running.items(ItemQuery()), reads),
        "a page in the middle": median_of(
            lambda: running.items(ItemQuery(after=items // 2)), reads
        ),
        "first page of those not told": median_of(lambda: running.items(refused), reads),
        "search, first page": max(
            median_of(lambda text=text: running.items(ItemQuery(text=text)), reads)  # type: ignore[misc]
            for text in searches
        ),
    }


def _item(number: int) -> NewItemRow:
    person = {"name": f"Ada{number}", "email": f"ada{number}@example.org"}
    to = f"{person['name']} <{person['email']}>"
    body = {"title": f"Booking {number}", "recipient": person}
    return NewItemRow(number, body, [NewTask("tell", to=to)])
