"""What a drive has after a power cut."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path
from random import Random

import pytest

from tests.campaign.storage import cut

DATABASE, WAL = 1, 2


def record(*entries: tuple[bytes, int, int, bytes]) -> bytes:
    return b"".join(
        struct.pack("=cBQI", op, kind, offset, len(data)) + data
        for op, kind, offset, data in entries
    )


def after(folder: Path, seed: int, *entries: tuple[bytes, int, int, bytes]) -> bytes:
    database, log = folder / "some.db", folder / "record"
    log.write_bytes(record(*entries))
    cut(database, log, Random(seed), (b"old", None))
    return database.read_bytes()


@pytest.mark.parametrize("seed", range(20))
def test_what_an_fsync_confirmed_is_there(tmp_path: Path, seed: int) -> None:
    found = after(tmp_path, seed, (b"W", DATABASE, 0, b"new"), (b"S", DATABASE, 0, b""))
    assert found == b"new"


def test_what_none_confirmed_is_there_or_not_or_in_part(tmp_path: Path) -> None:
    write = (b"W", DATABASE, 0, b"n" * 1024)
    found = {after(tmp_path, seed, write) for seed in range(200)}
    torn = b"n" * 512
    assert found == {b"old", b"n" * 1024, torn}


def test_what_was_written_before_a_failed_fsync_is_never_confirmed(tmp_path: Path) -> None:
    entries = [(b"W", DATABASE, 0, b"new"), (b"F", DATABASE, 0, b""), (b"S", DATABASE, 0, b"")]
    assert {after(tmp_path, seed, *entries) for seed in range(20)} == {b"old"}


def test_a_log_that_was_removed_is_gone_and_its_index_with_it(tmp_path: Path) -> None:
    (tmp_path / "some.db-shm").touch()
    after(tmp_path, 1, (b"W", WAL, 0, b"frames"), (b"S", WAL, 0, b""), (b"U", WAL, 0, b""))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["some.db"]


def test_a_database_without_fsync_loses_what_it_answered(tmp_path: Path) -> None:
    """The cut is a real one: what SQLite itself promises only with fsync is lost without."""
    database = tmp_path / "some.db"
    with sqlite3.connect(database) as store:
        store.execute("CREATE TABLE t (x)")
    store.close()
    empty = database.read_bytes()
    with sqlite3.connect(database) as store:
        store.execute("INSERT INTO t VALUES (1)")
    store.close()
    written = (b"W", DATABASE, 0, database.read_bytes())
    lost = 0
    for seed in range(20):
        log = tmp_path / "record"
        log.write_bytes(record(written))
        cut(database, log, Random(seed), (empty, None))
        with sqlite3.connect(database) as store:
            lost += store.execute("SELECT count(*) FROM t").fetchone() == (0,)
        store.close()
    assert 0 < lost < 20
