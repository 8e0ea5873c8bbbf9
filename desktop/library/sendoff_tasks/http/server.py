"""The HTTP server: uvicorn on our own socket, ended by a ``Shutdown``.

It limits the number of open connections, and the time that clients without a token may keep one.
"""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import nullcontext
from email.utils import formatdate
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from sendoff_tasks.http.guards import KNOWN
from sendoff_tasks.http.lifecycle import BACKLOG

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp

    from sendoff_tasks.http.lifecycle import Shutdown


STRANGERS_WITHIN: Final = 10.0
"""Seconds that a connection on which no token was shown may wait for a request."""
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
        super().__init__(
            uvicorn.Config(
                app,
                http=partial(OneWriteProtocol, connections, {}),  # type: ignore[arg-type]
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

    If more than ``limit`` connections are open (``in_order``), the oldest stranger's is closed, or
    else the new one. Strangers have shown no token: any program of this computer can connect.
    """

    def __init__(
        self, limit: int, in_order: dict[OneWriteProtocol, None], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False  # not by the configuration: that empties the app's logger
        self._limit = limit
        self._in_order = in_order
        self._knows_token = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(_GatheringTransport(transport))  # type: ignore[arg-type]
        self._in_order[self] = None
        self._timer = self.loop.call_later(STRANGERS_WITHIN, self._close_if_stranger)
        if len(self._in_order) > self._limit:
            least = next((each for each in self._in_order if each.is_stranger), self)
            del self._in_order[least]
            least.transport.abort()

    @property
    def is_stranger(self) -> bool:
        """Whether no token was shown yet, and no request is being answered."""
        is_answered = self.cycle is not None and not self.cycle.response_complete
        return not (self._knows_token or is_answered)

    def _close_if_stranger(self) -> None:
        if self.is_stranger:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self._timer.cancel()
        self._in_order.pop(self, None)

    def handle_events(self) -> None:
        """Begin the request that has arrived, if its head is whole."""
        self.server_state.default_headers = _date(int(time.time()))
        super().handle_events()
        if self.headers and _LENGTHS.issubset(name for name, _ in self.headers):
            self.headers.append(CLOSE_HEADER)

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        self._timer.cancel()
        if KNOWN in self.scope["state"]:
            self._knows_token = True
            self.timeout_keep_alive = KEEP_ALIVE
        else:
            self._timer = self.loop.call_later(STRANGERS_WITHIN, self._close_if_stranger)
        super().on_response_complete()


@lru_cache(maxsize=1)
def _date(now: int) -> list[tuple[bytes, bytes]]:
    """Make the ``Date`` header of this second, as every answer has it (RFC 9110, 6.6.1)."""
    return [(b"date", formatdate(now, usegmt=True).encode())]


class _GatheringTransport:
    """A transport that joins the writes of one turn of the loop."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
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
