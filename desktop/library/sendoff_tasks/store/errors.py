"""Errors of the store, as sentences for a person.

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
from typing import Final, TypeGuard

from sendoff_tasks.errors import EngineError, NotWritable
from sendoff_tasks.folder.database_backups import files_of, newest_backup
from sendoff_tasks.model.program import command


class StoreError(EngineError):
    """The store cannot be opened."""


class OtherVersion(StoreError):
    """A newer program wrote the store, or one that is too old to be brought up to date."""

    def __init__(self, path: Path, *, is_newer: bool) -> None:
        age = "a newer" if is_newer else "an older"
        super().__init__(
            f"What is stored here was written by {age} version of this program. Install that "
            f"version again; nothing was changed. The file is {path}."
        )


class NotUpdated(OtherVersion):
    """The tables of an older program could not be brought up to date; ``why`` is a sentence."""

    def __init__(self, why: str) -> None:
        StoreError.__init__(
            self,
            "What is stored here was written by an older version of this program, and could not "
            f"be brought up to date: {why} Nothing was changed.",
        )


class StoreInUse(StoreError):
    """Another engine has the store open."""

    def __init__(self, path: Path, holder: int | None) -> None:
        who = "another process" if holder is None else f"process {holder}"
        what = f"{who}, which is no process of this app. End that process first"
        if holder == os.getpid():
            what = (
                f"this process (or by process {holder} of another container): by an engine that "
                "has not stopped, or functions that its stop did not end. Wait for their end first"
            )
        super().__init__(f"{path} is already in use by {what}, or name another data folder.")


class DatabaseInUse(StoreError):
    """Another process runs this database's tasks."""

    def __init__(self, holder: str | None) -> None:
        who = holder or "another process"
        super().__init__(f"The tasks of this database are run by {who}. End it first.")


class StoreDamaged(StoreError, NotWritable):
    """The file is not a database, or not one of ours: nothing more is written."""

    def __init__(self, path: Path, reason: str, *, is_in_use: bool = False) -> None:
        way_out = _AFTER_USE if is_in_use else _way_out(path)
        super().__init__(f"{path} cannot be used: {reason.rstrip('.')}. {way_out}")


class LostInUse(sqlite3.DatabaseError):
    """The open file is not the one that was opened, or not ours alone; it may still be sound."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


_AFTER_USE: Final = (
    "Move and restore nothing yet: end any other program that uses it, also a second one of "
    "these, then restart this one, which checks it."
)


def _way_out(path: Path) -> str:
    backup = newest_backup(path)
    if backup is None:
        return f"There is no backup of it: move {files_of(path)} away to begin with an empty list."
    return (
        f"{command('doctor --restore')} puts its backup of {backup.when} in its place; "
        "what came after that is lost. To begin with an empty list, move its backups away too."
    )


_SENTENCES: Final = {
    sqlite3.SQLITE_FULL: "The disk is full, so nothing new can be kept. Free some space.",
    sqlite3.SQLITE_READONLY: "The database cannot be written: its file or folder is read-only.",
    sqlite3.SQLITE_BUSY: "Another program keeps the database locked. Close it.",
    sqlite3.SQLITE_LOCKED: "Another program keeps the database locked. Close it.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged. Restore a copy of it.",
    sqlite3.SQLITE_NOTADB: "The database is damaged. Restore a copy of it.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk reports an error, so nothing new can be kept.",
    sqlite3.SQLITE_NOMEM: "No memory is left, so nothing new can be kept. Close other programs.",
}


def is_the_disk(error: Exception) -> TypeGuard[sqlite3.Error | MemoryError]:
    """Tell whether the disk or memory lets nothing be written; other errors are our bugs."""
    return _code(error) in _SENTENCES


def is_damage(error: Exception) -> bool:
    """Tell whether the file itself is damaged."""
    return _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def not_writable(error: sqlite3.Error | MemoryError) -> NotWritable:
    """Translate an error of SQLite, or a lack of memory."""
    return NotWritable(_SENTENCES.get(_code(error), f"The database refused to write: {error}."))


def _code(error: Exception) -> int:
    """Return SQLite's primary code, the low byte; 0 for other errors."""
    if isinstance(error, MemoryError):
        return sqlite3.SQLITE_NOMEM  # sqlite3 raises a MemoryError for it
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
