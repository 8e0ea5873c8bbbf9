"""What is read of a database is what is read of a file that has had the same tasks."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, product
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.reads import items
from desktop.items.reads.items import ItemSearch, read_items
from sendoff_tasks.attempts.outcomes import Failed, Succeeded
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.postgres.opening import READERS, PostgresReader
from sendoff_tasks.postgres.schema import NUMBERS
from sendoff_tasks.postgres.translation import translated
from sendoff_tasks.store.reads import pages, searches
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.searches import Extent, Search
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.tables.cursor import to_text
from sendoff_tasks.submission import NewTask
from sendoff_tasks.verbs.bulk import bulk, choose
from tests.engine.stepped import Stepped, registry
from tests.engine.transaction.test_measuring import (
    test_the_wait_of_a_task_from_before_the_restart_is_known,
)
from tests.engine.transaction.test_searching import (
    quiet,
    short_steps,
    test_many_are_done_in_steps_that_stay_short_and_go_on_after_a_restart,
)

__all__ = [
    "short_steps",
    "test_many_are_done_in_steps_that_stay_short_and_go_on_after_a_restart",
    "test_the_wait_of_a_task_from_before_the_restart_is_known",
]

FILTERS = [
    TaskFilter(),
    TaskFilter(text="lov tos"),
    TaskFilter(text="7"),
    TaskFilter(text="nothing like it"),
    TaskFilter(states=("failed", "running")),
    TaskFilter(standing=False, states=("queued",)),
    TaskFilter(task="work", since=1.0),
    TaskFilter(item_id=3),
    TaskFilter(to="ada7"),
    *(TaskFilter(to=to) for to in ("jürgen STRASSE-9", "jurgen", "[ж] j^r*n@", "GROẞ\\", "r?n")),
    TaskFilter(error="not like this"),
    TaskFilter(seen=False),
    TaskFilter(reasons=("cancelled_by_person",)),
    TaskFilter(reasons=("none", "cancelled_by_person"), states=("succeeded", "cancelled")),
    TaskFilter(batch_id=1, states=("queued",), task="work"),
]
SEARCHES = [
    TaskFilter(text="lov tos", states=("succeeded",)),
    TaskFilter(text="lov", states=("failed", "queued", "running")),
    TaskFilter(text="lov", states=("queued",), task="work"),
    TaskFilter(text="tos", item_id=3),
    TaskFilter(error="like", text="work", states=("failed",), seen=False),
    TaskFilter(text="lov", batch_id=1),
]
SORTS = ["-finished_at", "-id", "to"]


def fill(engine: Stepped) -> None:
    """Have tasks in every state there is, of items and loose ones."""
    for number in range(1, 9):
        body = {"title": f"Tosca {number}", "fields": {"seat": "Parkett"}}
        task = NewTask("work", (number,), to=f"Ada Lovelace <ada{number}@example.org>")
        engine.submit(ItemSubmission([NewItemRow(number, body, [task])]))
    first, second, third = sorted(engine.lane.running)
    engine.end(first, Succeeded("1"))
    engine.end(second, Failed("not like this", "", final=True))
    engine.do(
        lambda group: bulk(
            group, "cancel", choose(TaskFilter(to="ada6"), engine.reader, known=NOTHING_KNOWN)
        )
    )
    engine.add("narrow", delay=60)
    engine.add("work", to="JÜRGEN Straße-9 <ada@example.org>")
    engine.add("work", to="Groß\\ [Ж] <j^r*n@example.org>")
    assert third in engine.lane.running


def told(engine: Stepped, numbers: dict[int, int]) -> list[Any]:
    """Tell all that can be read, each task by its place among those that were accepted."""
    found: list[Any] = []
    with engine.reader.snapshot() as source:
        for wanted, sort in zip(FILTERS, cycle(SORTS), strict=False):
            after = None
            for offset in (None, None, 2):  # the first page, the next one, and a jump
                place = {"offset": offset} if offset else {"after": after}
                page = pages.read_page(
                    source, TaskQuery(wanted, sort, limit=3, **place), "store", known=NOTHING_KNOWN
                )
                found.append((wanted, sort, [numbers[row["id"]] for row in page["tasks"]]))
                found.append(page["total"])
                after = page["next"]
            found.append(pages.count_states(source, wanted, known=NOTHING_KNOWN))
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(pages, "GATHERED", 3)
                parts = pages.read_ids(
                    source, TaskQuery(wanted, sort), "store", known=NOTHING_KNOWN
                )
                found.append([[numbers[n] for n in part["ids"]] for part in parts])
        for limits, wanted in product(({}, {"FEW": 0}, {"FEW": 0, "RARE": 0}), SEARCHES):
            with pytest.MonkeyPatch.context() as patched:
                for name, limit in limits.items():
                    patched.setattr(searches, name, limit)
                page = pages.read_page(source, TaskQuery(wanted), "store", known=NOTHING_KNOWN)
            found.append((wanted, [numbers[row["id"]] for row in page["tasks"]], page["total"]))
        queries = (
            ItemSearch(limit=3),
            ItemSearch(text="tosca"),
            ItemSearch(text="tosca", without_task=True),
            ItemSearch(without_task=True),
            ItemSearch(informed=("no",)),
            ItemSearch(text="lov tos", informed=("no", "yes")),
        )
        for gathered, query in product((items.GATHERED, 0), queries):
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(items, "GATHERED", gathered)
                found.append([item["item_id"] for item in read_items(source, query)["items"]])
    return found


def test_pages_counts_and_items(stepped: Stepped, tmp_path: Path) -> None:
    file = Stepped(tmp_path / "store.db", registry())
    for engine in (stepped, file):
        fill(engine)
    both = [
        told(engine, {number: place for place, number in enumerate(sorted(engine.states()))})
        for engine in (stepped, file)
    ]
    file.close()
    assert both[0] == both[1]


class Explained:
    """Asks how each search for words is gone about; counts the rows read for nothing."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.searches = 0
        self.clock = lambda: float(self.searches)
        self.passed_over = 0

    def execute(self, statement: str, parameters: Any = ()) -> Any:
        if " MATCH ?" in statement:
            self.searches += 1
            told = psycopg.RawCursor(self._connection.real).execute(
                b"EXPLAIN ANALYZE " + translated(statement), parameters
            )
            lines = "\n".join(line for (line,) in told)
            self.passed_over += sum(map(int, re.findall(r"Removed by Filter: (\d+)", lines)))
        return self._connection.execute(statement, parameters)


