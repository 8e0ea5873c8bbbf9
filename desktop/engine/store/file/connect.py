"""The lock beside the database file, the store's id, and read connections."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from desktop.engine.store.errors import (
    LostInUse,
    StoreDamaged,
    StoreError,
    StoreInUse,
    is_damage,
)
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.store.tables import schema
from desktop.engine.store.tables.cursor import Source
from desktop.engine.text import storable_values
from desktop.settings.database_backups import EMPTY
from desktop.settings.lock_file import LockFile, last_holder, store_lock

BUSY_MS: Final = 2000
"""How long a write waits for another program's lock, ms."""


class StoreCursor(sqlite3.Cursor):
    """A cursor that stores any text, with U+FFFD for what cannot be UTF-8."""

    def execute(self, statement: str, parameters: Any = (), /) -> StoreCursor:
        """Run a statement."""
        try:
            return super().execute(statement, parameters)
        except UnicodeEncodeError:
            return super().execute(statement, storable_values(parameters))

    def executemany(self, statement: str, rows: Iterable[Any], /) -> StoreCursor:
        """Run a statement for each row."""
        for row in rows:  # the driver's own would have written the rows before one that it refuses
            self.execute(statement, row)
        return self


class StoreConnection(sqlite3.Connection):
    """A connection whose cursors store any text."""

    def cursor(self, factory: Any = StoreCursor) -> Any:
        """Return a new cursor."""
        return super().cursor(factory)

    def execute(self, statement: str, parameters: Any = (), /) -> StoreCursor:
        """Run a statement in a new cursor."""
        return StoreCursor(self).execute(statement, parameters)


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a connection for reading only; readers and the writer never wait for each other.

    Raises ``sqlite3.OperationalError`` if the file does not exist, instead of creating it.
    """
    url = f"{path.absolute().as_uri()}?mode=rw"  # a reader writes to the log's index
    connection = sqlite3.connect(
        url, uri=True, isolation_level=None, check_same_thread=False, factory=StoreConnection
    )
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute(schema.VOCABULARY)
    connection.execute("PRAGMA query_only = ON")
    return connection


def store_id(source: Source) -> str:
    """Return the id that tells this store from every other."""
    row = source.execute("SELECT value FROM meta WHERE key = 'store'").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("its name is missing")
    return str(row[0])


def lock_store(database: Path) -> LockFile:
    """Take the lock ``<database>.lock``; it is released when the store is closed.

    Raises :class:`StoreInUse` if another engine holds it, ``StoreError`` if there can be no lock.
    """
    path = store_lock(database)
    lock = LockFile(path)
    try:
        is_ours = lock.take()
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error}.") from error
    if not is_ours:
        raise StoreInUse(database, last_holder(path))
    return lock


GONE: Final = "it is not there any more"
LOG_GONE: Final = "its log, which ends with -wal, was deleted while it was in use"


class Reader(ReaderPool):
    """A pool of read connections to the file at ``path``; raises ``StoreDamaged``."""

    errors = sqlite3.Error

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._name = str(path)
        files = (path, path.with_name(f"{path.name}-wal"))
        # The path of the file, then of its log, as they were opened.
        self._opened = [(str(each), each.stat()) for each in files if each.exists()]

    def translate(self, error: Exception) -> StoreDamaged | None:
        """Translate damage, and remember it; leave other errors."""
        if not isinstance(error, sqlite3.DatabaseError) or not is_damage(error):
            return None
        return self.note(error)

    def note(self, error: sqlite3.Error) -> StoreDamaged:
        """Remember that the file is damaged; call ``on_damage`` the first time."""
        found = StoreDamaged(self.path, str(error), is_in_use=isinstance(error, LostInUse))
        with self.lock:
            first = self.damage is None
            self.damage = found
        if first:
            self.on_damage(found)
        return found

    def check_file(self) -> None:
        """Raise ``sqlite3.DatabaseError`` if the open file or its log was deleted or replaced.

        Writes would then be lost, and SQLite does not notice. So would they in a file that was
        emptied. The check takes 4 µs.
        """
        for name, opened in self._opened:
            try:
                there = os.stat(name)  # noqa: PTH116 - Path.stat takes twice as long
            except FileNotFoundError as error:
                raise LostInUse(GONE if name == self._name else LOG_GONE) from error
            except OSError:
                continue
            if not os.path.samestat(there, opened):
                raise LostInUse("another file was put in its place while it was in use")
            if there.st_size == 0 and name == self._name:
                raise LostInUse(EMPTY)

    def connect(self) -> sqlite3.Connection:
        """Open one more connection."""
        try:
            return connect_reader(self.path)
        except sqlite3.OperationalError as error:
            if self.path.exists():
                raise
            raise self.note(LostInUse(GONE)) from error
