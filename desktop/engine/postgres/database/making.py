"""Creates the tables of a database, and refuses those of another version."""

from __future__ import annotations

from typing import Final

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.database.rights import check_rights
from desktop.engine.postgres.database.schema import SCHEMA, statements
from desktop.engine.store.errors import StoreError
from desktop.engine.store.tables.schema import VERSION

MAKING: Final = 0x53656E65
"""The advisory lock of a transaction that creates tables."""
OTHER_VERSION: Final = (
    f"The tables in the schema {SCHEMA} are of version {{}}; this program needs {VERSION}"
)
NEWER: Final = ". A newer Sendoff made them: update this one."
OLDER: Final = ". An older Sendoff made them: install that version, or use another database."


def prepare(connection: Connection) -> None:
    """Create the tables if there are none.

    Raises ``StoreError`` if they are of another version, or if the user lacks a right.
    """
    rights = check_rights(connection)
    if not rights.has_tables:
        rights.check_making()
        _make(connection)
    check_version(connection)


def check_version(connection: Connection) -> str:
    """Return the version of the tables; raise ``StoreError`` if this program cannot use it."""
    version = str(connection.execute("SELECT version FROM version").fetchone()[0])
    if version != VERSION:
        raise StoreError(OTHER_VERSION.format(version) + (NEWER if version > VERSION else OLDER))
    return version


def _make(connection: Connection) -> None:
    """Create the tables in one transaction, unless another process created them meanwhile."""
    with connection.real.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,)).fetchall()
        if connection.execute("SELECT to_regclass('version') IS NOT NULL").fetchone()[0]:
            return
        has_schema = "SELECT to_regnamespace(?) IS NOT NULL"
        if not connection.execute(has_schema, (SCHEMA,)).fetchone()[0]:
            connection.real.execute(f"CREATE SCHEMA {SCHEMA}".encode())
        for statement in statements():
            connection.real.execute(statement.encode())
