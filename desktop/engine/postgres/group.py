"""One group on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import psycopg

from desktop.engine.functions.registry import Registry
from desktop.engine.postgres.connection import Cursor
from desktop.engine.transaction.memory import Memory
from desktop.engine.transaction.one_writer import OneWriter


class PostgresGroup(OneWriter):
    """The transaction of the one process that runs the database's tasks.

    ``number`` gives the next number of a task. ``is_committed`` asks the server, once it is there
    again, what has become of a transaction whose COMMIT was not answered.
    """

    cursor: Cursor

    def __init__(
        self,
        cursor: Cursor,
        number: Callable[[], int],
        is_committed: Callable[[str], bool],
        memory: Memory,
        registry: Registry,
        random: Random,
        now: int,
    ) -> None:
        super().__init__(cursor, memory, registry, random, now)
        self._number = number
        self._is_committed = is_committed
        self._name = ""

    @property
    def written(self) -> int:
        """How many rows the group has changed so far."""
        return self.cursor.written

    def begin(self) -> None:
        """Open the transaction, and learn its name: its COMMIT may stay without an answer."""
        self.cursor.execute("BEGIN")
        (self._name,) = self.cursor.execute("SELECT pg_current_xact_id()::text").fetchone()

    def put_on_disk(self) -> None:
        """Run COMMIT; where it is not answered, ask what has become of it."""
        try:
            self.cursor.execute("COMMIT")
        except psycopg.OperationalError:
            if not self._is_committed(self._name):
                raise

    def next_task_id(self) -> int:
        """Take a number from those this process has for itself."""
        self.memory.last_task = number = self._number()
        return number
