"""The store of one process: one file, one connection that writes, all of it remembered."""

from __future__ import annotations

import sqlite3
from random import Random

from desktop.engine.errors import EngineError
from desktop.engine.functions.registry import Registry
from desktop.engine.sqlite.group import SqliteGroup
from desktop.engine.sqlite.pages import give_back
from desktop.engine.store.file.connect import store_id
from desktop.engine.store.file.errors import is_damage, is_the_disk, not_writable
from desktop.engine.store.file.reader import Reader
from desktop.engine.transaction.ground import Fate
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import Memory


class SqliteGround:
    """What a process stands on that has a data folder; ``connection`` is the only one to write."""

    def __init__(self, connection: sqlite3.Connection, reader: Reader) -> None:
        self.store = store_id(connection)
        self._connection = connection
        self._reader = reader

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> SqliteGroup:
        """Make the next group."""
        check = self._reader.check_file
        return SqliteGroup(self._connection, check, memory, registry, random, now)

    def load(self, group: Group) -> None:
        """Read all that the writer remembers of the store."""
        group.memory.load(self._connection)

    def give_back(self) -> bool:
        """Make the file a little smaller."""
        return give_back(self._connection)

    def roll_back(self) -> None:
        """Undo a group."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def fate(self, error: Exception) -> Fate:
        """Tell what the disk refuses from a mistake of ours."""
        return Fate.REFUSED if is_the_disk(error) else Fate.MISTAKE

    def refusal(self, error: Exception) -> EngineError | None:
        """Translate SQLite's errors; damage is remembered."""
        if not isinstance(error, sqlite3.Error):
            return None
        return self._reader.note(error) if is_damage(error) else not_writable(error)
