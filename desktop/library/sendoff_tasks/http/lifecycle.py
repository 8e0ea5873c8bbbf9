"""The backend's process: what a start prepares, and how it is asked to end.

The text of an error is one sentence for stderr::

    StartError          exit status 1
    ├── FolderTaken     exit status 1, or to the window that started it FOLDER_TAKEN
    ├── DatabaseTaken   none: the backend is a spare, see ``on_server``
    ├── DatabaseDamaged exit status 1, or to the window that started it STORE_DAMAGED
    ├── OtherProgram    exit status 1, or to the window that started it OTHER_PROGRAM
    └── UsageError      exit status 2: the options are wrong
"""

from __future__ import annotations

import errno
import ipaddress
import os
import shlex
import signal
import socket
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.model.program import command
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WANTED: Final = 4096
"""File descriptors. The engine alone uses some hundreds; tasks open more."""
MOST_CONNECTIONS: Final = 512
"""Far more than one window uses, and low enough for tasks that call ``select``, which takes only
descriptors up to 1023."""
LEAST_CONNECTIONS: Final = 32
RESERVED: Final = 160
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


class OtherProgram(StartError):
    """A program of another version wrote the database, and only that one can read it."""


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
    return min(MOST_CONNECTIONS, max(LEAST_CONNECTIONS, soft - RESERVED))


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
        raise UsageError(ENGLISH.say("api", "no_host", host=host)) from error
    if str(address) not in {"127.0.0.1", "::1"}:
        raise UsageError(ENGLISH.say("api", "open_host", host=host))
    return address


def token_made_by(folder: Path) -> str:
    """Say which command makes a token for the page of a data folder: a log never has the token."""
    made_by = command(f"token add NAME --data-dir {shlex.quote(str(folder))}")
    return ENGLISH.say("app", "token_made", command=made_by)


def url_of(listener: socket.socket) -> str:
    """Return the base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return (
        f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"
    )


def _sentence(host: str, port: int, error: OSError) -> str:
    reason = {errno.EADDRINUSE: "port_taken", errno.EACCES: "port_barred"}.get(error.errno or 0)
    fields = {"host": host, "port": port, "why": error.strerror or error}
    return ENGLISH.fill("api", reason or "not_heard", fields=fields)


_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""SIGHUP comes when a terminal is closed. SIGBREAK is Ctrl+Break on Windows, where a console sends
it to a group of processes."""
_STDIN: Final = 0
_READ_BYTES: Final = 4096


class Shutdown:
    """A request to end the backend, made at any time from any thread or signal handler.

    ``when_asked`` sets the callback; if the request was made before, it is called at once.
    """

    def __init__(self) -> None:
        self.given_up = False
        self._asked = False  # an event has a lock, which a second signal would wait for
        self._tell: Callable[[], None] = lambda: None

    def ask(self) -> None:
        """Ask the backend to end; repeated calls are harmless."""
        self._asked = True
        self._tell()

    def give_up(self) -> None:
        """Ask the backend to end with status 1, because it can no longer do its work."""
        self.given_up = True
        self.ask()

    def when_asked(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` when the end is asked for; it may be called twice."""
        self._tell = tell
        if self._asked:
            tell()

    @contextmanager
    def meanwhile(self, tell: Callable[[], None]) -> Iterator[None]:
        """Call ``tell`` if the end is asked for while the block runs."""
        self.when_asked(tell)
        try:
            yield
        finally:
            self._tell = lambda: None


@contextmanager
def signals(ask: Callable[[], None]) -> Iterator[None]:
    """Call ``ask`` on a signal that asks for the end, while the block runs.

    The main thread calls it, between any two instructions: it must take no lock. A signal that is
    ignored stays so: ``nohup`` has a process outlive its terminal.
    """

    def on_signal(_number: int, _frame: Any) -> None:
        ask()

    present = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    heard = [each for each in present if signal.getsignal(each) != signal.SIG_IGN]
    before = {each: signal.signal(each, on_signal) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def follow_parent(shutdown: Shutdown) -> None:
    """Ask for the end when stdin closes: its other end belongs to the process that started us."""

    def watch() -> None:
        try:
            while os.read(_STDIN, _READ_BYTES):
                pass
        except OSError:
            pass  # an unreadable stdin means that there is no parent
        shutdown.ask()

    threading.Thread(target=watch, name="parent-pipe", daemon=True).start()
