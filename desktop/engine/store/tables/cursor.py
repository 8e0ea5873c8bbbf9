"""The part of ``sqlite3``'s interface that the engine uses, implemented by every kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import thread_time
from typing import Any, Protocol


class Rows(Protocol):
    """The rows that a statement returns."""

    def fetchone(self) -> Any:
        """Return the next row; ``None`` after the last one."""

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""

    def __iter__(self) -> Iterator[Any]: ...

    @property
    def rowcount(self) -> int:
        """The number of rows the statement has changed."""


class Source(Protocol):
    """A source of reads."""

    def execute(self, statement: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run a statement, given as SQLite's text."""


def clock_of(source: Source) -> Callable[[], float]:
    """Return the clock that measures the cost of reading, in s: this thread's CPU time.

    A source that only waits for another process has its own ``clock``.
    """
    own: Callable[[], float] = getattr(source, "clock", thread_time)
    return own


def is_remote(source: Source) -> bool:
    """Return whether a server reads; it scans tasks where SQLite only needs an index."""
    return hasattr(source, "clock")


class Cursor(Source, Protocol):
    """The cursor that writes a transaction."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement once for each row."""

    @property
    def rowcount(self) -> int:
        """The number of rows the last statement has changed."""
