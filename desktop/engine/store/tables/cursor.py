"""What statements are run by: as much of ``sqlite3`` as the engine uses, on every kind of store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement has found."""

    def fetchone(self) -> Any:
        """Return the next row, ``None`` after the last one."""

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...

    @property
    def rowcount(self) -> int:
        """How many rows the statement has changed."""


class Source(Protocol):
    """What can be read from."""

    def execute(self, statement: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run a statement, given as its text for SQLite."""


class Cursor(Source, Protocol):
    """What a transaction is written by."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement for each row."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement has changed."""
