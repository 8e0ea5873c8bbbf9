"""A store on a server: checks what the user may do, creates missing tables, opens it."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import errors
from sqlalchemy import Table

from sendoff_tasks.clock import Clock
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.folder.standstill import Standstill, read_standstill
from sendoff_tasks.model.program import command
from sendoff_tasks.postgres.connection import (
    READING,
    Connection,
    is_refusal,
    not_writable,
    why_unopened,
)
from sendoff_tasks.postgres.handed_rows import REFUSED
from sendoff_tasks.postgres.mark import ServerMark
from sendoff_tasks.postgres.schema import SCHEMA, statements, statements_of
from sendoff_tasks.postgres.writer_store import LOCK, PostgresWriterStore, holder, take_lock
from sendoff_tasks.store.errors import DatabaseInUse, NotUpdated, StoreError
from sendoff_tasks.store.migrations import (
    PUT,
    Due,
    OtherTables,
    due_changes,
    new_versions,
    own_version,
    read_version,
    version_key,
)
from sendoff_tasks.store.migrations.progress import Tell, UpdateProgress
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.statements import APPLICATION, read_meta

log = logging.getLogger(__name__)

READERS: Final = 8
"""Sessions that read at one time; a server has about a hundred for all its users."""


class PostgresReader(ReaderPool):
    """Reads from the database at ``url``; raises ``NotWritable`` if there is no server.

    At most ``READERS`` threads read at one time, and the others wait. A thread must not begin a
    second read during a read.
    """

    errors = psycopg.Error

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._room = threading.BoundedSemaphore(READERS)

    @contextmanager
    def snapshot(self) -> Iterator[Source]:
        """Wait for room, then do as ``ReaderPool.snapshot``."""
        with self._room, super().snapshot() as source:
            yield source

    def translate(self, error: Exception) -> NotWritable | None:
        """Translate a refusal of the server; ``None`` for other errors."""
        if not isinstance(error, psycopg.Error) or not is_refusal(error):
            return None
        return not_writable(error)

    def connect(self) -> Connection:
        """Open one more session."""
        return Connection(self._url, **READING)


MIGRATE: Final = "migrate --database URL"
_TABLE_RIGHTS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_SEQUENCE_RIGHTS: Final = ("SELECT", "USAGE")
_NAMED: Final = 3
"""The most tables that a sentence names."""
_OURS: Final = """
WITH ours AS (SELECT oid, relname::text, relowner FROM pg_class WHERE relkind = 'r'
    AND relnamespace = to_regnamespace(%(schema)s) AND relname = ANY(%(tables)s::text[]))
"""
_RIGHTS: Final = """
SELECT quote_ident(current_user),
    quote_ident(pg_get_userbyid(coalesce(relowner, nspowner))),
    has_database_privilege(current_database(), 'CREATE'), nspname IS NOT NULL, relname IS NOT NULL,
    coalesce(has_schema_privilege(nspname, 'USAGE'), false),
    coalesce(has_schema_privilege(nspname, 'CREATE'), false)
FROM (SELECT 1) AS one LEFT JOIN pg_namespace ON nspname = %(schema)s
    LEFT JOIN ours ON relname = 'version'
"""
_LACKING: Final = """
SELECT relname FROM ours
WHERE EXISTS (SELECT FROM unnest(%(of_tables)s::text[]) AS wanted
    WHERE NOT has_table_privilege(ours.oid, wanted))
UNION ALL
SELECT numbers.relname
FROM ours JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = ours.oid
    JOIN pg_class AS numbers ON classid = 'pg_class'::regclass AND objid = numbers.oid
WHERE relkind = 'S' AND EXISTS (SELECT FROM unnest(%(of_sequences)s::text[]) AS wanted
    WHERE NOT has_sequence_privilege(numbers.oid, wanted))
