"""Opening the database file, and reading beside the writer."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, create_engine, inspect

from sendoff_tasks.errors import Closed
from sendoff_tasks.folder.database_backups import begin_empty
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.store.database import (
    Reader,
    connect_reader,
    has_rows_of_features,
    lock_store,
    open_store,
)
from sendoff_tasks.store.errors import OtherVersion, StoreDamaged, StoreError
from sendoff_tasks.store.reader_pool import SPARE
from sendoff_tasks.store.tables import schema
from sendoff_tasks.store.tables.records import TaskRecord


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be opened: No such file or directory\.$"):
        lock_store(tmp_path / "no folder" / "store.db")


def test_a_new_store_is_made_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    names = "SELECT name FROM sqlite_schema WHERE type = 'index'"
    indexes = {name for (name,) in connection.execute(names)}
    connection.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    engine = create_engine(f"sqlite:///{path}")
    inspected = inspect(engine)
    for table in schema.metadata.sorted_tables:
        columns = [column["name"] for column in inspected.get_columns(table.name)]
        assert columns == [column.name for column in table.columns]
        assert {index.name for index in table.indexes} <= indexes
    engine.dispose()


LETTERS = Table(
    "letters", MetaData(), Column("id", Integer, primary_key=True), Column("text", Text)
)
Index("letters_by_text", LETTERS.c.text)


def tables(path: Path, *of_features: Table) -> set[str]:
    """Open a store and close it; tell what tables it has."""
    connection = open_store(path, of_features)
    found = connection.execute("SELECT name FROM sqlite_schema").fetchall()
    connection.close()
    return {name for (name,) in found}


def test_a_store_has_the_tables_of_the_features_it_was_opened_with(tmp_path: Path) -> None:
    own = tables(tmp_path / "of an app.db")
    assert not own & {"items", "corrections", "batches", "batch_rows"}
    assert tables(tmp_path / "store.db", LETTERS) == own | {"letters", "letters_by_text"}


def test_a_feature_finds_its_rows_again_after_an_engine_without_it(tmp_path: Path) -> None:
    """Its tables are added to a store that was begun without it, and no row is touched."""
    path = tmp_path / "store.db"
    own = tables(path)
    assert tables(path, LETTERS) == own | {"letters", "letters_by_text"}
    connection = open_store(path)
    assert not has_rows_of_features(connection)
    connection.execute("INSERT INTO letters VALUES (1, 'Dear Ada')")
    assert has_rows_of_features(connection)
    connection.close()
    connection = open_store(path, [LETTERS])
    assert connection.execute("SELECT * FROM letters").fetchall() == [(1, "Dear Ada")]
    connection.close()


def test_a_record_has_the_columns_of_its_table_in_order() -> None:
    columns = [column.name for column in schema.tasks.columns]
    assert list(TaskRecord.__dataclass_fields__) == columns


def test_what_is_committed_survives_a_power_cut(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "store.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_reader_of_a_damaged_file_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"no database at all" * 300)
    with pytest.raises(sqlite3.DatabaseError) as refused:
        connect_reader(path)
    links = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert path not in links
    assert refused.tb is not None  # which would keep what is open in its frame


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = connect_reader(tmp_path / "store.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM meta")
    reader.close()


@pytest.mark.parametrize(("version", "age"), [("0024", "an older"), ("9999", "a newer")])
def test_a_store_of_another_version_is_left_alone(tmp_path: Path, version: str, age: str) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()
    before = path.read_bytes()
    with pytest.raises(OtherVersion, match=f"{age} version"):
        open_store(path, [LETTERS])
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreDamaged, match=r"store\.db cannot be used"):
        open_store(path)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE letters (text)")
    other.close()
    with pytest.raises(StoreDamaged, match="another program"):
        open_store(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path / "nowhere" / "store.db")


def test_a_damaged_page_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    connection = open_store(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'meta'"
    ).fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)
    with pytest.raises(StoreDamaged, match=r"store\.db cannot be used: .*There is no backup"):
        open_store(path)


@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_a_lost_file_is_not_begun_again_where_there_is_a_backup_of_it(
    tmp_path: Path, lost: str
) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    back_up(path, datetime.now(UTC))
    path.unlink()
    if lost == "empty":
        path.touch()
    with pytest.raises(StoreDamaged, match=r"doctor --restore.*To begin with an empty list"):
        open_store(path)
    begin_empty(path)
    open_store(path).close()


@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_a_lost_file_is_not_begun_again_where_its_log_is_left(tmp_path: Path, lost: str) -> None:
    """SQLite deletes the log of an empty file, and all that was accepted with it."""
    killed = tmp_path / "killed" / "store.db"
    killed.parent.mkdir()
    log = killed.with_name("store.db-wal")
    connection = open_store(tmp_path / "store.db")
    shutil.copy(tmp_path / log.name, log)
    connection.close()
    if lost == "empty":
        killed.touch()
    content = log.read_bytes()
    with pytest.raises(StoreDamaged, match=r"no backup.*move (it and )?store\.db-wal away"):
        open_store(killed)
    assert log.read_bytes() == content
    kept = begin_empty(killed)
    open_store(killed).close()
    assert (kept / log.name).read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="any user may be given a file there")
def test_a_store_of_another_user_is_refused_unless_the_folder_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tasks would be run as ours."""
    path = tmp_path / "store.db"
    open_store(path).close()
    owners = {path: 7, tmp_path: 7}
    real = Path.stat

    def stat_of(each: Path, **how: bool) -> os.stat_result:
        found = list(real(each, **how))
        found[stat.ST_UID] = owners.get(each, found[stat.ST_UID])
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat_of)
    open_store(path).close()  # as where a disk gives all files one owner
    owners[tmp_path] = os.geteuid()
    with pytest.raises(StoreError, match=r"belongs to another user, who could have any task run"):
        open_store(path)


