"""Every statement is PostgreSQL's too, and goes by an index wherever a table grows."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

import desktop.items
import sendoff_tasks
from desktop.items.reads import batches
from desktop.items.reads.items import FoundItems, ItemSearch
from desktop.items.tables import batches as batch_tables
from desktop.items.tables.schema import items
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.postgres import orders
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.translation import translated
from sendoff_tasks.store import database, update
from sendoff_tasks.store.reads import searches
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.searches import Search
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.reads.walks import SortOrder, walks
from sendoff_tasks.store.tables import cursor, pace, schema, statements
from sendoff_tasks.store.tables.cursor import to_text
from tests.engine.stepped import Stepped
from tests.engine.transaction.test_searching import quiet

SQLITES = {
    statements.FORGET_LAST_TASK,
    statements.SET_LAST_TASK,
    statements.NEXT_WORD,
    statements.MERGE_WORDS,
    database.TABLES,
    update._SET_OWN,
}
"""What only a file needs."""
SEARCHES_ALL = {
    *(f"desktop.items.person.{name}" for name in ("_ITEMS", "_CORRECTED", "_TASKS", "_ROWS")),
    "desktop.items.person._WITH_FILES",
    "sendoff_tasks.store.tables.statements.ANSWERS",
    "desktop.items.tables.item_statements.BLANK_EVENTS",
    "desktop.items.reads.messages.EDITIONS",
}
"""What forgets a person, or editions, which is rare, and looks at every row."""
GROWS = {
    *("tasks", "items", "attempts", "log", "events", "batch_rows", "corrections"),
    *("idempotency", "followers", "tokens", "steps", "contexts", "starts", "words", "due_times"),
}
COLUMNS = tuple(column.name for column in schema.tasks.c if column.name != "id")
PLANS = {
    statements.TASK: "tasks_pkey",
    statements.CLAIMABLE: "tasks_claimable",
    statements.RUNNING: "tasks_by_state_and_id",
    statements.DUE: "tasks_due",
    statements.NEXT_DUE: "tasks_due",
    statements.EXPIRED: "tasks_with_deadline",
    statements.OPEN_KEYS: "tasks_by_key",
    statements.ENDED: "tasks_by_end",
    statements.LAST_EVENT: "events_pkey",
    statements.OLDEST_EVENTS: "events_pkey",
    cursor.update_rows(schema.tasks, ("rev", "state"), cursor.FENCE, 1): "tasks_pkey",
    cursor.update_rows(schema.tasks, ("rev", "state"), cursor.FENCE, 4): "tasks_pkey",
    orders.ORDERS: "orders_by_number",
    orders.NOTES: "noted_pkey",
    orders.TAKE: "noted_pkey",
}


def texts() -> Iterator[tuple[str, str]]:
    """Give each statement of the engine and of the domain, with the name it has."""
    for module in chain(
        pkgutil.walk_packages(sendoff_tasks.__path__, "sendoff_tasks."),
        pkgutil.walk_packages(desktop.items.__path__, "desktop.items."),
    ):
        if any(part in module.name for part in ("migrat", ".postgres", ".processes", ".testing")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if (
                isinstance(value, str)
                and not re.search(r"\{\w*\}", value)  # of which statements are made
                and "sendoff." not in value  # of a server alone
                and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH) ", value)
            ):
                yield value, f"{module.name}.{name}"
    for table in (items, schema.tasks, schema.events, schema.attempts, schema.log):
        given = tuple(name for name in cursor.columns(table) if (table.name, name) != ("log", "id"))
        yield cursor.insert_rows(table, given, 2), f"insert into {table.name}"
    for rows in (1, 2):
        yield cursor.put_rows(schema.counts, rows), f"counts({rows})"
        yield cursor.put_rows(pace.pace, rows), f"pace({rows})"
        update = cursor.update_rows(schema.tasks, COLUMNS, cursor.FENCE, rows)
        yield update, f"update_rows({rows})"
        yield statements.insert_words(rows), f"insert_words({rows})"
        yield batch_tables.update_results(rows), f"update_results({rows})"
    yield batches.TOLD_ROWS.format("SELECT CAST(? AS INTEGER) AS row"), "TOLD_ROWS"
    yield from ((text, "a plan") for text in PLANS)


@pytest.fixture(scope="module")
def connection(server: Any) -> Iterator[Connection]:
    connection = Connection(server.database())
    yield connection
    connection.close()


def plan(connection: Connection, statement: str) -> str:
    """Tell how the server goes about a statement, with any parameters."""
    text = translated(statement)
    connection.real.execute(b"PREPARE it AS " + text)
    given = ", ".join(["NULL"] * len(re.findall(rb"\$\d+", text)))
    told = connection.real.execute(f"EXPLAIN EXECUTE it{f'({given})' if given else ''}".encode())
    lines = "\n".join(line for (line,) in told)
    connection.real.execute("DEALLOCATE it")
    return lines


def test_every_statement_goes_by_an_index_wherever_a_table_grows(connection: Connection) -> None:
    wrong = []
    for statement, name in dict(texts()).items():
        if statement not in SQLITES:
            told = plan(connection, statement)
            scanned = set(re.findall(r"Seq Scan on (\w+)", told)) & GROWS
            if scanned and name not in SEARCHES_ALL:
                wrong.append(f"{name} reads all of {scanned}:\n{told}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (TaskFilter(states=("uncertain",)), "tasks_by_state_and_id"),
        (TaskFilter(item_id=7), "tasks_by_item_and_id"),
        (TaskFilter(task="work"), "tasks_by_function_and_id"),
    ],
)
def test_a_page_of_few_among_many_comes_sorted_out_of_its_index(
    stepped: Stepped, wanted: TaskFilter, index: str
) -> None:
    stepped.add("work", delay=60)
    stepped.add("narrow", delay=60)
    connection = stepped.connection
    (walk,) = walks(wanted, SortOrder("id", descending=True), Catalogue(connection, NOTHING_KNOWN))
    told = plan(connection, to_text(walk.limit(101))[0])
    assert f"Backward using {index}" in told
    assert "Sort" not in told


def test_a_page_of_items_of_a_kind_comes_sorted_out_of_its_index(connection: Connection) -> None:
    page = FoundItems(connection, ItemSearch(informed=("kept",))).page(None, 100)
    with connection.real.transaction(force_rollback=True):  # the order of one row costs nothing
        connection.real.execute(b"""
            INSERT INTO items (id, created_at, body, first_task, task_count, informed)
            SELECT n, 0, '{}', 0, 0, CASE n % 50 WHEN 0 THEN 'kept' END
            FROM generate_series(1, 20000) AS n
        """)
        connection.real.execute(b"ANALYZE items")
        assert "Backward using items_by_informed_and_id" in plan(connection, to_text(page)[0])


def test_the_words_of_a_leg_are_read_and_not_gathered_from_their_index(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "FEW", 0)
    monkeypatch.setattr(searches, "RARE", 0)
    stepped.add("work", "Opera Tosca", delay=60)
    quiet(stepped)
    legs: list[str] = []
    with stepped.reader.snapshot() as source:
        execute, found = (
            source.execute,
            Search(source, TaskFilter(text="oper tosc"), Catalogue(source, NOTHING_KNOWN)),
        )

        def hear(statement: str, parameters: Any = ()) -> Any:
            legs.append(statement)
            return execute(statement, parameters)

        monkeypatch.setattr(source, "execute", hear)
        found.find(100, patience=0.0)
    (leg,) = (text for text in legs if "INTERSECT" in text)
    told = plan(stepped.connection, leg)
    assert "words_pkey" in told
    assert "words_found" not in told


@pytest.mark.parametrize("statement", PLANS)
def test_hot_statements_go_by_their_index(connection: Connection, statement: str) -> None:
    assert PLANS[statement] in plan(connection, statement)
