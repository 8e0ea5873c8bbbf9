"""Runs SQLite's statements on PostgreSQL: translates each, and sends several without waiting.

They go to libpq directly. The driver's own pipeline makes a cursor for each statement and waits for
the network with each; a group took three times as long with it.

Three names that this module imports from the driver are not in its documentation:
``generators.send``, ``generators.fetch_many`` and ``errors.error_from_result``. Without them we
would need a loop of our own on the socket, and a second table of error classes by SQLSTATE. The
store's tests pass with psycopg 3.2.0, 3.2.13, 3.3.0 and 3.3.9, both compiled and in Python, so the
extra ``server`` asks for 3.2 and 3.3. ``tests/engine/postgres/test_driver.py`` fails if one of the
names is gone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from sendoff_tasks.postgres.translation import translated
from sendoff_tasks.text import storable_values

PREPARED: Final = 500
"""Prepared statements that the server keeps for one connection: this many of the pipeline, and this
many of all others."""
LOST: Final = "the connection is lost"
_FAILED: Final = {ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED}


class SentStatement:
    """A statement that was sent; asking for its rows or row count waits for the server."""

    def __init__(self, pipeline: Pipeline, prepares: bytes | None) -> None:
        self._pipeline = pipeline
        self._rows: Iterator[Any] | None = None
        self.prepares = prepares  # the text of the statement that it prepares
        self.pgresult: PGresult | None = None  # set once it arrives

    def fetchone(self) -> Any:
        """Return the next row; ``None`` after the last one."""
        return next(iter(self), None)

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        if self._rows is None:
            self._rows = iter(self._pipeline.rows(self))
        return self._rows

    @property
    def rowcount(self) -> int:
        """The number of rows the statement has changed."""
        return self._pipeline.answer(self).command_tuples or 0

    @property
    def statusmessage(self) -> str | None:
        """The server's status message; ``None`` before it arrives, or if the statement failed."""
        said = None if self.pgresult is None else self.pgresult.command_status
        return said.decode() if said else None

    @property
    def has_failed(self) -> bool:
        """Whether the server has answered that it did not run the statement."""
        return self.pgresult is not None and self.pgresult.status in _FAILED


class Pipeline:
    """Sends the statements of one session; it is open from the first one to :meth:`close`."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._server = connection.pgconn
        self._adaptation = Transformer(connection)
        self._names: dict[bytes, bytes] = {}  # of the prepared statements
        self._named = 0
        self._on_way: deque[SentStatement] = deque()
        self._failed: PGresult | None = None  # the result of the first statement that failed

    @property
    def is_open(self) -> bool:
        """Whether a statement was sent since the last :meth:`close`."""
        return self._server.pipeline_status != PipelineStatus.OFF

    def send(self, statement: bytes, values: Sequence[Any]) -> SentStatement:
        """Send a statement; raise ``psycopg.DataError`` for values that no server accepts."""
        given = self._adaptation.dump_sequence(values, [PyFormat.TEXT] * len(values))
        if not self.is_open:
            self._server.enter_pipeline_mode()
            if len(self._names) >= PREPARED and self._is_idle:
                self._deallocate()
        name = self._names.get(statement) or self._prepare(statement)
        self._server.send_query_prepared(name, given)
        return self._expect_answer()

    @property
    def _is_idle(self) -> bool:
        return self._server.transaction_status == TransactionStatus.IDLE

    def _deallocate(self) -> None:
        """Delete all prepared statements on the server; those still used are prepared again."""
        for name in self._names.values():
            self._server.send_query_params(b"DEALLOCATE " + name, None)
            self._expect_answer()
        self._names.clear()

    def _prepare(self, statement: bytes) -> bytes:
        self._named += 1
        name = self._names[statement] = b"sent_%d" % self._named
        self._server.send_prepare(name, statement)
        self._expect_answer(prepares=statement)
        return name

    def _expect_answer(self, prepares: bytes | None = None) -> SentStatement:
        sent = SentStatement(self, prepares)
        self._on_way.append(sent)
        return sent

    def flush(self) -> None:
        """Let the server begin with what was sent so far; otherwise it all goes at the next wait.

        Each flush costs a wake-up on the server, and a system call here.
        """
        self._server.flush()

    def ask(self) -> None:
        """Ask the server to answer what was sent so far, without waiting for the answers."""
        self._server.send_flush_request()
        self._server.flush()

    def rows(self, sent: SentStatement) -> list[Any]:
        """Wait for a statement, and return its rows."""
        answer = self.answer(sent)
        loading = Transformer(self._connection)
        loading.set_pgresult(answer)
        return loading.load_rows(0, answer.ntuples, tuple)

    def answer(self, sent: SentStatement) -> PGresult:
        """Wait for a statement; if it failed, raise the error of the first one that failed."""
        answer = sent.pgresult
        if answer is None:
            self.ask()
            answer = self._wait_for(sent)
        if sent.has_failed:
            raise self._error(self._failed or answer)
        return answer

    def close(self) -> None:
        """Wait for all that was sent; raise the error of the first statement that failed."""
        if not self.is_open:
            return
        self._server.pipeline_sync()
        self._wait_for(self._expect_answer())
        self._server.exit_pipeline_mode()
        failed, self._failed = self._failed, None
        if failed is not None:
            raise self._error(failed)

    def _wait_for(self, last: SentStatement) -> PGresult:
        return self._connection.wait(self._receive(last))

    def _receive(self, last: SentStatement) -> PQGen[PGresult]:
        """Receive the server's answers, up to this statement."""
        yield from send(self._server)
        while True:
            answers: list[PGresult] = yield from fetch_many(self._server)
            if self._server.status == ConnStatus.BAD:  # the answer may be libpq's own
                raise psycopg.OperationalError(LOST)
            (answer,) = answers
            sent = self._on_way.popleft()
            sent.pgresult = answer
            if sent.has_failed:
                self._failed = self._failed or answer
                if sent.prepares is not None:
                    self._names.pop(sent.prepares, None)
            if sent is last:
                return answer

    def _error(self, result: PGresult) -> psycopg.Error:
        return error_from_result(result, self._connection.info.encoding)


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
