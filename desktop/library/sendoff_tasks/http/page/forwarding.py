"""Forwards a call of the page to the process that runs the tasks, from any process of the app.

One connection for each call, on the loopback: the monitor there proves first that it knows the
token of ``backend.json``, so no other program on its port is told it.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import h11

from sendoff_tasks.folder.keys import is_same, new_nonce, proof

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sendoff_tasks.folder.backend_addresses import Backend

CONNECT_WITHIN: Final = 3.0
"""Seconds within which the monitor has to accept a connection and to prove itself."""
_READ_BYTES: Final = 1 << 16

Headers = list[tuple[bytes, bytes]]


class MonitorAway(Exception):
    """No monitor serves the tasks at this time."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An answer of the monitor; ``pieces`` are those of its body."""

    status: int
    headers: Headers
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def forwarded(
    backend: Backend, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes
) -> AsyncIterator[Forwarded]:
    """Send a request to the monitor; its answer can be read inside the block.

    Raises ``MonitorAway`` if it is not there, also if it ends before its answer begins.
    """
    address = urlsplit(backend.url)
    try:
        opening = asyncio.open_connection(address.hostname, address.port)
        reader, writer = await asyncio.wait_for(opening, CONNECT_WITHIN)
    except OSError as error:  # a timeout is one
        raise MonitorAway from error
    try:
        connection = _Connection(reader, writer, address.netloc)
        try:
            await asyncio.wait_for(_meet(connection, backend), CONNECT_WITHIN)
            bearer = ("Authorization", f"Bearer {backend.token}")
            answer = await connection.ask(method, target, [*headers, bearer], body)
        except (OSError, h11.RemoteProtocolError) as error:
            raise MonitorAway from error
        yield answer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _meet(connection: _Connection, backend: Backend) -> None:
    """Have the monitor prove that it knows the token, before the token is sent to it."""
    nonce = new_nonce()
    answer = await connection.ask("GET", f"/health?nonce={nonce}", [], b"")
    told = b"".join([piece async for piece in answer.pieces])
    try:
        shown = str(json.loads(told)["proof"])
    except (ValueError, KeyError, TypeError) as error:
        raise MonitorAway from error
    if not is_same(shown, proof(backend.token, nonce)):
        raise MonitorAway
    connection.begin_next()


class _Connection:
    """One connection, and the state of HTTP on it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host
        self._http = h11.Connection(h11.CLIENT)

    def begin_next(self) -> None:
        self._http.start_next_cycle()

    async def ask(
        self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Forwarded:
        """Send a request, and wait for the head of its answer."""
        own = [("Host", self._host), ("Content-Length", str(len(body)))]
        request = h11.Request(method=method, target=target, headers=[*own, *headers])
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()
        head = await self._next()
        while isinstance(head, h11.InformationalResponse):
            head = await self._next()
        if not isinstance(head, h11.Response):
            raise MonitorAway
        return Forwarded(head.status_code, list(head.headers), self._pieces())

    async def _pieces(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_READ_BYTES))
        return event
