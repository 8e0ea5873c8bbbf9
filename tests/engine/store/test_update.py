"""A store of an older version is brought up to date, whole or not at all, after a backup."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import threading
from contextlib import closing
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text

from sendoff_tasks.folder.database_backups import list_backups
from sendoff_tasks.sqlite import SqliteStore
from sendoff_tasks.store import backup, migrations, update
from sendoff_tasks.store.database import StoreConnection, open_store
from sendoff_tasks.store.errors import NotUpdated, OtherVersion, StoreDamaged
from sendoff_tasks.store.migrations import KEY, OWN, History
from sendoff_tasks.store.migrations import progress as module
from sendoff_tasks.store.migrations.migration import Migration
from sendoff_tasks.store.update import update_store
from tests import WITHIN

NOTES = "CREATE TABLE notes (id INTEGER PRIMARY KEY, task INTEGER NOT NULL) STRICT"
FILL = "INSERT INTO notes SELECT id, id FROM tasks"
NEXT = Migration("0040", sqlite=(NOTES, FILL))
LAST = Migration("0041", sqlite=("CREATE INDEX notes_by_task ON notes (task)",))


def later(monkeypatch: pytest.MonkeyPatch, *changes: Migration) -> None:
    """Make this program one whose tables changed since."""
    monkeypatch.setattr(migrations, "OWN", History("", (*OWN.migrations, *changes)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a store of this version."""
    path = tmp_path / "store.db"
    open_store(path).close()
    return path


def read(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def version(path: Path) -> str:
    return str(read(path, "SELECT version_num FROM alembic_version")[0][0])


def test_a_store_of_this_version_is_neither_written_nor_copied(path: Path) -> None:
    before = path.read_bytes(), path.stat().st_mtime_ns
    update_store(path, ())
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert not list_backups(path)


def test_an_older_store_is_changed_step_by_step_after_a_backup(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, NEXT, LAST)
    with pytest.raises(OtherVersion):
        open_store(path)
    SqliteStore(path, ()).close()
    assert version(path) == "0041"
    assert read(path, "SELECT name FROM sqlite_schema WHERE name LIKE 'notes%' ORDER BY name") == [
        ("notes",),
        ("notes_by_task",),
    ]
    (copy,) = list_backups(path)
    assert version(copy.path) == OWN.newest
    SqliteStore(path, ()).close()
    assert list_backups(path) == [copy]


def test_a_change_that_fails_leaves_all_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, NEXT, Migration("0041", sqlite=(FILL.replace("notes", "letters"),)))
    before = path.read_bytes()
    with pytest.raises(NotUpdated, match="no such table: letters"):
        SqliteStore(path, ())
    assert version(path) == "0040"
    later(monkeypatch, Migration("0040", sqlite=(NOTES, FILL, FILL.replace("notes", "letters"))))
    path.write_bytes(before)
    with pytest.raises(NotUpdated):
        SqliteStore(path, ())
    assert path.read_bytes() == before


def test_a_second_try_makes_no_second_backup_of_the_same_state(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, NEXT, Migration("0041", sqlite=("nonsense",)))
    for _ in range(2):
        with pytest.raises(NotUpdated):
            update_store(path, ())
    later(monkeypatch, NEXT, LAST)
    update_store(path, ())
    (copy,) = list_backups(path)
    assert version(copy.path) == OWN.newest


def test_without_room_for_a_backup_nothing_is_changed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, NEXT)
    monkeypatch.setattr(backup, "RESERVE", 1 << 60)
    before = path.read_bytes()
    with pytest.raises(NotUpdated, match="MiB of free space"):
        update_store(path, ())
    assert path.read_bytes() == before


