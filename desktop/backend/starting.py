"""Prepares the backend's process: stdout, descriptors, log and the listening socket.

The text of an error is one sentence for stderr::

    StartError          exit status 1
    ├── FolderTaken     exit status 1, or to the window that started it FOLDER_TAKEN
    ├── DatabaseTaken   none: the backend is a spare, see ``on_server``
    ├── DatabaseDamaged exit status 1, or to the window that started it STORE_DAMAGED
    └── UsageError      exit status 2: the options are wrong
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import re
import socket
import sys
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.engine.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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


BACKLOG: Final = 4096
"""Connections that may wait to be accepted; the system reduces it to its own limit."""


def listen(host: str, port: int) -> socket.socket:
    """Listen on a loopback address; port 0 lets the system pick one.

    Raises ``UsageError`` for an address others could reach, ``StartError`` when the port is taken.
    """
    address = loopback(host)
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # asyncio switches Nagle's algorithm off only on sockets with a named protocol. With Nagle's
    # algorithm, a POST on a kept connection waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # On Windows, SO_REUSEADDR would let another program take over a port in use.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StartError(_sentence(host, port, error)) from error
    listener.setblocking(False)
    return listener


def loopback(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Parse a host that only this machine can reach; raises ``UsageError`` for any other."""
    if host == "localhost":
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError as error:
        raise UsageError(f"{host!r} is not an address; use 127.0.0.1, ::1 or localhost.") from error
    if str(address) not in {"127.0.0.1", "::1"}:
        raise UsageError(f"{host} can be reached by others; use 127.0.0.1, ::1 or localhost.")
    return address


def url_of(listener: socket.socket) -> str:
    """Return the base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return (
        f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"
    )


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno in {errno.EADDRINUSE, errno.EACCES}:
        reason = (
            "is taken by another program" if error.errno == errno.EADDRINUSE else "is not allowed"
        )
        return f"Port {port} {reason}; choose another, or 0 for any free one."
    return f"{host} port {port} cannot be listened on: {error.strerror or error}."


FILE_BYTES: Final = 1024 * 1024
OLD_FILES: Final = 2
FAILURES: Final = 20
"""Records of failed attempts in a minute, for each task function and level. More of them would push
everything else out of the files."""
_MINUTE_S: Final = 60.0
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def install_log(folder: Path, *, on_stderr: bool) -> None:
    """Write records of INFO and above to ``backend.log`` in ``folder``, and to stderr if wanted.

    A backend that a window started writes none to stderr: the window keeps that for the reason of
    a failure and for the output of tasks.

    Raises ``OSError`` if the folder cannot be written.
    """
    file = RotatingFileHandler(
        folder / "backend.log",
        maxBytes=FILE_BYTES,
        backupCount=OLD_FILES,
        encoding="utf-8",
        errors="backslashreplace",  # half a character would lose the whole record
    )
    handlers: list[logging.Handler] = [file]
    if on_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    log_to(handlers, _FORMAT)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("sendoff.task").addFilter(FewFailures())
    # On a full disk, logging would print a traceback for each record that it cannot write.
    logging.raiseExceptions = False


def forget_in_logs(addresses: Iterable[str]) -> None:
    """Delete the lines with an address from the log files beside those that this process writes."""
    any_of = "|".join(map(re.escape, addresses))
    known = re.compile(rf"(?<![\w.+-])(?:{any_of})(?![\w-]|\.\w)", re.IGNORECASE)
    written = {
        Path(handler.baseFilename).parent
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.FileHandler)
    }
    for file in (file for folder in written for file in folder.glob("*.log*")):
        with suppress(FileNotFoundError), file.open("rb+") as log:  # others append to it
            lines = log.readlines()
            kept = [line for line in lines if known.search(line.decode(errors="replace")) is None]
            if len(kept) < len(lines):
                log.seek(0)
                log.writelines(kept)
                log.truncate()


def log_to(handlers: Sequence[logging.Handler], form: str) -> None:
    """Have ``handlers`` write records of INFO and above in this form."""
    for handler in handlers:
        handler.setFormatter(OneRecord(form))
    logging.basicConfig(level=logging.INFO, handlers=handlers)


class OneRecord(logging.Formatter):
    """Formats records whose text comes from tasks and servers: none looks like two, or as it likes.

    Control characters are shown, and only the first line of a record is not indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        return visible(super().format(record)).replace("\n", "\n  ")


class FewFailures(logging.Filter):
    """Passes the first ``FAILURES`` records of a task function and level in a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._passed: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to keep a record; the last one of a minute says that more are left out."""
        key, now = (getattr(record, "task", ""), record.levelno), self._clock()
        since, count = self._passed.get(key, (now, 0))
        if now - since >= _MINUTE_S:
            since, count = now, 0
        count += 1
        self._passed[key] = since, count
        if count == FAILURES:
            record.msg = f"{record.msg} (more of these are left out for the rest of the minute)"
        return count <= FAILURES
