"""A copy of a store in use: of one moment, whole or not there, the newest seven."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sendoff_tasks.folder.database_backups import (
    backup_path,
    backups_folder,
    find_fault,
    list_backups,
)
from sendoff_tasks.store import backup
from sendoff_tasks.store.backup import RETAINED, BackupError, UnsoundCopy, back_up
from sendoff_tasks.store.database import lock_store, open_store
from tests.left_over import left_over

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNT = "SELECT count(*), sum(length(text)) FROM log"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "store.db")
    add(connection, 200)
    yield connection
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def add(store: sqlite3.Connection, count: int) -> None:
    first = store.execute("SELECT coalesce(max(id), 0) FROM log").fetchone()[0] + 1
    rows = [(first + number, 1, 1, 0, "info", "x" * 10_000) for number in range(count)]
    store.execute("BEGIN")
    store.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, NULL)", rows)
    store.execute("COMMIT")


def read(copy: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(f"{copy.as_uri()}?immutable=1", uri=True)) as connection:
        count, size = connection.execute(COUNT).fetchone()
        return count, size


def test_it_is_of_the_moment_it_began_though_others_write(
    store: sqlite3.Connection, path: Path
) -> None:
    steps = []

    def write() -> None:
        steps.append(1)
        add(store, 20)  # no writer waits, and the copy does not begin again

    copy = back_up(path, NOON, write)
    assert len(steps) >= 3
    assert read(copy) == (200, 2_000_000)
    assert find_fault(copy, at_rest=True) is None
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert os.listdir(copy.parent) == ["store-20260301-120000-1.db"]  # noqa: PTH208


def test_a_copy_can_be_opened_as_a_store(store: sqlite3.Connection, path: Path) -> None:
    connection = open_store(back_up(path, NOON))
    assert connection.execute(COUNT).fetchone() == (200, 2_000_000)
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    connection.close()


def test_the_newest_are_kept(store: sqlite3.Connection, path: Path) -> None:
    other = backups_folder(path) / "notes.txt"
    for day in range(RETAINED + 2):
        back_up(path, NOON + timedelta(days=day))
        other.touch()
    days = [copy.at.day for copy in list_backups(path)]
    assert days == list(range(RETAINED + 2, 2, -1))
    assert other.exists()


def test_copies_made_under_a_clock_in_the_future_are_no_newer_than_those_made_later(
    store: sqlite3.Connection, path: Path
) -> None:
    for day in range(RETAINED):
        back_up(path, NOON + timedelta(days=1500 + day))
    add(store, 1)
    newest = back_up(path, NOON)
    assert list_backups(path)[0].path == newest
    assert len(list_backups(path)) == RETAINED
    assert read(newest)[0] == 201
    assert back_up(path, NOON) != newest  # of the same second


def test_what_ends_it_leaves_nothing(store: sqlite3.Connection, path: Path) -> None:
    class Ended(Exception): ...

    def end() -> None:
        raise Ended

    with pytest.raises(Ended):
        back_up(path, NOON, end)
    assert list(backups_folder(path).iterdir()) == []
    add(store, 1)


def test_what_killed_processes_left_goes_with_the_lock(
    store: sqlite3.Connection, path: Path
) -> None:
    copy = back_up(path, NOON)
    for of in (backup_path(path, NOON), path):  # a backup, and one that was being restored
        left_over(of)
    lock_store(path).release()
    assert list(copy.parent.iterdir()) == [copy]
    assert not [*path.parent.glob(".*.tmp")]


def test_one_that_is_being_made_is_known(store: sqlite3.Connection, path: Path) -> None:
    known: list[Path] = []

    def look() -> None:
        assert list_backups(path) == []
        known.extend(each.path for each in list_backups(path, unfinished=True))

    assert {back_up(path, NOON, look)} == {*known}


def test_a_damaged_copy_is_not_kept_and_takes_no_sound_ones_place(
    store: sqlite3.Connection, path: Path
) -> None:
    sound = back_up(path, NOON)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = "SELECT rootpage FROM sqlite_schema WHERE name = 'tasks_by_end'"
    (page,) = store.execute(root).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)
    with pytest.raises(UnsoundCopy, match="was damaged and is not kept"):
        back_up(path, NOON + timedelta(days=1))
    assert [copy.path for copy in list_backups(path)] == [sound]


def test_it_is_not_what_fills_the_disk(
    store: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "RESERVE", 1 << 60)
    with pytest.raises(BackupError, match=r"A backup needs \d+ MiB of free space on the disk"):
        back_up(path, NOON)
    assert list(backups_folder(path).iterdir()) == []


def test_a_store_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No backup could be made: unable to open"):
        back_up(tmp_path / "none.db", NOON)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_said(store: sqlite3.Connection, path: Path) -> None:
    backups_folder(path).write_text("in the way")
    with pytest.raises(BackupError, match="No backup could be written to"):
        back_up(path, NOON)
