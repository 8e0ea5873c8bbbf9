"""A store on a server: made where there is none, opened, and closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import psycopg

from desktop.engine.clock import Clock
from desktop.engine.errors import NotWritable
from desktop.engine.events.journal import Journal
from desktop.engine.postgres.connection import READING, Connection, is_refusal, not_writable
from desktop.engine.postgres.ground import DatabaseInUse, PostgresGround, take
from desktop.engine.postgres.schema import HANDED, SCHEMA, statements
from desktop.engine.store.file.errors import StoreError
from desktop.engine.store.lending import Lender
from desktop.engine.store.tables.schema import VERSION


class PostgresReader(Lender):
    """Reads from the database at ``url``; ``NotWritable`` where there is no server."""

    errors = psycopg.Error

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def translate(self, error: Exception) -> NotWritable | None:
        """Translate what the server refuses."""
        if not isinstance(error, psycopg.Error) or not is_refusal(error):
            return None
        return not_writable(error)

    def connect(self) -> Connection:
        """Make one more session."""
        return Connection(self._url, **READING)


OLDEST: Final = 15
"""The oldest version of PostgreSQL that is tested."""


class PostgresStore:
    """The database at ``url``, for one engine.

    Raises ``DatabaseInUse``, or ``StoreError`` where it cannot be used.
    """

    def __init__(self, url: str) -> None:
        try:
            connection = Connection(url)
            try:
                _prepare(connection)
                self.ground = PostgresGround(url, connection)
            except BaseException:
                connection.close()
                raise
        except psycopg.Error as error:
            why = str(error).strip().partition("\n")[0]
            raise StoreError(f"The database cannot be opened: {why}") from error
        self.reader = PostgresReader(url)

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken it while the session was lost."""
        return self.ground.is_displaced

    def upkeep(self, clock: Clock, journal: Journal, resting: Callable[[], bool]) -> None:
        """Leave checks and copies to the server's operator."""

    def damage_behind(self, error: BaseException) -> None:
        """Take no error for damage; the server tells of that itself."""

    def size(self) -> int:
        """Measure the tables with their indexes, in bytes."""
        size = (
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = ?::regnamespace"
        )
        with self.reader.snapshot() as source:
            return int(source.execute(size, (SCHEMA,)).fetchone()[0])

    def close(self) -> None:
        """Close it, and let another process have it."""
        self.reader.close()
        self.ground.close()


def _prepare(connection: Connection) -> None:
    """Take the database for this process, and make the tables where there are none.

    Refuses a version that is not this program's.
    """
    found = connection.real.info.server_version // 10_000
    if found < OLDEST:
        raise StoreError(f"The server is PostgreSQL {found}; {OLDEST} or newer is needed.")
    if _has(connection, "version"):
        _check_version(connection)
    if not take(connection):
        raise DatabaseInUse
    missing: Iterable[str] = ()
    if not _has(connection, "version"):
        missing = (f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}", *statements())
    elif not _has(connection, "handed"):
        missing = HANDED
    with connection.real.transaction():
        for statement in missing:
            connection.real.execute(statement.encode())
    _check_version(connection)


def _has(connection: Connection, table: str) -> bool:
    return bool(connection.execute("SELECT to_regclass(?) IS NOT NULL", (table,)).fetchone()[0])


def _check_version(connection: Connection) -> None:
    (version,) = connection.execute("SELECT version FROM version").fetchone()
    if version != VERSION:
        raise StoreError(
            f"The tables in the schema {SCHEMA} are of version {version}; this program needs"
            f" {VERSION}."
        )
