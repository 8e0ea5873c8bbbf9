"""The copies of a database: where they lie, and putting one back in place of a damaged file."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.settings.atomic import flush_folder, flush_to_disk
from desktop.settings.lock_file import LockFile, store_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = "backups"
RESTORED: Final = "restored"
"""The key in ``meta`` that tells the engine which moment (epoch ms) its store was taken back to."""
EMPTY: Final = "it is empty"
"""The fault of a file without content; where there never was a database, it is none."""
_STAMP: Final = "%Y%m%d-%H%M%S"
_PARTS: Final = ("", "-wal", "-shm")
"""The files of a database: its log would be read into a database put in its place."""
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""What SQLite says of content it has read; the last of a file that lacks a store's tables."""


class RestoreError(Exception):
    """Nothing was restored; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy: its file, the moment it is of (UTC), and its size in bytes."""

    path: Path
    at: datetime
    size: int

    @property
    def when(self) -> str:
        """The moment as people here read it."""
        return f"{self.at.astimezone():%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and the folder that keeps the damaged files."""

    backup: Backup
    kept: Path

    @property
    def sentence(self) -> str:
        """Say what happened, and what was lost by it."""
        return (
            f"The backup of {self.backup.when} is in place; what was accepted or done since then "
            "is not in it. Everything is paused, because what waited then may have been done "
            f"since: look through it, then resume. The damaged files are kept in {self.kept}."
        )


def backups_folder(database: Path) -> Path:
    """Tell where the copies of a database lie: beside it."""
    return database.parent / FOLDER


def backup_path(database: Path, at: datetime) -> Path:
    """Name the next copy, of that moment, by a number above those of all that are there.

    By their times alone, one made while the clock was wrong could pass for the newest for years.
    """
    number = max((number for number, _, _ in _found(database)), default=0) + 1
    name = f"{database.stem}-{at.astimezone(UTC):{_STAMP}}-{number}.db"
    return backups_folder(database) / name


def list_backups(database: Path) -> list[Backup]:
    """List the copies of a database, the newest first."""
    backups = []
    for _, at, path in sorted(_found(database), reverse=True):
        with suppress(OSError):  # gone by now, or on a disk that fails
            backups.append(Backup(path, at, path.stat().st_size))
    return backups


def _found(database: Path) -> list[tuple[int, datetime, Path]]:
    """Read the names in the folder: number (0 in those of older versions), moment and path."""
    pattern = re.compile(rf"{re.escape(database.stem)}-(\d{{8}}-\d{{6}})(?:-(\d{{1,9}}))?\.db")
    try:
        paths = list(backups_folder(database).iterdir())
    except OSError:
        return []
    found = []
    for path in paths:
        parts = pattern.fullmatch(path.name)
        if parts is None:
            continue
        with suppress(ValueError):  # no moment of any day
            at = datetime.strptime(parts[1], _STAMP).replace(tzinfo=UTC)
            found.append((int(parts[2] or 0), at, path))
    return found


def newest_backup(database: Path) -> Backup | None:
    """Find the newest copy; it was sound when it was made."""
    return next(iter(list_backups(database)), None)


def fault_of(found: str) -> str | None:
    """Read the answer of SQLite's ``integrity_check``; ``None`` where all is well."""
    return None if found == "ok" else " ".join(found.rpartition("***")[2].split())


def find_fault(database: Path, *, at_rest: bool) -> str | None:
    """Read all of a database or a copy of one and say what is damaged; ``None`` where it is sound.

    ``at_rest`` says that no process writes to it; then no file is made beside it. Raises
    ``sqlite3.OperationalError`` for one that cannot be opened or read now, sound or not.
    """
    url = f"{database.as_uri()}?mode=ro" + ("&immutable=1" if at_rest else "")
    try:
        with closing(sqlite3.connect(url, uri=True)) as connection:
            if connection.execute("PRAGMA page_count").fetchone() == (0,):
                return EMPTY
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            store = connection.execute("SELECT value FROM meta WHERE key = 'store'").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGED:
            raise
        return str(error)
    if store is None:
        return "its name is missing"
    return fault_of(found)


