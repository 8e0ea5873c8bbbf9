"""A PostgreSQL server of the tests' own, and databases on it that are made in a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg

from desktop.items.tables.schema import metadata
from sendoff_tasks.postgres.opening import migrate
from tests.benchmarks.peers.services import postgres
from tests.looking import eventually


class Server:
    """Gives databases; ``url`` leads to the server's own one."""

    def __init__(self, url: str) -> None:
        self.url = url
        eventually(self._is_up)
        self._numbers = count(1)
        self._made = self._create("")
        migrate(self._made, metadata.sorted_tables)

    def empty(self) -> str:
        """Make a database without tables; returns its address."""
        return self._create("")

    def database(self, more: str = "") -> str:
        """Make one with the tables of the engine and the domain; ``more`` says where."""
        return self._create(f"TEMPLATE {self._made.rpartition('/')[2]} {more}")

    def _is_up(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create(self, like: str) -> str:
        name = f"tests_{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            # Copied in half the time; before version 15 it is the one way.
            how = "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(f"CREATE DATABASE {name} {how} {like}".encode())
        return f"{self.url.rpartition('/')[0]}/{name}"


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server while the block runs; its disk need not be synced."""
    with postgres(durable=False) as url:
        yield Server(url)