def put_words(url: str, words: str, most: int) -> None:
    """Have so many more rows in the word index than tasks."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("DELETE FROM sendoff.words WHERE task_id >= 10000")
        numbers = "generate_series(10000::bigint, %s) AS number"
        insert = b"INSERT INTO sendoff.words SELECT number, %s::text::tsvector FROM "
        session.execute(insert + numbers.encode(), (words, 9_999 + most))
        session.execute("ANALYZE sendoff.words")


def test_a_word_that_few_have_is_found_without_reading_the_others(
    stepped: Stepped, url: str
) -> None:
    fill(stepped)
    put_words(url, "common", 20_000)
    with stepped.reader.snapshot() as connection:
        source = Explained(connection)
        for text in ("absent", "tosca", "ada7", "common tosca", "absent common"):
            search = Search(source, TaskFilter(text=text), Catalogue(source, NOTHING_KNOWN))
            assert len(search.find(100).ids) <= 10
        search = Search(
            source, TaskFilter(text="tosca", states=("failed",)), Catalogue(source, NOTHING_KNOWN)
        )
        assert len(search.find(100).ids) == 1
    put_words(url, "", 0)
    assert source.passed_over < 100


def test_items_along_an_index_have_the_words_of_a_leg_gathered_once(stepped: Stepped) -> None:
    with stepped.reader.snapshot() as connection:
        found = items.WordedItems(connection, ItemSearch("lov", informed=("yes",)))
        statement, values = to_text(found.walk(9, 2, Extent(1, 9), 100))
        told = connection.execute(f"EXPLAIN {statement}", values).fetchall()
    plan = "\n".join(line for (line,) in told)
    assert "hashed SubPlan" in plan
    assert "item_id >= " in plan  # so it does not begin with the tasks of all items


def test_a_search_stops_by_the_time_that_the_server_takes(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(stepped)
    for name in ("FEW", "RARE"):
        monkeypatch.setattr(searches, name, 0)
    monkeypatch.setattr(searches, "LEG", 1)
    with stepped.reader.snapshot() as connection:
        search = Search(
            connection, TaskFilter(text="lov tos"), Catalogue(connection, NOTHING_KNOWN)
        )
        whole = search.find(100, patience=60.0)
        source = Explained(connection)
        search = Search(source, TaskFilter(text="lov tos"), Catalogue(source, NOTHING_KNOWN))
        assert search.find(100, patience=0.03).end is not None
    assert whole.end is None
    assert connection.clock is time.monotonic


def test_a_session_that_was_lost_is_replaced_and_there_are_only_so_many(url: str) -> None:
    reader, lock, there, most = PostgresReader(url), threading.Lock(), 0, 0

    def pid(_: int = 0) -> int:
        nonlocal there, most
        with reader.snapshot() as source:
            with lock:
                there += 1
                most = max(most, there)
            (number,) = source.execute("SELECT pg_backend_pid(), pg_sleep(0.01)").fetchone()[:1]
            with lock:
                there -= 1
        return int(number)

    lost = pid()
    assert pid() == lost
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 60000)", (lost,))
    assert pid() != lost
    with ThreadPoolExecutor(3 * READERS) as threads:
        assert len(list(threads.map(pid, range(6 * READERS)))) == 6 * READERS
    assert most <= READERS
    reader.close()


def test_where_there_is_no_word_yet_none_is_found(stepped: Stepped) -> None:
    stepped.add("work", "Opera", delay=600)
    assert (
        list(pages.all_ids(stepped.connection, TaskFilter(text="opera"), known=NOTHING_KNOWN)) == []
    )


def test_what_is_added_after_a_refusal_is_found_by_its_arguments_too(stepped: Stepped) -> None:
    """The process goes on with the numbers it has, though it has read everything again."""
    first = stepped.add("work", "Opera", delay=600)
    quiet(stepped)
    stepped.fuse.set(1, full=True)
    with pytest.raises(NotWritable):
        stepped.add("work")
    stepped.fuse.set(None)
    quiet(stepped)
    second = stepped.add("work", "Opera", delay=600)
    quiet(stepped)
    assert list(
        pages.all_ids(stepped.connection, TaskFilter(text="opera"), known=NOTHING_KNOWN)
    ) == [
        first,
        second,
    ]
    assert second < NUMBERS
