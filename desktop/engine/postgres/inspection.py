"""Describes a database to a person; it only reads, and changes nothing."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final, NamedTuple

from desktop.engine.postgres.connection import READING, Connection
from desktop.engine.postgres.database.holder import holder
from desktop.engine.postgres.database.rights import check_rights
from desktop.engine.postgres.opening import as_sentences, check_version, size_of
from desktop.engine.store.tables import statements

_TASKS: Final = "SELECT coalesce(sum(n), 0) FROM counts"
_WORKERS: Final = "SELECT count(*) FROM workers WHERE stage = 'ready'"
_FILE: Final = "SELECT content FROM files WHERE path = ?"


class ServerStore(NamedTuple):
    """A database with tables of this version; ``size`` is in bytes.

    ``server`` is the version of PostgreSQL, ``version`` that of the tables. ``holder`` says which
    process runs the tasks; ``remembered`` is the text of the application in the store.
    """

    server: str
    version: str
    tasks: int
    size: int
    holder: str | None
    workers: int
    settings: bytes | None
    remembered: str | None


def look(url: str, settings: str) -> ServerStore | None:
    """Describe a database, with its file at the path ``settings``; ``None`` before it has tables.

    Raises ``StoreError``, with a sentence, if it cannot be used.
    """
    with as_sentences(), closing(Connection(url, **READING)) as session:
        rights = check_rights(session)
        if not rights.has_tables:
            rights.check_making()
            return None
        version = check_version(session)
        found = session.execute(_FILE, (settings,)).fetchone()
        remembered = session.execute(statements.META, (statements.APPLICATION,)).fetchone()
        return ServerStore(
            server=str(session.real.info.server_version // 10_000),
            version=version,
            tasks=int(_read_one(session, _TASKS)),
            size=size_of(session),
            holder=holder(session),
            workers=int(_read_one(session, _WORKERS)),
            settings=None if found is None else bytes(found[0]),
            remembered=None if remembered is None else str(remembered[0]),
        )


def _read_one(session: Connection, statement: str) -> Any:
    return session.execute(statement).fetchone()[0]
