"""A connection of apsw under the face of ``sqlite3``'s, as far as the engine looks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final, Self

import apsw

from sendoff_tasks.text import storable_values
from tests.simulation.computer.disk import Disk, DiskError, Operation
from tests.simulation.computer.vfs import NAME, VFS


class PowerCut(BaseException):
    """The computer has stopped: the program does nothing more, not even clean up."""


_KINDS: Final[dict[int, type[sqlite3.Error]]] = {
    apsw.SQLITE_CORRUPT: sqlite3.DatabaseError,
    apsw.SQLITE_NOTADB: sqlite3.DatabaseError,
    apsw.SQLITE_CONSTRAINT: sqlite3.IntegrityError,
    apsw.SQLITE_MISMATCH: sqlite3.IntegrityError,
    apsw.SQLITE_TOOBIG: sqlite3.DataError,
    apsw.SQLITE_INTERNAL: sqlite3.InternalError,
    apsw.SQLITE_MISUSE: sqlite3.InterfaceError,
}
"""What ``sqlite3`` raises for SQLite's codes; for all others ``OperationalError``."""


class Cursor:
    """Reads all rows at once, so an error comes in ``execute``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor = connection.real.cursor()
        self._rows: list[Any] = []

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        self._connection.take_memory()
        if self._connection.works and self._connection.is_left_open:
            self._connection.expect_rollback(statement)
            return self
        try:
            try:
                self._cursor.execute(statement, parameters)
            except UnicodeEncodeError:  # as the shipped connection does
                self._cursor.execute(statement, storable_values(parameters))
            self._rows = self._cursor.fetchall()
        except apsw.Error as error:
            raise self._connection.failure(error) from error
        if statement == "COMMIT":
            self._connection.committed()
        return self

    def executemany(self, statement: str, rows: Iterable[Any]) -> Cursor:
        self._connection.take_memory()
        try:
            for row in rows:
                self.execute(statement, row)
            self._rows = []
        except apsw.Error as error:
            raise self._connection.failure(error) from error
        return self

    @property
    def rowcount(self) -> int:
        return self._connection.real.changes()

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


class Connection:
    """The one connection to a database on ``disk``.

    Only where the program ``works`` with it a statement may get no memory: judges read here, too.
    """

    def __init__(self, disk: Disk, path: str) -> None:
        self._disk = disk
        self._pages = 0  # in the log
        self._checkpoint_at = 1000
        self.works = False
        self.is_left_open = False  # the program could not roll its transaction back
        try:
            self.real = apsw.Connection(VFS.name(disk, path), vfs=NAME, statementcachesize=512)
        except apsw.Error as error:
            raise self.failure(error) from error
        # A statement is not prepared again for another value of a parameter.
        self.real.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        self.execute("PRAGMA locking_mode = EXCLUSIVE")

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        return Cursor(self).execute(statement, parameters)

    def executemany(self, statement: str, rows: Iterable[Any]) -> Cursor:
        return Cursor(self).executemany(statement, rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.in_transaction:
            self.execute("COMMIT" if kind is None else "ROLLBACK")

    @property
    def in_transaction(self) -> bool:
        return bool(self.real.in_transaction) or self.is_left_open

    def show_others(self) -> None:
        """Let judges read what other connections read: nothing of a transaction left open."""
        if self.real.in_transaction:
            self.is_left_open = True
            self.real.execute("ROLLBACK")

    def expect_rollback(self, statement: str) -> None:
        """Raise what SQLite raises for another BEGIN in the transaction that was left open."""
        if statement != "ROLLBACK":
            raise sqlite3.OperationalError("cannot start a transaction within a transaction")
        self.is_left_open = False

    @property
    def total_changes(self) -> int:
        return self.real.total_changes()

    def checkpoint_at(self, pages: int) -> None:
        """Checkpoint after so many pages, as ``PRAGMA wal_autocheckpoint`` does.

        SQLite forgives a checkpoint that fails; apsw would raise what it met.
        """
        self._checkpoint_at = pages
        self.real.set_busy_timeout(0)  # no one is waited for: nothing has to be asked for it
        self.real.set_wal_hook(self._note_pages)

    def _note_pages(self, _: apsw.Connection, __: str, pages: int) -> int:
        self._pages = pages
        return apsw.SQLITE_OK

    def committed(self) -> None:
        """Do what follows a COMMIT."""
        if self._pages >= self._checkpoint_at:
            with suppress(apsw.Error):
                self.real.wal_checkpoint()
            self._pages = 0
        if self._disk.off:
            raise PowerCut

    def take_memory(self) -> None:
        """Raise what ``sqlite3`` raises where a statement gets no memory."""
        if not self.works:
            return
        try:
            self._disk.ask(Operation.STATEMENT)
        except DiskError as error:
            raise PowerCut if self._disk.off else MemoryError from error

    def failure(self, error: apsw.Error) -> BaseException:
        """Return the error as ``sqlite3`` would tell it."""
        if self._disk.off:
            return PowerCut()
        code = getattr(error, "extendedresult", apsw.SQLITE_ERROR)
        told = _KINDS.get(code & 0xFF, sqlite3.OperationalError)(str(error))
        told.sqlite_errorcode = code
        return told

    def close(self) -> None:
        """Close it; what the checkpoint at the end meets is forgiven."""
        with suppress(apsw.Error):
            self.real.close(True)
