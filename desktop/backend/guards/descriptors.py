"""File descriptors: how many the process may open, and how many of them its clients get."""

from __future__ import annotations

import sys
from typing import Final

WANTED: Final = 4096
"""The engine alone uses some hundreds; what a task opens comes on top."""
MOST_CONNECTIONS: Final = 512
"""Far more than one window uses, and few enough for a task that calls ``select``, which can use
numbers up to 1023 only."""
LEAST_CONNECTIONS: Final = 32
KEPT: Final = 160
"""Descriptors no client can take: of 40 tasks at once three each (a thread's own, a socket, a
file), and those of the cpu lane's processes, of the store and the logs."""


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
