"""Sessions with PostgreSQL, why there is none, and what its errors mean for the writer."""

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

from sendoff_tasks.errors import NotWritable
from sendoff_tasks.model.program import command
from sendoff_tasks.postgres.cursor import PREPARED, Pipeline, PostgresCursor
from sendoff_tasks.postgres.schema import SCHEMA
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.tables.cursor import Rows

LASTING: Final = {
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "statement_timeout": "0",
    "lock_timeout": "0",
}
"""The server's own limits would end sessions that only listen, and each try of a large group."""
SETTINGS: Final = {
    **LASTING,
    "search_path": SCHEMA,
    # The server plans each statement once for all values, maybe while the tables are still empty.
    # With these settings a plan uses the index even if the statistics advise against it.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    # As on a disk without moving parts; otherwise the search for the tasks of one batch reads all.
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
    "client_encoding": "UTF8",
}
"""How long a server may be silent before it counts as gone; in s, ``tcp_user_timeout`` in ms.

The keepalives detect it for a session that only listens or waits. A user's own encoding does not
count.
"""
OLDEST: Final = 15
"""The oldest version of PostgreSQL that is tested."""
ENCODING: Final = "UTF8"
"""The encoding of the database: it stores every text."""
SET: Final = (
    "SELECT set_config(key, value, false) FROM jsonb_each_text(%s::jsonb) UNION ALL"
    " SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') <> 'remote_apply'"
)
"""Sets a session up. Its commits wait for the disk, and for more where the server asks for it."""


class _WholeLoader(Loader):
    """Reads sums, which PostgreSQL returns as ``numeric``; all of ours are whole numbers."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class Unsuited(psycopg.NotSupportedError):
    """The server's version or the database's encoding does not suit."""

    def __init__(self, reason: str, found: object, needed: object) -> None:
        self.refused = StoreError(f"database.{reason}", found=found, needed=needed)
        super().__init__(str(self.refused))


class Connection:
    """One session; raises ``psycopg.Error`` if it cannot be opened."""

    clock = staticmethod(time.monotonic)
    """Measures the cost of reading by elapsed time, because the thread waits for the server."""

    def __init__(self, url: str, **settings: str) -> None:
        with hiding(url):
            self.real = psycopg.connect(url, autocommit=True, prepare_threshold=1, **NETWORK)
        try:
            self._set_up(SETTINGS | settings)
        except BaseException:
            self.real.close()
            raise
        self._pipeline = Pipeline(self.real)

    def _set_up(self, settings: dict[str, str]) -> None:
        version = self.real.info.server_version // 10_000
        if version < OLDEST:
            raise Unsuited("too_old", version, OLDEST)
        encoding = self.real.info.parameter_status("server_encoding")
        if encoding != ENCODING:
            raise Unsuited("encoding", encoding, ENCODING)
        self.real.prepared_max = PREPARED
        self.real.adapters.register_dumper(int, Int8Dumper)
        self.real.adapters.register_loader("numeric", _WholeLoader)
        self.real.execute(SET, (json.dumps(settings),))

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


_REFUSALS: Final[dict[type[psycopg.Error], str]] = {
    errors.DiskFull: "full",
    errors.OutOfMemory: "memory",
    errors.TooManyConnections: "too_many",
    errors.AdminShutdown: "stopping",
    errors.CrashShutdown: "crashed",
    errors.CannotConnectNow: "starting",
    errors.ReadOnlySqlTransaction: "standby",
    errors.InsufficientPrivilege: "may_not_write",
}


class NoSession(NotWritable):
    """There is no session with the database's server."""


def is_refusal(error: Exception) -> bool:
    """Tell whether the server accepts nothing now; other errors are bugs of ours.

    So is what is beyond a limit of the server (class 54): no later try would succeed.
    """
    if isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith("54"):
        return False
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | MemoryError):
        return True
    return isinstance(error, errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege)


def not_writable(error: psycopg.Error) -> NotWritable:
    """Translate an error of the server, or of the connection to it."""
    for kind, name in _REFUSALS.items():
        if isinstance(error, kind):
            return NotWritable(f"database.{name}", command=command("doctor --database URL"))
    if error.sqlstate is not None:
        return NotWritable("store.refused", why=error.diag.message_primary)
    said = refused_by_server(error)
    return NoSession("database.refuses", said=said) if said else NoSession("database.gone")


BAD_ADDRESS: Final = (
    "its address cannot be read. Check its options, and percent-encode special characters in the"
    " password"
)
_HELPS: Final = {
    "password authentication failed": "password",
    "authentication failed": "user",
    "pg_hba.conf": "access",
    "too many": "too_many",
    "the database system is": "soon",
    "does not support SSL": "ssl",
    " does not exist": "create",
    "resolve host": "name",
    "Connection refused": "start",
    "No such file": "socket",
    "timeout expired": "network",
    "unreachable": "network",
    "No route to host": "network",
    "connection option": "address",
}
"""What helps, by words in the error of PostgreSQL or libpq; the first match counts.

Without a session there is no error code. If the server speaks another language, nothing matches.
"""


def why_unopened(error: psycopg.Error) -> StoreError:
    """Return why there is no session, and what helps.

    libpq's own text names each address that it has tried before it comes to the reason.
    """
    if isinstance(error, Unsuited):
        return error.refused
    if said := refused_by_server(error):
        return StoreError("database.refuses", said=said, help=_help(said))
    why = _reason(error).rstrip(".")
    place = error.pgconn
    if place is None or why == _first_line(error).rstrip("."):
        found = "" if error.sqlstate is not None else _help(why)
        return StoreError("database.unopened", why=why, help=found)
    if place.needs_password:
        return StoreError("database.login")
    host, port = place.host.decode(), place.port.decode()
    return StoreError("database.unreached", host=host, port=port, why=why, help=_help(why))


def _help(said: str) -> str:
    return next((name for words, name in _HELPS.items() if words in said), "")


def refused_by_server(error: psycopg.Error) -> str:
    """Return the words of a server that refused a session; empty if no server answered.

    A refused connection has no code, but libpq puts the server's words after their severity.
    """
    return _reason(error).partition(":  ")[2].rstrip(".")


def _reason(error: psycopg.Error) -> str:
    return _first_line(error).rpartition(" failed: ")[2]


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0].removeprefix("connection is bad: ")
