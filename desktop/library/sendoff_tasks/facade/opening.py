"""Opens the store of an engine, a file or a database on a server; moves tasks to a server."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.lock_file import LockFile, last_holder, store_lock
from sendoff_tasks.folder.paths import SERVER_MARK, DataFolder, store_mark
from sendoff_tasks.folder.safe_files import flush_folder, write_atomic
from sendoff_tasks.sqlite import SqliteStore
from sendoff_tasks.store.errors import StoreError, StoreInUse
from sendoff_tasks.store.migrations.progress import Tell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from sqlalchemy import Table

    from sendoff_tasks.postgres.mark import ServerMark
    from sendoff_tasks.postgres.moving import MoveReport
    from sendoff_tasks.postgres.opening import PostgresStore, ServerStore
    from sendoff_tasks.transaction.features import Feature


SERVERS: Final = ("postgresql://", "postgres://")
"""Prefixes of the address of a database on a server."""

APP: Final = "app"
"""The purpose of a database with the tasks of an app; programs with features have their own."""


def is_on_server(database: Path | str) -> bool:
    """Tell whether this is the address of a database on a server."""
    return isinstance(database, str) and database.startswith(SERVERS)


def _on_server(database: str) -> ModuleType:
    """Return ``postgres.opening``; raise ``StoreError`` if the address is not one of a server."""
    if not is_on_server(database):
        raise StoreError("database.no_address")
    with needing_driver():
        from sendoff_tasks.postgres import opening
    return opening


def migrate(database: str, tables: Sequence[Table] = ()) -> str:
    """Create the engine's tables and ``tables`` on a server; return their version.

    Raises ``StoreError``.
    """
    return str(_on_server(database).migrate(database, tables))


def reserve(database: str, purpose: str) -> None:
    """Claim a database on a server for a purpose; raise ``StoreError`` if it has another one.

    Only the program that it is for knows the functions of the tasks.
    """
    found = _on_server(database).reserve(database, purpose)
    if found != purpose:
        raise StoreError("database.of_app" if found == APP else "database.of_other")


def announce(database: str, name: str, address: str) -> None:
    """Record in a database on a server where a backend is reached; raise ``StoreError``.

    ``name`` is that of its sessions there.
    """
    _on_server(database).announce(database, name, address)


def purpose_of(database: str) -> str | None:
    """Return whose tasks a database on a server has, if any; raise ``StoreError``."""
    found: str | None = _on_server(database).purpose(database)
    return found


def look(database: str, settings: str, tables: Sequence[Table] = ()) -> ServerStore | None:
    """Inspect a database on a server without changing it; see ``postgres.opening``.

    Raises ``StoreError``.
    """
    _on_server(database)  # psycopg is installed
    from sendoff_tasks.postgres import opening

    return opening.look(database, settings, tables)


@contextmanager
def needing_driver() -> Iterator[None]:
    """Translate a missing or unsuitable driver; raises ``StoreError``."""
    try:
        yield
    except ImportError as error:
        package, _, module = (error.name or "").partition(".")
        if package != "psycopg":
            raise
        kind = "lacking" if module else "frozen" if hasattr(sys, "frozen") else ""
        raise StoreError("database.no_driver", kind=kind, module=error.name) from error


def open_database(
    database: Path | str, tables: Sequence[Table], mark: ServerMark, tell: Tell
) -> SqliteStore | PostgresStore:
    """Open a store, with ``tables`` of features; raise ``StoreError`` or a subclass.

    ``mark`` is what is known of a database on a server. ``tell`` hears how far an update of the
    tables is.
    """
    if is_on_server(database):
        with needing_driver():
            from sendoff_tasks.postgres.opening import PostgresStore
        return PostgresStore(str(database), tables, mark, tell)
    return SqliteStore(Path(database), tables, tell)


MOVED: Final = ".moved"
"""Suffix of the database file after its tasks were moved."""


def move(
    folder: DataFolder, url: str, purpose: str, kept: Iterable[str], features: Sequence[Feature]
) -> MoveReport:
    """Copy a folder's tasks, and rename their file; return what was moved.

    Unless the tasks are an app's, the database is for ``purpose``, and the files that match the
    patterns ``kept`` are moved, too.
    Nothing changes before the whole copy was compared. If interrupted, it can be called again.
    Raises ``StoreError``.
    """
    if not is_on_server(url):
        raise StoreError("database.no_address")
    if not folder.db.exists():
        reason = "move.moved" if folder.server_mark.exists() else "move.nothing"
        raise StoreError(reason, folder=str(folder.root))
    with needing_driver():
        from sendoff_tasks.postgres.files import move_away, stored_files
        from sendoff_tasks.postgres.moving import fill
        from sendoff_tasks.transaction.features import tables_of
    is_app = folder.app_mark.exists()
    lock = LockFile(folder.backend_lock)
    if not lock.take():
        raise _in_use(folder, folder.backend_lock)
    try:
        files = [] if is_app else [*stored_files(folder.root, kept)]
        purpose, features = (APP, []) if is_app else (purpose, features)
        with (
            closing(SqliteStore(folder.db, tables_of(features))) as store,
            store.reader.snapshot() as source,
        ):
            moved = fill(url, purpose, source, files, features)
        # First, because a folder without its file would look as if the file had been lost.
        write_atomic(folder.server_mark, SERVER_MARK)
        folder.db.replace(folder.db.with_name(f"{folder.db.name}{MOVED}"))
        store_mark(folder.db).unlink(missing_ok=True)
        flush_folder(folder.root)
        for name in moved.files:  # if a kill leaves some, the first start moves them
            move_away(folder.root, name)
    except StoreInUse as error:
        raise _in_use(folder, store_lock(folder.db)) from error
    except OSError as error:
        told = {"file": str(error.filename or folder.root), "why": error.strerror or str(error)}
        raise StoreError("store.failed", **told) from error
    finally:
        lock.release()
    return moved


def _in_use(folder: DataFolder, lock: Path) -> StoreError:
    pid = last_holder(lock)
    kind = "unknown" if pid is None else ""
    return StoreError("move.in_use", kind=kind, folder=str(folder.root), holder=pid)
