"""The client's socket: what the server has said comes in virtual time."""

from __future__ import annotations

import errno
from typing import Final

from desktop.mail.smtp.connection import Timeouts
from desktop.mail.smtp.dialogue import REPLY_LIMIT
from tests.simulation.judging.broken import expect
from tests.simulation.mail_server.server import HostileServer, Session, VirtualTime

TIMEOUTS: Final = Timeouts()
_ROOM: Final = 8192
"""Bytes that a client may read beyond what a reply may have."""
_REAL_LIMIT: Final = REPLY_LIMIT


class Line:
    """Has the part of a socket's methods that the client uses."""

    def __init__(self, server: HostileServer) -> None:
        server.note("  a connection")
        self._session = Session(server)
        self._time: VirtualTime = server.time
        self._timeout = 0.0
        self._is_closed = False
        self._next: tuple[float, bytes] | None = None
        self._taken = 0
        self._asked = self._came = self._time.now
        self._within = TIMEOUTS.connect

    def setsockopt(self, *_: object) -> None:
        pass

    def getsockname(self) -> tuple[str, int]:
        return "192.0.2.1", 1

    def settimeout(self, timeout: float) -> None:
        self._timeout = timeout

    def close(self) -> None:
        self._is_closed = True

    def sendall(self, data: bytes | memoryview) -> None:
        """Hand something to the server, which answers at once or later."""
        self._check()
        self._taken = 0
        self._asked = self._time.now
        self._within = TIMEOUTS.answer if bytes(data) == b".\r\n" else TIMEOUTS.command
        self._session.hear(bytes(data))

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def recv(self, most: int) -> bytes:
        """Wait, in virtual time, for the next bytes."""
        self._check()
        until = self._time.now + self._timeout
        at, data = self._next or self._piece()
        if at > until:
            self._next = (at, data) if at < float("inf") else None
            if not self._timeout:
                raise BlockingIOError
            self._time.now = until
            raise TimeoutError
        self._time.now = max(self._time.now, at)
        self._next = (at, data[most:]) if data[most:] or not data else None
        self._judge(len(data[:most]))
        return data[:most]

    def _piece(self) -> tuple[float, bytes]:
        """Return the next piece, and when it comes."""
        said = self._session.said
        while said:
            at, utterance = said[0]
            for pause, data in utterance.pieces:
                self._came = max(self._came, at) + pause
                return self._came, data
            said.popleft()
        return float("inf"), b""

    def _judge(self, more: int) -> None:
        self._taken += more
        bounded = self._taken <= _REAL_LIMIT + _ROOM
        expect(bounded, "replies are bounded", f"{self._taken:,} bytes of one reply were read")
        took = self._time.now - self._asked
        in_time = took <= self._within + 0.001
        expect(in_time, "replies are in time", f"a reply was read for {took:.0f} s")

    def _check(self) -> None:
        if self._is_closed:
            raise OSError(errno.EBADF, "closed")
