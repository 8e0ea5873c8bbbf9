"""The lock beside the database: one engine at a time, released by the kernel however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.engine.store.errors import StoreError, StoreInUse

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class StoreLock:
    """Holds ``<database>.lock``; the file stays, only the lock on it counts.

    Raises :class:`StoreInUse` when another engine holds it, ``StoreError`` when there can be none.
    """

    def __init__(self, database: Path) -> None:
        lock_file = database.with_name(database.name + ".lock")
        # No child process inherits the descriptor (PEP 446), so none can keep the lock alive.
        try:
            self._descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(f"{lock_file} cannot be opened: {error}.") from error
        try:
            _try_lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreInUse(database) from error

    def release(self) -> None:
        """Let another engine have the store."""
        os.close(self._descriptor)
