"""A real SMTP server in a thread, which can be told to go wrong at any step."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from desktop.settings.preferences import MailSettings
from tests import WITHIN


class Fault(Enum):
    """What a server may do instead of answering."""

    DROP = "drop"
    """Close the connection at once."""
    SILENCE = "silence"
    """Say nothing more, and keep the connection open."""


Steps = dict[str, str | Fault]
"""By step: an answer of the server's own, or a fault.

Steps: ``greeting``, ``EHLO``, ``HELO``, ``STARTTLS``, ``AUTH``, ``MAIL``, ``RCPT``, ``DATA``,
``content`` (while the message is on its way), ``dot`` (after the final dot), ``RSET``.
"""


@dataclass
class Server:
    """What a test may ask of the running server."""

    port: int = 0
    faults: Steps = field(default_factory=dict)
    faults_once: Steps = field(default_factory=dict)
    """Faults that are gone after the first time."""
    mails: list[Envelope] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most: int = 0
    """Connections at once; a further one is refused. 0 means no limit."""
    per_session: int = 0
    """Messages of one connection; a further one is refused. 0 means no limit."""
    refuse: Callable[[Envelope], str | None] = lambda _: None
    """Returns the answer to a whole message, or ``None`` to accept it."""
    commands: list[str] = field(default_factory=list)
    """Of all connections, in their order."""
    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once for each message that came whole."""
    interrupted: threading.Event = field(default_factory=threading.Event)
    """Set when the server has answered, or dropped the connection, amid the content."""
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once for each connection that came to its end."""
    drop_all: Any = None
    """Call it to close every open connection, as a restarted server does."""
    stop: Any = None

    def settings(self, **changes: Any) -> MailSettings:
        """Give settings that send through this server."""
        defaults = {
            "transport": "smtp", "host": "localhost", "port": self.port, "security": "none",
            "sender": "Box office <box@example.org>",
        }  # fmt: skip
        return MailSettings(**{**defaults, **changes})


class _Faulty(SMTP):
    """aiosmtpd with faults before each command."""

    def __init__(self, server: Server, greeted: bool = False, **options: Any) -> None:
        self._server = server
        self._greeted = greeted
        self._begun = 0
        super().__init__(_Taking(server), **options)
        commands = self._smtp_methods
        for step in ("EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "RSET"):
            commands[step] = partial(self._or_fault, step, commands[step])
        commands["DATA"] = partial(self._data, commands["DATA"])

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            status = await self.fault("greeting") or status
        await super().push(status)

    async def fault(self, step: str) -> str | None:
        """Do what is to go wrong at this step; returns the server's own answer if there is one."""
        self._server.commands.append(step)
        server = self._server
        if step == "greeting" and 0 < server.most < server.open:
            return "421 4.7.0 Too many connections from you"
        if step.startswith("MAIL"):
            self._begun += 1
            if 0 < server.per_session < self._begun:
                return "450 4.7.0 Too many messages in this session"
        fault = server.faults_once.pop(step, None) or server.faults.get(step)
        if fault is Fault.DROP:
            self.abort()
            self.loop.call_soon(self._server.interrupted.set)  # after the socket was closed
        if isinstance(fault, Fault):
            await asyncio.Event().wait()  # until the connection ends
            return None
        return fault

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._server.open -= 1
        self._server.ended.release()

    def abort(self) -> None:
        """Close the connection at once, if it is still there."""
        assert isinstance(self.transport, asyncio.WriteTransport)
        # A TLS transport that was closed twice has let go of what abort() asks for (3.11.2).
        with suppress(AttributeError):
            self.transport.abort()

    async def _or_fault(self, step: str, command: Any, arg: str | None) -> None:
        words = (f"{step} {arg}", f"{step} {(arg or '').partition(' ')[0]}")
        answer = await self.fault(next((w for w in words if w in self._server.faults), step))
        if answer is None:
            await command(arg)
        else:
            await self.push(answer)
            if answer.startswith("421"):
                self.abort()

    async def _data(self, command: Any, arg: str | None) -> None:
        if "content" not in self._server.faults:
            await self._or_fault("DATA", command, arg)
            return
        await self.push("354 go on")
        await self._reader.readuntil(b"\r\n\r\n")
        await self.push(await self.fault("content") or "")
        self._server.interrupted.set()


@dataclass
class _Taking:
    server: Server

    async def handle_DATA(  # noqa: N802
        self, smtp: _Faulty, _: Session, envelope: Envelope
    ) -> str:
        if refused := self.server.refuse(envelope):
            return refused
        self.server.mails.append(envelope)
        self.server.taken.release()
        return await smtp.fault("dot") or "250 2.0.0 queued as 4711"


def _knows_ada(_: Any, __: Any, ___: Any, ____: str, given: LoginPassword) -> AuthResult:
    known = given.login == b"ada" and given.password == "pässword".encode()
    return AuthResult(success=known, handled=False)


@contextmanager
def running(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, **options: Any
) -> Iterator[Server]:
    """Run a server; ``tls`` speaks TLS from the first byte, ``starttls`` when it is asked to."""
    server = Server()
    ready = threading.Event()
    options = {
        "enable_SMTPUTF8": True, "hostname": "mail.test", "tls_context": starttls,
        "authenticator": _knows_ada, "auth_require_tls": False, **options,
    }  # fmt: skip
    thread = threading.Thread(target=asyncio.run, args=[_serve(server, ready, tls, options)])
    thread.start()
    assert ready.wait(WITHIN)
    try:
        yield server
    finally:
        server.stop()
        thread.join()


async def _serve(
    server: Server, ready: threading.Event, tls: ssl.SSLContext | None, options: dict[str, Any]
) -> None:
    """Serve until ``server.stop`` is called; ends with every connection closed."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    connections: list[_Faulty] = []

    def connection() -> _Faulty:
        server.connections += 1
        server.open += 1
        connections.append(_Faulty(server, loop=loop, **options))
        return connections[-1]

    async def drop_all() -> None:
        for each in connections:
            if each.transport is not None:
                each.abort()
        await asyncio.sleep(0)  # the sockets are closed in the loop's next round

    listening = await loop.create_server(connection, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    server.drop_all = lambda: asyncio.run_coroutine_threadsafe(drop_all(), loop).result()
    server.stop = lambda: loop.call_soon_threadsafe(stopped.set)
    ready.set()
    await stopped.wait()
    listening.close()
    await drop_all()
