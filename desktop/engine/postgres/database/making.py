"""Making the tables of a database, and bringing those of an older version to this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.database.schema import (
    FILES,
    FORGETTING,
    HANDED,
    INDEXES,
    KINDS,
    ORDERED,
    RAN_ON,
    RELAYED,
    SCHEMA,
    UPGRADES,
    WORKERS,
    statements,
)
from desktop.engine.postgres.writer_store import LOCK
from desktop.engine.store.errors import StoreError
from desktop.engine.store.tables.schema import VERSION

MAKING: Final = 0x53656E65
"""The advisory lock of a transaction that makes the tables."""
OTHER_VERSION: Final = (
    f"The tables in the schema {SCHEMA} are of version {{}}; this program needs {VERSION}"
)
NEWER: Final = ". A newer Sendoff made them: update this one."
OLDER: Final = ". End the process that runs the tasks."


def prepare(connection: Connection) -> None:
    """Make the tables that are missing, and bring them to this program's version, or refuse."""
    if not _is_complete(connection):
        with _alone(connection):
            _make(connection)
    if _version(connection) in UPGRADES:
        with _alone(connection):
            _upgrade(connection)
    version = _version(connection)
    if version != VERSION:
        way_out = NEWER if version > VERSION else OLDER if version in UPGRADES else "."
        raise StoreError(OTHER_VERSION.format(version) + way_out)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Change the tables in one transaction, one process after the other."""
    with connection.real.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,)).fetchall()
        yield


def _version(connection: Connection) -> str:
    return str(connection.execute("SELECT version FROM version").fetchone()[0])


def _upgrade(connection: Connection) -> None:
    """Bring the tables to this version, unless a process of the older one runs their tasks."""
    while _is_idle(connection) and (version := _version(connection)) in UPGRADES:
        for statement in UPGRADES[version]:
            connection.real.execute(statement.encode())


def _is_idle(connection: Connection) -> bool:
    """Tell whether no process runs the tasks; none begins to before the transaction ends."""
    return bool(connection.execute("SELECT pg_try_advisory_xact_lock(?)", (LOCK,)).fetchone()[0])


def _make(connection: Connection) -> None:
    """Make what another process has not made meanwhile."""
    missing: list[str] = []
    if not _has(connection, "version"):
        missing += (f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}", *statements())
    else:
        if not _has(connection, "handed"):
            missing += HANDED
        elif not _says_kinds(connection):
            missing += KINDS
        if not _has(connection, "workers"):
            missing += WORKERS
        elif not _has(connection, "orders_by_number"):
            missing += ORDERED
        if not _has(connection, "ran_on"):
            missing += RAN_ON
        if not _has(connection, "forget_tasks") and _is_idle(connection):
            missing += FORGETTING
        if not _has(connection, "files"):
            missing += FILES
        if not _has(connection, "items_by_informed_and_id"):
            missing += INDEXES
        if not _has(connection, "relayed"):
            missing += RELAYED
    for statement in missing:
        connection.real.execute(statement.encode())


def _is_complete(connection: Connection) -> bool:
    indexes = ("orders_by_number", "items_by_informed_and_id")
    newest = ("version", "workers", "ran_on", "forget_tasks", "files", "relayed", *indexes)
    return _says_kinds(connection) and all(_has(connection, name) for name in newest)


def _says_kinds(connection: Connection) -> bool:
    kind = "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('handed') AND attname = 'kind'"
    return connection.execute(kind).fetchone() is not None


def _has(connection: Connection, name: str) -> bool:
    """Tell whether there is a table, an index or a function of this name."""
    found = "SELECT coalesce(to_regclass(?)::oid, to_regproc(?)::oid) IS NOT NULL"
    return bool(connection.execute(found, (name, f"{SCHEMA}.{name}")).fetchone()[0])
