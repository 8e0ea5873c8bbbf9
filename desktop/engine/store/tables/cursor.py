"""What statements are run by: as much of ``sqlite3`` as the engine uses, on every kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import thread_time
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


def clock_of(source: Source) -> Callable[[], float]:
    """Return the clock that tells what reading takes, in s: the processor's for this thread.

    A source that only waits for another process has a ``clock`` of its own.
    """
    own: Callable[[], float] = getattr(source, "clock", thread_time)
    return own


def is_remote(source: Source) -> bool:
    """Tell whether another process reads: it looks through tasks that SQLite has in an index."""
    return hasattr(source, "clock")


class Cursor(Source, Protocol):
    """What a transaction is written by."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement for each row."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement has changed."""
