"""A database of an older version is brought up to date, whole or not at all, by whoever runs it."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import psycopg
import pytest

from desktop.items.tables.schema import metadata
from sendoff_tasks.postgres import opening
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.opening import PostgresStore
from sendoff_tasks.postgres.writer_store import LOCK, take_lock
from sendoff_tasks.store import migrations
from sendoff_tasks.store.errors import DatabaseInUse, NotUpdated, StoreError
from sendoff_tasks.store.migrations import KEY, History
from sendoff_tasks.store.migrations.migration import Migration
from tests.engine.postgres.server import Server
from tests.versions.later import ITEMS, OWN

NOW = migrations.own_version()
ITEMS_NOW = metadata.info[KEY].newest
TABLES = metadata.sorted_tables


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Make a database of the baseline; then be a program whose tables have changed."""
    monkeypatch.setattr(migrations, "OWN", History("", OWN))
    monkeypatch.setitem(metadata.info, KEY, History("items", ITEMS))


def read(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, options="-c search_path=sendoff") as connection:
        return connection.execute(statement.encode()).fetchall()


def versions(url: str) -> list[tuple[Any, ...]]:
    return read(
        url,
        "SELECT version FROM version UNION ALL SELECT value FROM meta WHERE key = 'version items'",
    )


@pytest.mark.usefixtures("later")
def test_an_older_database_is_changed_by_the_process_that_takes_it(url: str) -> None:
    assert versions(url) == [(NOW,), (ITEMS_NOW,)]
    PostgresStore(url, TABLES).close()
    assert versions(url) == [("0041",), ("0040",)]
    assert read(url, "SELECT to_regclass('notes_by_item') IS NOT NULL") == [(True,)]


@pytest.mark.usefixtures("later")
def test_while_an_older_process_runs_the_tasks_a_newer_one_changes_nothing(url: str) -> None:
    with closing(Connection(url)) as older:
        assert take_lock(older)
        for use in (PostgresStore, opening.migrate):
            with pytest.raises(DatabaseInUse):
                use(url, TABLES)
        opening.reserve(url, "items")
        with pytest.raises(StoreError) as refused:
            opening.purpose(url)  # as a worker does
        assert refused.value.refusal == "database.outdated"
        found = opening.look(url, "settings.toml", TABLES)
        assert found is not None
        assert found.is_outdated
        older.execute("SELECT pg_advisory_unlock(?)", (LOCK,))  # its session ends a little later
    assert versions(url) == [(NOW,), (ITEMS_NOW,)]
    assert opening.migrate(url, TABLES) == "0041"
    assert opening.purpose(url) == "items"


def test_a_change_that_fails_leaves_all_as_it_was(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Migration("0042", postgres=("CREATE TABLE letters (id BIGINT)", "DROP TABLE nothing"))
    monkeypatch.setattr(migrations, "OWN", History("", (*OWN, broken)))
    with pytest.raises(NotUpdated, match='"nothing" does not exist'):
        PostgresStore(url, TABLES)
    assert versions(url) == [(NOW,), (ITEMS_NOW,)]
    assert read(url, "SELECT to_regclass('letters'), to_regclass('notes')") == [(None, None)]


def test_new_tables_are_of_the_newest_version(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Migration("0039", postgres=("nothing that a new table needs",))
    monkeypatch.setitem(metadata.info, KEY, History("items", (add,)))
    url = server.empty()
    opening.migrate(url)
    for _ in range(2):
        PostgresStore(url, TABLES).close()
    assert versions(url) == [(NOW,), ("0039",)]
