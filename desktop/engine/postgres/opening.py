"""A store on a server: made where there is none, opened, and closed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Final

import psycopg
from psycopg import errors

from desktop.engine.clock import Clock
from desktop.engine.errors import NotWritable
from desktop.engine.events.journal import Journal
from desktop.engine.postgres.connection import (
    READING,
    Connection,
    TooOld,
    is_refusal,
    not_writable,
)
from desktop.engine.postgres.database.holder import LOCK, holder, take
from desktop.engine.postgres.database.making import prepare
from desktop.engine.postgres.database.schema import SCHEMA
from desktop.engine.postgres.database.unopened import unopened
from desktop.engine.postgres.handed_rows import REFUSED
from desktop.engine.postgres.writer_store import PostgresWriterStore
from desktop.engine.store.errors import DatabaseInUse, StoreError
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schema import VERSION

READERS: Final = 8
"""Sessions that read at one time; a server has about a hundred for all who use it."""


class PostgresReader(ReaderPool):
    """Reads from the database at ``url``; ``NotWritable`` where there is no server.

    At most so many threads read at one time, and the others wait; none may read twice at once.
    """

    errors = psycopg.Error

    def __init__(self, url: str, readers: int = READERS) -> None:
        super().__init__()
        self._url = url
        self._room = threading.BoundedSemaphore(readers)

    @contextmanager
    def snapshot(self) -> Iterator[Source]:
        """Do as ``ReaderPool.snapshot``, once there is room."""
        with self._room, super().snapshot() as source:
            yield source

    def translate(self, error: Exception) -> NotWritable | None:
        """Translate what the server refuses."""
        if not isinstance(error, psycopg.Error) or not is_refusal(error):
            return None
        return not_writable(error)

    def connect(self) -> Connection:
        """Make one more session."""
        return Connection(self._url, **READING)


NO_RIGHT: Final = (
    "The database user lacks a right: {}. Run `sendoff migrate --database URL` as the owner of the"
    " tables, then grant this user the rights that docs/deployment.md lists."
)


class PostgresStore:
    """The database at ``url``, for one engine.

    Raises ``DatabaseInUse``, or ``StoreError`` where it cannot be used.
    """

    def __init__(self, url: str) -> None:
        with opened(url) as connection:
            if not take(connection):
                raise DatabaseInUse(holder(connection))
            self.writer_store = PostgresWriterStore(url, connection)
        self.reader = PostgresReader(url)

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken it while the session was lost."""
        return self.writer_store.is_displaced

    @property
    def session_name(self) -> str:
        """What the server knows this process' sessions by."""
        return self.writer_store.session_name

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

    def refused(self) -> int:
        """Count the tasks that were handed over and could not be accepted."""
        with self.reader.snapshot() as source:
            return int(source.execute(REFUSED).fetchone()[0])

    def close(self) -> None:
        """Close it, and let another process have it."""
        self.reader.close()
        self.writer_store.close()


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """Connect to a database that has its tables; the session is closed where the block fails.

    Raises ``StoreError`` for what is wrong with the address, the server, the user or the tables.
    """
    with as_sentences():
        connection = Connection(url)
        try:
            prepare(connection)
            yield connection
        except BaseException:
            connection.close()
            raise


@contextmanager
def as_sentences() -> Iterator[None]:
    """Say what is wrong with the address, the server or the user; raises ``StoreError``."""
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise StoreError(NO_RIGHT.format(error.diag.message_primary)) from error
    except TooOld as error:
        raise StoreError(str(error)) from error
    except psycopg.Error as error:
        raise StoreError(unopened(error)) from error


@contextmanager
def idle(url: str) -> Iterator[None]:
    """Let no process run the tasks of a database during the block. Raises as above."""
    with opened(url) as connection, closing(connection):
        if not take(connection):
            raise DatabaseInUse(holder(connection))
        try:
            yield
        finally:
            connection.execute("SELECT pg_advisory_unlock(?)", (LOCK,))


def migrate(url: str) -> str:
    """Make the tables where there are none; returns their version. Raises ``StoreError``."""
    with opened(url) as connection:
        connection.close()
    return VERSION


_RESERVE: Final = (
    "INSERT INTO meta SELECT 'purpose',"
    " CASE WHEN EXISTS (SELECT 1 FROM functions) THEN 'app' ELSE ?::text END"
    " ON CONFLICT (key) DO NOTHING"
)
"""Before it was noted, databases had the tasks of apps only."""
_PURPOSE: Final = "SELECT value FROM meta WHERE key = 'purpose'"
_OLDER: Final = "SELECT 'app' FROM functions LIMIT 1"


def reserve(url: str, purpose: str) -> str:
    """Note whose tasks the database has, if it has none yet; returns whose. Raises as above."""
    with opened(url) as connection, closing(connection):
        return reserve_in(connection, purpose)


def reserve_in(connection: Connection, purpose: str) -> str:
    """Do as :func:`reserve` in a session."""
    connection.execute(_RESERVE, (purpose,))
    return str(connection.execute(_PURPOSE).fetchone()[0])


def purpose(url: str) -> str | None:
    """Tell whose tasks the database has, if it has any. Raises as above."""
    with opened(url) as connection, closing(connection):
        row = connection.execute(_PURPOSE).fetchone() or connection.execute(_OLDER).fetchone()
    return None if row is None else str(row[0])
