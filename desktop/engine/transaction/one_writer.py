"""A group in the only process that writes: numbers and counts are kept in memory."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Table

from desktop.engine.errors import Overwritten
from desktop.engine.store.tables import compiled, schema
from desktop.engine.transaction.group import Group

OVERWRITTEN: Final = "a task's row is not as the engine left it"


class OneWriter(Group):
    """A group that writes many rows with one statement.

    Changes of stored rows are fenced by number, attempt and state.
    """

    flushed = 0  # rows that `flush` has changed in the store
    flushed_items = 0

    @property
    @abstractmethod
    def written(self) -> int:
        """The number of rows the connection has changed so far."""

    @abstractmethod
    def put_on_disk(self) -> None:
        """Run COMMIT."""

    def commit(self) -> None:
        """Write what was collected, and commit."""
        self.complete()
        self.put_on_disk()

    def complete(self) -> None:
        """Write what was collected and what the group has counted."""
        self.flush()
        self.measured.write(self.cursor)

    def flush(self) -> None:
        """Write what was collected so far."""
        before = self.written
        self._write()
        self.flushed += self.written - before

    def changes(self) -> tuple[int, ...]:
        """Count what is collected, and the rows written other than by :meth:`flush`."""
        items = len(self.new_items) + self.flushed_items
        return self.memory.last_event, self.memory.last_task, items, self.written - self.flushed

    def next_event_id(self, before: int = 0) -> int:
        """Return the next event number, which becomes the ``rev`` of the changed row."""
        self.memory.last_event += 1
        return self.memory.last_event

    def fenced(self, rows: int, statement: str, values: Sequence[Any]) -> None:
        """Run an update; raise ``Overwritten`` unless it changes exactly ``rows`` rows."""
        self.cursor.execute(statement, values)
        if self.cursor.rowcount != rows:
            raise Overwritten(OVERWRITTEN)

    def insert(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows whose values are in the table's order."""
        compiled.insert_all(self.cursor, table, rows)

    def _write(self) -> None:
        if self.new_items:
            self.insert(schema.items, list(self.new_items.values()))
            self.flushed_items += len(self.new_items)
            self.memory.last_item = max(self.memory.last_item, *self.new_items)
            self.new_items.clear()
        if self.new_tasks:
            records = self.new_tasks.values()
            self.insert(schema.tasks, [record.values() for record in records])
            self._events += [(r.rev, r.id, self.now, r.state, r.attempt, r.why) for r in records]
            self.new_tasks.clear()
        if self._changed:
            compiled.update_all(self.fenced, self._changed.values())
            self._changed.clear()
        collected: tuple[tuple[Table, list[Any]], ...] = (
            (schema.events, self._events),
            (schema.attempts, self._attempts),
            (schema.log, self._log),
        )
        for table, rows in collected:
            if rows:
                self.insert(table, rows)
                rows.clear()
        self.search.write()
        if self._counted:
            counts = self.memory.counts
            changed = [(*key, counts[key]) for key, n in self._counted.items() if n]
            for n, values in compiled.batches(changed):
                self.cursor.execute(compiled.set_counts(n), values)
            self._counted.clear()
        self.causes.write(self.now)
        self.informed.write()
