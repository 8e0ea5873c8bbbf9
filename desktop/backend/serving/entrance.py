"""Accepts connections; each stays a bare socket until the head of its first request is whole."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.backend.guards.connections import Connections, Phase

log = logging.getLogger(__name__)

ACCEPTED_AT_ONCE: Final = 32
"""Connections accepted before open ones get their turn. For a moment, this many more than the
limit may be open."""
REST: Final = 0.003
"""Seconds without accepting after that many. Each system call releases the interpreter lock, so a
loop that accepts all the time takes it from the threads that read and send."""
STANDS_BACK: Final = 0.008
"""Further seconds at most while a client waits for the beginning of an answer."""
NO_ROOM: Final = 1.0
"""Seconds without accepting when the system has no file descriptor left."""
_PIECE: Final = 256 * 1024
"""Bytes read at once, as asyncio does. Closing a connection with unread data loses its answer."""
_LONGEST: Final = 16 * 1024
"""Bytes of a head; the parser refuses a longer one."""
_FIRST_LETTER: Final = 0x21
"""The lowest byte with which a request can begin; the parser refuses a lower one at once."""


class Entrance:
    """Accepts connections, and hands each to ``protocol`` with the head of its first request.

    A connection that sends nothing costs only a few system calls. Transport and parser are made
    once the head is whole; ``protocol`` gets the data read so far as ``first``. Until then
    ``connections`` counts the connection as waiting for a head.
    """

    def __init__(
        self,
        listener: socket.socket,
        connections: Connections,
        protocol: Callable[..., asyncio.Protocol],
    ) -> None:
        self._listener = listener
        self._connections = connections
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._resting: asyncio.Task[None] | None = None
        self._waiting: set[Newcomer] = set()
        self._handing_on: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Begin to accept."""
        self._loop.add_reader(self._listener.fileno(), self._accept)

    def close(self) -> None:
        """Accept no more, and close connections without a request."""
        self._loop.remove_reader(self._listener.fileno())
        if self._resting is not None:
            self._resting.cancel()
        for newcomer in list(self._waiting):
            self.drop(newcomer)

    def wait_for(self, newcomer: Newcomer) -> None:
        """Have a connection read again when more data arrives."""
        if newcomer not in self._waiting:
            self._waiting.add(newcomer)
            # By its number: for an unknown socket object, the selector calls ``getsockname``.
            self._loop.add_reader(newcomer.raw.fileno(), newcomer.read)

    def wait_no_more(self, newcomer: Newcomer) -> None:
        """Stop waiting for data of a connection."""
        if newcomer in self._waiting:
            self._waiting.discard(newcomer)
            self._loop.remove_reader(newcomer.raw.fileno())

    def drop(self, newcomer: Newcomer) -> None:
        """Close a connection without a request."""
        self._connections.forget(newcomer)
        newcomer.abort()

    def hand_on(self, newcomer: Newcomer) -> None:
        """Make transport and protocol for a connection whose request has arrived."""
        self.wait_no_more(newcomer)
        self._connections.forget(newcomer)
        task = self._loop.create_task(self._connect(newcomer))
        self._handing_on.add(task)
        task.add_done_callback(self._handing_on.discard)

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                raw, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.warning("No connection can be accepted for a moment: %s", error)
                self._rest(NO_ROOM)
                return
            newcomer = Newcomer(raw, self)
            self._connections.open(newcomer)
            if newcomer.phase is not None:
                newcomer.read()
        self._rest(REST)

    def _rest(self, seconds: float) -> None:
        self._loop.remove_reader(self._listener.fileno())
        self._resting = self._loop.create_task(self._open_after(seconds))

    async def _open_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(STANDS_BACK):
                await self._connections.none_waits.wait()
        self.open()

    async def _connect(self, newcomer: Newcomer) -> None:
        protocol = partial(self._protocol, first=bytes(newcomer.head))
        try:
            await self._loop.connect_accepted_socket(protocol, newcomer.raw)
        except OSError:
            newcomer.raw.close()  # the other side has closed it


class Newcomer:
    """A connection whose first request has not arrived; ``entrance`` waits for its head."""

    def __init__(self, raw: socket.socket, entrance: Entrance) -> None:
        self.phase: Phase | None = None
        self.raw = raw
        self.head = bytearray()
        self._entrance = entrance

    def read(self) -> None:
        """Read the data that has arrived."""
        try:
            piece = self.raw.recv(_PIECE, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            self._entrance.wait_for(self)
            return
        except OSError:
            piece = b""
        self.head += piece
        if not piece:
            self._entrance.drop(self)
        elif self._is_whole(len(piece)):
            self._entrance.hand_on(self)
        else:
            self._entrance.wait_for(self)

    def abort(self) -> None:
        """Close the connection at once."""
        self._entrance.wait_no_more(self)
        self.raw.close()

    def _is_whole(self, new: int) -> bool:
        head = self.head
        if len(head) > _LONGEST or head[0] < _FIRST_LETTER:
            return True
        start = max(0, len(head) - new - 2)
        return head.find(b"\n\r\n", start) >= 0 or head.find(b"\n\n", start) >= 0
