"""The unused bytes of a store's pages: no copy of a deleted row stays, and no row is harmed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from sendoff_tasks.store import gaps
from sendoff_tasks.store.gaps import END, FileGaps

NAMES = 1_500
LETTERS = "bcdfghjklmnpqrstvwxz"


def fill(path: Path, vacuum: str, page_size: int) -> list[str]:
    """Make tables and indexes of names in no order; return the names, which are all different."""
    random = Random(7)
    names = [
        "".join(random.choices(LETTERS, k=random.choice((9, 30, 200, 1000)))) for _ in range(NAMES)
    ]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (f"page_size = {page_size}", f"auto_vacuum = {vacuum}", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, more TEXT)")
        connection.execute("CREATE INDEX people_by_name ON people (name)")
        connection.execute("CREATE TABLE alone (name TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("BEGIN")
        for name in names:
            connection.execute("INSERT INTO people (name, more) VALUES (?, ?)", (name, name * 2))
            connection.execute("INSERT INTO alone VALUES (?)", (name,))
        connection.execute("COMMIT")
    return names


@pytest.mark.parametrize(
    ("vacuum", "page_size"), [("INCREMENTAL", 4096), ("NONE", 4096), ("FULL", 8192)]
)
def test_no_copy_of_a_deleted_row_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vacuum: str, page_size: int
) -> None:
    monkeypatch.setattr(gaps, "STEP", 100)
    path = tmp_path / "store.db"
    names = fill(path, vacuum, page_size)
    gone = names[::3]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN")
        for name in gone:
            connection.execute("DELETE FROM people WHERE name = ?", (name,))
            connection.execute("DELETE FROM alone WHERE name = ?", (name,))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = path.read_bytes()
        found, page = FileGaps(path), 1
        while page != END:
            page = found.overwrite(page)
        after = path.read_bytes()
    found.close()
    assert [name for name in gone if name[:9].encode() in before]
    assert [name for name in gone if name[:9].encode() in after] == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        left = connection.execute("SELECT name, more FROM people ORDER BY id").fetchall()
        assert left == [(name, name * 2) for name in names if name not in {*gone}]
        assert {name for (name,) in connection.execute("SELECT name FROM alone")} == {
            name for name in names if name not in {*gone}
        }


def test_a_store_that_is_no_file_has_none(tmp_path: Path) -> None:
    assert FileGaps(tmp_path / "none.db").overwrite(1) == END
