"""The lock beside the database: one engine at a time."""

from __future__ import annotations

from pathlib import Path

from desktop.engine.store.file.errors import StoreError, StoreInUse
from desktop.settings.lock_file import LockFile, last_holder, store_lock


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
