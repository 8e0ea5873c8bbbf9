"""A process's two sessions with the server, and handing requests over by them."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import AsyncConnection, OperationalError

from sendoff_tasks.folder.database_backups import RESTORED_AT
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.worker_offer import WorkerOffer
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.postgres.connection import LASTING, NETWORK, SET, hiding, why_unopened
from sendoff_tasks.postgres.handed_rows import HAND_OVER, LINE, WAITING, answer_text
from sendoff_tasks.postgres.mark import READ, Groups, ServerMark
from sendoff_tasks.postgres.orders import NOTED, OFFERED, READY, WORKERS, functions_of, read_offer
from sendoff_tasks.postgres.writer_store import FREE, HOLDER, LOCK
from sendoff_tasks.processes.submitting import LOOK_S, Submitter, woken_within
from sendoff_tasks.words.table import ENGLISH

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

_ANSWER: Final = "SELECT body_hash, answer FROM sendoff.idempotency WHERE key = %s"
_ACT_AS: Final = "SELECT set_config('application_name', %s, false)"
_ADDRESS: Final = "SELECT value FROM sendoff.meta WHERE key = 'address'"
_ALIVE: Final = "SELECT application_name FROM pg_stat_activity WHERE application_name = ANY(%s)"
_RESTORED: Final = f"SELECT 1 FROM sendoff.meta WHERE key = '{RESTORED_AT}'"  # noqa: S608
_TELL_LOST: Final = (
    f"WITH told AS (INSERT INTO sendoff.meta VALUES ('{RESTORED_AT}', %s)"  # noqa: S608
    f" ON CONFLICT (key) DO NOTHING RETURNING key) SELECT pg_notify('{NOTED}', '') FROM told"
)
SIGN_OF_LIFE: Final = "SELECT 1"
_SILENCE: Final = (
    f"WITH holder AS ({HOLDER})"  # noqa: S608
    " SELECT pid, application_name, extract(epoch FROM clock_timestamp() - (SELECT max(query_start)"
    " FROM pg_stat_activity AS own WHERE own.application_name = holder.application_name)),"
    " current_user FROM holder"
)


class HandedRow(NamedTuple):
    """A row that was handed over; ``number`` is its place among its sender's rows.

    It is a line of a process, or a task.
    """

    id: int
    sender: str
    number: int
    is_line: bool
    wanted: str


class WorkerRow(NamedTuple):
    """A worker as it is now.

    ``beat`` changes while it lives. ``has_noted`` tells whether it has notes to apply. ``offer``
    changes when its offer does.
    """

    id: str
    name: str
    stage: str
    beat: int
    has_noted: bool
    offer: str


class Holder(NamedTuple):
    """The process that runs the tasks: its session with the lock, and the name of all its sessions.

    ``silent`` is how long, in s, none of its sessions has asked the server anything; ``None`` if
    the server does not tell that to ``asker``, the database user of this process.
    """

    session: int
    name: str
    silent: float | None
    asker: str


class ServerLink:
    """Asks the server; notifications set ``woken``, and so may others."""

    def __init__(self, asking: AsyncConnection[Any]) -> None:
        self.woken = asyncio.Event()
        self.told: set[str] = set()  # texts of notifications
        self.is_left = False  # whether the process that ran the tasks said that it ends
        self.free_since: float | None = None  # when no process was found to run them, steady s
        self._asking = asking
        self._listening: asyncio.Task[None] | None = None

    async def hand_over(self, process: str, number: int, line: str) -> None:
        """Hand a line over to the process that runs the tasks."""
        about = {"sender": process, "number": number, "kind": LINE}
        row = {**about, "token": None, "wanted": line}
        await self._asking.execute(HAND_OVER, row)

    async def answer(self, process: str) -> bytes | None:
        """Return the last answer to this process's lines."""
        row = await (await self._asking.execute(_ANSWER, (process,))).fetchone()
        return None if row is None else answer_text(*row)

    async def waiting(self) -> list[list[HandedRow]]:
        """Return what was handed over, oldest first: each line, and the tasks of each request."""
        rows = await (await self._asking.execute(WAITING)).fetchall()
        together: dict[object, list[HandedRow]] = {}
        for each in rows:
            row = HandedRow(*each)
            own = row.number if row.is_line else None
            together.setdefault((row.sender, own), []).append(row)
        return list(together.values())

    async def workers(self) -> list[WorkerRow]:
        """Return the workers."""
        rows = await (await self._asking.execute(WORKERS)).fetchall()
        return [WorkerRow(*row) for row in rows]

    async def ready(self) -> set[tuple[str, str]]:
        """Return the ids of the workers that take orders, each with its offer's version."""
        return set(await (await self._asking.execute(READY)).fetchall())

    async def offered(self) -> list[WorkerOffer]:
        """Return the offers of those workers, as far as they can be read."""
        rows = await (await self._asking.execute(OFFERED)).fetchall()
        found = (read_offer(*row) for row in rows)
        return [each for each in found if each is not None]

    async def compare(self, mark: ServerMark) -> None:
        """Remember the newest group. If the server lacks a known one, tell who runs the tasks.

        That process itself knows what it has lost of its own run.
        """
        groups = Groups.decode(await (await self._asking.execute(READ)).fetchall())
        missing = mark.missing(groups)
        if missing is not None:
            if groups.newest.run in {known.run for known in mark.known(groups.store)}:
                return
            await self._asking.execute(_TELL_LOST, (str(missing),))
        mark.see(groups.store, groups.newest)

    async def is_restored(self) -> bool:
        """Tell whether the database is marked as older than it was."""
        return await (await self._asking.execute(_RESTORED)).fetchone() is not None

    async def address(self, name: str) -> str | None:
        """Return where the process with this name is reached, if it was the last to tell that."""
        row = await (await self._asking.execute(_ADDRESS)).fetchone()
        told = "" if row is None else str(row[0])
        return told.removeprefix(f"{name} ") if told.startswith(f"{name} ") else None

    async def alive(self, names: Sequence[str]) -> set[str]:
        """Return those names by which the server knows a session."""
        rows = await (await self._asking.execute(_ALIVE, ([*names],))).fetchall()
        return {name for (name,) in rows}

    async def act_as(self, name: str) -> None:
        """Set the name by which the server knows this session."""
        await self._asking.execute(_ACT_AS, (name,))

    @asynccontextmanager
    async def showing_life(self, name: str, every: float) -> AsyncIterator[None]:
        """Ask the server something every ``every`` s while the block runs.

        ``name`` is that of the process's other sessions: a request in one shows that all live.
        """
        await self.act_as(name)
        asking = asyncio.create_task(self._ask_on(every))
        try:
            yield
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _ask_on(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self._asking.execute(SIGN_OF_LIFE)

    async def holder(self) -> Holder | None:
        """Return the process that runs the tasks, if there is one."""
        row = await (await self._asking.execute(_SILENCE, (LOCK,))).fetchone()
        if row is None:
            return None
        session, name, silent, asker = row
        return Holder(session, name, None if silent is None else float(silent), asker)

    async def end_session(self, session: int) -> None:
        """End a session, which releases its locks."""
        await self._asking.execute("SELECT pg_terminate_backend(%s)", (session,))

    async def wait(self, seconds: float) -> bool:
        """Wait until woken, or ``seconds``; raise ``psycopg.Error`` once the server is gone."""
        is_woken = await woken_within(seconds, self.woken)
        if self._listening is not None and self._listening.done():
            self._listening.result()
            raise OperationalError("the session that listens has ended")
        return is_woken

    async def _listen(self, session: AsyncConnection[Any]) -> None:
        """Receive notifications as they come; the driver itself would poll ten times a second."""
        loop, socket = asyncio.get_running_loop(), session.fileno()
        lost: asyncio.Future[Exception] = loop.create_future()

        def read() -> None:
            try:
                session.pgconn.consume_input()
                while (notified := session.pgconn.notifies()) is not None:
                    self._hear(notified.relname.decode(), notified.extra.decode())
            except Exception as error:  # noqa: BLE001 - passed to the waiter
                loop.remove_reader(socket)
                if not lost.done():
                    lost.set_result(error)

        loop.add_reader(socket, read)
        try:
            read()
            raise await lost
        finally:
            loop.remove_reader(socket)
            self.woken.set()

    def _hear(self, channel: str, text: str) -> None:
        self.is_left = self.is_left or channel == FREE
        self.told.add(text)
        self.woken.set()

    @asynccontextmanager
    async def listening(
        self, session: AsyncConnection[Any], channels: Sequence[str]
    ) -> AsyncIterator[ServerLink]:
        """Listen while the block runs."""
        session.add_notify_handler(lambda notified: self._hear(notified.channel, notified.payload))
        for channel in channels:
            await session.execute(f'LISTEN "{channel}"'.encode())
        self._listening = asyncio.create_task(self._listen(session))
        try:
            yield self
        finally:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)


