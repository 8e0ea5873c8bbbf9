"""Sessions with PostgreSQL, and what its errors mean for the writer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from psycopg import errors
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from desktop.engine.errors import NotWritable
from desktop.engine.postgres.cursor import PostgresCursor
from desktop.engine.postgres.database.schema import SCHEMA
from desktop.engine.postgres.database.unopened import BAD_ADDRESS, REFUSED, refused_by_server
from desktop.engine.postgres.pipeline import PREPARED, Pipeline
from desktop.engine.store.tables.cursor import Rows

SETTINGS: Final = {
    "search_path": SCHEMA,
    # Plans are made once for all values, also while the tables are still empty: with these, each
    # statement goes by its index even where the statistics advise against it.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    # As on a disk without moving parts: else items of one batch are looked for among those of all.
    "random_page_cost": "1.1",
    "jit": "off",
    # Else the session of a machine that is gone would keep its locks for hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
READING: Final = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}
"""What is read between BEGIN and ROLLBACK belongs to one moment."""
NETWORK: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""How long a server may stay silent on the network before it counts as gone; s, the second in ms.

The keepalives find that out for a session that only listens, or waits.
"""
OLDEST: Final = 15
"""The oldest version of PostgreSQL that is tested."""
_SET: Final = "SELECT set_config(key, value, false) FROM jsonb_each_text(%s::jsonb)"


class _WholeLoader(Loader):
    """Reads sums, which PostgreSQL returns as ``numeric``; all of ours are whole."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class TooOld(psycopg.NotSupportedError):
    """The server is of a version that is not tested; its text is a sentence."""

    def __init__(self, version: int) -> None:
        super().__init__(f"The server is PostgreSQL {version}; {OLDEST} or newer is needed.")


class Connection:
    """One session; raises ``psycopg.Error`` where there can be none."""

    clock = staticmethod(time.monotonic)
    """What reading takes is the server's time, for which the thread only waits."""

    def __init__(self, url: str, **settings: str) -> None:
        with hiding(url):
            self.real = psycopg.connect(url, autocommit=True, prepare_threshold=1, **NETWORK)
        version = self.real.info.server_version // 10_000
        if version < OLDEST:
            self.real.close()
            raise TooOld(version)
        self.real.prepared_max = PREPARED
        self.real.adapters.register_dumper(int, Int8Dumper)
        self.real.adapters.register_loader("numeric", _WholeLoader)
        self.real.execute(_SET, (json.dumps(SETTINGS | settings),))
        self._pipeline = Pipeline(self.real)

    def cursor(self) -> PostgresCursor:
        """Return a cursor of its own."""
        return PostgresCursor(self.real, self._pipeline)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run a statement in a cursor of its own."""
        return self.cursor().execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun."""
        return self.real.info.transaction_status != TransactionStatus.IDLE

    @property
    def is_lost(self) -> bool:
        """Whether the way to the server is gone."""
        return self.real.closed

    def close(self) -> None:
        """End the session."""
        self.real.close()


@contextmanager
def hiding(url: str) -> Iterator[None]:
    """Keep an address that cannot be read out of what is raised: its password stands in it.

    Raises ``psycopg.OperationalError`` for one.
    """
    try:
        _check(url)
        yield
    except (ValueError, psycopg.ProgrammingError):
        raise psycopg.OperationalError(BAD_ADDRESS) from None


def _check(url: str) -> None:
    """Raise ``ValueError`` where a part of the password would be taken for the host or the rest."""
    parts = urlsplit(url)
    if "@" in parts.netloc.rpartition("@")[0] + parts.path + parts.fragment:
        raise ValueError(BAD_ADDRESS)


GONE: Final = "The database server cannot be reached: nothing new is accepted until it is back."
_SENTENCES: Final[dict[type[psycopg.Error], str]] = {
    errors.DiskFull: "The database server's disk is full, so nothing new can be kept.",
    errors.OutOfMemory: "The database server has no memory left; it is tried again soon.",
    errors.TooManyConnections: "The database server takes no more connections.",
    errors.AdminShutdown: "The database server is shutting down; it is tried again soon.",
    errors.CrashShutdown: "The database server is starting again; it is tried again soon.",
    errors.CannotConnectNow: "The database server is starting; it is tried again soon.",
    errors.ReadOnlySqlTransaction: "The database can only be read now; it may be a standby.",
    errors.InsufficientPrivilege: "The database user may not write to its tables; `sendoff doctor"
    " --database URL` says which right it lacks.",
}


def is_refusal(error: Exception) -> bool:
    """Tell whether the server takes nothing now; its other errors are our own mistakes."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return True
    return isinstance(error, errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege)


def not_writable(error: psycopg.Error) -> NotWritable:
    """Translate an error of the server, or of the way to it."""
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return NotWritable(sentence)
    if error.sqlstate is not None:
        return NotWritable(f"The database refused to write: {error.diag.message_primary}.")
    said = refused_by_server(error)
    return NotWritable(REFUSED.format(said) if said else GONE)
