"""Runs SQLite's statements on PostgreSQL: translates each, and sends several together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias, TypeVar

import psycopg

from desktop.engine.postgres.pipeline import Pipeline, SentStatement
from desktop.engine.postgres.translation import translated
from desktop.engine.text import storable_values

PostgresRows: TypeAlias = psycopg.RawCursor[tuple[Any, ...]] | SentStatement
_T = TypeVar("_T")


class PostgresCursor:
    """Runs one statement after the other, and counts the rows they change.

    The statements use the server's own placeholders (``$1``). The driver would search for its own
    in the text of statements that write many rows, each time, which costs it more than all else.
    """

    def __init__(self, connection: psycopg.Connection[Any], pipeline: Pipeline) -> None:
        self._cursor = psycopg.RawCursor(connection)
        self._pipeline = pipeline
        self._last: PostgresRows = self._cursor  # the last statement that was run
        self._begins = False  # whether BEGIN is still to be sent
        self._ahead: tuple[str, SentStatement] | None = None  # sent, and not run yet
        self.is_together = False  # whether statements are sent without waiting in between
        self.written = 0

    def begin(self) -> None:
        """Open a transaction; BEGIN goes with the next statement."""
        self._begins = True

    def ahead(self, statement: str, parameters: Sequence[Any]) -> None:
        """Send a statement that will be run later, without waiting; only one at a time."""
        if self._ahead is None:
            self._ahead = statement, self._send(translated(statement), parameters)
            self._pipeline.ask()

    def flush(self) -> None:
        """Let the server begin with what was sent, while this process prepares more."""
        self._pipeline.flush()

    def settle(self) -> None:
        """Wait for all sent statements; their rows can still be read afterwards."""
        self._pipeline.close()

    def roll_back(self) -> None:
        """Roll the transaction back.

        The driver's own ROLLBACK would make the server forget all prepared statements.
        """
        with suppress(psycopg.Error):
            self.settle()
        self._pipeline.send(b"ROLLBACK", ())
        self.settle()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send the statements of the block one after the other, and wait once, at its end.

        At the end it raises the error of the first statement that failed. A caller that asks
        earlier for a statement's rows or row count waits for that statement. The rows that they
        change are not counted.
        """
        self.is_together = True
        try:
            yield
        finally:
            self.is_together = False
            self.settle()

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> PostgresRows:
        """Run a statement; U+FFFD replaces what PostgreSQL cannot store of a text."""
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
        """Run an update that fails by a division by zero unless it changes ``rows`` rows.

        So the statements after it need not wait for its row count.
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
        """The number of rows the last statement has changed."""
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
        except (psycopg.DataError, UnicodeEncodeError):  # what is refused before it is sent
            given = storable_values(parameters)
            if given == tuple(parameters):
                raise
            return run(text, given)
