"""Sends statements to the server one after the other, without waiting, and keeps their results.

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
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult

PREPARED: Final = 500
"""Prepared statements that the server keeps for one connection: this many of the pipeline, and this
many of all others."""
LOST: Final = "the connection is lost"
_FAILED: Final = {ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED}


class SentStatement:
    """A statement that was sent; asking for its rows or row count waits for the server."""

    def __init__(self, pipeline: Pipeline, prepares: bytes | None = None) -> None:
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
