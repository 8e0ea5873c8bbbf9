"""Opens the database file: lock, durability, version, permissions, and connections that read."""

from __future__ import annotations

import os
import sqlite3
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from sendoff_tasks.folder.database_backups import EMPTY, sweep_left_over, was_there
from sendoff_tasks.folder.lock_file import LockFile, last_holder, store_lock
from sendoff_tasks.folder.safe_files import belongs_here, flush_folder
from sendoff_tasks.store.errors import (
    LostInUse,
    OtherVersion,
    StoreDamaged,
    StoreError,
    StoreInUse,
    is_damage,
)
from sendoff_tasks.store.migrations import (
    Due,
    OtherTables,
    due_changes,
    new_versions,
    own_version,
    read_version,
)
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.store.tables import schema
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.statements import read_meta
from sendoff_tasks.text import folded, storable_values

BUSY_MS: Final = 2000
"""How long a write waits for another program's lock, ms."""


class StoreCursor(sqlite3.Cursor):
    """A cursor that stores any text, with U+FFFD for what cannot be UTF-8."""

    def execute(self, statement: str, parameters: Any = (), /) -> StoreCursor:
        """Run a statement."""
        try:
            return super().execute(statement, parameters)
        except UnicodeEncodeError:
            return super().execute(statement, storable_values(parameters))

    def executemany(self, statement: str, rows: Iterable[Any], /) -> StoreCursor:
        """Run a statement for each row."""
        for row in rows:  # the driver's own would have written the rows before one that it refuses
            self.execute(statement, row)
        return self


class StoreConnection(sqlite3.Connection):
    """A connection whose cursors store any text, and whose statements know ``folded``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.create_function("folded", 1, lambda text: text and folded(text), deterministic=True)

    def cursor(self, factory: Any = StoreCursor) -> Any:
        """Return a new cursor."""
        return super().cursor(factory)

    def execute(self, statement: str, parameters: Any = (), /) -> StoreCursor:
        """Run a statement in a new cursor."""
        return StoreCursor(self).execute(statement, parameters)


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a connection for reading only; readers and the writer never wait for each other.

    Raises ``sqlite3.OperationalError`` if the file does not exist, instead of creating it.
    """
    url = f"{path.absolute().as_uri()}?mode=rw"  # a reader writes to the log's index
    connection = sqlite3.connect(
        url, uri=True, isolation_level=None, check_same_thread=False, factory=StoreConnection
    )
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute(schema.VOCABULARY)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:  # a damaged file
        connection.close()
        raise
    return connection


def store_id(source: Source) -> str:
    """Return the id that tells this store from every other."""
    name = read_meta(source, "store")
    if name is None:
        raise sqlite3.DatabaseError("its name is missing")
    return name


def lock_store(database: Path) -> LockFile:
    """Take the lock ``<database>.lock``; it is released when the store is closed.

    What killed holders left unfinished is deleted. Raises :class:`StoreInUse` if another engine
    holds it, ``StoreError`` if there can be no lock.
    """
    path = store_lock(database)
    lock = LockFile(path)
    try:
        is_ours = lock.take()
    except OSError as error:
        raise _not_opened(path, error) from error
    if not is_ours:
        raise StoreInUse(database, last_holder(path))
    with suppress(OSError):  # tried again at the next start
        sweep_left_over(database)
    return lock


TABLES: Final = (
    "SELECT name FROM pragma_table_list"
    " WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*'"
)


