"""Errors of the store; ``store`` in the words says each.

::

    EngineError
    ├── StoreError             the store cannot be opened
    │   ├── OtherVersion       a newer program wrote it, or one that is too old
    │   │   └── NotUpdated     an older program wrote it, and it could not be brought up to date
    │   ├── StoreInUse         another engine has it open
    │   ├── DatabaseInUse      another process runs the tasks of a database on a server
    │   ├── StoreDamaged       it is not a database, or not one of ours; also a NotWritable
    │   └── BackupError        no backup could be made (sendoff_tasks.store.backup)
    │       └── UnsoundCopy    the backup was damaged; most likely the store is, too
    └── NotWritable            it is open but cannot be written now (sendoff_tasks.errors)
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final, TypeGuard

from sendoff_tasks.errors import EngineError, NotWritable
from sendoff_tasks.folder.database_backups import files_of, newest_backup
from sendoff_tasks.model.program import command


class StoreError(EngineError):
    """The store cannot be opened."""


class OtherVersion(StoreError):
    """A newer program wrote the store, or one that is too old to be brought up to date."""

    def __init__(self, path: Path, *, is_newer: bool) -> None:
        super().__init__("store.newer" if is_newer else "store.older", file=str(path))


class NotUpdated(OtherVersion):
    """The tables of an older program could not be brought up to date."""

    def __init__(self, why: str | dict[str, Any]) -> None:
        EngineError.__init__(self, "store.not_updated", why=why)


class StoreInUse(StoreError):
    """Another engine has the store open; ``holder`` is the number of its process, if known."""

    def __init__(self, path: Path, holder: int | None) -> None:
        kind = "unknown" if holder is None else "own" if holder == os.getpid() else ""
        super().__init__("store.in_use", kind=kind, file=str(path), holder=holder)


class DatabaseInUse(StoreError):
    """Another process runs this database's tasks."""

    def __init__(self, holder: str | None) -> None:
        super().__init__("database.in_use", kind="" if holder else "unknown", holder=holder)


class StoreDamaged(StoreError, NotWritable):
    """The file is not a database, or not one of ours: nothing more is written."""

    def __init__(self, path: Path, reason: str, *, is_in_use: bool = False) -> None:
        backup = None if is_in_use else newest_backup(path)
        super().__init__(
            "store.unusable",
            kind="in_use" if is_in_use else "no_backup" if backup is None else "",
            file=str(path),
            why=reason.rstrip("."),
            files=files_of(path),
            backup=backup and str(backup.when),
            command=command("doctor --restore"),
        )


class LostInUse(sqlite3.DatabaseError):
    """The open file is not the one that was opened, or not ours alone; it may still be sound."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


_REFUSALS: Final = {
    sqlite3.SQLITE_FULL: "store.full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_CANTOPEN: "store.unopened",
    sqlite3.SQLITE_IOERR: "store.disk",
    sqlite3.SQLITE_NOMEM: "store.memory",
}


def is_the_disk(error: Exception) -> TypeGuard[sqlite3.Error | MemoryError]:
    """Tell whether the disk or memory lets nothing be written; other errors are our bugs."""
    return _code(error) in _REFUSALS


def is_damage(error: Exception) -> bool:
    """Tell whether the file itself is damaged."""
    return _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def not_writable(error: sqlite3.Error | MemoryError) -> NotWritable:
    """Translate an error of SQLite, or a lack of memory."""
    return NotWritable(_REFUSALS.get(_code(error), "store.refused"), why=str(error))


def _code(error: Exception) -> int:
    """Return SQLite's primary code, the low byte; 0 for other errors."""
    if isinstance(error, MemoryError):
        return sqlite3.SQLITE_NOMEM  # sqlite3 raises a MemoryError for it
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
