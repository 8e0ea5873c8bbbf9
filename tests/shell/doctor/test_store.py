"""The store: not there yet, sound, in use, damaged; its backups."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.file.backup import back_up
from desktop.engine.store.file.database import open_store
from desktop.settings.paths import DataFolder
from desktop.shell.doctor import doctor
from desktop.shell.doctor.doctor import look_at_store
from tests.engine.duties.test_integrity import damage_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "sendoff.db"


def told(database: Path) -> list[str]:
    return [str(finding) for finding in look_at_store(database)]


def test_one_that_is_not_there_yet_is_not_made(database: Path) -> None:
    assert told(database) == [f"ok   Store {database}: it is made at the first start"]
    assert list(database.parent.iterdir()) == []


def test_a_sound_one_is_described(database: Path) -> None:
    open_store(database).close()
    store, backups = told(database)
    assert store.startswith(f"ok   Store {database}: sound, version ")
    assert ", 0 tasks, " in store
    assert store.endswith("; no backend runs")
    assert backups.startswith("ok   Backups: none yet")


def test_one_that_is_in_use_is_looked_at_beside_it(database: Path) -> None:
    engine = Engine(database, Registry())
    engine.start()
    store, _ = told(database)
    assert store.startswith("ok")
    assert store.endswith("; a backend is at work on it")
    engine.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("lost", ["its log", "its content"])
def test_one_that_is_in_use_is_first_to_be_stopped(database: Path, lost: str) -> None:
    open_store(database).close()  # else all of it would be in its log
    engine = Engine(database, Registry())
    engine.start()
    if lost == "its log":
        database.with_name(f"{database.name}-wal").unlink()
    else:
        database.write_bytes(b"no database at all" * 300)
    store = told(database)[0]
    assert store.endswith(": stop Sendoff, which is at work on it, and run `sendoff doctor` again.")
    engine.stop()


def test_one_whose_backend_was_killed_is_read_with_its_log(database: Path, tmp_path: Path) -> None:
    connection = open_store(database)
    function = connection.execute("INSERT INTO functions VALUES (1, 'f', 'f', 'io', 'F')")
    function.execute("INSERT INTO counts VALUES (1, 'succeeded', 3)")
    killed = tmp_path / "killed" / database.name
    killed.parent.mkdir()
    for part in (database, database.with_name(f"{database.name}-wal")):
        shutil.copy(part, killed.parent)
    connection.close()
    store, _ = told(killed)
    assert store.startswith("ok")
    assert ", 3 tasks, " in store


def test_a_damaged_one_is_named_with_the_way_out(database: Path) -> None:
    connection = open_store(database)
    at = datetime.now(UTC)
    back_up(database, at)
    damage_page(connection, database, "tasks")
    connection.close()
    store, backups = told(database)
    assert store.startswith(f"look Store {database} is damaged (")
    assert f"its backup of {at.astimezone():%Y-%m-%d %H:%M} in its place" in store
    assert backups.startswith("ok   Backups: the newest is of ")


def test_what_is_no_store_is_named(database: Path) -> None:
    database.write_bytes(b"no database at all" * 300)
    store, _ = told(database)
    assert store.startswith("look")
    assert store.endswith("there is no backup; move it away to begin with an empty list.")


def test_an_empty_file_is_damage_where_a_database_was(database: Path) -> None:
    database.touch()
    store, _ = told(database)
    assert store == f"ok   Store {database}: it is made at the first start"
    database.unlink()
    open_store(database).close()
    back_up(database, datetime.now(UTC))
    database.write_bytes(b"")
    store, _ = told(database)
    assert store.startswith(f"look Store {database} is damaged (it is empty): stop Sendoff and run")


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("empty", "is damaged (it is empty): there is no backup; move it and sendoff.db-wal away"),
        ("gone", "is gone: there is no backup; move sendoff.db-wal away"),
    ],
)
def test_a_log_tells_that_there_was_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lost: str, said: str
) -> None:
    data = DataFolder(tmp_path / "data")
    data.create()
    there = tmp_path / "sendoff.db"
    connection = open_store(there)
    log = data.db.with_name("sendoff.db-wal")
    shutil.copy(there.with_name(log.name), log)
    connection.close()
    if lost == "empty":
        data.db.touch()
    content = log.read_bytes()
    assert doctor.run(str(data.root), restores=False) == 1
    assert f"look Store {data.db} {said}" in capsys.readouterr().out
    assert log.read_bytes() == content


def test_a_folder_in_its_place_is_named(database: Path) -> None:
    database.mkdir()
    assert told(database) == [
        f"look Store {database} is not a file: move it away, then run `sendoff doctor` again."
    ]


def test_one_that_was_lost_is_offered_its_backup(database: Path) -> None:
    open_store(database).close()
    back_up(database, datetime.now(UTC))
    database.unlink()
    (store,) = told(database)
    assert store.startswith(f"look Store {database} is gone: stop Sendoff and run ")


def test_a_backup_that_should_have_had_a_successor(database: Path) -> None:
    open_store(database).close()
    at = datetime.now(UTC)
    back_up(database, at)
    later = (at + timedelta(days=4)).timestamp()
    os.utime(database, (later, later))
    _, backups = told(database)
    assert backups.startswith("look Backups: the newest is of ")