@asynccontextmanager
async def connected(url: str, *channels: str) -> AsyncIterator[ServerLink]:
    """Connect, and listen to channels; raise ``psycopg.Error`` if there is no server."""
    async with (
        _connect(url) as asking,
        _connect(url) as session,
        ServerLink(asking).listening(session, channels) as link,
    ):
        yield link


@asynccontextmanager
async def _connect(url: str) -> AsyncIterator[AsyncConnection[Any]]:
    with hiding(url):
        session = await AsyncConnection.connect(url, autocommit=True, **NETWORK)
    async with session:
        await session.execute(SET, (json.dumps(LASTING),))
        yield session


AGAIN_S: Final = 0.5
"""How soon a process tries again after the server or the database could not be reached, s."""
ORPHANED_S: Final = 3.0
"""How long no process runs the tasks before another one does, s, unless the last one said it ends.

If only its connections were lost, that process takes the tasks up again within this time."""
FROZEN_S: Final = 15.0
"""How long the process that runs the tasks may be silent, s; usually it asks every second.

After that it is frozen, or its machine is gone, and another process takes the tasks over."""
PLACE: Final = "The database"
LOOP: Final = asyncio.SelectorEventLoop
"""The only event loop that psycopg supports on Windows."""


class HandingOver:
    """Hands lines over in a database, and learns what its workers run."""

    def __init__(self, submitter: Submitter, registry: Registry, mark: ServerMark) -> None:
        self._mark = mark
        self._submitter = submitter
        self._registry = registry
        self._succession = Takeover()
        self._ready: set[tuple[str, str]] = set()  # workers whose functions are known

    async def submit(self, link: ServerLink) -> None:
        """Hand over one line after the other, until no process runs the tasks."""
        if await self._succession.is_open(link):
            return
        await self._learn(link)
        sent: bytes | None = None
        while True:
            link.woken.clear()
            line = self._submitter.line()
            if line is not None:
                if line is not sent:
                    await link.hand_over(*self._submitter.named, line.decode())
                    sent = line
                told = await link.answer(self._submitter.process)
                if told is not None:
                    self._submitter.settle(told)
                    if self._submitter.line() is not line:
                        continue
            if await link.wait(LOOK_S) and not link.is_left:
                continue
            if await self._succession.is_open(link):
                return
            await self._learn(link)

    async def _learn(self, link: ServerLink) -> None:
        """Learn the newest group, and the workers' functions by name."""
        await link.compare(self._mark)
        ready = await link.ready()
        if ready != self._ready:
            self._registry.know_elsewhere(functions_of(await link.offered()))
            self._ready = ready


