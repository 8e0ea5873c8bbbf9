"""A real SMTP server with the manners of many: some addresses it refuses, some it keeps waiting."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Final

from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from types import TracebackType

    from aiosmtpd.smtp import Envelope, Session

UNKNOWN: Final = "@exmaple.org"
"""Refused for good."""
GREYLISTED: Final = "@mx.example.net"
"""Asked to come back later, every time."""
SLOW: Final = "@slow.example.com"
"""Taken after a long while."""
SILENT: Final = "@silent.example.com"
"""The connection breaks after the final dot, before the answer."""
SLOW_S: Final = 600.0


class Manners:
    """What the server does with whom."""

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if address.endswith(UNKNOWN):
            return "550 5.1.1 No such user here"
        if address.endswith(GREYLISTED):
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        if address.endswith(SLOW):
            await asyncio.sleep(SLOW_S)
        if address.endswith(SILENT):
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 2.0.0 taken"


class MailServer:
    """Listens on a loopback port of its own, in a thread, while the ``with`` block runs.

    ``locked`` makes every login fail.
    """

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()
        self.port = 0
        self.locked = False
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> MailServer:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        listening = self._loop.create_server(self._connection, "127.0.0.1", 0)
        server = self._loop.run_until_complete(listening)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()

    def _connection(self) -> SMTP:
        return SMTP(
            self._manners,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._check_login,
            loop=self._loop,
        )

    def _check_login(self, *_: Any) -> AuthResult:
        return AuthResult(success=not self.locked, handled=False)
