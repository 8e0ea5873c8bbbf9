"""The writer's store on PostgreSQL: one session, replaced when it is lost, and its lock."""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from operator import attrgetter
from random import Random
from secrets import token_hex
from typing import Any, Final

import psycopg
from psycopg import errors
from sqlalchemy import Table

from sendoff_tasks.attempts.outcomes import GivenBack
from sendoff_tasks.dispatch.after_attempt import end
from sendoff_tasks.duties.recovery import doubt_lost
from sendoff_tasks.errors import EngineError, Overwritten
from sendoff_tasks.folder.database_backups import RESTORED_AT
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.model.states import State
from sendoff_tasks.postgres.connection import Connection, is_refusal, not_writable, why_unopened
from sendoff_tasks.postgres.cursor import PostgresCursor, PostgresRows
from sendoff_tasks.postgres.mark import ENDS, GROUP, READ, Groups, LostGroups, Newest, ServerMark
from sendoff_tasks.postgres.orders import adopt, hand_over
from sendoff_tasks.postgres.schema import NUMBERS
from sendoff_tasks.postgres.translation import insert_of
from sendoff_tasks.store.database import store_id
from sendoff_tasks.store.gaps import END
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import parts
from sendoff_tasks.transaction.group import OVERWRITTEN, Group
from sendoff_tasks.transaction.memory import Memory

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

    def next(self, after: int) -> int:
        """Return the next number above ``after``: those below are dropped, if any are reserved."""
        while self._next == self._end or self._next <= after:
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

    It stores its name: the ``store``'s newest group, counted on, and the number of this try. If its
    COMMIT gets no answer, the name is looked for once the server is back.
    """

    cursor: PostgresCursor
    scrubbed_to = END  # its files are the server's

    def __init__(
        self,
        cursor: PostgresCursor,
        store: PostgresWriterStore,
        memory: Memory,
        registry: Registry,
        random: Random,
        now: int,
    ) -> None:
        super().__init__(cursor, memory, registry, random, now)
        self._store = store
        self._turn = store.turn
        self.newest = store.newest._replace(number=store.newest.number + 1)
        self._named: PostgresRows | None = None
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
        is_named = True
        try:
            with self.cursor.together():
                super().commit()
        except errors.DivisionByZero as error:
            raise Overwritten(OVERWRITTEN) from error
        except psycopg.Error as error:
            if not self._is_on_disk(error):
                raise
        else:
            is_named = self._named is not None and self._named.rowcount > 0
        if is_named:
            self._store.on_disk(self)

    def complete(self) -> None:
        """Write the orders of workers, what was collected, and the transaction's name."""
        self._store.numbers.reserve(self.cursor)
        hand_over(self)
        self.cursor.flush()
        super().complete()
        self._named = self.cursor.execute(_NAME, (self._name,))

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
        return self._store.is_committed(self._name)

    def merge_words(self, *, all_parts: bool) -> bool:
        """Return ``False``: words are rows, whose room the server clears itself."""
        return False

    @property
    def _name(self) -> str:
        return f"{self.newest} {self._turn}"

    def next_task_id(self) -> int:
        """Take the next of the numbers reserved for this process."""
        self.memory.last_task = number = self._store.numbers.next(self.memory.last_task)
        self.newest = self.newest._replace(tasks=self.newest.tasks + 1)
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
DONE: Final = {State.SUCCEEDED, State.UNCERTAIN}
"""Ends of attempts that are, or may be, past their point of no return."""
REMEMBERED: Final = 100_000
"""The newest tasks done, or past their point of no return, that a process remembers: the server may
lose that."""
_FORGET_WORKERS: Final = "DELETE FROM workers"
_END_SESSION: Final = "SELECT pg_terminate_backend(?::int, ?::bigint)"
STANDBY: Final = "the server is a standby"
END_MS: Final = 1000
"""How long the server may take to end a lost session before the next try, ms."""


def read_term(group: Group) -> str:
    """Return the term of the process that runs the tasks; each process has a new one."""
    return str(group.cursor.execute(_TERM).fetchone()[0])


