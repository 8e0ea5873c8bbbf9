"""A moment of a database, to which it can be put back, as by a standby without the last commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from sendoff_tasks.postgres.mark import READ, Groups

_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'sendoff'"
_SEQUENCES: Final = (
    "SELECT sequencename, last_value, start_value FROM pg_sequences WHERE schemaname = 'sendoff'"
)
_END_OTHERS: Final = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Past:
    """All rows and sequences of the database at ``url`` as they are now.

    ``number`` is that of the newest group.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        with self._admin() as admin:
            self._tables = [name for (name,) in admin.execute(_TABLES).fetchall()]
            self._numbers = admin.execute(_SEQUENCES).fetchall()
            self.number = Groups.decode(admin.execute(READ).fetchall()).newest.number
            admin.execute("DROP SCHEMA IF EXISTS past CASCADE")
            admin.execute("CREATE SCHEMA past")
            for name in self._tables:
                admin.execute(f"CREATE TABLE past.{name} AS TABLE {name}")

    def put_back(self) -> None:
        """End all sessions; what has changed since never was."""
        with self._alone() as admin, admin.transaction():
            admin.execute(f"TRUNCATE {', '.join(self._tables)}")
            for name in self._tables:
                admin.execute(f"INSERT INTO {name} TABLE past.{name}")
            for name, last, first in self._numbers:
                admin.execute("SELECT setval(%s, %s, %s)", (name, last or first, last is not None))

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """Give the only session of the database while the block runs."""
        place, _, name = self._url.rpartition("/")
        allow = f"ALTER DATABASE {name} ALLOW_CONNECTIONS {{}}"
        with (
            self._admin() as admin,
            psycopg.connect(f"{place}/postgres", autocommit=True) as outside,
        ):
            outside.execute(allow.format("false").encode())
            admin.execute(_END_OTHERS)
            yield admin
            outside.execute(allow.format("true").encode())

    def _admin(self) -> Any:
        return psycopg.connect(self._url, autocommit=True, options="-c search_path=sendoff")
