"""The dialogue with a mail server: a command and its reply in turn, and not a byte beside them.

The server may be broken or hostile, or a proxy may answer for it. A reply is believed only if it is
whole, well-formed, in time, and the answer to what was asked; anything else ends the connection.
"""

from __future__ import annotations

import re
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from desktop.mail.smtp.replies import Reply

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

REPLY_LIMIT: Final = 64 * 1024
"""Bytes of one reply; with all extensions it has well under 2,000."""
_LINE: Final = re.compile(rb"(\d{3})(?:([ -])(.*))?", re.DOTALL)
"""A line of a reply (RFC 5321, 4.2): its code, ``-`` if another one follows, its words."""
_CLOSED: Final = "closed the connection"
_SHOWN: Final = 80
"""Characters of an unexpected text that an error quotes."""


class Ended(ConnectionError):
    """The connection is closed; the text says what the server did: “closed the connection”."""


class Dialogue:
    """A connection to a server. Whatever is wrong with it closes it and raises ``Ended``.

    ``within`` is in seconds, for the whole of a reply or of what is sent.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.is_open = True
        self.features: dict[str, str] = {}
        """What the server offers by EHLO: the keywords in capitals, with their parameters."""
        self._socket = sock
        self._heard = bytearray()

    @property
    def own_address(self) -> str:
        """The IP address of this end."""
        return str(self._socket.getsockname()[0])

    @property
    def tls_version(self) -> str | None:
        """The version of TLS, such as “TLSv1.3”; ``None`` if the line is not encrypted."""
        return self._socket.version() if isinstance(self._socket, ssl.SSLSocket) else None

    def encrypt(self, context: ssl.SSLContext, host: str, within: float) -> None:
        """Begin TLS; raises the ``OSError`` of a handshake that fails."""
        self._socket.settimeout(within)
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def close(self, farewell: str = "") -> None:
        """Close the connection, after a command that is sent if it can be sent at once."""
        with suppress(OSError):
            if self.is_open and farewell:
                self._socket.settimeout(0)
                self._socket.send(f"{farewell}\r\n".encode())
        self.is_open = False
        self._socket.close()

    def ehlo(self, name: str, within: float) -> Reply:
        """Greet, and note what the server offers."""
        reply, lines = self._ask(f"EHLO {name}", within)
        self.features = {}
        for line in lines[1:] if reply.is_done else []:
            # Old servers say AUTH=LOGIN beside AUTH PLAIN.
            keyword, _, parameters = (
                line.decode(errors="replace").upper().replace("=", " ").partition(" ")
            )
            self.features[keyword] = f"{self.features.get(keyword, '')} {parameters}"
        return reply

    def command(self, command: str, within: float) -> Reply:
        """Send a command, one line without its end; returns the reply to it."""
        return self._ask(command, within)[0]

    def send(self, data: bytes | memoryview, within: float) -> None:
        """Send a command with its end, or a part of a message."""
        try:
            self._socket.settimeout(within)
            self._socket.sendall(data)
        except OSError as error:
            raise self._end(error) from error

    def reply(self, within: float) -> Reply:
        """Wait for the reply to what was sent."""
        return self._read(within)[0]

    def is_silent(self) -> bool:
        """Tell whether the server has said nothing that was not asked for."""
        try:
            self._socket.settimeout(0)
            if not self._heard:
                self._heard += self._some()
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError as error:
            raise self._end(error) from error
        return False

    def expect_silence(self) -> None:
        """End the connection if the server has said anything that was not asked for."""
        if not self.is_silent():
            raise self._broken("said what it was not asked for", bytes(self._heard))

    def _ask(self, command: str, within: float) -> tuple[Reply, list[bytes]]:
        if "\r" in command or "\n" in command:
            raise ValueError(f"A command is one line: {command!r}")
        self.expect_silence()
        self.send(f"{command}\r\n".encode(), within)
        return self._read(within)

    def _read(self, within: float) -> tuple[Reply, list[bytes]]:
        """Read one reply; also returns the words of its lines."""
        code = b""
        words: list[bytes] = []
        for line in self._lines(time.monotonic() + within):
            parts = _LINE.fullmatch(line)
            if parts is None or (code and parts[1] != code):
                raise self._broken("gave no proper answer", line)
            code = parts[1]
            words.append(parts[3] or b"")
            if parts[2] != b"-":
                break
        return Reply.read(int(code), b"\n".join(words)), words

    def _lines(self, deadline: float) -> Iterator[bytes]:
        """Yield the lines of one reply without their ends; a bare LF is taken for one, too."""
        left = REPLY_LIMIT
        while True:
            end = self._heard.find(b"\n")
            if (len(self._heard) if end < 0 else end) >= left:
                raise self._broken("gave an endless answer", bytes(self._heard))
            if end < 0:
                self._hear_more(deadline)
                continue
            line = bytes(self._heard[:end]).removesuffix(b"\r")
            del self._heard[: end + 1]
            left -= end + 1
            yield line

    def _hear_more(self, deadline: float) -> None:
        try:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            self._heard += self._some()
        except OSError as error:
            raise self._end(error) from error

    def _some(self) -> bytes:
        data = self._socket.recv(4096)
        if not data:
            raise ConnectionResetError(_CLOSED)
        return data

    def _broken(self, how: str, said: bytes) -> Ended:
        self.close()
        return Ended(f"{how}: {Reply.read(0, said).words[:_SHOWN]}")

    def _end(self, error: OSError) -> Ended:
        self.close()
        return Ended("did not answer in time" if isinstance(error, TimeoutError) else _CLOSED)