class Takeover:
    """Detects that no process runs the tasks of a database any more, and knows which one does."""

    def __init__(self) -> None:
        self.holder: str | None = None  # the server's name for the process that runs the tasks
        self._told = ""

    async def is_open(self, link: ServerLink) -> bool:
        """Tell whether another process may run the tasks; end the session of a frozen one."""
        is_left, link.is_left = link.is_left, False
        holder = await link.holder()
        self.holder = None if holder is None else holder.name
        if holder is None:
            link.free_since = link.free_since or time.monotonic()
            return is_left or time.monotonic() - link.free_since > ORPHANED_S
        link.free_since = None
        if holder.silent is None:
            self._tell_unseen(ENGLISH.say("database", "unseen", user=holder.asker))
        elif holder.silent > FROZEN_S:
            log.warning("The process that runs the tasks does not respond; ending its session")
            await link.end_session(holder.session)
            link.is_left = True
        return False

    def _tell_unseen(self, sentence: str) -> None:
        if sentence != self._told:
            log.warning(sentence)
        self._told = sentence


@contextmanager
def beginning_again() -> Iterator[None]:
    """Suppress and log errors of a server connection, so the caller can connect again.

    This includes bugs of ours: otherwise requests of other processes would wait forever.
    """
    try:
        yield
    except psycopg.Error as error:
        log.info("Could not connect to the database (will retry): %s", why_unopened(error))
    except Exception:
        log.exception("The connection to the database failed; connecting again")
