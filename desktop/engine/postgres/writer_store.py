"""The writer's store on PostgreSQL: one session, replaced when it is lost, and its lock."""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from secrets import token_hex
from typing import Any, Final

import psycopg
from psycopg import errors
from sqlalchemy import Table

from desktop.engine.attempts.outcomes import GivenBack
from desktop.engine.dispatch.after_attempt import end
from desktop.engine.errors import EngineError, Overwritten
from desktop.engine.functions.registry import Registry
from desktop.engine.log_rate_limit import LogRateLimit
from desktop.engine.postgres.connection import Connection, is_refusal, not_writable, why_unopened
from desktop.engine.postgres.cursor import PostgresCursor, PostgresRows
from desktop.engine.postgres.orders import adopt, hand_over
from desktop.engine.postgres.schema import NUMBERS
from desktop.engine.postgres.translation import insert_of
from desktop.engine.store.database import store_id
from desktop.engine.store.gaps import END
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.cursor import parts
from desktop.engine.transaction.group import OVERWRITTEN, Group
from desktop.engine.transaction.memory import Memory
from desktop.settings.database_backups import RESTORED_AT

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

LOCK: Final = 0x53656E64
"""The advisory lock of that process; one of its sessions holds it."""
FREE: Final = "sendoff_free"
"""The channel that is notified when that process ends."""
HOLDER: Final = (
    "SELECT pid, application_name, host(client_addr) FROM pg_locks"
    " JOIN pg_stat_activity USING (pid) JOIN pg_database ON pg_database.oid = database"
    " WHERE locktype = 'advisory' AND granted AND pg_database.datname = current_database()"
    " AND (classid, objid, objsubid) = (0, %s, 1)"
)
"""Reads which session has the lock; all sessions of a process have its name."""
_HOST: Final = 30
"""Characters kept of a machine's name; the server keeps 63 of a session's whole name."""


def take_lock(connection: Connection) -> bool:
    """Take the database for this process; return ``False`` if another one runs its tasks."""
    return bool(connection.execute("SELECT pg_try_advisory_lock(?)", (LOCK,)).fetchone()[0])


def new_name() -> str:
    """Return a new name for this process's sessions: its machine, its number, a unique token."""
    host = re.sub(r"[^!-~]", "?", socket.gethostname())[:_HOST]
    return f"sendoff {host} {os.getpid()} {token_hex(8)}"


def process_of(name: str) -> str | None:
    """Describe the process whose sessions have this name; ``None`` if an older version made it."""
    found = re.fullmatch(r"sendoff (\S+) (\d+) \S+", name)
    return None if found is None else f"process {found[2]} on {found[1]}"


def holder(connection: Connection) -> str | None:
    """Describe the process that runs the tasks; ``None`` if none does.

    A process of an older version, or a command that has the lock for a moment, is described by its
    session.
    """
    row = connection.real.execute(HOLDER, (LOCK,)).fetchone()
    if row is None:
        return None
    session, name, address = row
    if process := process_of(name):
        return process
    place = f" from {address}" if address else ""
    return f"another process{place} (session {session} of the database server)"


DOUBTFUL: Final = {"40003"}
"""After such an error, or one of class 08, COMMIT may have been done; a pooler reports them."""
NEXT_NUMBERS: Final = "SELECT nextval('tasks_id_seq')"


class TaskNumbers:
    """Gives task numbers, and reserves more on the server; unused numbers are lost.

    A group that finds none left waits for the server, and for all that was sent to it. To avoid
    that, a group that leaves few numbers asks for more together with all that it writes.
    """

    def __init__(self, read: Callable[[str], PostgresRows]) -> None:
        self._read = read
        self._next = self._end = 0
        self._asked: PostgresRows | None = None  # the request for more

    @property
    def last(self) -> int:
        """The last number that was given, 0 if there is none; the next ones may follow it."""
        return max(0, self._next - 1)

    def next(self) -> int:
        """Return the next number."""
        if self._next == self._end:
            asked, self._asked = self._asked or self._read(NEXT_NUMBERS), None
            self._next = asked.fetchall()[0][0]
            self._end = self._next + NUMBERS
        self._next += 1
        return self._next - 1

    def reserve(self, cursor: PostgresCursor) -> None:
        """Ask for more numbers if few are left; ``cursor`` must be sending without waiting."""
        if self._asked is None and self._end and self._end - self._next < NUMBERS // 2:
            self._asked = cursor.execute(NEXT_NUMBERS)

    def forget_asked(self) -> None:
        """Drop the request for more numbers, because its group was not written."""
        self._asked = None


