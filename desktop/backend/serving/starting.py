"""Prepares the backend's process: stdout, file descriptors, and the errors of a failed start.

The text of an error is one sentence for stderr::

    StartError          exit status 1
    ├── FolderTaken     exit status 1, or to the window that started it FOLDER_TAKEN
    ├── DatabaseTaken   none: the backend is a spare, see ``spare``
    ├── DatabaseDamaged exit status 1, or to the window that started it STORE_DAMAGED
    └── UsageError      exit status 2: the options are wrong
"""

from __future__ import annotations

import os
import sys
from typing import Final

WANTED: Final = 4096
"""File descriptors. The engine alone uses some hundreds; tasks open more."""
MOST_CONNECTIONS: Final = 512
"""Far more than one window uses, and low enough for tasks that call ``select``, which takes only
descriptors up to 1023."""
LEAST_CONNECTIONS: Final = 32
KEPT: Final = 160
"""Descriptors reserved for the engine: three for each of 40 tasks (thread, socket, file), and those
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
    """The options of the command line cannot be used."""


def take_stdout() -> int:
    """Return a descriptor of stdout, and redirect descriptor 1 to stderr from now on.

    So the output of task files, C libraries and child processes goes to stderr. Call it before
    other people's code is imported. If stdout is closed, the descriptor is that of the null device.
    """
    try:
        ours = os.dup(_STDOUT)
    except OSError:
        ours = os.open(os.devnull, os.O_WRONLY)
    os.dup2(_STDERR, _STDOUT)
    sys.stdout = sys.stderr
    return ours


def raise_limit() -> None:
    """Raise the number of descriptors that this process may open, up to ``WANTED``.

    A process starts with 1,024 on most Linux systems and 256 on macOS, and may raise it itself.
    """
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connection_limit() -> int:
    """Return how many connections the server may keep open at once."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(LEAST_CONNECTIONS, soft - KEPT))
