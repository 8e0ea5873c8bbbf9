"""Opening the store an engine is given: a file, or a database on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from desktop.engine.clock import Clock
from desktop.engine.duties.upkeep import Upkeep
from desktop.engine.events.journal import Journal
from desktop.engine.sqlite import SqliteStore
from desktop.engine.store.errors import StoreError
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.transaction.writer_store import WriterStore

if TYPE_CHECKING:
    from desktop.engine.postgres.inspection import ServerStore

SERVERS: Final = ("postgresql://", "postgres://")
"""How the address of a database on a server begins."""
NO_ADDRESS: Final = "The address of a database must begin with postgresql://"


class Purpose(StrEnum):
    """Whose tasks a database on a server has; only they know the functions."""

    APP = "app"
    """An app's, by ``install(app, database=…)``."""
    ITEMS = "items"
    """Sendoff's own, by ``sendoff serve --database``."""


_TAKEN: Final = {
    Purpose.APP: "The tasks in this database belong to an app: use another database.",
    Purpose.ITEMS: "This database has items of Sendoff's own: give the app another database.",
}


class Store(Protocol):
    """A store that is open, for one engine."""

    @property
    def writer_store(self) -> WriterStore:
        """The writer's port to it."""

    @property
    def reader(self) -> ReaderPool:
        """What reads beside the writer."""

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken it since it was opened."""

    @property
    def session_name(self) -> str:
        """What a server knows this process' sessions by; empty for a file."""

    def upkeep(self, clock: Clock, journal: Journal, resting: Callable[[], bool]) -> Upkeep | None:
        """Return what looks after the store; ``None`` where its server does."""

    def damage_behind(self, error: BaseException) -> StoreError | None:
        """Tell what is wrong with a store that could not be read sensibly; ``None``: a bug."""

    def size(self) -> int:
        """Measure what it takes on the disk, in bytes."""

    def refused(self) -> int:
        """Count the tasks that were handed over in it and could not be accepted."""

    def close(self) -> None:
        """Close it, and let another engine have it."""


def is_on_server(database: Path | str) -> bool:
    """Tell whether it is the address of a database on a server."""
    return isinstance(database, str) and database.startswith(SERVERS)


def migrate(database: str) -> str:
    """Make the tables of a database on a server; returns their version. Raises ``StoreError``."""
    if not is_on_server(database):
        raise StoreError(NO_ADDRESS)
    with needing_driver():
        from desktop.engine.postgres import opening
    return opening.migrate(database)


def reserve(database: str, purpose: Purpose) -> None:
    """Say whose tasks a database on a server has; raises ``StoreError`` where it has others."""
    with needing_driver():
        from desktop.engine.postgres import opening
    found = Purpose(opening.reserve(database, purpose.value))
    if found is not purpose:
        raise StoreError(_TAKEN[found])


def purpose_of(database: str) -> Purpose | None:
    """Tell whose tasks a database on a server has, if it has any; raises ``StoreError``."""
    if not is_on_server(database):
        raise StoreError(NO_ADDRESS)
    with needing_driver():
        from desktop.engine.postgres import opening
    found = opening.purpose(database)
    return None if found is None else Purpose(found)


def look(database: str, settings: str) -> ServerStore | None:
    """Look at a database on a server and change nothing; see ``postgres.inspection``.

    Raises ``StoreError``.
    """
    if not is_on_server(database):
        raise StoreError(NO_ADDRESS)
    with needing_driver():
        from desktop.engine.postgres import inspection
    return inspection.look(database, settings)


@contextmanager
def needing_driver() -> Iterator[None]:
    """Say what is missing where an import finds no driver, or another; raises ``StoreError``."""
    try:
        yield
    except ImportError as error:
        package, _, module = (error.name or "").partition(".")
        if package != "psycopg":
            raise
        lacks = f"this version of psycopg lacks what is needed of {error.name}" if module else ""
        needed = "a database on a server needs the extra `server`: sendoff-tasks[server]"
        raise StoreError(f"{lacks or 'psycopg is not installed'}; {needed}.") from error


def open_database(database: Path | str) -> Store:
    """Open a store; raises ``StoreError`` and those below it."""
    if is_on_server(database):
        with needing_driver():
            from desktop.engine.postgres.opening import PostgresStore
        return PostgresStore(str(database))
    return SqliteStore(Path(database))
