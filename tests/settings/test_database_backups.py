"""Backups of a database are listed, the newest first, and checked."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desktop.settings.database_backups import (
    Backup,
    backup_path,
    backups_folder,
    find_fault,
    list_backups,
    newest_backup,
)
from tests.settings.databases import NOON, backed_up, damage, write

if TYPE_CHECKING:
    from pathlib import Path


def test_they_are_listed_with_their_time_and_size_the_newest_first(database: Path) -> None:
    assert list_backups(database) == []
    assert newest_backup(database) is None
    old = backed_up(database, NOON - timedelta(days=1), "old")
    new = backed_up(database, NOON, "new")
    for other in ("sendoff-20261301-000000.db", "other-20260101-000000.db", ".sendoff-x.tmp"):
        (backups_folder(database) / other).write_bytes(b"")
    assert list_backups(database) == [
        Backup(new, NOON, new.stat().st_size),
        Backup(old, NOON - timedelta(days=1), old.stat().st_size),
    ]
    assert newest_backup(database) == list_backups(database)[0]


def test_those_of_older_versions_have_no_number_and_go_by_their_time(database: Path) -> None:
    folder = backups_folder(database)
    for name in ("sendoff-20300101-000000.db", "sendoff-20310101-000000.db"):
        write(folder / name, "older")
    new = backed_up(database, NOON, "new")
    assert new.name == "sendoff-20260301-120000-1.db"
    newer = backed_up(database, NOON - timedelta(days=1), "newer")
    assert [backup.path.name for backup in list_backups(database)] == [
        newer.name,
        new.name,
        "sendoff-20310101-000000.db",
        "sendoff-20300101-000000.db",
    ]


def test_one_the_disk_does_not_tell_of_is_passed_over(database: Path) -> None:
    sound = backed_up(database, NOON, "sound")
    lost = backup_path(database, NOON + timedelta(days=1))
    lost.symlink_to(lost)  # the system refuses to follow it
    assert [backup.path for backup in list_backups(database)] == [sound]


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
