"""A mail server that says exactly the bytes a test gives it, at each step of the dialogue."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from desktop.settings.preferences import MailSettings

Said = bytes | Iterable[bytes]
POLITE: dict[str, bytes] = {
    "greeting": b"220 here\r\n",
    "EHLO": b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
    "STARTTLS": b"220 go ahead\r\n",
    "AUTH": b"235 welcome\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 bye\r\n",
}


@dataclass
class RawServer:
    """``says`` has bytes or pieces of them by step; what it does not name is answered politely.

    Steps: ``greeting``, the commands, ``dot``.
    """

    says: dict[str, Said]
    closes_after: str = ""
    """The step after which the server closes the connection."""
    tls: ssl.SSLContext | None = None
    """With this, it begins TLS after STARTTLS."""
    port: int = 0
    dots: int = 0
    """Messages that came with their final dot."""
    connections: list[socket.socket] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when a test is over; what drips waits for it between two pieces."""

    def settings(self, **changes: Any) -> MailSettings:
        """Give settings that send through this server."""
        given = {"host": "localhost", "port": self.port, "security": "none", **changes}
        return MailSettings(transport="smtp", sender="box@example.org", **given)

    def drip(self, text: bytes, every: float) -> Iterator[bytes]:
        """Yield bytes one by one, with a pause in seconds between them."""
        for place in range(len(text)):
            self.ended.wait(every)
            yield text[place : place + 1]

    def say_now(self, said: bytes) -> None:
        """Say something on every connection that is open."""
        for each in self.connections:
            each.sendall(said)

    def converse(self, sock: socket.socket) -> None:
        """Serve one connection to its end."""
        self._say(sock, "greeting")
        while line := _line(sock):
            step = line.split()[0].decode().upper()
            self._say(sock, step)
            if step == "STARTTLS" and self.tls is not None:
                plain = self.connections.index(sock)
                sock = self.connections[plain] = self.tls.wrap_socket(sock, server_side=True)
            if step == "DATA":
                while (line := _line(sock)) != b".\r\n":
                    if not line:
                        return
                self.dots += 1
                self._say(sock, "dot")

    def _say(self, sock: socket.socket, step: str) -> None:
        said = self.says.get(step, POLITE.get(step, b"250 fine\r\n"))
        for piece in [said] if isinstance(said, bytes) else said:
            sock.sendall(piece)
        if step == self.closes_after:
            _close(sock)


def _close(sock: socket.socket) -> None:
    """Close a connection, but not its TLS: a thread that reads it would get what is encrypted."""
    socket.socket.shutdown(sock, socket.SHUT_RDWR)


def endless(code: int) -> Iterable[bytes]:
    """Give a reply that never ends."""
    return repeat(b"%d-%s\r\n" % (code, b"x" * 500))


def _line(sock: socket.socket) -> bytes:
    """Read a line, and nothing beyond it: what follows may be TLS."""
    line = bytearray()
    while not line.endswith(b"\n") and (byte := sock.recv(1)):
        line += byte
    return bytes(line)


@contextmanager
def saying(
    says: Mapping[str, Said], *, closes_after: str = "", tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Run a server that says this."""
    server = RawServer(dict(says), closes_after, tls)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        talks: list[threading.Thread] = []

        def talk(sock: socket.socket) -> None:
            with suppress(OSError):
                server.converse(sock)
                _close(sock)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    sock = listening.accept()[0]
                    server.connections.append(sock)
                    talks.append(threading.Thread(target=talk, args=[sock]))
                    talks[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server
        finally:
            server.ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for each in server.connections:
                with suppress(OSError):
                    _close(each)
            for thread in talks:
                thread.join()
            for each in server.connections:
                each.close()
