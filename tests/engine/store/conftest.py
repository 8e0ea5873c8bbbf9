"""A store with a plan for each statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendoff_tasks.model.states import State
from sendoff_tasks.store.database import open_store
from sendoff_tasks.store.reads.walks import SMALL
from sendoff_tasks.store.tables import (
    causes,
    statements,
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "store.db")
    connection.execute(statements.INSERT_FUNCTION, (1, "mail", "mail", "io", "Mail"))
    rows = [(1, state, 20 if state == "failed" else 2 * SMALL) for state in State]
    connection.executemany(statements.INSERT_COUNT, rows)
    counts = (0, 9, 0, 0, 9, 0, 3, 0)
    connection.execute(causes.PUT_CAUSE, ("c", "{}", None, "[]", 1, 1, None, 0, *counts))
    yield connection
    connection.close()
