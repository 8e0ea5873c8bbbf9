"""The stepped engine of the other tests, on PostgreSQL: the same rules, another store below."""

from __future__ import annotations

from typing import Any

from psycopg import errors

from desktop.items.tables.schema import metadata
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.mark import ServerMark
from sendoff_tasks.postgres.opening import PostgresStore
from tests.engine.reference import fuse
from tests.engine.reference.fuse import Crash, Fuse
from tests.engine.stepped import Stepped


class ServersFuse(Fuse):
    """It is the server's disk that is full."""

    def disk_full(self) -> Exception:
        return errors.DiskFull("could not extend file")


class Cursor(fuse.Cursor):
    """A cursor on a fuse, with what only this kind of cursor has; a COMMIT is sent at once."""

    def execute(self, statement: str, parameters: Any = ()) -> Any:
        self._fuse.burn()
        found = self._cursor.execute(statement, parameters)
        if statement == "COMMIT":
            self.flush()
        self._fuse.done(statement)
        return found

    def execute_fenced(self, rows: int, statement: str, parameters: Any) -> None:
        self._fuse.burn()
        self._cursor.execute_fenced(rows, statement, parameters)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class Fused:
    """A session whose cursors are on a fuse."""

    def __init__(self, real: Connection, fuse: Fuse) -> None:
        self._real, self._fuse = real, fuse

    def cursor(self) -> Any:
        return Cursor(self._real.cursor(), self._fuse)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class PostgresStepped(Stepped):
    """The core of an engine on a database; ``path`` is its address."""

    def __init__(self, *place: Any, mark: ServerMark | None = None, **options: Any) -> None:
        self.mark = mark or ServerMark()
        super().__init__(*place, **options)

    def _open_store(self) -> None:
        if not isinstance(self.fuse, ServersFuse):
            self.fuse = ServersFuse()
        url: Any = self.path
        self.store = PostgresStore(url, metadata.sorted_tables, self.mark)
        self.connection = Connection(url)
        self.reader, self.writer_store = self.store.reader, self.store.writer_store
        self.writer_store.connection = Fused(self.writer_store.connection, self.fuse)

    def _lose(self) -> None:
        """Nothing: the server undoes what a session that has ended had not committed."""

    def close(self) -> None:
        self.store.close()
        self.connection.close()

    def check_store(self) -> None:
        """Nothing: the server keeps its files."""

    def found_by(self) -> set[tuple[int, str]]:
        found = "SELECT task_id, unnest(tsvector_to_array(words)) FROM words"
        return set(self.connection.execute(found).fetchall())

    def searched_by(self) -> set[tuple[int, str]]:
        return {(number, word[:500]) for number, word in super().searched_by()}


__all__ = ["Crash", "PostgresStepped"]
