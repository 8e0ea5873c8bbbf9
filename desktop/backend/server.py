"""The HTTP server: uvicorn on our own socket, ended by a ``Shutdown``."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import time
from contextlib import nullcontext, suppress
from email.utils import formatdate
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from desktop.backend.connections import PATIENCE, Connections, Phase
from desktop.backend.guards import KNOWN
from desktop.backend.starting import BACKLOG

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp

    from desktop.backend.shutdown import Shutdown

DRAIN_WITHIN: Final = 2
"""Seconds that open requests get to end."""


class Server(uvicorn.Server):
    """Serves ``app`` until ``shutdown`` is asked for.

    ``on_ready`` is called once requests are answered. ``on_drain`` is called in the loop as soon as
    the end is asked for; it ends event streams, which would not end by themselves. At most
    ``connections`` are open at once.
    """

    def __init__(
        self,
        app: ASGIApp,
        shutdown: Shutdown,
        on_ready: Callable[[], None],
        on_drain: Callable[[], None],
        connections: int,
    ) -> None:
        self._connections = Connections(connections, PATIENCE)
        super().__init__(
            uvicorn.Config(
                app,
                http=partial(OneWriteProtocol, self._connections),  # type: ignore[arg-type]
                loop="asyncio",
                ws="none",
                lifespan="off",
                access_log=False,
                log_config=None,
                proxy_headers=False,
                server_header=False,
                date_header=False,  # the protocol adds it
                backlog=ACCEPTED_AT_ONCE,
                timeout_graceful_shutdown=DRAIN_WITHIN,
            )
        )
        self._shutdown = shutdown
        self._on_ready = on_ready
        self._on_drain = on_drain
        self._over = asyncio.Event()
        self._entrances: list[Entrance] = []

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Leave signals to ``shutdown``, which handles them from before the server is made."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, then call ``on_ready``."""
        if sys.platform == "win32":  # its loop cannot wait for a socket of ours
            await super().startup(sockets)
            for listener in sockets or ():
                listener.listen(BACKLOG)  # asyncio has set it to the number it accepts at once
        else:
            await super().startup([])
            for listener in sockets or ():
                self._entrances.append(Entrance(listener, self._connections, self._protocol))
                self._entrances[-1].open()
        loop = asyncio.get_running_loop()
        self._on_ready()
        self._shutdown.when_asked(lambda: _call(loop, self._drain))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, and end the open ones."""
        for entrance in self._entrances:
            entrance.close()
        await super().shutdown(sockets)

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn would check for it ten times a second."""
        await self._over.wait()

    def _protocol(self, first: bytes) -> asyncio.Protocol:
        return OneWriteProtocol(
            self._connections,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            first=first,
        )

    def _drain(self) -> None:
        self.should_exit = True
        self._over.set()
        self._on_drain()


def _call(loop: asyncio.AbstractEventLoop, call: Callable[[], Any]) -> None:
    """Call in the loop from any thread or signal handler; do nothing if the loop is closed."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


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


KEEP_ALIVE: Final = 75
"""Seconds that the server keeps an idle connection of a client that has shown the token."""
_LENGTHS: Final = {b"content-length", b"transfer-encoding"}
"""Headers that give the length of a body; a request with both may be smuggled (RFC 9112, 6.1)."""


class OneWriteProtocol(H11Protocol):
    """uvicorn's protocol on a transport that joins the writes of one turn of the loop.

    uvicorn writes head and body one by one, and each ``send`` releases the interpreter lock. While
    tasks run in other threads, taking it back costs more than the call.

    ``connections`` counts the connection and may close it. ``first`` is the data that was read
    before the protocol was made.
    """

    def __init__(
        self, connections: Connections, *args: Any, first: bytes = b"", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._first = first
        self.phase: Phase | None = None
        self._knows_token = False
        self._has_ended = False  # whether the client sends nothing more
        self._connections = connections

    def abort(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(_Gathering(transport, self._on_sent))  # type: ignore[arg-type]
        self._connections.open(self)
        first, self._first = self._first, b""
        if first and self.phase is not None:  # it is None where there was no room
            self.data_received(first)

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self._connections.forget(self)

    def data_received(self, data: bytes) -> None:
        """Take in what the client sent."""
        super().data_received(data)
        self._connections.move(self, self._phase())

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection until the answer, if the client has only ended its own side."""
        self._has_ended = True
        if self._phase() is Phase.ANSWER:
            return True
        self.transport.close()  # asyncio's own would drop what this turn has still to write
        return False

    def handle_events(self) -> None:
        """Begin the request that has arrived, if its head is whole."""
        self.server_state.default_headers = _date(int(time.time()))
        super().handle_events()
        if self.headers and _LENGTHS.issubset(name for name, _ in self.headers):
            self.headers.append(CLOSE_HEADER)

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        if KNOWN in self.scope["state"]:
            self._knows_token = True
            self.timeout_keep_alive = KEEP_ALIVE
        super().on_response_complete()
        if self._has_ended and self._phase() is not Phase.ANSWER:
            self.transport.close()
        self._connections.move(self, self._phase())

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._connections.move(self, self._phase())

    def resume_writing(self) -> None:
        """Continue sending."""
        super().resume_writing()
        self._connections.move(self, self._phase())

    def _on_sent(self) -> None:
        self._connections.move(self, self._phase())

    def _phase(self) -> Phase:
        if self.flow.write_paused:
            return Phase.READER
        if self.cycle is not None and not self.cycle.response_complete:
            if self.conn.their_state is h11.SEND_BODY:
                return Phase.BODY
            return Phase.STREAM if self.cycle.response_started else Phase.ANSWER
        has_begun = self.conn.their_state is not h11.IDLE or self.conn.trailing_data[0]
        if self.cycle is None or has_begun:
            return Phase.HEAD
        return Phase.IDLE if self._knows_token else Phase.STRANGER


@lru_cache(maxsize=1)
def _date(now: int) -> list[tuple[bytes, bytes]]:
    """Make the ``Date`` header of this second, as every answer has it (RFC 9110, 6.6.1)."""
    return [(b"date", formatdate(now, usegmt=True).encode())]


class _Gathering:
    """A transport that joins the writes of one turn of the loop, and calls ``on_sent`` after."""

    def __init__(self, transport: Any, on_sent: Callable[[], None]) -> None:
        self._transport = transport
        self._on_sent = on_sent
        self._call_soon = asyncio.get_running_loop().call_soon
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send ``data`` at the end of this turn of the loop."""
        if not self._pieces:
            self._call_soon(self._flush)
        self._pieces.append(data)

    def close(self) -> None:
        """Close the connection after the pending writes."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close the connection now; pending writes go out if the system takes them at once."""
        self._flush()
        self._transport.abort()

    def _flush(self) -> None:
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(b"".join(pieces))
            self._on_sent()
