"""A store in which nothing runs any more: a file, or a database on a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeAlias

Store: TypeAlias = Path | str
"""A file of SQLite, or a database's address."""
WRONG_COUNTS: Final = """
    WITH counted AS (SELECT function, state, count(*) AS n FROM tasks GROUP BY function, state)
    SELECT function, state FROM (
      SELECT function, state, n FROM counts WHERE n <> 0
      UNION ALL SELECT function, state, -n FROM counted
    ) AS each_of_both GROUP BY function, state HAVING sum(n) <> 0
"""


def read(store: Store, statement: str) -> list[Any]:
    """Return the rows of a statement, which both engines understand."""
    if isinstance(store, Path):
        with closing(sqlite3.connect(store)) as file:
            return file.execute(statement).fetchall()
    from sendoff_tasks.postgres.connection import Connection

    with closing(Connection(store)) as session:
        return list(session.real.execute(statement.encode()))


def is_sound(store: Store) -> bool:
    """Tell whether a file is whole, and the counts that are kept are those of the tasks."""
    if isinstance(store, Path) and read(store, "PRAGMA integrity_check") != [("ok",)]:
        return False
    return not read(store, WRONG_COUNTS)
