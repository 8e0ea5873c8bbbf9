"""The backend that runs the tasks: it answers relayed requests with its own application."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desktop.backend.relay.exchange import Ended, Exchange
from desktop.backend.relay.relaying import Relaying
from desktop.engine.postgres.handed_rows import channel_of
from desktop.engine.postgres.relayed import Part
from desktop.engine.processes.server.handing_over import AGAIN_S, beginning_again
from desktop.engine.processes.server.server_link import connected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Scope

    from desktop.engine.facade.engine import Engine
    from desktop.engine.postgres.relayed import RelayedPart
    from desktop.engine.processes.server.server_link import ServerLink

log = logging.getLogger(__name__)

FORGET_S: Final = 60.0
"""Seconds between two searches for parts whose recipient is gone."""


class Deciding(Relaying):
    """Answers relayed requests by ``app``, as if they had come to its ``port`` with its ``token``.

    The spare that relays a request has checked the client's own token.
    """

    def __init__(self, engine: Engine, url: str, app: ASGIApp, token: str, port: int) -> None:
        super().__init__("relayed requests", url)
        self._engine = engine
        self._app = app
        self._name = engine.session_name
        self._own = [
            (b"host", f"127.0.0.1:{port}".encode()),
            (b"authorization", f"Bearer {token}".encode()),
        ]
        self._server = ("127.0.0.1", port)
        self._open: dict[tuple[str, int], Exchange] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self._forget_at = 0.0  # monotonic seconds

    async def _work(self) -> None:
        while not self._engine.is_displaced:
            with beginning_again():
                async with connected(self._url, channel_of(self._name)) as link:
                    await self._pass_on(link, self._name)
            await asyncio.sleep(AGAIN_S)

    async def _look(self, link: ServerLink) -> bool:
        senders = {sender for sender, _ in list(self._open)}
        if senders and (gone := await link.absent(sorted(senders))):
            self._tell(self._lose, gone)
        if time.monotonic() >= self._forget_at:
            await link.forget_lost(self._name)
            self._forget_at = time.monotonic() + FORGET_S
        return not self._engine.is_displaced

    def _take(self, arrived: Sequence[RelayedPart]) -> None:
        for part in arrived:
            key = part.sender, part.exchange
            exchange = self._open.get(key)
            if exchange is None and part.number == 1:
                exchange = self._open[key] = Exchange(partial(self._post, key))
                answering = asyncio.ensure_future(self._answer(key, exchange))
                self._answering.add(answering)
                answering.add_done_callback(self._answering.discard)
            if exchange is not None:
                exchange.arrive(part.number, part.head, part.body)

    def _post(self, key: tuple[str, int], number: int, head: str, body: bytes) -> None:
        self.post(Part(key[0], self._name, key[1], number, head, body))

    def _lose(self, gone: Sequence[str]) -> None:
        for (sender, _), exchange in self._open.items():
            if sender in gone:
                exchange.end()

    async def _answer(self, key: tuple[str, int], exchange: Exchange) -> None:
        try:
            request = RelayedRequest(exchange)
            scope = await request.scope(self._own, self._server)
            await self._app(scope, request.receive, request.send)
            if not request.is_answered:
                await exchange.tell({"failed": True})
        except Ended:
            pass  # the client has gone
        except Exception:
            if exchange.is_over:  # the client has gone; FastAPI wraps Ended in a group
                return
            log.exception("A relayed request could not be answered")
            with suppress(Ended):
                await exchange.tell({"failed": True})
        finally:
            del self._open[key]


class RelayedRequest:
    """A relayed request as an ASGI scope, ``receive`` and ``send``."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._first: Message | None = None
        self.is_answered = False

    async def scope(self, own: list[tuple[bytes, bytes]], server: tuple[str, int]) -> Scope:
        """Wait for the request's head; ``own`` headers replace those that are not relayed."""
        head, body = await self._exchange.hear()
        self._first = self._message(head, body)
        given = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in head["headers"]]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": head["method"],
            "scheme": "http",
            "path": head["path"],
            "raw_path": head["raw_path"].encode("latin-1"),
            "query_string": head["query"].encode("latin-1"),
            "root_path": "",
            "headers": [*own, *given],
            "client": None,
            "server": server,
            "state": {},
        }

    async def receive(self) -> Message:
        """Return the next part of the body, or a disconnect."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            return self._message(*await self._exchange.hear())
        except Ended:
            return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer; raises ``Ended`` if the client has gone."""
        if message["type"] == "http.response.start":
            headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", [])
            ]
            await self._exchange.tell({"status": message["status"], "headers": headers})
        elif message["type"] == "http.response.body":
            more = bool(message.get("more_body"))
            await self._exchange.tell({"more": more}, bytes(message.get("body", b"")))
            self.is_answered = not more

    @staticmethod
    def _message(head: dict[str, Any], body: bytes) -> Message:
        if "gone" in head:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": head["more"]}
