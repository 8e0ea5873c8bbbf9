"""The HTTP server: uvicorn on a socket of ours, told from outside when to end."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from desktop.backend.guards.connections import PATIENCE, Connections
from desktop.backend.serving.listening import BACKLOG
from desktop.backend.serving.one_write import OneWriteProtocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp

    from desktop.backend.serving.leaving import Leaving

DRAIN_WITHIN: Final = 2
"""Seconds open requests get to end."""
ACCEPTED_AT_ONCE: Final = 8
"""Connections accepted before those that are open get their turn again: as many more than allowed
may be open for a moment."""


class Server(uvicorn.Server):
    """Serves ``app`` until ``leaving`` is asked for.

    ``on_ready`` is called once requests are answered; ``on_drain``, in the loop, at once when it
    is time to leave, to end the answers that would not end by themselves. At most ``connections``
    are open at once.
    """

    def __init__(
        self,
        app: ASGIApp,
        leaving: Leaving,
        on_ready: Callable[[], None],
        on_drain: Callable[[], None],
        connections: int,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=partial(OneWriteProtocol, Connections(connections, PATIENCE)),  # type: ignore[arg-type]
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
        self._leaving = leaving
        self._on_ready = on_ready
        self._on_drain = on_drain
        self._over = asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Leave signals to ``leaving``, which minds them from before the server is made."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, then say so."""
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)  # asyncio has set it to what it accepts at once
        loop = asyncio.get_running_loop()
        self._on_ready()
        self._leaving.when_asked(lambda: _call(loop, self._drain))

    async def main_loop(self) -> None:
        """Wait until it is time to leave; uvicorn would look ten times a second."""
        await self._over.wait()

    def _drain(self) -> None:
        self.should_exit = True
        self._over.set()
        self._on_drain()


def _call(loop: asyncio.AbstractEventLoop, call: Callable[[], Any]) -> None:
    """Call in the loop, from any thread or signal handler; nothing when the loop is over."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
