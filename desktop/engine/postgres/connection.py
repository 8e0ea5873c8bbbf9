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
    # The server plans each statement once for all values, maybe while the tables are still empty.
    # With these settings a plan uses the index even if the statistics advise against it.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    # As on a disk without moving parts; otherwise the search for the items of one batch reads all.
    "random_page_cost": "1.1",
    "jit": "off",
    # Otherwise the session of a machine that is gone would keep its locks for hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
READING: Final = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}
"""With these settings all reads between BEGIN and ROLLBACK see one moment."""
NETWORK: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""How long a server may be silent before it counts as gone; in s, ``tcp_user_timeout`` in ms.

The keepalives detect it for a session that only listens or waits.
"""
OLDEST: Final = 15
"""The oldest version of PostgreSQL that is tested."""
_SET: Final = "SELECT set_config(key, value, false) FROM jsonb_each_text(%s::jsonb)"


class _WholeLoader(Loader):
    """Reads sums, which PostgreSQL returns as ``numeric``; all of ours are whole numbers."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class TooOld(psycopg.NotSupportedError):
    """The server's version is older than those that are tested; the text is a sentence."""

    def __init__(self, version: int) -> None:
        super().__init__(f"The server is PostgreSQL {version}; {OLDEST} or newer is needed.")


class Connection:
    """One session; raises ``psycopg.Error`` if it cannot be opened."""

    clock = staticmethod(time.monotonic)
    """Measures the cost of reading by elapsed time, because the thread waits for the server."""

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
        """Return a new cursor."""
        return PostgresCursor(self.real, self._pipeline)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run a statement in a new cursor."""
        return self.cursor().execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self.real.info.transaction_status != TransactionStatus.IDLE

    @property
    def is_lost(self) -> bool:
        """Whether the connection to the server is closed or lost."""
        return self.real.closed

    def close(self) -> None:
        """End the session."""
        self.real.close()


@contextmanager
def hiding(url: str) -> Iterator[None]:
    """Keep an unreadable address out of the errors of the block, because it contains the password.

    Raises ``psycopg.OperationalError`` for such an address.
    """
    try:
        _check_address(url)
        yield
    except (ValueError, psycopg.ProgrammingError):
        raise psycopg.OperationalError(BAD_ADDRESS) from None


def _check_address(url: str) -> None:
    """Raise ``ValueError`` if a part of the password would be read as the host or the rest."""
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
    """Return whether the server accepts nothing now; other errors are bugs of ours."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | MemoryError):
        return True
    return isinstance(error, errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege)


def not_writable(error: psycopg.Error) -> NotWritable:
    """Translate an error of the server, or of the connection to it."""
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return NotWritable(sentence)
    if error.sqlstate is not None:
        return NotWritable(f"The database refused to write: {error.diag.message_primary}.")
    said = refused_by_server(error)
    return NotWritable(REFUSED.format(said) if said else GONE)