class PostgresWriterStore:
    """The store of the process that runs the tasks of the database at ``url``.

    A server that lacks groups which ``mark`` or this process knows went back in time: its tasks are
    treated as those of a restored store.
    """

    def __init__(self, url: str, connection: Connection, mark: ServerMark) -> None:
        self.store = store_id(connection)
        self._mark = mark
        self.is_displaced = False  # whether another process had the lock meanwhile
        self._url = url
        self.connection = connection
        self.session_name = new_name()
        self._name_session(connection)
        with connection.real.transaction():
            self.newest = _begin_run(connection, mark)
            connection.execute(_NEXT_TERM)
        self._term = _read_term(connection)
        self._done: dict[int, int] = {}  # tasks that are or may be done, and the group they are in
        self._cut_off: dict[int, int] = {}  # attempts under way here that a server has lost
        self._in_doubt: set[str] = set()  # groups whose COMMIT has no answer
        self._unopened: psycopg.Error | None = None  # why a lost session is not replaced yet
        self.turn = 0  # groups so far, also those that failed
        self._cursor = connection.cursor()  # of the last group
        self.numbers = TaskNumbers(lambda statement: self.connection.cursor().execute(statement))

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> PostgresGroup:
        """Return the next group; replace a lost session first, if the server is back."""
        self._reconnect()
        cursor = self._cursor = self.connection.cursor()
        self.turn += 1
        return PostgresGroup(cursor, self, memory, registry, random, now)

    def on_disk(self, group: PostgresGroup) -> None:
        """Note that a group is committed, before any of its messages leaves."""
        self.newest = group.newest
        self._done.update(dict.fromkeys(group.passed, group.newest.number))
        for task_id in group.ended:
            self._done.pop(task_id, None)
            if group.memory.running[task_id].record.state in DONE:
                self._done[task_id] = group.newest.number
        while len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]
        self._mark.see(self.store, group.newest)
        self._mark.keep(durable=bool(group.passed))

    def load(self, group: Group) -> None:
        """Load the writer's memory from the store.

        If the last COMMIT got no answer, the tasks that it claimed for this process never started.
        They are given back.
        """
        memory = group.memory
        last = self._last_group()
        if last in self._in_doubt:
            self.newest = Newest.decode(last)
        missing = Groups(self.store, Newest.decode(last), {}).lack(self.newest)
        if missing is not None:
            for running in memory.running.values():
                self._cut_off[running.claim.task_id] = running.claim.attempt
            memory.running = {n: each for n, each in memory.running.items() if not each.worker}
        memory.load(self.connection)
        if self.numbers.last:  # this process has more reserved numbers to give
            memory.last_task = self.numbers.last
        if missing is not None:
            self._went_back(group, missing, Newest.decode(last))
        elif last in self._in_doubt:
            self.adopt(group)
            for record in group.select(statements.RUNNING):
                if record.id not in memory.running:
                    end(group, record, GivenBack())

    def _went_back(self, group: Group, missing: LostGroups, found: Newest) -> None:
        """Have tasks begin paused, as in a restored store; what is known to be done is in doubt.

        Workers get a new lease, because their orders and notes went back, too.
        """
        group.cursor.execute(statements.ADD_META, (RESTORED_AT, str(missing)))
        group.cursor.execute(_FORGET_WORKERS)
        done = [task_id for task_id, number in self._done.items() if number > found.number]
        doubt_lost(group, done, self._cut_off)

    def adopt(self, group: Group) -> None:
        """Take over the attempts that workers run from the store's previous writer."""
        adopt(group)

    def give_back(self) -> bool:
        """Return ``False``: the server itself frees room on its disk."""
        return False

    def roll_back(self) -> None:
        """Roll a group back; close a session that does not answer."""
        self.numbers.forget_asked()
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
        self._mark.close()

    def is_committed(self, name: str) -> bool:
        """Tell whether a transaction was committed; raise if there is no server to ask."""
        self._in_doubt.add(name)
        self.connection.close()
        self._reconnect()
        is_committed = self._last_group() == name
        self._in_doubt.remove(name)
        return is_committed

    def _last_group(self) -> str | None:
        """Return the name of the last group that was committed, of any process."""
        return statements.read_meta(self.connection, GROUP)

    def _reconnect(self) -> None:
        if not self.connection.is_lost:
            return
        self.numbers.forget_asked()
        try:
            connection = Connection(self._url)
            self._unopened, is_ours = None, False
            try:
                is_ours = self._retake_lock(connection)
            finally:
                if not is_ours:
                    connection.close()
            if is_ours:
                self.connection = connection
        except psycopg.Error as error:
            self._unopened = error
            log.info("Could not connect to the database (will retry): %s", why_unopened(error))

    def _retake_lock(self, connection: Connection) -> bool:
        """Take the lock, unless another process has had it since; tell whether it was taken.

        The server may not know yet that an older session of this process is lost. It is told to
        end that session. A standby is refused: it may not have all yet. A server that has lost this
        process's term gets it again.
        """
        if connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
            raise errors.ReadOnlySqlTransaction(STANDBY)
        self._name_session(connection)
        if not take_lock(connection):
            for pid, name, _ in connection.real.execute(HOLDER, (LOCK,)):
                if name == self.session_name:
                    connection.execute(_END_SESSION, (pid, END_MS))
                else:
                    self.is_displaced = True
            if self.is_displaced or not take_lock(connection):
                return False
        term = _read_term(connection)
        self.is_displaced = term > self._term
        if term < self._term:
            connection.execute(statements.PUT_META, ("term", str(self._term)))
        return not self.is_displaced

    def _name_session(self, connection: Connection) -> None:
        connection.execute("SELECT set_config('application_name', ?, false)", (self.session_name,))


def _read_term(connection: Connection) -> int:
    row = connection.execute(_TERM).fetchone()
    return 0 if row is None else int(row[0])


def _begin_run(connection: Connection, mark: ServerMark) -> Newest:
    """Judge the tables, and begin a run; return the group after which it counts on.

    Tables that were restored or copied since they were opened last begin paused, and so do those
    that lack a group which is known. A dump is restored into a new schema, and a copied database
    has a number of its own.
    """
    groups = Groups.decode(connection.execute(READ).fetchall())
    missing = mark.missing(groups)
    (place,) = connection.execute(_PLACE).fetchone()
    if missing or statements.read_meta(connection, PLACE) not in {None, place}:
        connection.execute(statements.ADD_META, (RESTORED_AT, str(missing or "")))
        connection.execute(_FORGET_WORKERS)
    connection.execute(statements.PUT_META, (PLACE, place))
    lost = sorted(mark.known(groups.store), key=attrgetter("number")) if missing else []
    connection.execute(statements.PUT_META, (ENDS, groups.ends_after(lost)))
    last = max(groups.newest, *lost, key=attrgetter("number")) if lost else groups.newest
    return last._replace(run=token_hex(8))
