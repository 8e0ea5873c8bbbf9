"""Backups are listed and checked; one, or an empty store, takes the place of a damaged database."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sendoff_tasks.folder.database_backups import (
    RESTORED_AT,
    Backup,
    RestoreError,
    backup_path,
    backups_folder,
    begin_empty,
    find_fault,
    list_backups,
    newest_backup,
    restore,
)
from sendoff_tasks.folder.lock_file import LockFile, store_lock
from sendoff_tasks.folder.paths import store_mark
from sendoff_tasks.store.database import open_store
from sendoff_tasks.store.errors import StoreDamaged
from tests.settings.databases import NOON, backed_up, damage, read, write


def test_they_are_listed_with_their_time_and_size_the_newest_first(database: Path) -> None:
    assert list_backups(database) == []
    assert newest_backup(database) is None
    old = backed_up(database, NOON - timedelta(days=1), "old")
    new = backed_up(database, NOON, "new")
    for other in ("sendoff-20261301-000000-1.db", "other-20260101-000000-1.db", ".sendoff-x.tmp"):
        (backups_folder(database) / other).write_bytes(b"")
    assert list_backups(database) == [
        Backup(new, NOON, new.stat().st_size),
        Backup(old, NOON - timedelta(days=1), old.stat().st_size),
    ]
    assert newest_backup(database) == list_backups(database)[0]


def test_they_go_by_their_number_whatever_the_clock_said(database: Path) -> None:
    first = backed_up(database, NOON, "first")
    assert first.name == "sendoff-20260301-120000-1.db"
    second = backed_up(database, NOON - timedelta(days=1), "second")
    lost = backup_path(database, NOON + timedelta(days=1))
    lost.symlink_to(lost)  # the system refuses to follow it
    assert [backup.path for backup in list_backups(database)] == [second, first]


def test_a_fault_is_found_and_nothing_is_left_beside_the_copy(tmp_path: Path) -> None:
    copy = write(tmp_path / "copy #1.db", "sound")
    assert find_fault(copy, at_rest=True) is None
    damage(copy)
    assert find_fault(copy, at_rest=True)
    copy.write_bytes(b"a letter, not a database" * 100)
    assert find_fault(copy, at_rest=True) == "file is not a database"
    assert list(tmp_path.iterdir()) == [copy]
    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        find_fault(tmp_path / "none.db", at_rest=True)


def test_the_newest_takes_the_place_of_a_damaged_database_which_is_kept(database: Path) -> None:
    backed_up(database, NOON - timedelta(days=1), "old")
    backed_up(database, NOON, "new")
    database.write_bytes(b"damaged")
    log = database.with_name("sendoff.db-wal")
    log.write_bytes(b"of the damaged one")
    done = restore(database)
    at = str(round(NOON.timestamp() * 1000))
    assert read(database) == {"store": "new", RESTORED_AT: at}
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(done.kept.stat().st_mode) == 0o700
    assert (done.kept / database.name).read_bytes() == b"damaged"
    assert (done.kept / log.name).read_bytes() == b"of the damaged one"
    assert not log.exists()
    assert done.backup.at == NOON
    assert done.backup.when in done.sentence
    assert str(done.kept) in done.sentence
    assert len(list_backups(database)) == 2
    assert {path.name for path in database.parent.iterdir()} == {
        "sendoff.db",
        "sendoff.db.lock",
        "backups",
        done.kept.name,
    }


def test_where_there_is_no_sound_backup_the_database_is_left_as_it_is(database: Path) -> None:
    database.write_bytes(b"damaged")
    with pytest.raises(RestoreError, match="There is no sound backup in"):
        restore(database)
    assert database.read_bytes() == b"damaged"


def test_only_what_is_there_is_said_to_be_moved_away(database: Path) -> None:
    for left in (None, store_mark(database), database):
        if left is not None:
            left.write_bytes(b"left")
        with pytest.raises(RestoreError) as refused:
            restore(database)
        said = [str(each) in str(refused.value) for each in (store_mark(database), database)]
        assert said == [store_mark(database).exists(), left is not None]
        assert ("away" in str(refused.value)) is (left is not None)


@pytest.mark.parametrize("repair", [restore, begin_empty])
def test_what_is_no_file_is_said_and_nothing_is_left_beside_it(
    database: Path, repair: Callable[[Path], object]
) -> None:
    backed_up(database, NOON, "new")
    database.mkdir()
    with pytest.raises(RestoreError, match="is not a file: move it away"):
        repair(database)
    assert {path.name for path in database.parent.iterdir()} == {"sendoff.db", "backups"}


@pytest.mark.parametrize("stuck", ["-shm", ".mark"])
def test_a_file_that_cannot_be_moved_leaves_all_where_they_were(
    database: Path, monkeypatch: pytest.MonkeyPatch, stuck: str
) -> None:
    names = {database.name + end for end in ("", "-wal", "-shm", ".mark")}
    for name in names:
        database.with_name(name).write_bytes(b"damaged")
    move = Path.replace

    def refuse(path: Path, to: Path) -> Path:
        if path.name == database.name + stuck and "damaged-" in str(to):
            raise PermissionError(13, "in use", str(path))
        return move(path, to)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RestoreError, match="in use"):
        begin_empty(database)
    assert names <= {path.name for path in database.parent.iterdir()}


def test_a_damaged_backup_is_passed_over_and_refused_where_a_person_chose_it(
    database: Path,
) -> None:
    old = backed_up(database, NOON - timedelta(days=1), "old")
    damage(backed_up(database, NOON, "new"))
    newest, oldest = list_backups(database)
    assert oldest.path == old
    with pytest.raises(RestoreError, match="no sound backup"):
        restore(database, newest)
    for chosen in (oldest, None):
        restore(database, chosen)  # where no database is
        assert read(database)["store"] == "old"
        database.unlink()
    database.write_bytes(b"damaged")
    assert restore(database).backup.at == NOON - timedelta(days=1)


def test_it_is_refused_while_an_engine_has_the_database_open(database: Path) -> None:
    backed_up(database, NOON, "new")
    database.write_bytes(b"damaged")
    engine = LockFile(store_lock(database))
    assert engine.take()
    with pytest.raises(RestoreError, match="end it, then restore"):
        restore(database)
    engine.release()
    assert database.read_bytes() == b"damaged"
    restore(database)


def test_a_full_disk_is_said_and_leaves_everything_in_place(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(database, NOON, "new")
    database.write_bytes(b"damaged")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(database))

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", full)
        with pytest.raises(RestoreError, match="No space left"):
            restore(database)
    assert database.read_bytes() == b"damaged"
    restore(database)
    assert read(database)["store"] == "new"


@pytest.mark.parametrize("moves", range(3))
def test_a_crash_between_two_steps_is_made_good_by_a_second_call(
    database: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    """Until then a start refuses the database, and names the backup."""

    class Crash(BaseException): ...

    replace, left = Path.replace, iter([True] * moves)

    def crash(path: Path, target: Path) -> Path:
        if not next(left, False):
            raise Crash
        return replace(path, target)

    backed_up(database, NOON, "new")
    database.write_bytes(b"damaged")
    database.with_name("sendoff.db-wal").write_bytes(b"its log")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(Crash):
            restore(database)
    if moves:
        with pytest.raises(StoreDamaged, match=r"not there any more\. `sendoff doctor --restore`"):
            open_store(database)
    restore(database)
    assert read(database)["store"] == "new"
    kept = {path.name: path.read_bytes() for path in database.parent.glob("damaged-*/*")}
    assert kept == {"sendoff.db": b"damaged", "sendoff.db-wal": b"its log"}


def test_an_empty_one_takes_its_place_and_the_damaged_files_are_kept(database: Path) -> None:
    damage(write(database, "damaged"))
    before = database.read_bytes()
    kept = begin_empty(database)
    assert not database.exists()
    assert (kept / database.name).read_bytes() == before
    assert begin_empty(database).is_dir()  # once more, when a crash came between
