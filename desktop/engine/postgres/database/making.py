"""Creates the tables of a database, and upgrades those of an older version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from psycopg import errors

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.database.holder import LOCK, holder
from desktop.engine.postgres.database.rights import check_rights
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
from desktop.engine.store.errors import StoreError
from desktop.engine.store.reads.vocabulary import LONGEST, words
from desktop.engine.store.tables.schema import VERSION

MAKING: Final = 0x53656E65
"""The advisory lock of a transaction that creates or upgrades tables."""
OTHER_VERSION: Final = (
    f"The tables in the schema {SCHEMA} are of version {{}}; this program needs {VERSION}"
)
NEWER: Final = ". A newer Sendoff made them: update this one."
OLDER: Final = ". End {}, which runs the tasks with an older Sendoff."

_CORRECTED: Final = """
SELECT tasks.id, present.recipient FROM tasks, LATERAL (SELECT recipient FROM corrections AS c
    WHERE c.item_id = tasks.item_id ORDER BY number DESC LIMIT 1) AS present
WHERE present.recipient <> tasks.recipient
"""
"""Reads the tasks of corrected items, with the current recipient of each."""
_ADD_WORDS: Final = f"""
INSERT INTO words SELECT ?::bigint, array_to_tsvector(ARRAY(SELECT DISTINCT left(word, {LONGEST})
    FROM unnest(string_to_array(?::text, ' ')) AS word WHERE word <> ''))
ON CONFLICT (task_id) DO UPDATE SET words = words.words || excluded.words
"""  # noqa: S608


def prepare(connection: Connection) -> None:
    """Create missing tables, and upgrade older ones to this program's version.

    Raises ``StoreError`` if the version does not fit, or if the user lacks a right.
    """
    rights = check_rights(connection)
    for is_due, change in ((is_incomplete, _make), (_is_older, _upgrade)):
        if is_due(connection):
            rights.check_making()
            _change(connection, change)
    version = version_of(connection)
    if version != VERSION:
        way_out = NEWER if version > VERSION else _way_out_of_older(connection, version)
        raise StoreError(OTHER_VERSION.format(version) + way_out)


def _way_out_of_older(connection: Connection, version: str) -> str:
    return OLDER.format(holder(connection) or "the process") if version in UPGRADES else "."


def _change(connection: Connection, change: Callable[[Connection], None]) -> None:
    """Change the tables in one transaction; only one process at a time does so.

    Another process may use the tables meanwhile, and each may wait for the other. The server ends
    such a deadlock by an error in one of the two; this one then begins again.
    """
    try:
        with _one_at_a_time(connection):
            change(connection)
    except errors.DeadlockDetected:
        with _one_at_a_time(connection):
            change(connection)


@contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    with connection.real.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,)).fetchall()
        yield


def version_of(connection: Connection) -> str:
    """Return the version of the existing tables."""
    return str(connection.execute("SELECT version FROM version").fetchone()[0])


def _upgrade(connection: Connection) -> None:
    """Upgrade the tables to this version, unless a process of the older one runs their tasks."""
    while _is_idle(connection) and (version := version_of(connection)) in UPGRADES:
        for statement in UPGRADES[version]:
            connection.real.execute(statement.encode())
        if version == "0022":
            _add_corrected_words(connection)


def _add_corrected_words(connection: Connection) -> None:
    """Let search find tasks by the current recipient of their item, too.

    The text is split into words here, because the server's locale decides there what a letter is
    and how its case changes.
    """
    found = connection.execute(_CORRECTED).fetchall()
    connection.cursor().executemany(_ADD_WORDS, [(task, words(to)) for task, to in found])


def _is_idle(connection: Connection) -> bool:
    """Return whether no process runs the tasks; then none can begin during the transaction."""
    return bool(connection.execute("SELECT pg_try_advisory_xact_lock(?)", (LOCK,)).fetchone()[0])


def _make(connection: Connection) -> None:
    """Create what another process has not created meanwhile."""
    missing: list[str] = []
    if not _has(connection, "version"):
        if not _has_schema(connection):  # a user may create tables in it, but not it
            missing.append(f"CREATE SCHEMA {SCHEMA}")
        missing += statements()
    else:
        if not _has(connection, "handed"):
            missing += HANDED
        elif not _has_kinds(connection):
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


def _is_older(connection: Connection) -> bool:
    return version_of(connection) in UPGRADES


def is_incomplete(connection: Connection) -> bool:
    """Return whether there are no tables, or a part of this version is missing."""
    indexes = ("orders_by_number", "items_by_informed_and_id")
    newest = ("version", "workers", "ran_on", "forget_tasks", "files", "relayed", *indexes)
    return not (_has_kinds(connection) and all(_has(connection, name) for name in newest))


def _has_schema(connection: Connection) -> bool:
    found = "SELECT to_regnamespace(?) IS NOT NULL"
    return bool(connection.execute(found, (SCHEMA,)).fetchone()[0])


def _has_kinds(connection: Connection) -> bool:
    kind = "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('handed') AND attname = 'kind'"
    return connection.execute(kind).fetchone() is not None


def _has(connection: Connection, name: str) -> bool:
    """Return whether there is a table, an index or a function of this name."""
    found = "SELECT coalesce(to_regclass(?)::oid, to_regproc(?)::oid) IS NOT NULL"
    return bool(connection.execute(found, (name, f"{SCHEMA}.{name}")).fetchone()[0])