def test_a_damaged_store_is_not_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, NEXT)
    ((page,),) = read(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'tasks_by_state'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    before = path.read_bytes()
    with pytest.raises(StoreDamaged):
        SqliteStore(path, ())
    assert path.read_bytes() == before


@pytest.mark.parametrize("tables", ["newer", "older"])
def test_tables_that_no_change_leads_from_are_left_alone_with_their_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tables: str
) -> None:
    """Also what a killed program left in the log."""
    other = {"newer": "9999", "older": "0024"}[tables]
    killed = tmp_path / "killed.db"
    connection = open_store(tmp_path / "store.db")
    connection.execute("UPDATE alembic_version SET version_num = ?", (other,))
    for end in ("", "-wal"):
        part = tmp_path / f"store.db{end}"
        killed.with_name(killed.name + end).write_bytes(part.read_bytes())
    connection.close()
    before = [each.read_bytes() for each in (killed, tmp_path / "killed.db-wal")]
    with pytest.raises(OtherVersion, match=f"by an? {tables} version"):
        SqliteStore(killed, ())
    assert [each.read_bytes() for each in (killed, tmp_path / "killed.db-wal")] == before


def killed(path: Path, at: int) -> bool:
    """Update in a process that is killed before a statement; tell whether there was such a one."""

    def run() -> None:
        counted = count(1)
        execute = StoreConnection.execute

        def executed(self: StoreConnection, *what: Any) -> Any:
            if next(counted) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(self, *what)

        StoreConnection.execute = executed  # type: ignore[method-assign]
        update_store(path, ())

    process = get_context("fork").Process(target=run)
    process.start()
    process.join(WITHIN)
    return process.exitcode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
def test_a_kill_before_any_statement_leaves_what_the_next_start_brings_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, NEXT, LAST)
    for at in count(1):
        path = tmp_path / str(at) / "store.db"
        path.parent.mkdir()
        monkeypatch.setattr(migrations, "OWN", OWN)
        open_store(path).close()
        later(monkeypatch, NEXT, LAST)
        was_killed = killed(path, at)
        SqliteStore(path, ()).close()
        assert version(path) == "0041"
        assert len(list_backups(path)) == 1
        if not was_killed:
            break
    assert at > len((*NEXT.sqlite, *LAST.sqlite))


def test_an_update_that_takes_long_tells_how_far_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    heard = threading.Event()
    monkeypatch.setattr(module, "AFTER_S", 0.0)
    monkeypatch.setattr(module, "EVERY_S", 0.0)
    monkeypatch.setattr(update, "_run", lambda *_: heard.wait(WITHIN))

    def tell(done: float) -> None:
        told.append(done)
        if done >= update.COPIED:
            heard.set()

    later(monkeypatch, NEXT)
    update_store(path, (), tell)
    assert told == sorted(told)
    assert told[-1] == update.COPIED


def letters(*changes: Migration) -> Table:
    """Make the table of a feature that has changed since the baseline."""
    metadata = MetaData(info={KEY: History("letters", changes)})
    columns = [Column("text", Text)] if changes else []
    return Table("letters", metadata, Column("id", Integer, primary_key=True), *columns)


def test_a_feature_changes_its_own_tables_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine without it goes on, and leaves its tables as they are."""
    path = tmp_path / "store.db"
    open_store(path, [letters()]).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO letters VALUES (7)")
    add = Migration("0039", sqlite=("ALTER TABLE letters ADD COLUMN text TEXT",))
    later(monkeypatch, NEXT)
    SqliteStore(path, ()).close()
    assert read(path, "SELECT * FROM letters") == [(7,)]
    SqliteStore(path, [letters(add)]).close()
    assert read(path, "SELECT * FROM letters") == [(7, None)]
    SqliteStore(path, ()).close()
    with pytest.raises(OtherVersion, match="newer"):
        SqliteStore(path, [letters()])


def test_tables_of_a_feature_that_are_new_need_no_change_of_them(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    add = Migration("0039", sqlite=("ALTER TABLE letters ADD COLUMN text TEXT",))
    for _ in range(2):
        SqliteStore(path, [letters(add)]).close()
    assert read(path, "SELECT * FROM letters") == []
    assert not list_backups(path)
