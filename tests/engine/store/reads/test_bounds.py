"""What a search reads does not grow with the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest

from desktop.contract.items import Item
from desktop.items.reads import items as item_reads
from desktop.items.reads.items import ItemSearch, read_items
from desktop.items.tables.schema import items, metadata
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.database import open_store
from sendoff_tasks.store.reads import pages
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import insert_rows
from sendoff_tasks.store.tables.schema import VOCABULARY, tasks

LAST, SHORT, NEWEST = 40_000, 20_000, 5_000
"""The last task, how many of the newest the short store has alone, and the last batch."""
NUMBERS = ("attempt", "max_attempts", "crashes", "passed", "stopping")
BATCH = LAST // NEWEST
TASK = ("id", "item_id", "function", "recipient", "state", *NUMBERS, "arguments", "batch_id")
ITEM = ("id", "created_at", "body", "first_task", "task_count", "informed")


def words_of(number: int) -> str:
    turn = "even" if number % 2 == 0 else "uneven"
    found = f"ada ada{number} {turn} {'carmen' if number % 8 == 0 else 'tosca'}"
    return f"{found} {turn}ing" if number > LAST - NEWEST else found


def made(path: Path, first: int) -> Path:
    """Make a store of the tasks and items from this number on, 5,000 of them a batch."""
    numbers = range(first, LAST + 1)
    store = open_store(path, metadata.sorted_tables)
    store.execute("BEGIN")
    store.execute(statements.INSERT_FUNCTION, (1, "mail", "mail", "io", "Mail"))
    store.execute(statements.INSERT_COUNT, (1, "succeeded", len(numbers)))
    told = (1, "Ada Lovelace <ada@example.org>", "succeeded", *[1] * len(NUMBERS), "[[],{}]")
    rows = ((n, n, *told, 1 + (n - 1) // NEWEST) for n in numbers)
    store.executemany(insert_rows(tasks, TASK, 1), rows)
    rows_of_items = ((n, n, "{}", n, 1, "yes" if n % 10 else "no") for n in numbers)
    store.executemany(insert_rows(items, ITEM, 1), rows_of_items)
    store.executemany(statements.INSERT_WORDS, ((n, words_of(n)) for n in numbers))
    store.execute("COMMIT")
    store.close()
    return path


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("short") / "store.db", LAST - SHORT + 1)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("long") / "store.db", 1)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing stop by the time that it takes."""
    for module in (item_reads, pages):
        monkeypatch.setattr(module, "PATIENCE", 1_000)


class Cost(NamedTuple):
    """Hundreds of steps of SQLite, and pages it has read."""

    steps: int
    pages: int


class Counting:
    """A connection that counts what it does."""

    def __init__(self, path: Path) -> None:
        self.real = apsw.Connection(str(path))
        self.execute: Any = self.real.execute
        self.execute(VOCABULARY)
        self._steps = 0
        self.real.set_progress_handler(self._step, 100)

    def _step(self) -> bool:
        self._steps += 1
        return False

    @property
    def cost(self) -> Cost:
        return Cost(self._steps, self.real.status(apsw.SQLITE_DBSTATUS_CACHE_MISS)[0])


@contextmanager
def counting(path: Path) -> Iterator[Counting]:
    connection = Counting(path)
    yield connection
    connection.real.close()


def found(path: Path, query: ItemSearch) -> tuple[list[Item], Cost]:
    with counting(path) as connection:
        return read_items(connection, query)["items"], connection.cost


ITEMS = [
    ItemSearch(text="evening"),
    ItemSearch(text="ada"),
    ItemSearch(text="evening", informed=("no",)),
    ItemSearch(text="even", batch_id=BATCH, informed=("no",)),
    ItemSearch(text="evening uneven", batch_id=BATCH),
]


@pytest.mark.parametrize("query", ITEMS)
def test_items_take_the_same_steps_among_twice_as_many(
    short: Path, long: Path, query: ItemSearch
) -> None:
    few, cost = found(short, query)
    many, cost_among_many = found(long, query)
    assert many == few
    assert len(many) == (0 if " " in query.text else 100)
    assert cost_among_many.steps <= 1.05 * cost.steps


TASKS = [
    TaskFilter(text="evening"),
    TaskFilter(text="ada even"),
    TaskFilter(text="even", batch_id=BATCH),
    TaskFilter(text="even uneven", batch_id=BATCH),
]


@pytest.mark.parametrize("wanted", TASKS)
def test_tasks_take_the_same_steps_among_twice_as_many(
    short: Path, long: Path, wanted: TaskFilter
) -> None:
    told = []
    for path in (short, long):
        with counting(path) as connection:
            read_page(connection, TaskQuery(wanted), "store", known=NOTHING_KNOWN)
            told.append(connection.cost.steps)
    assert told[1] <= 1.05 * told[0]


def test_of_thousands_of_tasks_with_a_word_only_the_newest_are_read(long: Path) -> None:
    """Their items are the highest, which an index tells."""
    page, cost = found(long, ItemSearch(text="carmen"))
    assert [item["item_id"] for item in page] == [*range(LAST, LAST - 800, -8)]
    assert cost.pages < 200  # 990 where all of them are read


def test_all_tasks_between_the_ends_of_a_batch_that_left_alone_are_its_own(long: Path) -> None:
    """So those with a word are not looked up among its tasks, which another index has sorted."""
    _, cost = found(long, ItemSearch(text="even", batch_id=BATCH, informed=("no",)))
    assert cost.steps < 2_500  # 3,100 where they are