"""


class Rights(NamedTuple):
    """What the user of a session may do, and what the database has."""

    user: str
    owner: str | None
    """The owner of the tables, or of the schema if it has no tables yet."""
    may_create_schema: bool
    has_schema: bool
    has_tables: bool
    may_use: bool
    may_create_tables: bool

    def check_making(self) -> None:
        """Raise ``StoreError`` if the user may not create tables."""
        if not self.has_schema:
            if not self.may_create_schema:
                raise self._refusal("database.no_schema")
        elif not (self.may_use and self.may_create_tables):
            raise self._refusal("database.no_tables")

    def _refusal(self, reason: str) -> StoreError:
        told = {"user": self.user, "owner": self.owner, "command": command(MIGRATE)}
        return StoreError(reason, schema=SCHEMA, **told)


def check_rights(session: Connection, tables: Sequence[Table]) -> Rights:
    """Return what the user may do; raise ``StoreError`` if the user cannot use the tables.

    These are the engine's, and those of ``tables`` that the database has.
    """
    given = _parameters(tuple(table.name for table in tables))
    row: Any = session.real.execute((_OURS + _RIGHTS).encode(), given).fetchone()
    rights = Rights(*row)
    if not rights.has_tables:
        return rights
    found = session.real.execute((_OURS + _LACKING).encode(), given).fetchall()
    lacking = sorted(name for (name,) in found) if rights.may_use else ["all tables"]
    if lacking:
        more = len(lacking) - _NAMED
        what = ", ".join(lacking[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        told = {"user": rights.user, "owner": rights.owner, "schema": SCHEMA}
        raise StoreError("database.lacks", what=what, **told)
    return rights


@cache
def _parameters(of_features: tuple[str, ...]) -> Mapping[str, object]:
    found = (re.search(r"CREATE (?:UNLOGGED )?TABLE (\w+)", each) for each in statements())
    tables = [*(match[1] for match in found if match), *of_features]
    rights = {"of_tables": [*_TABLE_RIGHTS], "of_sequences": [*_SEQUENCE_RIGHTS]}
    return {"schema": SCHEMA, "tables": tables, **rights}


_NOT_THERE: Final = (
    "SELECT name FROM jsonb_array_elements_text(?::jsonb) AS name WHERE to_regclass(name) IS NULL"
)
MAKING: Final = 0x53656E65
"""The advisory lock of a transaction that creates tables."""
NEEDED: Final = {"fsync": "on", "full_page_writes": "on"}
"""Settings of a server without which a crash of its machine may lose what was committed."""


def unsafe_settings(session: Connection) -> list[StoreError]:
    """Return an error for each setting of the server that does not keep what is committed."""
    read = "SELECT current_setting(?)"
    found = {name: session.execute(read, (name,)).fetchone()[0] for name in NEEDED}
    unsafe = (name for name, value in NEEDED.items() if found[name] != value)
    return [StoreError("database.unsafe", setting=name) for name in unsafe]


class PostgresStore:
    """The database at ``url``, for one engine; ``tables`` are those of its features.

    ``mark`` is what is known of the database. ``tell`` hears how far an update of the tables is.
    Raises ``DatabaseInUse`` if another process runs its
    tasks, ``StoreError`` if it is unusable.
    """

    def __init__(
        self,
        url: str,
        tables: Sequence[Table] = (),
        mark: ServerMark | None = None,
        tell: Tell = lambda _: None,
    ) -> None:
        with taken(url, tables, tell) as connection:
            for unsafe in unsafe_settings(connection):
                log.warning("%s", unsafe)
            self.writer_store = PostgresWriterStore(url, connection, mark or ServerMark())
        self.reader = PostgresReader(url)

    @property
    def is_displaced(self) -> bool:
        """Whether another process took the database while the session was lost."""
        return self.writer_store.is_displaced

    @property
    def session_name(self) -> str:
        """The name that this process's sessions have on the server."""
        return self.writer_store.session_name

    def upkeep(self, clock: Clock, journal: Journal, resting: Callable[[], bool]) -> None:
        """Do nothing: checks and backups are up to the server's operator."""

    def damage_behind(self, error: BaseException) -> None:
        """Return ``None`` for every error: the server itself reports damage."""

    def size(self) -> int:
        """Return the size of the tables and their indexes, in bytes."""
        with self.reader.snapshot() as source:
            return size_of(source)

    def refused(self) -> int:
        """Return how many tasks were handed over and could not be accepted."""
        with self.reader.snapshot() as source:
            return int(source.execute(REFUSED).fetchone()[0])

    def close(self) -> None:
        """Close the store, and leave it to another process."""
        self.reader.close()
        self.writer_store.close()


@contextmanager
def opened(
    url: str, tables: Sequence[Table] = (), tell: Tell = lambda _: None
) -> Iterator[Connection]:
    """Connect to a database and prepare its tables; if the block fails, close the session.

    ``tables`` are those of features, created beside the engine's own.

    Raises ``StoreError`` if the address, the server, the user or the tables are wrong.
    """
    with _connected(url) as connection:
        prepare(connection, tables, tell)
        yield connection


@contextmanager
def _as_it_is(url: str) -> Iterator[Connection]:
    """Do as :func:`opened` for the block alone, and leave tables of another version as they are."""
    with _connected(url) as connection, closing(connection):
        if not check_rights(connection, ()).has_tables:
            prepare(connection)
        yield connection


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with as_sentences():
        connection = Connection(url)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise


