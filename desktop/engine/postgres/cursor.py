"""Runs SQLite's statements on PostgreSQL: each is translated, and several are sent together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias

import psycopg

from desktop.engine.postgres.translation import translated

PostgresRows: TypeAlias = psycopg.RawCursor[tuple[Any, ...]]


def has_nul(values: Sequence[Any]) -> bool:
    """Tell whether a text among them has a character that PostgreSQL stores in none."""
    return any(isinstance(value, str) and "\0" in value for value in values)


def without_nul(values: Sequence[Any]) -> tuple[Any, ...]:
    """Write U+FFFD for each NUL in a text."""
    return tuple(
        value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in values
    )


class PostgresCursor:
    """Runs one statement after the other, and counts the rows they change.

    The statements have the server's own places for parameters: the driver would look for its own in
    the text of those that write many rows, each time, which takes it longer than all else.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._cursor = psycopg.RawCursor(connection)
        self._closing = ExitStack()
        self._pipeline: psycopg.Pipeline | None = None
        self._begins = False  # whether BEGIN is to be sent
        self._ahead: tuple[str, PostgresRows] | None = None  # what was sent and not run yet
        self.is_together = False  # whether statements are sent one behind the other now
        self.written = 0

    def begin(self) -> None:
        """Open a transaction: BEGIN goes with the next statement."""
        self._begins = True

    def ahead(self, statement: str, parameters: Sequence[Any]) -> None:
        """Send a statement that will be run, without waiting for it; one at a time."""
        if self._ahead is not None:
            return
        self._send()
        self._ahead = statement, self._run(translated(statement), parameters)
        self._connection.pgconn.send_flush_request()
        self._connection.pgconn.flush()

    def settle(self) -> None:
        """Wait for what was sent ahead; its rows stay where they are."""
        self._pipeline, self._cursor = None, psycopg.RawCursor(self._connection)
        self._closing.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send the statements of the block one behind the other, and wait once, at its end.

        There it raises what the first one raised that failed. Who asks before that what one of
        them has found or changed waits for it. What they change is not counted.
        """
        failed = None
        self.is_together = True
        try:
            with self._closing:
                try:
                    self._send()
                    yield
                except psycopg.Error as error:
                    failed = error
        except psycopg.Error as error:  # what came after the first one fails too
            failed = failed or error
        finally:
            self._pipeline, self._cursor = None, psycopg.RawCursor(self._connection)
            self.is_together = False
        if failed is not None:
            raise failed

    def _send(self) -> None:
        """Wait for nothing from here on."""
        if self._pipeline is None:
            self._pipeline = self._closing.enter_context(self._connection.pipeline())
        self._open()

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> PostgresRows:
        """Run a statement; a NUL, which no text there can have, goes as U+FFFD."""
        if self._ahead is not None and self._ahead[0] == statement:
            (_, found), self._ahead = self._ahead, None
            return found
        if self._pipeline is not None and not self.is_together:
            self.settle()
        cursor = self._run(translated(statement), parameters)
        if cursor.rowcount > 0 and (result := cursor.pgresult) is not None and not result.nfields:
            self.written += cursor.rowcount
        return cursor

    def execute_fenced(self, rows: int, statement: str, parameters: Sequence[Any]) -> None:
        """Run an update that fails by a division by zero where it does not change so many rows.

        So what is sent behind it need not wait.
        """
        update = translated(statement)
        check = b"SELECT 1 / (count(*) = %d)::int FROM changed" % rows
        self._run(b"WITH changed AS (%b RETURNING 1) %b" % (update, check), parameters)

    def _run(self, statement: bytes, parameters: Sequence[Any]) -> PostgresRows:
        if self._begins:
            with self._connection.pipeline():
                self._open()
                self._run(statement, parameters)
            return self._cursor
        if self._pipeline is not None:  # else its rows would come behind those of the one before
            self._cursor = psycopg.RawCursor(self._connection)
        prepare = self.is_together or None  # what groups write comes again; else once is not enough
        try:
            return self._cursor.execute(statement, parameters, prepare=prepare)
        except psycopg.DataError:  # a NUL is refused before it is sent
            if not has_nul(parameters):
                raise
            return self._cursor.execute(statement, without_nul(parameters), prepare=prepare)

    def _open(self) -> None:
        if self._begins:
            self._begins = False
            psycopg.RawCursor(self._connection).execute(b"BEGIN")

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each row, all of them in one round trip."""
        self._open()
        if self._pipeline is not None and not self.is_together:
            self.settle()
        if self._pipeline is not None:
            self._cursor = psycopg.RawCursor(self._connection)
        self._cursor.executemany(translated(statement), rows)
        self.written += max(0, self._cursor.rowcount)

    @property
    def rowcount(self) -> int:
        """How many rows the last statement has changed."""
        if self._pipeline is not None:
            self._pipeline.sync()
        return self._cursor.rowcount
