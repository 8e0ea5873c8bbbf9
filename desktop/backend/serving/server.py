"""The HTTP server: uvicorn on our own socket, ended by a ``Shutdown``."""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from desktop.backend.guards.connections import PATIENCE, Connections
from desktop.backend.serving.entrance import ACCEPTED_AT_ONCE, Entrance
from desktop.backend.serving.listening import BACKLOG
from desktop.backend.serving.one_write import OneWriteProtocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp

    from desktop.backend.serving.shutdown import Shutdown

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