def has_rows_of_features(source: Source) -> bool:
    """Tell whether tables that are not the engine's own have rows: a feature made them."""
    own = {*schema.metadata.tables, "alembic_version"}
    others = [name for (name,) in source.execute(TABLES).fetchall() if name not in own]
    rows = (source.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")') for name in others)  # noqa: S608
    return any(row.fetchone()[0] for row in rows)


GONE: Final = "it is not there any more"
LOG_GONE: Final = "its log, which ends with -wal, was deleted while it was in use"


class Reader(ReaderPool):
    """A pool of read connections to the file at ``path``; raises ``StoreDamaged``."""

    errors = sqlite3.Error

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._name = str(path)
        real = path.resolve()
        files = (path, real.with_name(f"{real.name}-wal"))
        # The path of the file, then of its log, as they were opened.
        self._opened = [(str(each), each.stat()) for each in files if each.exists()]

    def translate(self, error: Exception) -> StoreDamaged | None:
        """Translate damage, and remember it; leave other errors."""
        if not isinstance(error, sqlite3.DatabaseError) or not is_damage(error):
            return None
        return self.note(error)

    def note(self, error: sqlite3.Error) -> StoreDamaged:
        """Remember that the file is damaged; call ``on_damage`` the first time."""
        found = StoreDamaged(self.path, str(error), is_in_use=isinstance(error, LostInUse))
        with self.lock:
            first = self.damage is None
            self.damage = found
        if first:
            self.on_damage(found)
        return found

    def check_file(self) -> os.stat_result | None:
        """Return what the system says of the open file; ``None`` if it says nothing.

        Raises ``LostInUse`` if the file or its log was deleted or replaced. Writes would then be
        lost, and SQLite does not notice. So would they in a file that was emptied. The check takes
        4 µs.
        """
        found = None
        for name, opened in self._opened:
            try:
                there = os.stat(name)  # noqa: PTH116 - Path.stat takes twice as long
            except FileNotFoundError as error:
                raise LostInUse(GONE if name == self._name else LOG_GONE) from error
            except OSError:
                continue
            if not os.path.samestat(there, opened):
                raise LostInUse("another file was put in its place while it was in use")
            if name == self._name:
                if there.st_size == 0:
                    raise LostInUse(EMPTY)
                found = there
        return found

    def connect(self) -> sqlite3.Connection:
        """Open one more connection."""
        try:
            return connect_reader(self.path)
        except sqlite3.OperationalError as error:
            if self.path.exists():
                raise
            raise self.note(LostInUse(GONE)) from error


CHECKPOINT_PAGES: Final = 4000
"""Log pages of 4 KiB after which the log is copied into the database."""
SYNCHRONOUS: Final = "FULL"
"""Each commit waits until the drive has it; only a machine whose power stays on can do without."""
LOG_BYTES: Final = 64 << 20
"""Size to which the log is cut after a long reader has made it grow."""


def open_store(path: Path, tables: Sequence[Table] = ()) -> sqlite3.Connection:
    """Open the file for the one writer; create it if there is none, and ``tables`` that it lacks.

    Raises ``OtherVersion``, ``StoreDamaged`` or ``StoreError``.
    """
    with sentences_of(path):
        _refuse_lost(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        refuse_others(path)
        connection = _connect_writer(path)
    prepare_store(connection, path, tables)
    return connection


def open_outdated(path: Path) -> sqlite3.Connection:
    """Open a file with tables of an older version for the changes that bring it up to date."""
    connection = _connect_writer(path)
    try:
        _configure(connection)
        empty_log(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_writer(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        factory=StoreConnection,
        cached_statements=512,
    )


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file that no process writes to, and leave its log as it is."""
    real = path.resolve()
    log = real.with_name(f"{real.name}-wal")
    how = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    return sqlite3.connect(f"{real.as_uri()}?{how}", uri=True, isolation_level=None)


@contextmanager
def sentences_of(path: Path) -> Iterator[None]:
    """Translate errors of the system and of SQLite; raises ``StoreDamaged`` or ``StoreError``."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise _not_opened(path, error) from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(path, str(error)) from error


def _not_opened(path: Path, error: Exception) -> StoreError:
    why = getattr(error, "strerror", None) or error
    return StoreError("store.not_opened", file=str(path), why=str(why))


def _refuse_lost(path: Path) -> None:
    """Refuse to create a store where a backup, the log or the mark of one is left: it was lost."""
    if (not path.exists() or path.stat().st_size == 0) and was_there(path):
        raise StoreDamaged(path, EMPTY if path.exists() else GONE)


def refuse_others(path: Path) -> None:
    """Refuse a file of another user: its tasks would be run as ours, with any arguments.

    Raises ``StoreError``.
    """
    if not belongs_here(path):
        raise StoreError("store.foreign", file=str(path))


def prepare_store(connection: sqlite3.Connection, path: Path, tables: Sequence[Table]) -> None:
    """Prepare a connection as :func:`open_store` promises; close it on an error."""
    with sentences_of(path):
        try:
            _configure(connection)
            empty_log(connection)
            _create_or_check(connection, path, tables)
            connection.execute(schema.VOCABULARY)
            store_id(connection)  # damage shows on this first read
        except BaseException:
            connection.close()
            raise


def _create_or_check(connection: sqlite3.Connection, path: Path, tables: Sequence[Table]) -> None:
    """Create the tables in a new file; refuse those of another version.

    ``tables`` are those of features. A file of an engine without these features lacks them.
    """
    found = _names(connection)
    if found and due_in(connection, path, tables):
        raise OtherVersion(path, is_newer=False)
    lacking = [table for table in tables if table.name not in found]
    if found and not lacking:
        return
    connection.execute("BEGIN IMMEDIATE")
    if not found:
        _create_own(connection)
    _create_tables(connection, lacking)
    for statement, version in new_versions(tables, lacking):
        connection.execute(statement, version)
    connection.execute("COMMIT")
    if not found:
        flush_folder(path.parent)  # so the new file's name is on disk


def _names(source: Source) -> set[str]:
    return {name for (name,) in source.execute("SELECT name FROM sqlite_schema").fetchall()}


def due_in(source: Source, path: Path, tables: Sequence[Table]) -> Sequence[Due]:
    """Return the changes that bring the tables of a file up to date.

    Raises ``OtherVersion`` if this program cannot, ``sqlite3.DatabaseError`` if it is no store.
    """
    found = _names(source)
    if "alembic_version" not in found:
        raise sqlite3.DatabaseError("it is a database of another program")
    row = source.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("its version is missing")
    try:
        return due_changes(
            lambda name: read_version(source, name) if name else row[0], tables, found
        )
    except OtherTables as error:
        raise OtherVersion(path, is_newer=error.is_newer) from error


def _configure(connection: sqlite3.Connection) -> None:
    """Make every commit survive a power cut."""
    # First, because the other pragmas may already have to wait for a lock.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # An existing file would have to be rewritten for this, which takes minutes.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    connection.execute("PRAGMA cache_size = -16384")
    connection.execute("PRAGMA secure_delete = ON")  # what a person had deleted is overwritten
    if sys.platform == "darwin":
        # On macOS fsync leaves the data in the drive's cache.
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")


def empty_log(connection: sqlite3.Connection) -> None:
    """Copy the log of an earlier run into the database, and begin a new log.

    The log's last sync may have failed. The system then still shows data that the disk does not
    have, and a power cut would also lose everything written after it.
    """
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:  # a full disk can still be read
            raise


def empty_log_now(connection: sqlite3.Connection) -> bool:
    """Copy the log into the database and cut it off, without waiting; tell whether that was done.

    Not while another connection reads from it.
    """
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            found = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    except sqlite3.Error:
        return False
    return bool(found[0] == 0)


def _create_own(connection: sqlite3.Connection) -> None:
    """Create the engine's tables; a crash before the COMMIT leaves an empty file."""
    _create_tables(connection, schema.metadata.sorted_tables)
    connection.execute(schema.WORDS)
    connection.execute("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute("INSERT INTO alembic_version VALUES (?)", (own_version(),))
    connection.execute("INSERT INTO meta VALUES ('store', ?)", (uuid.uuid4().hex,))
    connection.execute("INSERT INTO meta VALUES ('events_floor', '0')")


def _create_tables(connection: sqlite3.Connection, tables: Sequence[Table]) -> None:
    for statement in _creating(tuple(tables)):
        connection.execute(statement)


@cache
def _creating(tables: tuple[Table, ...]) -> tuple[str, ...]:
    """Compile the statements once, because that takes ten times as long as running them."""
    made: list[CreateTable | CreateIndex] = []
    for table in tables:
        made.append(CreateTable(table))
        made += [CreateIndex(each) for each in sorted(table.indexes, key=lambda i: str(i.name))]
    dialect = sqlite.dialect()
    return tuple(str(each.compile(dialect=dialect)) for each in made)
