"""Submits a process's requests, through a table, to the process that runs the tasks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from desktop.engine.functions.registry import Registry
from desktop.engine.log_rate_limit import LogRateLimit
from desktop.engine.postgres.database.unopened import why_unopened
from desktop.engine.postgres.orders import functions_of
from desktop.engine.processes.server.server_link import ServerLink
from desktop.engine.processes.submitter import Submitter
from desktop.engine.processes.submitting import LOOK_S

AGAIN_S: Final = 0.5
"""How soon a process tries again after the server or the database could not be reached, s."""
ORPHANED_S: Final = 3.0
"""How long no process runs the tasks before another one does, s, unless the last one said it ends.

If only its connections were lost, that process takes the tasks up again within this time."""
FROZEN_S: Final = 15.0
"""How long the process that runs the tasks may be silent, s; usually it asks every second.

After that it is frozen, or its machine is gone, and another process takes the tasks over."""
UNSEEN: Final = (
    "The database user {0} may not see whether the process that runs the tasks is frozen, and would"
    " not replace it. Use one database user for all of them, or, as a superuser:"
    " `GRANT pg_read_all_stats, pg_signal_backend TO {0};`."
)

PLACE: Final = "The database"
LOOP: Final = asyncio.SelectorEventLoop
"""The only event loop that psycopg supports on Windows."""

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())


class HandingOver:
    """Hands lines over in a database, and learns what its workers run."""

    def __init__(self, submitter: Submitter, registry: Registry) -> None:
        self._submitter = submitter
        self._registry = registry
        self._succession = Succession()
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
        """Learn the workers' functions by name, as the process that runs the tasks does."""
        ready = await link.ready()
        if ready != self._ready:
            self._registry.know_elsewhere(functions_of(await link.offered()))
            self._ready = ready


class Succession:
    """Detects that no process runs the tasks of a database any more, and knows which one does."""

    def __init__(self) -> None:
        self.holder = ""  # the server's name for the process that runs the tasks
        self._free_since: float | None = None  # steady s
        self._told = ""

    async def is_open(self, link: ServerLink) -> bool:
        """Return whether another process may run the tasks; end the session of a frozen one."""
        holder = await link.holder()
        self.holder = "" if holder is None else holder.name
        if holder is None:
            self._free_since = self._free_since or time.monotonic()
            return link.is_left or time.monotonic() - self._free_since > ORPHANED_S
        self._free_since, link.is_left = None, False
        if holder.silent is None:
            self._tell_unseen(UNSEEN.format(holder.asker))
        elif holder.silent > FROZEN_S:
            log.warning("The process that runs the tasks gives no sign of life; its session ends")
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
        log.info("There is no session with the database yet: %s", why_unopened(error))
    except Exception:
        log.exception("The connection to the database begins again")
