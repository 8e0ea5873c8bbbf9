"""A store in a file: locked, opened, looked after, and closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from desktop.engine.clock import Clock
from desktop.engine.duties.upkeep import Upkeep, find_damage
from desktop.engine.errors import EngineError
from desktop.engine.events.journal import Journal
from desktop.engine.sqlite.ground import SqliteGround
from desktop.engine.store.file.connect import lock_store
from desktop.engine.store.file.database import open_store
from desktop.engine.store.file.errors import StoreDamaged, is_damage
from desktop.engine.store.file.reader import Reader


class SqliteStore:
    """The file of a data folder, for one engine.

    Raises ``StoreTooNew``, ``StoreInUse``, ``StoreDamaged`` or ``StoreError``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = lock_store(path)
        try:
            self._connection = open_store(path)
            try:
                self.reader = Reader(path)
                self.ground = SqliteGround(self._connection, self.reader)
            except BaseException:
                self._connection.close()
                raise
        except BaseException:
            self._lock.release()
            raise

    def upkeep(self, clock: Clock, journal: Journal, resting: Callable[[], bool]) -> Upkeep:
        """Return what checks and copies the file."""
        return Upkeep(self._path, self.reader, clock, journal, resting)

    def damage_behind(self, error: BaseException) -> StoreDamaged | None:
        """Tell what is wrong with a store that could not be read sensibly; ``None``: a bug.

        Where rows and indexes disagree, SQLite does not complain.
        """
        damage: BaseException | None = None
        if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
            damage = error
        elif isinstance(error, Exception) and not isinstance(error, EngineError):
            damage = find_damage(self._path)
        return None if damage is None else StoreDamaged(self._path, str(damage))

    def size(self) -> int:
        """Measure the file and the log of what is not yet in it, in bytes."""
        parts = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def close(self) -> None:
        """Close it, and let another engine have it."""
        self.reader.close()
        self._connection.close()
        self._lock.release()
