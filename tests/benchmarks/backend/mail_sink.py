"""An SMTP server that takes every mail and throws it away.

``python -m tests.benchmarks.backend.mail_sink [--pause S]`` prints one JSON line with its URL,
thinks for ``S`` seconds about each command, and ends when its stdin closes. Leaner than a real
server, so the sending side is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import cast

ANSWERS = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 10000000",
    b"DATA": b"354 go on",
    b"QUIT": b"221 bye",
}
FINAL_DOT = b"\r\n.\r\n"


class Session(asyncio.Protocol):
    """One connection; each answer comes ``pause`` s after its command."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._received = b""
        self._in_message = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._answer(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self._received += data
        while True:
            end = FINAL_DOT if self._in_message else b"\r\n"
            heard, found, rest = self._received.partition(end)
            if not found:
                return
            self._received = rest
            if self._in_message:
                self._in_message = False
                self._answer(b"250 taken")
            else:
                self._hear(heard[:4].upper())

    def _hear(self, verb: bytes) -> None:
        self._in_message = verb == b"DATA"
        self._answer(ANSWERS.get(verb, b"250 fine"))

    def _answer(self, words: bytes) -> None:
        if self._pause:
            loop = asyncio.get_running_loop()
            loop.call_later(self._pause, self._transport.write, words + b"\r\n")
        else:
            self._transport.write(words + b"\r\n")


async def serve(pause: float) -> None:
    """Take mail on a port the system picks until stdin closes."""
    loop = asyncio.get_running_loop()
    closed = asyncio.Event()
    loop.add_reader(sys.stdin, closed.set)
    server = await loop.create_server(lambda: Session(pause), "127.0.0.1", 0)
    print(json.dumps({"url": f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"}), flush=True)
    await closed.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.backend.mail_sink")
    parser.add_argument("--pause", type=float, default=0.0)
    asyncio.run(serve(parser.parse_args().pause))