def prepare(
    connection: Connection, tables: Sequence[Table] = (), tell: Tell = lambda _: None
) -> None:
    """Create the engine's tables, and ``tables`` of features, where there are none.

    Those of an older version are brought up to date; ``tell`` hears how far that is. Raises
    ``DatabaseInUse`` if they are older and another process runs the tasks, ``StoreError`` if they
    cannot be brought up to date or the user lacks a right.
    """
    rights = check_rights(connection, tables)
    if not rights.has_tables or _due(connection, tables) or _lacking(connection, tables):
        rights.check_making()
        with UpdateProgress(tell) as progress:
            _make(connection, tables, progress)


def _lacking(connection: Connection, tables: Sequence[Table]) -> list[Table]:
    """Return the tables that the database does not have."""
    names = json.dumps([table.name for table in tables])
    found = connection.execute(_NOT_THERE, (names,)).fetchall() if tables else []
    return [table for table in tables if (table.name,) in found]


def _due(connection: Connection, tables: Sequence[Table]) -> Sequence[Due]:
    """Return the changes that bring the tables up to date; raise ``StoreError`` if none can."""
    lacking = _lacking(connection, tables)
    found = [table.name for table in tables if table not in lacking]
    own = _version(connection)
    try:
        return due_changes(
            lambda name: read_version(connection, name) if name else own, tables, found
        )
    except OtherTables as error:
        raise _other_version(
            "newer" if error.is_newer else "older", error.version, error.newest
        ) from error


def _other_version(how: str, found: str, needed: str) -> StoreError:
    return StoreError(f"database.{how}", schema=SCHEMA, found=found, needed=needed)


def _version(connection: Connection) -> str:
    return str(_read_one(connection, "SELECT version FROM version"))


def _make(connection: Connection, tables: Sequence[Table], progress: UpdateProgress) -> None:
    """Create and change in one transaction what no other process has meanwhile."""
    with connection.real.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,)).fetchall()
        if not connection.execute("SELECT to_regclass('version') IS NOT NULL").fetchone()[0]:
            _make_own(connection)
        elif due := _due(connection, tables):
            _update(connection, due, progress)
        lacking = _lacking(connection, tables)
        for table in lacking:
            for statement in statements_of(table):
                connection.real.execute(statement.encode())
        for put, version in new_versions(tables, lacking):
            connection.execute(put, version)


def _update(connection: Connection, due: Sequence[Due], progress: UpdateProgress) -> None:
    """Bring the tables up to date, while no process runs the tasks."""
    if not connection.execute("SELECT pg_try_advisory_xact_lock(?)", (LOCK,)).fetchone()[0]:
        raise DatabaseInUse(holder(connection))
    log.warning("The database is brought up to date; changes of its tables: %d", len(due))
    connection.execute("SET LOCAL enable_seqscan = on")
    statements = [each for _, migration in due for each in migration.postgres]
    try:
        for done, statement in enumerate(statements):
            progress.done = done / len(statements)
            connection.real.execute(statement.encode())
    except errors.InsufficientPrivilege:
        raise
    except psycopg.Error as error:
        said = error.diag.message_primary
        raise NotUpdated(f"{said}." if said else why_unopened(error).told) from error
    for name, migration in due:
        if name:
            connection.execute(PUT, (version_key(name), migration.version))
        else:
            connection.execute("UPDATE version SET version = ?", (migration.version,))


def _make_own(connection: Connection) -> None:
    """Create the engine's tables."""
    has_schema = "SELECT to_regnamespace(?) IS NOT NULL"
    if not connection.execute(has_schema, (SCHEMA,)).fetchone()[0]:
        connection.real.execute(f"CREATE SCHEMA {SCHEMA}".encode())
    for statement in statements():
        connection.real.execute(statement.encode())
    connection.execute("INSERT INTO version VALUES (?)", (own_version(),))


@contextmanager
def as_sentences() -> Iterator[None]:
    """Raise ``StoreError`` if the address, the server or the user is wrong."""
    try:
        yield
    except errors.InsufficientPrivilege as error:
        told = {"why": error.diag.message_primary, "command": command(MIGRATE)}
        raise StoreError("database.lacks_right", **told) from error
    except psycopg.Error as error:
        raise why_unopened(error) from error


@contextmanager
def taken(
    url: str, tables: Sequence[Table] = (), tell: Tell = lambda _: None
) -> Iterator[Connection]:
    """Do as :func:`opened`, and take the database for this process.

    Raises ``DatabaseInUse`` if another process runs its tasks.
    """
    with opened(url, tables, tell) as connection:
        if not take_lock(connection):
            raise DatabaseInUse(holder(connection))
        yield connection


