"""Moves a folder at rest into an empty database: copies and compares it in one transaction.

If it is killed at any moment, nothing has changed, and it can be run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from sqlalchemy import Table, Text

from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.files import BRING
from sendoff_tasks.postgres.opening import reserve_in, taken
from sendoff_tasks.store.database import store_id
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source, batches
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.schema import metadata
from sendoff_tasks.text import storable_values
from sendoff_tasks.transaction.features import Feature, tables_of
from sendoff_tasks.transaction.searching import texts_of, words_of

_OWN_META: Final = ("store", "events_floor")
"""Rows of ``meta`` that a new database already has."""
_SHARED_META: Final = (
    "key NOT IN ('purpose', 'term', 'group', 'place', 'run') AND key NOT LIKE 'version %'"
)
"""Leaves out the rows of ``meta`` that only a database on a server has, or only a file."""
_SEQUENCES: Final = (
    "SELECT c.table_name, pg_get_serial_sequence(c.table_name, 'id')"
    " FROM information_schema.columns AS c WHERE c.table_schema = current_schema()"
    " AND c.column_name = 'id' AND c.column_default LIKE 'nextval%'"
    " AND c.table_name <> 'handed'"
)
_LAST: Final = "SELECT seq FROM sqlite_sequence WHERE name = ?"
_TASKS: Final = "SELECT * FROM tasks ORDER BY id"
_FILES: Final = "SELECT path, sha256(content) FROM files"
STEP: Final = 1000
"""Tasks whose words are made at a time, and rows that are read at a time."""
BITS: Final = 128


class MoveReport(NamedTuple):
    """The number of rows in each table, of rows with a replaced NUL, and the files' paths."""

    rows: dict[str, int]
    changed: int
    files: Sequence[str]


StoredFile = tuple[str, Path]
"""A file's path in the database, and where it is on the disk."""


def fill(
    url: str,
    purpose: str,
    source: Source,
    files: Sequence[StoredFile],
    features: Sequence[Feature] = (),
) -> MoveReport:
    """Copy all rows and files into the database, and compare them before the COMMIT.

    If the move was done before, they are only compared. Raises ``StoreError`` if the database
    cannot be used, has other tasks, or ends up with other rows; then nothing has changed. Raises
    ``OSError`` for a file that cannot be read.
    """
    with taken(url, tables_of(features)) as connection, closing(connection):
        try:
            with connection.real.transaction():
                return _fill(connection, purpose, source, files, features)
        except psycopg.Error as error:
            why = str(error).strip().partition("\n")[0]
            raise StoreError("move.cut_short", why=why) from error


def _fill(
    connection: Connection,
    purpose: str,
    source: Source,
    files: Sequence[StoredFile],
    features: Sequence[Feature],
) -> MoveReport:
    connection.execute("SET LOCAL enable_seqscan = on")
    tables = [*metadata.sorted_tables, *tables_of(features)]
    is_done = store_id(connection) == store_id(source)
    if not is_done:
        _check_empty(connection, purpose, tables)
        _copy(connection, source, tables)
        _make_words(connection, source, features)
        _copy_files(connection, files)
    counts = {}
    for table in tables:
        ours = _digest(_rows(source, table))
        if ours != _digest(_copied_rows(connection, table)):
            raise _differs(table.name, is_done=is_done)
        counts[table.name] = ours[0]
    kept = {name: sha256(path.read_bytes()).digest() for name, path in files}
    if kept != {name: bytes(content) for name, content in connection.execute(_FILES).fetchall()}:
        raise _differs("files", is_done=is_done)
    changed = sum(_with_nul(source, table) for table in tables)
    return MoveReport(counts, changed, list(kept))


def _differs(table: str, *, is_done: bool) -> StoreError:
    return StoreError("move.changed" if is_done else "move.differs", table=table)


def _check_empty(connection: Connection, purpose: str, tables: Sequence[Table]) -> None:
    names = [table.name for table in tables if table.name != "meta"]
    for name in (*names, "handed", "files"):
        if connection.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0]:  # noqa: S608
            raise StoreError("move.not_empty")
    if reserve_in(connection, purpose) != purpose:
        raise StoreError("move.not_empty")


def _copy(connection: Connection, source: Source, tables: Iterable[Table]) -> None:
    for key in _OWN_META:
        connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    for table in tables:
        into = f"COPY {table.name} ({_columns(table)}) FROM STDIN"
        with connection.real.cursor() as cursor, cursor.copy(into.encode()) as copy:
            for row in _rows(source, table):
                copy.write_row(row)
    _continue_numbers(connection, source)


def _copy_files(connection: Connection, files: Iterable[StoredFile]) -> None:
    for name, path in files:
        at = path.stat().st_mtime
        connection.execute(BRING, (name, path.read_bytes(), at))


def _continue_numbers(connection: Connection, source: Source) -> None:
    """Continue the numbers of the folder, so no number is given again, even of a deleted task."""
    for table, sequence in connection.execute(_SEQUENCES).fetchall():
        row = source.execute(_LAST, (table,)).fetchone()
        if row is None:
            row = source.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608
        if row[0]:
            connection.execute("SELECT setval(?::regclass, ?)", (sequence, row[0])).fetchall()


def _make_words(connection: Connection, source: Source, features: Sequence[Feature]) -> None:
    """Make the search words of each task again, because the index in the file keeps no text."""
    searched_to = int(statements.read_meta(source, statements.SEARCHED_TO) or 0)
    cursor = connection.cursor()
    tasks = (TaskRecord(*row) for row in source.execute(_TASKS))
    while some := list(islice(tasks, STEP)):
        subjects = [task.item_id for task in some if task.item_id is not None]
        texts = texts_of(features, source, subjects)
        come = [
            (task.id, words_of(task, texts.get(task.item_id or 0), deep=task.id <= searched_to))
            for task in some
        ]
        for n, values in batches([each for each in come if each[1]]):
            cursor.execute(statements.insert_words(n), values)


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)


def _where(table: Table) -> str:
    return f" WHERE {_SHARED_META}" if table.name == "meta" else ""


def _rows(source: Source, table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield all rows of the file as PostgreSQL can store them."""
    for row in source.execute(f"SELECT {_columns(table)} FROM {table.name}{_where(table)}"):  # noqa: S608
        yield storable_values(row)


def _with_nul(source: Source, table: Table) -> int:
    """Return the number of rows that :func:`_rows` changes."""
    texts = [column.name for column in table.c if isinstance(column.type, Text)]
    where = " OR ".join(f'instr("{name}", char(0))' for name in texts) or "0"
    found = source.execute(f"SELECT count(*) FROM {table.name} WHERE {where}").fetchone()  # noqa: S608
    return int(found[0])


def _copied_rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    with connection.real.cursor(name="moved") as cursor:
        cursor.itersize = STEP
        yield from cursor.execute(
            f"SELECT {_columns(table)} FROM {table.name}{_where(table)}".encode()  # noqa: S608
        )


def _digest(rows: Iterable[tuple[Any, ...]]) -> tuple[int, int]:
    """Return the number of rows, and the sum of their hashes, which ignores their order."""
    count = total = 0
    for row in rows:
        count += 1
        hashed = blake2b(repr(row).encode(), digest_size=BITS // 8).digest()
        total += int.from_bytes(hashed, "big")
    return count, total % (1 << BITS)
