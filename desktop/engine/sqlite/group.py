"""One group on SQLite: the one writer's transaction; numbers are counters in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import Table

from desktop.engine.functions.registry import Registry
from desktop.engine.store.tables import compiled, schema
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import Memory
from desktop.engine.transaction.writing import insert, update


class SqliteGroup(Group):
    """Writes many rows a statement, because the driver lets go of the GIL for each one it runs.

    What is changed in the store is fenced by number, attempt and state.
    """

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
        self._flushed = 0  # rows that `flush` has changed in the store
        self._flushed_items = 0

    def begin(self) -> None:
        """Take the write lock."""
        self.cursor.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Write what was collected, and put it all on disk."""
        self.flush()
        self.pace.write(self.cursor)
        self._check()
        self.cursor.execute("COMMIT")

    def flush(self) -> None:
        """Write what was collected so far."""
        before = self._connection.total_changes
        self._write()
        self._flushed += self._connection.total_changes - before

    def changes(self) -> tuple[int, ...]:
        """Count what is collected, and the rows written otherwise than by :meth:`flush`."""
        items = len(self.new_items) + self._flushed_items
        written = self._connection.total_changes - self._flushed
        return self.memory.last_event, self.memory.last_task, items, written

    def _write(self) -> None:
        if self.new_items:
            insert(self.cursor, schema.items, list(self.new_items.values()))
            self._flushed_items += len(self.new_items)
            self.new_items.clear()
        if self.new_tasks:
            records = self.new_tasks.values()
            insert(self.cursor, schema.tasks, [record.values() for record in records])
            self._events += [(r.rev, r.id, self.now, r.state, r.attempt, r.why) for r in records]
            self.new_tasks.clear()
        if self._changed:
            update(self.cursor, self._changed.values())
            self._changed.clear()
        collected: tuple[tuple[Table, list[Any]], ...] = (
            (schema.events, self._events),
            (schema.attempts, self._attempts),
            (schema.log, self._log),
        )
        for table, rows in collected:
            if rows:
                insert(self.cursor, table, rows)
                rows.clear()
        self.search.write()
        if self._counted:
            counts = self.memory.counts
            for n, values in compiled.batches([(*key, counts[key]) for key in self._counted]):
                self.cursor.execute(compiled.set_counts(n), values)
            self._counted.clear()
        self.causes.write(self.now)
        self.informed.write()

    def next_task_id(self) -> int:
        """Count on."""
        self.memory.last_task += 1
        return self.memory.last_task

    def next_event_id(self, before: int = 0) -> int:
        """Count on: the number of the next event is the ``rev`` of the row that changed."""
        self.memory.last_event += 1
        return self.memory.last_event