class PostgresGroup(Group):
    """A transaction of the process that runs the database's tasks.

    ``numbers`` are the task numbers reserved for this process. The transaction stores its ``name``.
    If its COMMIT gets no answer, ``is_committed`` looks for the name once the server is back.
    """

    cursor: PostgresCursor
    scrubbed_to = END  # its files are the server's

    def __init__(
        self,
        cursor: PostgresCursor,
        numbers: TaskNumbers,
        name: str,
        is_committed: Callable[[str], bool],
        memory: Memory,
        registry: Registry,
        random: Random,
        now: int,
    ) -> None:
        super().__init__(cursor, memory, registry, random, now)
        self._numbers = numbers
        self._is_committed = is_committed
        self._name = name
        self._is_sent = False  # whether COMMIT may have reached the server
        self._commit: PostgresRows | None = None

    @property
    def written(self) -> int:
        """How many rows the group has changed so far."""
        return self.cursor.written

    def begin(self) -> None:
        """Open the transaction; BEGIN goes with the first statement."""
        self.cursor.begin()

    def fenced(self, rows: int, statement: str, values: Sequence[Any]) -> None:
        """Run an update; the COMMIT after it is skipped unless it changes exactly ``rows`` rows."""
        if self.cursor.is_together:
            self.cursor.execute_fenced(rows, statement, values)
        else:
            super().fenced(rows, statement, values)

    def insert(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows; a value that many rows share is sent once."""
        for part in parts(rows):
            self.cursor.execute(*insert_of(table, part))

    def commit(self) -> None:
        """Write what was collected and put it on disk, all in one round trip.

        If COMMIT gets no answer, ask the server whether it was done.
        """
        try:
            with self.cursor.together():
                super().commit()
        except errors.DivisionByZero as error:
            raise Overwritten(OVERWRITTEN) from error
        except psycopg.Error as error:
            if not self._is_on_disk(error):
                raise

    def complete(self) -> None:
        """Write the orders of workers, what was collected, and the transaction's name."""
        self._numbers.reserve(self.cursor)
        hand_over(self)
        self.cursor.flush()
        super().complete()
        self.cursor.execute(_NAME, (self._name,))

    def put_on_disk(self) -> None:
        """Send COMMIT; the server skips it if a statement before it fails."""
        self._is_sent = True
        self._commit = self.cursor.execute("COMMIT")

    def _is_on_disk(self, error: psycopg.Error) -> bool:
        if self._commit is not None and self._commit.statusmessage == "COMMIT":
            return True  # the session was lost after it
        code = error.sqlstate
        if not self._is_sent or not (code is None or code in DOUBTFUL or code.startswith("08")):
            return False  # the server refused a statement
        return self._is_committed(self._name)

    def merge_words(self, *, all_parts: bool) -> bool:
        """Return ``False``: words are rows, whose room the server clears itself."""
        return False

    def next_task_id(self) -> int:
        """Take the next of the numbers reserved for this process."""
        self.memory.last_task = number = self._numbers.next()
        return number


_TERM: Final = "SELECT value FROM meta WHERE key = 'term'"
_NEXT_TERM: Final = (
    "INSERT INTO meta VALUES ('term', '1') ON CONFLICT (key)"
    " DO UPDATE SET value = (meta.value::bigint + 1)::text"
)
PLACE: Final = "place"
"""The key in ``meta`` of the database and the schema in which the tables were opened last."""
_PLACE: Final = (
    "SELECT (SELECT oid FROM pg_database WHERE datname = current_database())"
    " || '.' || current_schema()::regnamespace::oid"
)
_NAME: Final = (
    "INSERT INTO meta SELECT 'group', ? WHERE pg_current_xact_id_if_assigned() IS NOT NULL"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
"""Stores the name of the last group that changed something; other groups write nothing to disk.
The server's own transaction numbers cannot replace the name: after a crash the server gives the
numbers of lost transactions again."""
_END_SESSION: Final = "SELECT pg_terminate_backend(?::int, ?::bigint)"
END_MS: Final = 1000
"""How long the server may take to end a lost session before the next try, ms."""


def read_term(group: Group) -> str:
    """Return the term of the process that runs the tasks; each process has a new one."""
    return str(group.cursor.execute(_TERM).fetchone()[0])


class PostgresWriterStore:
    """The store of the process that runs the tasks of the database at ``url``."""

    def __init__(self, url: str, connection: Connection) -> None:
        self.store = store_id(connection)
        self.is_displaced = False  # whether another process had the lock meanwhile
        self._url = url
        self.connection = connection
        self.session_name = new_name()
        self._name_session(connection)
        _mark_restored(connection)
        connection.execute(_NEXT_TERM)
        self._term = connection.execute(_TERM).fetchone()
        self._in_doubt: set[str] = set()  # groups whose COMMIT has no answer
        self._unopened: psycopg.Error | None = None  # why a lost session is not replaced yet
        self._groups = 0
        self._cursor = connection.cursor()  # of the last group
        self._numbers = TaskNumbers(lambda statement: self.connection.cursor().execute(statement))

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> PostgresGroup:
        """Return the next group; replace a lost session first, if the server is back."""
        self._reconnect()
        cursor = self._cursor = self.connection.cursor()
        self._groups += 1
        name = f"{self.session_name} {self._groups}"
        return PostgresGroup(
            cursor, self._numbers, name, self._is_committed, memory, registry, random, now
        )

    def load(self, group: Group) -> None:
        """Load the writer's memory from the store.

        If the last COMMIT got no answer, the tasks that it claimed for this process never started.
        They are given back.
        """
        memory = group.memory
        memory.load(self.connection)
        if self._numbers.last:  # this process has more reserved numbers to give
            memory.last_task = self._numbers.last
        if self._in_doubt and self._last_group() in self._in_doubt:
            self.adopt(group)
            for record in group.select(statements.RUNNING):
                if record.id not in memory.running:
                    end(group, record, GivenBack())

    def adopt(self, group: Group) -> None:
        """Take over the attempts that workers run from the store's previous writer."""
        adopt(group)

    def give_back(self) -> bool:
        """Return ``False``: the server itself frees room on its disk."""
        return False

    def roll_back(self) -> None:
        """Roll a group back; close a session that does not answer."""
        self._numbers.forget_asked()
        try:
            if self.connection.in_transaction:
                self._cursor.roll_back()
        except (psycopg.Error, MemoryError):
            self.connection.close()

    def is_refusal(self, error: Exception) -> bool:
        """Tell whether the server accepts nothing now; other errors are bugs of ours."""
        return is_refusal(error)

    def refusal(self, error: Exception) -> EngineError | None:
        """Translate an error of the server; ``None`` for other errors."""
        if not isinstance(error, psycopg.Error):
            return None
        return not_writable(self._unopened or error)

    def close(self) -> None:
        """Release the lock, notify the other processes, and end the session."""
        with suppress(psycopg.Error):
            self.connection.execute("SELECT pg_advisory_unlock(?)", (LOCK,))
            self.connection.execute(f"NOTIFY {FREE}")
        self.connection.close()

    def _is_committed(self, name: str) -> bool:
        """Tell whether a transaction was committed; raise if there is no server to ask."""
        self._in_doubt.add(name)
        self.connection.close()
        self._reconnect()
        is_committed = self._last_group() == name
        self._in_doubt.remove(name)
        return is_committed

    def _last_group(self) -> str | None:
        """Return the name of the last group that was committed, of any process."""
        return statements.read_meta(self.connection, "group")

    def _reconnect(self) -> None:
        if not self.connection.is_lost:
            return
        self._numbers.forget_asked()
        try:
            connection = Connection(self._url)
            self._unopened = None
            if self._retake_lock(connection):
                self.connection = connection
            else:
                connection.close()
        except psycopg.Error as error:
            self._unopened = error
            log.info("There is no session with the database yet: %s", why_unopened(error))

    def _retake_lock(self, connection: Connection) -> bool:
        """Take the lock, unless another process has had it since; tell whether it was taken.

        The server may not know yet that an older session of this process is lost. It is told to
        end that session.
        """
        self._name_session(connection)
        if not take_lock(connection):
            for pid, name, _ in connection.real.execute(HOLDER, (LOCK,)):
                if name == self.session_name:
                    connection.execute(_END_SESSION, (pid, END_MS))
                else:
                    self.is_displaced = True
            if self.is_displaced or not take_lock(connection):
                return False
        self.is_displaced = connection.execute(_TERM).fetchone() != self._term
        return not self.is_displaced

    def _name_session(self, connection: Connection) -> None:
        connection.execute("SELECT set_config('application_name', ?, false)", (self.session_name,))


def _mark_restored(connection: Connection) -> None:
    """Mark tables that were restored or copied since they were opened last, so they begin paused.

    A dump is restored into a new schema, and a copied database has a number of its own.
    """
    (place,) = connection.execute(_PLACE).fetchone()
    if statements.read_meta(connection, PLACE) not in {None, place}:
        connection.execute(statements.ADD_META, (RESTORED_AT, ""))
    connection.execute(statements.PUT_META, (PLACE, place))
