"""What a process needs to serve: its stdout, file descriptors, and why it cannot start.

The text of an error is one sentence for stderr::

    StartError          exit status 1
    ├── FolderTaken     exit status 1, or to the window that started it FOLDER_TAKEN
    ├── DatabaseTaken   none: the backend relays what it is asked, see ``relay``
    ├── DatabaseDamaged exit status 1, or to the window that started it STORE_DAMAGED
    └── UsageError      exit status 2: it was asked for in a way that cannot be
"""

from __future__ import annotations

import os
import sys
from typing import Final

WANTED: Final = 4096
"""The engine alone uses some hundreds; what a task opens comes on top."""
MOST_CONNECTIONS: Final = 512
"""Far more than one window uses; low enough for tasks that call ``select``, which takes numbers up
to 1023 only."""
LEAST_CONNECTIONS: Final = 32
KEPT: Final = 160
"""Descriptors that clients do not get: three for each of 40 tasks (thread, socket, file), and those
of the cpu lane's processes, the store and the logs."""
_STDOUT: Final = 1
_STDERR: Final = 2


class StartError(Exception):
    """The backend cannot run here and now."""


class FolderTaken(StartError):
    """Another backend has the data folder, perhaps one that is about to leave."""


class DatabaseTaken(StartError):
    """Another process runs the tasks of the database on a server."""


class DatabaseDamaged(StartError):
    """The database cannot be read; its newest backup may take its place."""


class UsageError(StartError):
    """The command line asks for something that cannot be."""


def take_stdout() -> int:
    """Return a descriptor of stdout, and turn descriptor 1 to stderr for the rest of the process.

    So a ``print`` of a task file goes to stderr at once, and so does what a C library writes and
    what a program prints that a task starts. Call it before code of others is imported. Where
    stdout is closed, the descriptor is that of the null device.
    """
    try:
        ours = os.dup(_STDOUT)
    except OSError:
        ours = os.open(os.devnull, os.O_WRONLY)
    os.dup2(_STDERR, _STDOUT)
    sys.stdout = sys.stderr
    return ours


def raise_limit() -> None:
    """Raise the number of descriptors this process may open, up to ``WANTED``.

    Sessions start with 1,024 on most Linux systems and 256 on macOS, and may raise it themselves.
    """
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connection_limit() -> int:
    """Tell how many connections the server may keep open at once."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(LEAST_CONNECTIONS, soft - KEPT))
