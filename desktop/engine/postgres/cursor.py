"""Runs SQLite's statements on PostgreSQL: each is translated, and several are sent together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias, TypeVar

import psycopg

from desktop.engine.postgres.pipeline import Pipeline, SentStatement
from desktop.engine.postgres.translation import translated

PostgresRows: TypeAlias = psycopg.RawCursor[tuple[Any, ...]] | SentStatement
_T = TypeVar("_T")


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

    def __init__(self, connection: psycopg.Connection[Any], pipeline: Pipeline) -> None:
        self._cursor = psycopg.RawCursor(connection)
        self._pipeline = pipeline
        self._last: PostgresRows = self._cursor  # what was run last
        self._begins = False  # whether BEGIN is to be sent
        self._ahead: tuple[str, SentStatement] | None = None  # what was sent and not run yet
        self.is_together = False  # whether statements are sent one behind the other now
        self.written = 0

    def begin(self) -> None:
        """Open a transaction: BEGIN goes with the next statement."""
        self._begins = True

    def ahead(self, statement: str, parameters: Sequence[Any]) -> None:
        """Send a statement that will be run, without waiting for it; one at a time."""
        if self._ahead is None:
            self._ahead = statement, self._send(translated(statement), parameters)
            self._pipeline.ask()

    def flush(self) -> None:
        """Have the server begin with what was sent, while more is written down here."""
        self._pipeline.flush()

    def settle(self) -> None:
        """Wait for all that was sent; the rows that it has found stay where they are."""
        self._pipeline.close()

    def roll_back(self) -> None:
        """Undo the transaction; at a ROLLBACK of its own the driver has the server forget all."""
        with suppress(psycopg.Error):
            self.settle()
        self._pipeline.send(b"ROLLBACK", ())
        self.settle()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send the statements of the block one behind the other, and wait once, at its end.

        There it raises what the first one raised that failed. Who asks before that what one of
        them has found or changed waits for it. What they change is not counted.
        """
        self.is_together = True
        try:
            yield
        finally:
            self.is_together = False
            self.settle()

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> PostgresRows:
        """Run a statement; a NUL, which no text there can have, goes as U+FFFD."""
        if self._ahead is not None and self._ahead[0] == statement:
            (_, found), self._ahead = self._ahead, None
            return found
        text = translated(statement)
        if self.is_together or self._begins:
            self._last = self._send(text, parameters)
            if self.is_together:
                return self._last
            self.settle()
        else:
            self.settle()
            self._last = self._run(self._cursor.execute, text, parameters)
        result = self._last.pgresult
        if result is not None and not result.nfields:
            self.written += result.command_tuples or 0
        return self._last

    def execute_fenced(self, rows: int, statement: str, parameters: Sequence[Any]) -> None:
        """Run an update that fails by a division by zero where it does not change so many rows.

        So what is sent behind it need not wait.
        """
        update = translated(statement)
        check = b"SELECT 1 / (count(*) = %d)::int FROM changed" % rows
        self._send(b"WITH changed AS (%b RETURNING 1) %b" % (update, check), parameters)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each row, all of them in one round trip."""
        text = translated(statement)
        sent = [self._send(text, row) for row in rows]
        if not self.is_together:
            self.settle()
            self.written += sum(each.rowcount for each in sent)

    @property
    def rowcount(self) -> int:
        """How many rows the last statement has changed."""
        return self._last.rowcount

    def _send(self, text: bytes, parameters: Sequence[Any]) -> SentStatement:
        if self._begins:
            self._begins = False
            self._pipeline.send(b"BEGIN", ())
        return self._run(self._pipeline.send, text, parameters)

    def _run(
        self, run: Callable[[bytes, Sequence[Any]], _T], text: bytes, parameters: Sequence[Any]
    ) -> _T:
        try:
            return run(text, parameters)
        except psycopg.DataError:  # a NUL is refused before it is sent
            if not has_nul(parameters):
                raise
            return run(text, without_nul(parameters))
