"""What runs statements, statements as text, and how many rows are written with one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, compress, repeat
from operator import attrgetter, ne
from time import thread_time
from typing import Any, Final, Protocol

from sqlalchemy import (
    Column,
    Integer,
    Select,
    Table,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.schema import tasks


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
    """Tell whether a server reads; it scans tasks where SQLite only needs an index."""
    return hasattr(source, "clock")


class Cursor(Source, Protocol):
    """The cursor that writes a transaction."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement once for each row."""

    @property
    def rowcount(self) -> int:
        """The number of rows the last statement has changed."""


_dialect = sqlite.dialect(paramstyle="qmark")

GIVEN: Final[Select[Any]] = select(literal_column("value")).select_from(func.json_each(text("?")))
"""Numbers from one parameter, a JSON array."""
FEW: Final = 16
"""Up to this many rows are written by one statement of exactly that size."""
MANY: Final = (64, 32, FEW)
"""Sizes of statements for more rows. Any number is a sum of few of these, because the writer waits
for the GIL at each statement while other threads compute."""
FENCE: Final = ("id", "attempt", "state")
"""The columns that identify one attempt of a task."""
Changed = tuple[TaskRecord, int, str, dict[str, Any]]
"""A record, its attempt and state as stored, and the columns that changed."""


def sql(statement: ClauseElement) -> str:
    """Compile to SQLite's text; parameters are ``?`` in the order of the text."""
    return str(statement.compile(dialect=_dialect))


def to_text(query: Select[Any]) -> tuple[str, list[Any]]:
    """Compile to SQLite's text and its parameters."""
    compiled = query.compile(dialect=_dialect)
    return compiled.string, [compiled.params[name] for name in compiled.positiontup or ()]


def to_text_with_names(query: Select[Any]) -> tuple[str, list[tuple[str, Any]]]:
    """Compile a statement that runs with several values; each parameter comes with its name."""
    compiled = query.compile(dialect=_dialect)
    return compiled.string, [(name, compiled.params[name]) for name in compiled.positiontup or ()]


def run(source: Source, query: Select[Any]) -> list[Any]:
    """Return all rows of a query that contains its parameters."""
    return source.execute(*to_text(query)).fetchall()


def parts(rows: Sequence[tuple[Any, ...]]) -> Iterable[Sequence[tuple[Any, ...]]]:
    """Split rows into parts of the sizes for which there are statements."""
    if len(rows) <= FEW:  # the usual case
        return [rows] if rows else []
    return _cut(rows)


def _cut(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    begin = 0
    while left := len(rows) - begin:
        size = left if left <= FEW else next(size for size in MANY if size <= left)
        yield rows[begin : begin + size]
        begin += size


def batches(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Split rows as :func:`parts` does; yield the size and the flat values of each part."""
    return ((len(part), tuple(chain.from_iterable(part))) for part in parts(rows))


@lru_cache
def columns(table: Table) -> tuple[str, ...]:
    """Return the names of a table's columns, in order."""
    return tuple(table.c.keys())


@lru_cache(maxsize=256)
def insert_rows(table: Table, names: tuple[str, ...] | None = None, rows: int = 1) -> str:
    """Return the INSERT of this many rows, given row by row: of all columns, or of these."""
    names = columns(table) if names is None else names
    row = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


@lru_cache(maxsize=64)
def put_rows(table: Table, rows: int = 1) -> str:
    """Return the INSERT of rows, each in the place of one with the same primary key."""
    key = table.primary_key.columns.keys()
    new = ", ".join(f"{name} = excluded.{name}" for name in columns(table) if name not in key)
    inserted = insert_rows(table, rows=rows)
    return f"{inserted} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {new}"


@lru_cache(maxsize=256)
def update_rows(table: Table, names: tuple[str, ...], key: tuple[str, ...], rows: int) -> str:
    """Return the UPDATE of this many rows, each found by the columns of ``key``.

    Each row is given by its new values in order, then by its key as stored.
    """
    given = ["?"] * (len(names) + len(key))
    source = ""
    if rows > 1:
        row = f"({', '.join(given)})"
        source = f" FROM (VALUES {', '.join([row] * rows)}) AS v"
        # A server has to be told the types, because a column of NULLs has none.
        given = [
            f"CAST(v.column{place} AS {_kind(table.c[name])})"
            for place, name in enumerate((*names, *key), 1)
        ]
    new = ", ".join(f"{name} = {value}" for name, value in zip(names, given, strict=False))
    places = zip(key, given[len(names) :], strict=True)
    # The + keeps the planner off the index of states, which has every task.
    plus = {"state": "+"}
    found = " AND ".join(
        f"{plus.get(name, '')}{table.name}.{name} = {value}" for name, value in places
    )
    return f"UPDATE {table.name} SET {new}{source} WHERE {found}"  # noqa: S608


def _kind(column: Column[Any]) -> str:
    return "bigint" if isinstance(column.type, Integer) else "text"


def insert_all(cursor: Cursor, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values are in the table's order.

    Columns that are NULL in all rows are left out: a NULL costs the driver as much as four numbers,
    and most columns of a task are NULL.
    """
    nothing = (None,) * len(rows)
    is_given = list(map(ne, zip(*rows, strict=True), repeat(nothing)))
    names = tuple(compress(columns(table), is_given))
    for n, values in batches([tuple(compress(row, is_given)) for row in rows]):
        cursor.execute(insert_rows(table, names, n), values)


def update_all(
    write: Callable[[int, str, Sequence[Any]], None], changed: Iterable[Changed]
) -> None:
    """Write changed tasks, grouped by changed columns; each row is fenced.

    ``write`` runs a statement and checks that it changed the given number of rows.
    """
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for record, attempt, state, new in changed:
        names = tuple(new)
        row = (*_values(names)(record), attempt, state)
        by_columns.setdefault(names, []).append(row)
    for names, rows in by_columns.items():
        for n, values in batches(rows):
            write(n, update_rows(tasks, names, FENCE, n), values)


@lru_cache(maxsize=64)
def _values(columns: tuple[str, ...]) -> Callable[[TaskRecord], tuple[Any, ...]]:
    """Return a function that extracts these columns and the number of a record."""
    return attrgetter(*columns, "id")
