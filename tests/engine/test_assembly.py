"""What an engine is put together on: a store that is its own, and of its version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.engine.engine import Engine
from desktop.engine.registry import Registry
from desktop.engine.store.errors import StoreInUse, StoreTooNew


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = Engine(database, Registry())
    engine.start()
    yield engine
    engine.stop()


def test_a_second_engine_on_the_file_is_refused(engine: Engine, database: Path) -> None:
    with pytest.raises(StoreInUse):
        Engine(database, Registry()).start()
    engine.pause(None).result(60)  # the first one goes on


def test_a_store_of_a_newer_program_is_not_opened(engine: Engine, database: Path) -> None:
    engine.stop()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for _ in range(2):  # a refused start leaves no lock behind
        with pytest.raises(StoreTooNew):
            engine.start()
