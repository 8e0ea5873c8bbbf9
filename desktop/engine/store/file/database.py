"""Opening the database file: how durable it is, which version it has, who else may."""

from __future__ import annotations

import os
import sqlite3
import sys
import uuid
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from desktop.engine.store.errors import StoreDamaged, StoreError, StoreTooNew
from desktop.engine.store.file.connect import BUSY_MS, store_id
from desktop.engine.store.tables import (  # noqa: F401 - they add tables
    batches,
    beside_tasks,
    causes,
    schedules,
    schema,
)
from desktop.settings.atomic import flush_folder
from desktop.settings.database_backups import newest_backup

CHECKPOINT_PAGES: Final = 4000
"""Pages of 4 KiB in the log before they are copied into the database."""
LOG_BYTES: Final = 64 << 20
"""What the log may keep of the room it took while a long reader kept it from being reset."""


def open_store(path: Path) -> sqlite3.Connection:
    """Open the file for the one writer; make it or bring it to the present version.

    Raises ``StoreTooNew``, ``StoreDamaged`` or ``StoreError``.
    """
    try:
        _refuse_lost(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=512
        )
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(f"{path} cannot be opened: {error}.") from error
    prepare_store(connection, path)
    return connection


def _refuse_lost(path: Path) -> None:
    """Begin no new store where there are backups of one: its file was lost."""
    if (not path.exists() or path.stat().st_size == 0) and newest_backup(path) is not None:
        raise StoreDamaged(path, "it is empty" if path.exists() else "it is not there any more")


def prepare_store(connection: sqlite3.Connection, path: Path) -> None:
    """Do for a connection what :func:`open_store` promises; one that raises is closed."""
    try:
        try:
            _configure(connection)
            _empty_log(connection)
            _bring_up(connection, path)
            connection.execute(schema.VOCABULARY)
            store_id(connection)  # is read first of all: what is damaged is found here
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(f"{path} cannot be opened: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(path, str(error)) from error


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    """Make a new file a store, or an older one the present version's."""
    version = _version(connection)
    if version is None:
        _create(connection, path)
    elif version > schema.VERSION:
        raise StoreTooNew(path)
    elif version < schema.VERSION:
        # Imported only when there is a migration to run: Alembic costs 0.1 s.
        from desktop.engine.store.file.migrate import migrate

        migrate(connection, path, schema.VERSION)


def _configure(connection: sqlite3.Connection) -> None:
    """Make all that is committed survive a power cut."""
    # First of all: the others may already have to wait for a lock.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # A file that was not made like this would have to be rewritten, which takes minutes.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    connection.execute("PRAGMA cache_size = -16384")
    if sys.platform == "darwin":
        # There fsync leaves the data in the drive's cache.
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")


def _empty_log(connection: sqlite3.Connection) -> None:
    """Bring what an earlier run left in the log into the database, and begin a new log.

    Its last sync may have failed: then the system still shows what the disk does not hold, and in a
    power cut all that is written behind it would be lost, too.
    """
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:  # there what is stored is read
            raise


def _version(connection: sqlite3.Connection) -> str | None:
    """Read the version; ``None`` for a new file."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise sqlite3.DatabaseError("it is a database of another program")
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("its version is missing")
    return str(row[0])


def _create(connection: sqlite3.Connection, path: Path) -> None:
    """Make all tables in one transaction: a crash leaves an empty file or a whole store."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in _tables():
        connection.execute(statement)
    connection.execute(schema.WORDS)
    connection.execute("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute("INSERT INTO alembic_version VALUES (?)", (schema.VERSION,))
    connection.execute("INSERT INTO meta VALUES ('store', ?)", (uuid.uuid4().hex,))
    connection.execute("INSERT INTO meta VALUES ('events_floor', '0')")
    connection.execute("COMMIT")
    flush_folder(path.parent)  # the new file's name


@cache
def _tables() -> tuple[str, ...]:
    """Compile the statements that make all tables: ten times as long as running them."""
    made: list[CreateTable | CreateIndex] = []
    for table in schema.metadata.sorted_tables:
        made.append(CreateTable(table))
        made += [CreateIndex(each) for each in sorted(table.indexes, key=lambda i: str(i.name))]
    dialect = sqlite.dialect()
    return tuple(str(each.compile(dialect=dialect)) for each in made)
