"""One group on SQLite: the one writer's transaction; numbers are counters in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from random import Random

from desktop.engine.functions.registry import Registry
from desktop.engine.transaction.memory import Memory
from desktop.engine.transaction.one_writer import OneWriter


class SqliteGroup(OneWriter):
    """Many rows go with a statement, because the driver lets go of the GIL for each it runs."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        check: Callable[[], None],
        memory: Memory,
        registry: Registry,
        random: Random,
        now: int,
    ) -> None:
        super().__init__(connection.cursor(), memory, registry, random, now)
        self._connection = connection
        self._check = check  # whether the file is still there

    @property
    def written(self) -> int:
        """How many rows the connection has changed so far."""
        return self._connection.total_changes

    def begin(self) -> None:
        """Take the write lock."""
        self.cursor.execute("BEGIN IMMEDIATE")

    def put_on_disk(self) -> None:
        """Run COMMIT, if the file is still there."""
        self._check()
        self.cursor.execute("COMMIT")

    def next_task_id(self) -> int:
        """Count on."""
        self.memory.last_task += 1
        return self.memory.last_task
