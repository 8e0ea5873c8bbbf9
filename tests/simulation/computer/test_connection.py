"""The engine's connection: sqlite3's face over a real SQLite on the simulated disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from random import Random

import pytest

from tests.simulation.computer.connection import Connection, PowerCut
from tests.simulation.computer.disk import Disk, Fault, Kept, Trouble

PATH = "/db"


def connect(disk: Disk) -> Connection:
    connection = Connection(disk, PATH)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@pytest.fixture
def disk() -> Disk:
    return Disk(Random(5))


@pytest.fixture
def connection(disk: Disk) -> Iterator[Connection]:
    connection = connect(disk)
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    yield connection
    connection.close()


def insert(connection: Connection, *rows: tuple[int, str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def read(connection: Connection) -> list[int]:
    return [a for (a,) in connection.execute("SELECT a FROM t ORDER BY a")]


def test_rows_are_read_as_from_sqlite3(connection: Connection) -> None:
    insert(connection, (1, "x"), (2, "y"))
    cursor = connection.cursor()
    assert cursor.execute("SELECT * FROM t").fetchone() == (1, "x")
    assert cursor.fetchall() == [(2, "y")]
    assert cursor.fetchone() is None
    assert list(connection.execute("SELECT a FROM t")) == [(1,), (2,)]
    assert cursor.execute("UPDATE t SET b = 'z'").rowcount == 2


def test_errors_are_those_of_sqlite3(disk: Disk, connection: Connection) -> None:
    insert(connection, (1, "x"))
    with pytest.raises(sqlite3.IntegrityError) as error:
        connection.execute("INSERT INTO t VALUES (1, 'x')")
    assert error.value.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("SELECT nothing")
    for trouble, code in (
        (Trouble.FULL, sqlite3.SQLITE_FULL),
        (Trouble.BROKEN, sqlite3.SQLITE_IOERR_WRITE),
        (Trouble.UNSYNCED, sqlite3.SQLITE_IOERR_FSYNC),
    ):
        disk.faults.append(Fault(trouble))
        with pytest.raises(sqlite3.OperationalError) as told:
            insert(connection, (2, "y"))
        assert told.value.sqlite_errorcode == code
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    insert(connection, (2, "y"))
    assert read(connection) == [1, 2]


def test_a_damaged_file_is_a_database_error(disk: Disk, connection: Connection) -> None:
    connection.close()
    disk.files[PATH].content[:] = b"nonsense" * 1000
    with pytest.raises(sqlite3.DatabaseError) as error:
        Connection(disk, PATH).execute("SELECT * FROM t")
    assert error.value.sqlite_errorcode == sqlite3.SQLITE_NOTADB


def insert_until_the_power_goes(connection: Connection) -> int:
    committed = 0
    try:
        while True:
            insert(connection, (committed, "x" * 3000))
            committed += 1
    except PowerCut:
        return committed


@pytest.mark.parametrize("kept", Kept)
def test_what_is_committed_outlives_a_cut_at_every_operation(kept: Kept) -> None:
    for after in range(60):
        disk = Disk(Random(after))
        connection = connect(disk)
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
        connection.checkpoint_at(4)
        disk.faults.append(Fault(Trouble.CUT, after))
        committed = insert_until_the_power_goes(connection)
        connection.close()
        again = connect(disk.stop(kept))
        assert len(read(again)) in {committed, committed + 1}
        assert list(again.execute("PRAGMA integrity_check")) == [("ok",)]
        again.close()


def test_a_checkpoint_that_fails_is_forgiven(disk: Disk, connection: Connection) -> None:
    connection.checkpoint_at(1)
    disk.faults.append(Fault(Trouble.BROKEN, after=4, times=50))
    insert(connection, (1, "x"))
    assert disk.struck
    disk.faults.clear()
    insert(connection, (2, "x"))
    assert read(connection) == [1, 2]
