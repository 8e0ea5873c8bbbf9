"""The HTTP server: uvicorn on our own socket, ended by a ``Shutdown``.

It limits the number of open connections, and the time a client may leave one unfinished.
"""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import nullcontext
from email.utils import formatdate
from enum import Enum, auto
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

import h11
import uvicorn
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from sendoff_tasks.http.guards import KNOWN
from sendoff_tasks.http.lifecycle import BACKLOG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp

    from sendoff_tasks.http.lifecycle import Shutdown


class Phase(Enum):
    """What a connection waits for."""

    REQUEST = auto()
    """The rest of a request that is not answered yet, or one of a client without the token."""
    IDLE = auto()
    """The next request of a client that has shown the token."""
    ANSWER = auto()
    """The backend's answer."""
    CLIENT = auto()
    """The rest of a body, or a client that does not read: its request is being answered."""


PATIENCE: Final[Mapping[Phase, float]] = MappingProxyType({Phase.REQUEST: 10.0, Phase.CLIENT: 60.0})
"""Seconds after which a connection in this phase is closed. uvicorn closes idle ones."""


class CountedConnection(Protocol):
    """A connection that can be counted; ``phase`` is ``None`` while it is not."""

    phase: Phase | None

    def abort(self) -> None:
        """Close the connection at once."""


class Connections:
    """The connections of one server, at most ``limit`` of them; used on its loop only.

    ``within`` has the seconds that a connection may stay in a phase.

    Clients without the token can open connections too, and leave requests half sent. When there is
    one connection too many, the one is closed that has waited for a request the longest, else the
    one of a client with the token that is idle the longest, else the new one. A request that is
    being answered is never dropped for another one.
    """

    def __init__(self, limit: int, within: Mapping[Phase, float]) -> None:
        self._limit = limit
        self._in = {phase: _Members(within.get(phase), self._abort) for phase in Phase}

    def __len__(self) -> int:
        return sum(map(len, self._in.values()))

    def open(self, connection: CountedConnection) -> None:
        """Count a new connection, and close one if there are too many now."""
        self._put(connection, Phase.REQUEST)
        if len(self) > self._limit:
            self._abort(self._least_wanted(connection))

    def move(self, connection: CountedConnection, phase: Phase) -> None:
        """Move a connection to another phase; in the same phase its time continues to run."""
        if connection.phase is not phase and connection.phase is not None:
            self.forget(connection)
            self._put(connection, phase)

    def forget(self, connection: CountedConnection) -> None:
        """Stop counting a connection."""
        if connection.phase is not None:
            self._in[connection.phase].remove(connection)
            connection.phase = None

    def _put(self, connection: CountedConnection, phase: Phase) -> None:
        connection.phase = phase
        self._in[phase].add(connection)

    def _least_wanted(self, newest: CountedConnection) -> CountedConnection:
        for phase in (Phase.REQUEST, Phase.IDLE):
            oldest = self._in[phase].oldest
            if oldest is not None and oldest is not newest:
                return oldest
        return newest

    def _abort(self, connection: CountedConnection) -> None:
        self.forget(connection)
        connection.abort()


class _Members:
    """The connections in one phase, oldest first; ``close`` is called after ``within`` seconds."""

    def __init__(self, within: float | None, close: Callable[[CountedConnection], None]) -> None:
        self._within = within
        self._close = close
        self._since: dict[CountedConnection, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._since)

    @property
    def oldest(self) -> CountedConnection | None:
        return next(iter(self._since), None)

    def add(self, connection: CountedConnection) -> None:
        loop = asyncio.get_running_loop()
        self._since[connection] = loop.time()
        if self._within is not None and self._timer is None:
            self._timer = loop.call_later(self._within, self._close_late, self._within)

    def remove(self, connection: CountedConnection) -> None:
        del self._since[connection]

    def _close_late(self, within: float) -> None:
        """Close connections whose time is over, and set the timer for the next one."""
        loop = asyncio.get_running_loop()
        self._timer = None
        while (oldest := self.oldest) is not None and self._timer is None:
            due = self._since[oldest] + within
            if due <= loop.time():
                self._close(oldest)
            else:
                self._timer = loop.call_at(due, self._close_late, within)


DRAIN_WITHIN: Final = 2
"""Seconds that open requests get to end."""
ACCEPTED_AT_ONCE: Final = 32
"""Connections accepted before open ones get their turn. For a moment, this many more than the
limit may be open."""


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

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Leave signals to ``shutdown``, which handles them from before the server is made."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, then call ``on_ready``."""
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)  # asyncio has set it to the number it accepts at once
        loop = asyncio.get_running_loop()
        self._on_ready()
        self._shutdown.when_asked(lambda: _call(loop, self._drain))

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn would check for it ten times a second."""
        await self._over.wait()

    def _drain(self) -> None:
        self.should_exit = True
        self._over.set()
        self._on_drain()


def _call(loop: asyncio.AbstractEventLoop, call: Callable[[], Any]) -> None:
    """Call in the loop from any thread or signal handler; do nothing if the loop is closed."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


KEEP_ALIVE: Final = 75
"""Seconds that the server keeps an idle connection of a client that has shown the token."""
_LENGTHS: Final = {b"content-length", b"transfer-encoding"}
"""Headers that give the length of a body; a request with both may be smuggled (RFC 9112, 6.1)."""


class OneWriteProtocol(H11Protocol):
    """uvicorn's protocol on a transport that joins the writes of one turn of the loop.

    uvicorn writes head and body one by one, and each ``send`` releases the interpreter lock. While
    tasks run in other threads, taking it back costs more than the call.

    ``connections`` counts the connection and may close it.
    """

    def __init__(self, connections: Connections, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False  # not by the configuration: that empties the app's logger
        self.phase: Phase | None = None
        self._knows_token = False
        self._has_ended = False  # whether the client sends nothing more
        self._connections = connections

    def abort(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(_GatheringTransport(transport, self._on_sent))  # type: ignore[arg-type]
        self._connections.open(self)

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
        if self._is_to_begin:
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
        if self._has_ended and not self._is_to_begin:
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
            return Phase.CLIENT
        if self.cycle is not None and not self.cycle.response_complete:
            is_whole = self.conn.their_state is not h11.SEND_BODY
            return Phase.ANSWER if is_whole else Phase.CLIENT
        has_begun = self.conn.their_state is not h11.IDLE or self.conn.trailing_data[0]
        return Phase.IDLE if self._knows_token and not has_begun else Phase.REQUEST

    @property
    def _is_to_begin(self) -> bool:
        """Whether a whole request waits for the beginning of its answer."""
        return self._phase() is Phase.ANSWER and not self.cycle.response_started


@lru_cache(maxsize=1)
def _date(now: int) -> list[tuple[bytes, bytes]]:
    """Make the ``Date`` header of this second, as every answer has it (RFC 9110, 6.6.1)."""
    return [(b"date", formatdate(now, usegmt=True).encode())]


class _GatheringTransport:
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