def size_of(source: Source) -> int:
    """Return the size of the tables and their indexes, in bytes."""
    size = (
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = ?::regnamespace"
    )
    return int(source.execute(size, (SCHEMA,)).fetchone()[0])


@contextmanager
def idle(url: str, tell: Tell = lambda _: None) -> Iterator[None]:
    """Let no process run the tasks of a database during the block.

    Raises as ``PostgresStore``.
    """
    with taken(url, tell=tell) as connection, closing(connection):
        try:
            yield
        finally:
            connection.execute("SELECT pg_advisory_unlock(?)", (LOCK,))


def migrate(url: str, tables: Sequence[Table] = ()) -> str:
    """Do as :func:`opened`; return the version of the tables. Raises ``StoreError``."""
    with opened(url, tables) as connection, closing(connection):
        return _version(connection)


_RESERVE: Final = "INSERT INTO meta VALUES ('purpose', ?) ON CONFLICT (key) DO NOTHING"
_PURPOSE: Final = "SELECT value FROM meta WHERE key = 'purpose'"


def reserve(url: str, purpose: str) -> str:
    """Record whose tasks the database has, unless that is recorded; return whose they are.

    Raises ``StoreError``.
    """
    with _as_it_is(url) as connection:
        return reserve_in(connection, purpose)


def reserve_in(connection: Connection, purpose: str) -> str:
    """Do as :func:`reserve`, in an open session."""
    connection.execute(_RESERVE, (purpose,))
    return str(connection.execute(_PURPOSE).fetchone()[0])


_ANNOUNCE: Final = (
    "INSERT INTO meta VALUES ('address', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def announce(url: str, name: str, address: str) -> None:
    """Record where the process whose sessions have this name is reached; spares tell it.

    Raises ``StoreError``.
    """
    with _as_it_is(url) as connection:
        connection.execute(_ANNOUNCE, (f"{name} {address}",))


def purpose(url: str) -> str | None:
    """Return whose tasks the database has, ``None`` if it has none.

    Raises ``StoreError``, also for tables of another version.
    """
    with _as_it_is(url) as connection:
        if due := _due(connection, ()):
            version = _version(connection)
            raise _other_version("outdated", version, due[-1].migration.version)
        row = connection.execute(_PURPOSE).fetchone()
    return None if row is None else str(row[0])


_TASKS: Final = "SELECT coalesce(sum(n), 0) FROM counts"
_WORKERS: Final = "SELECT count(*) FROM workers WHERE stage = 'ready'"
_FILE: Final = "SELECT content FROM files WHERE path = ?"


class ServerStore(NamedTuple):
    """A database with tables of this version; ``size`` is in bytes.

    ``server`` is the version of PostgreSQL, ``version`` that of the tables; if they are outdated,
    the next start brings them up to date. ``holder`` says which process runs the tasks;
    ``remembered`` is the text of the application in the store. ``unsafe`` has an error for each
    setting of the server that should be another. ``standstill`` is empty while they are outdated.
    """

    server: str
    version: str
    is_outdated: bool
    tasks: int
    size: int
    holder: str | None
    workers: int
    settings: bytes | None
    remembered: str | None
    unsafe: Sequence[StoreError]
    standstill: Standstill


def look(url: str, settings: str, tables: Sequence[Table] = ()) -> ServerStore | None:
    """Describe a database, with its file at the path ``settings``; ``None`` before it has tables.

    Raises ``StoreError``, with a sentence, if it cannot be used; so it is if the user lacks a right
    to those of ``tables``, of features, that are there.
    """
    with as_sentences(), closing(Connection(url, **READING)) as session:
        rights = check_rights(session, tables)
        if not rights.has_tables:
            rights.check_making()
            return None
        is_outdated = bool(_due(session, tables))
        found = session.execute(_FILE, (settings,)).fetchone()
        return ServerStore(
            server=str(session.real.info.server_version // 10_000),
            version=_version(session),
            is_outdated=is_outdated,
            tasks=int(_read_one(session, _TASKS)),
            size=size_of(session),
            holder=holder(session),
            workers=int(_read_one(session, _WORKERS)),
            settings=None if found is None else bytes(found[0]),
            remembered=read_meta(session, APPLICATION),
            unsafe=unsafe_settings(session),
            standstill=Standstill() if is_outdated else read_standstill(session.execute),
        )


def _read_one(session: Connection, statement: str) -> Any:
    return session.execute(statement).fetchone()[0]