COUNT = "SELECT count(*) FROM log"


def test_a_snapshot_does_not_change_while_the_writer_writes(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "store.db")
    reader = Reader(tmp_path / "store.db")
    with reader.snapshot() as before:
        assert before.execute(COUNT).fetchone() == (0,)
        writer.execute("INSERT INTO log VALUES (1, 1, 1, 0, 'info', 'sent', NULL)")
        assert before.execute(COUNT).fetchone() == (0,)
        with reader.snapshot() as after:
            assert after.execute(COUNT).fetchone() == (1,)
    with reader.snapshot() as again:
        assert again.execute(COUNT).fetchone() == (1,)
    reader.close()
    writer.close()


def test_an_error_in_a_read_leaves_the_connection_usable(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = Reader(tmp_path / "store.db")
    with pytest.raises(ZeroDivisionError), reader.snapshot() as connection:
        _ = connection.execute(COUNT).fetchone()[0] / 0
    with reader.snapshot() as connection:
        assert connection.execute(COUNT).fetchone() == (0,)
    reader.close()


def test_a_database_that_is_gone_is_said_and_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    reader = Reader(path)
    told: list[StoreDamaged] = []
    reader.on_damage = told.append
    path.unlink()
    with pytest.raises(StoreDamaged, match="is not there any more"), reader.snapshot():
        pass
    assert not path.exists()
    assert reader.damage in told
    reader.close()


def test_what_a_read_raised_is_not_hidden_by_its_end(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = Reader(tmp_path / "store.db")

    class Failing:
        in_transaction = False

        def execute(self, statement: str) -> None:
            if statement == "ROLLBACK":
                raise sqlite3.OperationalError("disk I/O error")
            self.in_transaction = True

        def close(self) -> None:
            closed.append(self)

    closed: list[Failing] = []
    reader._spare = [Failing()]  # type: ignore[list-item]
    with pytest.raises(ZeroDivisionError), reader.snapshot():
        _ = 1 / 0
    assert len(closed) == 1
    reader.close()


def test_a_path_is_taken_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a store #1%20.db"
    open_store(path).close()
    reader = Reader(path)
    with reader.snapshot() as connection:
        assert connection.execute(COUNT).fetchone() == (0,)
    reader.close()


def test_more_readers_than_are_kept_are_lent_all_the_same(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = Reader(tmp_path / "store.db")
    lent = [reader.snapshot() for _ in range(SPARE + 2)]
    connections = {id(snapshot.__enter__()) for snapshot in lent}
    assert len(connections) == SPARE + 2
    for snapshot in lent:
        snapshot.__exit__(None, None, None)
    reader.close()
    with pytest.raises(Closed), reader.snapshot():
        pass
