"""A spare backend: it relays requests to the backend that runs the tasks, or takes its place."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from functools import partial
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from desktop.backend.relay.exchange import Body, Ended, Exchange, RelayedAnswer
from desktop.backend.relay.relaying import Relaying
from desktop.backend.wire.problems import RETRY_AFTER, problem_response
from desktop.backend.wire.values import IDEMPOTENCY_KEY
from desktop.engine.postgres.database.holder import FREE, process_of
from desktop.engine.postgres.handed_rows import channel_of
from desktop.engine.postgres.relayed import Part
from desktop.engine.processes.server.handing_over import AGAIN_S, Succession, beginning_again
from desktop.engine.processes.server.server_link import connected
from desktop.engine.processes.submitter import NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from desktop.engine.postgres.relayed import RelayedPart
    from desktop.engine.processes.server.server_link import ServerLink

log = logging.getLogger(__name__)

PATIENCE_S: Final = 20.0
"""Seconds that a request waits for a process that can answer: longer than a takeover from a frozen
process takes."""
UNSURE: Final = (
    "The process that runs the tasks has ended before it answered. Look whether this was done, or "
    "try again."
)
CUT_OFF: Final = "This server has no connection to its database. Its log says why. Try again."
_REPEATED: Final = frozenset({"GET", "HEAD", "PUT", "PATCH"})
_ITEM: Final = re.compile(r"/items/\d+")
_KEY: Final = IDEMPOTENCY_KEY.lower().encode()
_OWN: Final = frozenset({b"host", b"origin", b"authorization"})
"""Headers with the request's address and token: they are checked here and not relayed."""


class Spare(Relaying):
    """An ASGI application that has requests answered by the backend that runs the tasks.

    ``take_over`` is called in a thread when no process runs them. It returns the application that
    answers from then on, or ``None`` if this process does not run the tasks.
    """

    def __init__(self, url: str, take_over: Callable[[], ASGIApp | None]) -> None:
        super().__init__("spare", url)
        self._take_over = take_over
        self._succession = Succession()
        self._numbers = count(1)
        self._name = ""
        self._met = ""  # the process that runs the tasks, as this thread knows it
        self._is_cut_off = True  # from the database; changed by that thread alone
        # used in the server's loop only:
        self._decider = self._sender = ""
        self._app: ASGIApp | None = None
        self._open: dict[int, tuple[Exchange, RelayedAnswer]] = {}
        self._is_there = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as soon as there is a process that can."""
        body, until = Body(receive), asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                async with asyncio.timeout_at(until):
                    await self._is_there.wait()
            except TimeoutError:
                await _refused(CUT_OFF if self._is_cut_off else NO_ANSWER, scope, receive, send)
                return
            if self._app is not None:
                await self._app(scope, body.again(), send)
                return
            answer = RelayedAnswer(send)
            try:
                await self._relay(scope, body, answer)
            except Ended:
                if answer.has_begun:
                    await answer.cut_off()
                elif body.is_abandoned:
                    return
                elif answer.has_failed or not body.is_kept or not _may_be_repeated(scope):
                    await _refused(UNSURE, scope, receive, send)
                else:
                    continue
            return

    @property
    def is_waiting(self) -> bool:
        """Whether requests wait because no process is known that can answer them."""
        return not self._is_there.is_set()

    def drain(self) -> None:
        """End the event streams, which would not end by themselves."""
        for exchange, answer in self._open.values():
            if answer.is_stream:
                exchange.end()

    async def _relay(self, scope: Scope, body: Body, answer: RelayedAnswer) -> None:
        """Have a request answered by the other backend; raises ``Ended``."""
        number, post = next(self._numbers), partial(self._post, self._decider, self._sender)
        exchange = Exchange(partial(post, number))
        self._open[number] = exchange, answer
        asking = asyncio.create_task(_ask(exchange, scope, body.again()))
        try:
            while not answer.is_whole:
                await answer.take(*await exchange.hear())
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            del self._open[number]
            if not answer.is_whole:
                exchange.leave()

    def _post(
        self, recipient: str, sender: str, exchange: int, number: int, head: str, body: bytes
    ) -> None:
        if recipient == self._decider:
            self.post(Part(recipient, sender, exchange, number, head, body))

    def _take(self, arrived: Sequence[RelayedPart]) -> None:
        for part in arrived:
            if part.exchange in self._open and part.sender == self._decider:
                exchange, _ = self._open[part.exchange]
                exchange.arrive(part.number, part.head, part.body)

    def _meet(self, decider: str, sender: str) -> None:
        """Relay to ``decider`` from now on, if there is one; ``sender`` is our own name."""
        for exchange, _ in self._open.values():
            exchange.end()
        self._decider, self._sender = decider, sender
        if decider:
            self._is_there.set()
        else:
            self._is_there.clear()

    def _become(self, app: ASGIApp) -> None:
        """Answer with our own application from now on."""
        self._meet("", "")
        self._app = app
        self._is_there.set()

    async def _work(self) -> None:
        while True:
            self._name = f"spare {token_hex(8)}"
            self._is_cut_off = True
            with beginning_again():
                async with connected(self._url, channel_of(self._name), FREE) as link:
                    self._is_cut_off = False
                    await link.act_as(self._name)
                    try:
                        await self._pass_on(link, self._name)
                    finally:
                        self._know("")
                app = await asyncio.to_thread(self._take_over)
                if app is not None:
                    log.warning("This process runs the tasks from now on")
                    self._tell(self._become, app)
                    return
            await asyncio.sleep(AGAIN_S)

    async def _look(self, link: ServerLink) -> bool:
        if await self._succession.is_open(link):
            return False
        self._know(self._succession.holder)
        return True

    def _know(self, decider: str) -> None:
        if decider != self._met:
            self._met = decider
            if decider:
                who = process_of(decider) or "the process that runs the tasks"
                log.info("Requests are relayed to %s", who)
            self._tell(self._meet, decider, self._name)


async def _ask(exchange: Exchange, scope: Scope, receive: Receive) -> None:
    """Send the parts of the request, and end the exchange when the client disconnects."""
    headers = [each for each in scope["headers"] if each[0] not in _OWN]
    head = {
        "method": scope["method"],
        "path": scope["path"],
        "raw_path": scope["raw_path"].decode("latin-1"),
        "query": scope["query_string"].decode("latin-1"),
        "headers": [(n.decode("latin-1"), v.decode("latin-1")) for n, v in headers],
    }
    with suppress(Ended):
        while (message := await receive())["type"] == "http.request":
            body, more = message.get("body", b""), message.get("more_body", False)
            await exchange.tell({**head, "more": more}, bytes(body))
            head = {}
        exchange.end()


def _may_be_repeated(scope: Scope) -> bool:
    """Tell whether a request that may have been carried out can safely be repeated."""
    if scope["method"] in _REPEATED:
        return True
    has_key = any(name == _KEY for name, _ in scope["headers"])
    return scope["method"] == "POST" and (has_key or _ITEM.fullmatch(scope["path"]) is not None)


async def _refused(sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Retry-After": str(RETRY_AFTER)}
    await problem_response(503, sentence, headers=headers)(scope, receive, send)
