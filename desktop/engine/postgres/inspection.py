"""What a person is told of a database: it is only read, and nothing is made in it."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final, NamedTuple

from desktop.engine.postgres.connection import READING, Connection
from desktop.engine.postgres.database.making import NEWER, OTHER_VERSION
from desktop.engine.postgres.database.schema import SCHEMA
from desktop.engine.postgres.opening import NO_RIGHT, as_sentences
from desktop.engine.postgres.writer_store import HOLDER, LOCK
from desktop.engine.store.errors import StoreError
from desktop.engine.store.tables.schema import VERSION

_HAS_TABLES: Final = (
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'version')"
)
"""Also where the user may not see what is in the schema."""
_MAY_CREATE: Final = "SELECT has_database_privilege(current_database(), 'CREATE')"
MAY_NOT_CREATE: Final = "it may not create the schema"
_VERSION: Final = f"SELECT version FROM {SCHEMA}.version"  # noqa: S608
_TASKS: Final = "SELECT coalesce(sum(n), 0) FROM counts"
_SIZE: Final = (
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = ?::regnamespace"
)
_WORKERS: Final = "SELECT count(*) FROM workers WHERE stage = 'ready'"
_FILE: Final = "SELECT content FROM files WHERE path = ?"
MIGRATE: Final = ". Run `sendoff migrate --database URL`."


class ServerStore(NamedTuple):
    """A database with tables of this version; ``size`` is in bytes, ``server`` its version."""

    server: str
    version: str
    tasks: int
    size: int
    is_run: bool
    workers: int
    settings: bytes | None


def look(url: str, settings: str) -> ServerStore | None:
    """Look at a database, and read the file of settings in it; ``None`` before it has tables.

    Raises ``StoreError``, with a sentence, where it cannot be used.
    """
    with as_sentences(), closing(Connection(url, **READING)) as session:
        if not _one(session, _HAS_TABLES, SCHEMA):
            if not _one(session, _MAY_CREATE):
                raise StoreError(NO_RIGHT.format(MAY_NOT_CREATE))
            return None
        version = str(_one(session, _VERSION))
        if version != VERSION:
            way_out = NEWER if version > VERSION else MIGRATE
            raise StoreError(OTHER_VERSION.format(version) + way_out)
        found = session.execute(_FILE, (settings,)).fetchone()
        return ServerStore(
            server=str(session.real.info.server_version // 10_000),
            version=version,
            tasks=int(_one(session, _TASKS)),
            size=int(_one(session, _SIZE, SCHEMA)),
            is_run=bool(session.real.execute(HOLDER, (LOCK,)).fetchall()),
            workers=int(_one(session, _WORKERS)),
            settings=None if found is None else bytes(found[0]),
        )


def _one(session: Connection, statement: str, *values: object) -> Any:
    return session.execute(statement, values).fetchone()[0]
