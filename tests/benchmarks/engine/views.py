"""What the window's four views read: tasks, items, batches and causes of one store.

Every row came with a spreadsheet; one message in ``FAILS`` was refused, for one of ``CAUSES``
causes. The reads are timed on a short store and on one of ``--rows``.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import RowOutcome
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import CheckedRow, DraftSettings
from desktop.items.facade import Batches, Register
from desktop.items.reads.batches import RowFilter
from desktop.items.reads.items import ItemSearch
from sendoff_tasks import Retry, task
from sendoff_tasks.errors import GiveUp
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.query import TaskQuery
from tests.benchmarks.engine.stores import A_CALL, SHORT, long_and_short, median_of, wait_ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from sendoff_tasks.facade.engine import Engine
    from tests.benchmarks.figures import Figure
    from tests.benchmarks.plan import Plan

READS_A_SECOND: Final = 25
WITHIN: Final = 20.0
"""Milliseconds a page may take."""
FAILS: Final = 10
CAUSES: Final = 40
_chance = Random(1)
WORDS: Final = ["".join(_chance.choices("abcdefghijklmnoprstuvw", k=7)) for _ in range(5_000)]
"""Words of a field: in 10⁶ items each is in 400."""
_references = count(1)


@task(name="tell", retry=Retry(attempts=1), reference=lambda: f"<{next(_references)}@example.org>")
def tell(item_id: int) -> None:
    """Refuse one message in ``FAILS``, or do nothing."""
    if item_id % FAILS == 0:
        raise GiveUp(f"The {WORDS[item_id // FAILS % CAUSES]} of order {item_id} refused.")


def run(plan: Plan) -> list[Figure]:
    """Fill both stores once, and read them turn by turn."""
    logging.getLogger("sendoff.task").setLevel(logging.CRITICAL)
    reads = plan.times(READS_A_SECOND)
    order = min(plan.rows, SHORT) // 2 // FAILS * FAILS
    return long_and_short(
        plan, tell, fill, lambda each, _: measured(each, order, reads), "rows", WITHIN
    )


def fill(running: Engine, rows: int) -> None:
    """Send so many rows in batches of ``A_CALL``; wait until the last is found by its error."""
    for first in range(1, rows + 1, A_CALL):
        numbers = range(first, min(first + A_CALL, rows + 1))
        wanted = DraftSettings(name=f"Renewals {first}", key=["number"], tasks=["tell"])
        batches = Batches(running)
        batch = batches.create(wanted).result().batch_id
        checked = [_row(place, number) for place, number in enumerate(numbers, 2)]
        batches.put_rows(batch, checked, batches.revision(batch)).result()
        batches.start(batch, StartOptions()).result()
        wait_ended(running, numbers.stop - 1)
    pause = threading.Event()
    last = TaskQuery(TaskFilter(error=f"refused {rows // FAILS * FAILS}"), limit=1)
    while not running.rows(last)["tasks"]:
        pause.wait(0.5)


def measured(running: Engine, order: int, reads: int) -> dict[str, float]:
    """Measure one store: the ms of what the window reads; ``order`` is one that was refused.

    They are those of the processor, in the thread that reads: what else runs disturbs them less.
    """
    timed = {
        **{f"tasks: {name}": read for name, read in _tasks(running, order).items()},
        **{f"items: {name}": read for name, read in _items(running, order).items()},
        **{f"batches: {name}": read for name, read in _batches(running).items()},
        **{f"causes: {name}": read for name, read in _causes(running).items()},
    }
    return {name: median_of(read, reads, time.thread_time) for name, read in timed.items()}


def _tasks(running: Engine, order: int) -> dict[str, Callable[[], object]]:
    def page(**wanted: object) -> Callable[[], object]:
        return partial(running.rows, TaskQuery(TaskFilter(**wanted)))  # type: ignore[arg-type]

    cause = WORDS[order // FAILS % CAUSES]
    return {
        "first page": page(),
        "a page in the middle": partial(running.rows, TaskQuery(offset=order)),
        "a name that all have": page(text="ada"),
        "a word of a field": page(text=WORDS[order]),
        "a word of one error": page(text=f"{order} refused"),
        f"a word that {CAUSES} causes share": page(text="refused"),
        "a word of one cause": page(text=cause),
        f"error: by a word that {CAUSES} causes share": page(error="refused"),
        "error: by a word of one cause": page(error=cause),
        "error: by a word of one error": page(error=str(order)),
        "error: by words that are in none": page(error="ada refused"),
        "to: by a name": page(to=f"ada{order}"),
        "a word that none has": page(text="absent"),
        "a name that all have, in one batch": page(text="ada", batch_id=1),
        "a name that all have, of those queued": page(text="ada", states=("queued",)),
        "a word of those refused, of those done": page(text="refused", states=("succeeded",)),
        "two words that half have each, none both": page(text="even uneven"),
        "three words, none has all": page(text="ada even uneven"),
        "beginnings of two words": page(text="boo uneve"),
        "a word that half have, of the others that failed": page(text="uneven", states=("failed",)),
        "error: and a word that none of those has": page(error="refused", text="uneven"),
        "a word of few, of those that failed": page(text=WORDS[order], states=("failed",)),
        "two words that a twentieth has both": page(text="even refused"),
    }


def _items(running: Engine, order: int) -> dict[str, Callable[[], object]]:
    def page(**wanted: object) -> Callable[[], object]:
        return partial(Register(running).page, ItemSearch(**wanted))  # type: ignore[arg-type]

    return {
        "first page": page(),
        "a page in the middle": page(after=order),
        "those not told": page(informed=("no",)),
        "a name that all have": page(text="ada"),
        "a word of a field": page(text=WORDS[order]),
        f"a word that {CAUSES} causes share": page(text="refused"),
        "a word of one cause": page(text=WORDS[order // FAILS % CAUSES]),
        "a word of one error": page(text=f"{order} refused"),
        "a word that none has": page(text="absent"),
        "a name that all have, of a kind that none is of": page(text="ada", informed=("kept",)),
        "a name that all have, in one batch": page(text="ada", batch_id=1),
        "two words that half have each, none both": page(text="even uneven"),
        "a word that half have, of the others that were not told": page(
            text="uneven", informed=("no",)
        ),
        "a word of those refused, of those told": page(text="refused", informed=("yes",)),
        "a word of those not told, of one batch": page(text="even", batch_id=1, informed=("no",)),
    }


def _batches(running: Engine) -> dict[str, Callable[[], object]]:
    kept = Batches(running)
    newest = kept.list()["batches"][0]["batch_id"]
    failed = RowFilter(outcomes=(RowOutcome.FAILED,))
    return {
        "first page": kept.list,
        "the rows of one that failed": partial(kept.rows, newest, failed),
        "the tasks of one": partial(running.rows, TaskQuery(TaskFilter(batch_id=newest))),
        "the items of one": partial(Register(running).page, ItemSearch(batch_id=newest)),
    }


def _causes(running: Engine) -> dict[str, Callable[[], object]]:
    cause = running.causes()[0]["cause"]
    return {
        f"all, one task in {FAILS} failed": running.causes,
        "the tasks of one": partial(running.rows, TaskQuery(TaskFilter(cause=cause))),
    }


def _row(place: int, number: int) -> CheckedRow:
    person = {"name": f"Ada{number}", "email": f"ada{number}@example.org"}
    turn = "uneven" if number % 2 else "even"
    fields = {"seat": WORDS[number % len(WORDS)], "class": "common", "turn": turn}
    item = {"title": f"Booking {number}", "recipient": person, "fields": fields, "item_id": number}
    return CheckedRow(place, item, f"{person['name']} <{person['email']}>")
