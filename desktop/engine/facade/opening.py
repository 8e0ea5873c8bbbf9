"""Opens the store of an engine: a file, or a database on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from desktop.engine.clock import Clock
from desktop.engine.duties.check_and_backup import Upkeep
from desktop.engine.events.journal import Journal
from desktop.engine.sqlite import SqliteStore
from desktop.engine.store.errors import StoreError
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.transaction.writer_store import WriterStore

if TYPE_CHECKING:
    from types import ModuleType

    from desktop.engine.postgres.inspection import ServerStore

SERVERS: Final = ("postgresql://", "postgres://")
"""Prefixes of the address of a database on a server."""
NO_ADDRESS: Final = "The address of a database must begin with postgresql://"


class Purpose(StrEnum):
    """Whose tasks a database on a server has; only the owner knows their functions."""

    APP = "app"
    """An app's, by ``install(app, database=…)``."""
    ITEMS = "items"
    """Sendoff's own, by ``sendoff serve --database``."""


_TAKEN: Final = {
    Purpose.APP: "The tasks in this database belong to an app: use another database.",
    Purpose.ITEMS: "This database has items of Sendoff's own: give the app another database.",
}


class Store(Protocol):
    """An open store, for one engine."""

    @property
    def writer_store(self) -> WriterStore:
        """The writer's port to the store."""

    @property
    def reader(self) -> ReaderPool:
        """The pool of read connections."""

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken the store since it was opened."""

    @property
    def session_name(self) -> str:
        """The name of this process's sessions on a server; empty for a file."""

    def upkeep(self, clock: Clock, journal: Journal, resting: Callable[[], bool]) -> Upkeep | None:
        """Return the duty that maintains the store; ``None`` if its server does."""

    def damage_behind(self, error: BaseException) -> StoreError | None:
        """Return the damage that explains an error; ``None`` if the error is a bug."""

    def size(self) -> int:
        """Return the size of the store on disk, in bytes."""

    def refused(self) -> int:
        """Count the tasks that were handed over in the store and could not be accepted."""

    def close(self) -> None:
        """Close the store and release it for another engine."""


def is_on_server(database: Path | str) -> bool:
    """Return whether this is the address of a database on a server."""
    return isinstance(database, str) and database.startswith(SERVERS)


def _on_server(database: str) -> ModuleType:
    """Return ``postgres.opening``; raise ``StoreError`` if the address is not one of a server."""
    if not is_on_server(database):
        raise StoreError(NO_ADDRESS)
    with needing_driver():
        from desktop.engine.postgres import opening
    return opening


def migrate(database: str) -> str:
    """Create the tables on a server; return their version. Raises ``StoreError``."""
    return str(_on_server(database).migrate(database))


def reserve(database: str, purpose: Purpose) -> None:
    """Claim a database on a server for a purpose; raise ``StoreError`` if it has another one."""
    found = Purpose(_on_server(database).reserve(database, purpose.value))
    if found is not purpose:
        raise StoreError(_TAKEN[found])


def announce(database: str, address: str | None) -> None:
    """Record in a database on a server where its backend is reached; raise ``StoreError``."""
    _on_server(database).announce(database, address)


def purpose_of(database: str) -> Purpose | None:
    """Return whose tasks a database on a server has, if any; raise ``StoreError``."""
    found = _on_server(database).purpose(database)
    return None if found is None else Purpose(found)


def look(database: str, settings: str) -> ServerStore | None:
    """Inspect a database on a server without changing it; see ``postgres.inspection``.

    Raises ``StoreError``.
    """
    _on_server(database)  # psycopg is installed
    from desktop.engine.postgres import inspection

    return inspection.look(database, settings)


@contextmanager
def needing_driver() -> Iterator[None]:
    """Translate a missing or unsuitable driver; raises ``StoreError``."""
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
    """Open a store; raise ``StoreError`` or a subclass."""
    if is_on_server(database):
        with needing_driver():
            from desktop.engine.postgres.opening import PostgresStore
        return PostgresStore(str(database))
    return SqliteStore(Path(database))
