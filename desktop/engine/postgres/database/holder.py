"""The one process that runs the tasks of a database: its lock, and its name for others."""

from __future__ import annotations

import os
import re
import socket
from secrets import token_hex
from typing import Final

from desktop.engine.postgres.connection import Connection

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
