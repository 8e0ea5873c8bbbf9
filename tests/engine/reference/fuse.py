"""A connection to SQLite that breaks before a statement of the test's choice."""

from __future__ import annotations

import sqlite3
from typing import Any

LONGEST = 32_768
"""Bytes of a word that the index keeps."""


class Crash(BaseException):
    """The power is cut."""


class Fuse:
    """Before the statement number ``left`` the power is cut, or the disk is full.

    The power is cut right after a COMMIT, too, when it comes before that statement.
    """

    def __init__(self) -> None:
        self.set(None)

    def set(self, left: int | None, *, full: bool = False) -> None:
        self.left, self.full = left, full
        self.burnt = self.committed = False

    def burn(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left >= 0:
            return
        self.burnt = True
        if not self.full:
            raise Crash
        raise self.disk_full()

    def disk_full(self) -> Exception:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        return error

    def done(self, statement: str) -> None:
        if statement == "COMMIT":
            self.committed = True
            if self.left is not None and not self.full:
                raise Crash


class Cursor:
    """A cursor on a fuse."""

    def __init__(self, cursor: sqlite3.Cursor, fuse: Fuse) -> None:
        self._cursor, self._fuse = cursor, fuse

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        self._fuse.burn()
        found = self._cursor.execute(statement, parameters)
        self._fuse.done(statement)
        return found

    def executemany(self, statement: str, rows: Any) -> sqlite3.Cursor:
        self._fuse.burn()
        return self._cursor.executemany(statement, rows)

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount


class Connection:
    """A connection on a fuse."""

    def __init__(self, connection: sqlite3.Connection, fuse: Fuse) -> None:
        self.real, self._fuse = connection, fuse

    def cursor(self) -> Cursor:
        return Cursor(self.real.cursor(), self._fuse)

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        return self.real.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        return self.real.in_transaction

    @property
    def total_changes(self) -> int:
        return self.real.total_changes
