"""Backups of the store while it is in use: each shows one moment, is checked and is on disk."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from sendoff_tasks.folder.database_backups import backup_path, find_fault, list_backups
from sendoff_tasks.folder.safe_files import flush_folder, flush_to_disk, open_new, temporary_beside
from sendoff_tasks.store.database import connect_reader
from sendoff_tasks.store.errors import StoreError

RETAINED: Final = 7
"""How many backups are retained, the newest ones."""
PAGES: Final = 256
"""Pages copied in one step, 1 MiB. Each step is flushed to disk before the next one, which keeps
the disk free for those who wait for their own flush."""
RESERVE: Final = 32 << 20
"""Bytes that a backup leaves free on the disk."""
_MIB: Final = 1 << 20


class BackupError(StoreError):
    """No backup was made; the text is a sentence."""


class UnsoundCopy(BackupError):
    """The backup was damaged, most likely because the store is."""

    def __init__(self, database: Path, fault: str) -> None:
        super().__init__("backup.unsound", file=str(database), why=fault)


def back_up(database: Path, at: datetime, before_step: Callable[[], None] = lambda: None) -> Path:
    """Copy the store as of now, ``at``, while others write to it.

    A connection of its own holds the snapshot and blocks no other; only the log cannot shrink
    during the copy. An exception of ``before_step`` ends the copy, and nothing is left. Raises
    ``BackupError``.
    """
    try:
        reader = connect_reader(database)
    except sqlite3.Error as error:
        raise BackupError("backup.failed", why=str(error)) from error
    with closing(reader) as source:
        source.execute("BEGIN")
        return copy_store(source, database, at, before_step)


def copy_store(
    source: sqlite3.Connection,
    database: Path,
    at: datetime,
    before_step: Callable[[], None],
) -> Path:
    """Copy what a connection sees into the backup folder, and delete the oldest backups."""
    path = backup_path(database, at)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _check_room(source, path.parent)
        _write(source, path, database, before_step)
        for old in list_backups(database)[RETAINED:]:
            old.path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise BackupError("backup.unwritten", folder=str(path.parent), why=str(reason)) from error
    except sqlite3.Error as error:
        raise BackupError("backup.failed", why=str(error)) from error
    return path


def _write(
    source: sqlite3.Connection, path: Path, database: Path, before_step: Callable[[], None]
) -> None:
    """Write the copy, and give it its name once it is whole, sound and on disk."""
    with temporary_beside(path) as fresh:
        _copy(source, fresh, before_step)
        fault = find_fault(fresh, at_rest=True)
        if fault is not None:
            raise UnsoundCopy(database, fault)
        fresh.replace(path)
    flush_folder(path.parent)


def _copy(source: sqlite3.Connection, fresh: Path, before_step: Callable[[], None]) -> None:
    with open_new(fresh) as file, closing(sqlite3.connect(fresh, isolation_level=None)) as copy:
        # It is not read before it is whole, so it needs no rollback journal.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute(f"PRAGMA cache_size = {PAGES}")

        def between(_status: int, _left: int, _all: int) -> None:
            flush_to_disk(file.fileno())
            before_step()

        before_step()
        source.backup(copy, pages=PAGES, progress=between)
        flush_to_disk(file.fileno())


def _check_room(source: sqlite3.Connection, folder: Path) -> None:
    (pages,) = source.execute("PRAGMA page_count").fetchone()
    (size,) = source.execute("PRAGMA page_size").fetchone()
    if shutil.disk_usage(folder).free < pages * size + RESERVE:
        needed = (pages * size + RESERVE) // _MIB + 1
        raise BackupError("backup.no_room", needed=needed, folder=str(folder))