def restore(database: Path, backup: Backup | None = None) -> Restored:
    """Put a copy in the place of a damaged database, whose files are kept in a folder beside it.

    Without ``backup``, the newest one that is sound. The engine begins paused on it. A crash at any
    instant leaves either file whole, and a second call does the rest. Takes as long as reading and
    writing the copy. Raises ``RestoreError``: while a backend has the database open, where there is
    no sound copy, where the disk does not take it, where what is in its place is no file or cannot
    be opened, so it is not known whether it is damaged.
    """
    with _alone_with(database):
        chosen = _sound(database, backup)
        fresh = _copied(database, chosen)
        kept = _put_aside(database)
        fresh.replace(database)
        flush_folder(database.parent)
    return Restored(chosen, kept)


def begin_empty(database: Path) -> Path:
    """Move a damaged database and its backups aside, for an empty one; tell where they are.

    Raises ``RestoreError``: while a backend has the database open, where the disk does not take it.
    """
    with _alone_with(database):
        kept = _put_aside(database)
        for backup in list_backups(database):
            backup.path.replace(kept / backup.path.name)
        database.unlink(missing_ok=True)
        flush_folder(database.parent)
    return kept


@contextmanager
def _alone_with(database: Path) -> Iterator[None]:
    """Keep every engine out meanwhile; what the disk says becomes a ``RestoreError``."""
    if database.exists() and not database.is_file():
        raise RestoreError(f"{database} is not a file: move it away first.")
    lock = LockFile(store_lock(database))
    try:
        if not lock.take():
            raise RestoreError("Sendoff is running on this database: stop it, then restore.")
        try:
            if database.exists():
                os.close(os.open(database, os.O_RDWR))
            yield
        finally:
            lock.release()
    except OSError as error:
        where = error.filename or database
        raise RestoreError(f"Nothing was restored: {where}: {error.strerror}.") from error


def _sound(database: Path, wanted: Backup | None) -> Backup:
    for backup in list_backups(database) if wanted is None else [wanted]:
        with suppress(sqlite3.OperationalError):  # it cannot be read, and so not be copied
            if find_fault(backup.path, at_rest=True) is None:
                return backup
    raise RestoreError(
        f"There is no sound backup in {backups_folder(database)}. "
        f"To begin with an empty list, move {database} away."
    )


def _copied(database: Path, backup: Backup) -> Path:
    """Copy it beside the database, marked as what it is, and wait until it is on the disk."""
    fresh = database.with_name(f".{database.name}.restored")
    for end in _PARTS:  # of an earlier try that was ended
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    shutil.copyfile(backup.path, fresh)
    fresh.chmod(0o600)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            at = str(round(backup.at.timestamp() * 1000))
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (RESTORED, at))
    except sqlite3.Error as error:
        fresh.unlink()
        raise RestoreError(f"Nothing was restored: {error}.") from error
    with fresh.open("rb+") as file:
        flush_to_disk(file.fileno())
    return fresh


def _put_aside(database: Path) -> Path:
    """Keep the damaged files; the database itself stays in place too, until it is replaced."""
    kept = database.parent / f"damaged-{datetime.now(UTC):{_STAMP}}"
    kept.mkdir(mode=0o700, exist_ok=True)
    for end in _PARTS:
        part = database.with_name(database.name + end)
        if not part.exists():
            continue
        if end:
            part.replace(kept / part.name)
        else:
            _keep(part, kept / part.name)
    flush_folder(kept)
    flush_folder(database.parent)
    return kept


def _keep(path: Path, to: Path) -> None:
    """Give a file a second name, or a copy where the file system knows no links."""
    to.unlink(missing_ok=True)
    try:
        to.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, to)
