"""The backups of a database: where they are, and whether a database or a backup is sound."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FOLDER: Final = "backups"
EMPTY: Final = "it is empty"
"""The fault of an empty file; it is no damage if there never was a database."""
STAMP: Final = "%Y%m%d-%H%M%S"
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""SQLite's error codes for damaged content; the last one is for missing tables."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its file, its time (UTC), and its size in bytes."""

    path: Path
    at: datetime
    size: int

    @property
    def when(self) -> str:
        """The local time, for people."""
        return f"{self.at.astimezone():%Y-%m-%d %H:%M}"


def backups_folder(database: Path) -> Path:
    """Return the folder of a database's backups, which is beside it."""
    return database.parent / FOLDER


def backup_path(database: Path, at: datetime) -> Path:
    """Return the path of the next backup, with a number above all existing ones.

    By time alone, a backup made while the clock was wrong could count as the newest for years.
    """
    number = max((number for number, _, _ in _found(database)), default=0) + 1
    name = f"{database.stem}-{at.astimezone(UTC):{STAMP}}-{number}.db"
    return backups_folder(database) / name


def list_backups(database: Path) -> list[Backup]:
    """List the backups of a database, the newest first."""
    backups = []
    for _, at, path in sorted(_found(database), reverse=True):
        with suppress(OSError):  # deleted meanwhile, or on a failing disk
            backups.append(Backup(path, at, path.stat().st_size))
    return backups


def _found(database: Path) -> list[tuple[int, datetime, Path]]:
    """List the backups as number (0 for those of older versions), time and path."""
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
        with suppress(ValueError):  # not a valid time
            at = datetime.strptime(parts[1], STAMP).replace(tzinfo=UTC)
            found.append((int(parts[2] or 0), at, path))
    return found


def newest_backup(database: Path) -> Backup | None:
    """Find the newest backup; it was sound when it was made."""
    return next(iter(list_backups(database)), None)


def was_there(database: Path) -> bool:
    """Tell whether what is gone, or empty, was a database: a backup or its log is left of it.

    Ask this before SQLite opens an empty file: it deletes the log.
    """
    return _has_log(database) or newest_backup(database) is not None


def files_of(database: Path) -> str:
    """Name in a sentence what is left of a database: "it", its log, or both."""
    there = ["it"] if database.exists() or not _has_log(database) else []
    return " and ".join([*there, *([_log(database).name] if _has_log(database) else [])])


def _log(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def _has_log(database: Path) -> bool:
    return _has_content(_log(database)) is True


def _has_content(path: Path) -> bool | None:
    """Tell whether a file has any content; ``None`` where that cannot be known."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return None


def fault_of(found: str) -> str | None:
    """Return the fault in an answer of SQLite's ``integrity_check``, or ``None``."""
    return None if found == "ok" else " ".join(found.rpartition("***")[2].split())


def find_fault(database: Path, *, at_rest: bool) -> str | None:
    """Read all of a database or a backup, and return its fault; ``None`` if it is sound.

    With ``at_rest``, no process writes to it, and no file is created beside it. Raises
    ``sqlite3.OperationalError`` if it cannot be opened or read now, damaged or not.
    """
    if _has_content(database) is False:
        return EMPTY
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
