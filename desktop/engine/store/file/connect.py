"""The lock beside the database, connections for reading, and the store's own id."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from desktop.engine.store.file.errors import StoreError, StoreInUse
from desktop.engine.store.tables import schema
from desktop.engine.store.tables.cursor import Source
from desktop.settings.lock_file import LockFile, last_holder, store_lock

BUSY_MS: Final = 2000
"""How long a write waits for another program's lock."""


def connect_reader(path: Path) -> sqlite3.Connection:
    """Connect for reading only; readers and the writer never wait for each other.

    Raises ``sqlite3.OperationalError`` for a file that is not there, instead of making it.
    """
    url = f"{path.absolute().as_uri()}?mode=rw"  # a reader takes part in the log's index
    connection = sqlite3.connect(url, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute(schema.VOCABULARY)
    connection.execute("PRAGMA query_only = ON")
    return connection


def store_id(source: Source) -> str:
    """Read the name that tells this store from every other."""
    row = source.execute("SELECT value FROM meta WHERE key = 'store'").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("its name is missing")
    return str(row[0])


def lock_store(database: Path) -> LockFile:
    """Take the lock of ``<database>.lock``, to be released when the store is closed.

    Raises :class:`StoreInUse` when another engine holds it, ``StoreError`` when there can be none.
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
