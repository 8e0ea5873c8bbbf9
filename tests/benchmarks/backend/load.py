"""A load generator that costs little itself: ``python -m tests.benchmarks.backend.load URL …``.

Every connection keeps one request under way; what is sent is put together beforehand but for the
item's number. Prints one JSON line: requests, failures, when it began and ended (monotonic s, the
same clock in every process of the machine), and quantiles of the time to the answer (ms).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from tests.benchmarks.figures import quantile

if TYPE_CHECKING:
    from collections.abc import Iterator

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length: "


@dataclass
class Tally:
    """What all connections have seen: times in s from sending to the last byte of the answer."""

    until: float
    numbers: Iterator[int]
    took: list[float] = field(default_factory=list)
    failures: int = 0


class Connection(asyncio.Protocol):
    """One keep-alive connection that sends the next request as soon as the answer is there."""

    def __init__(self, before: bytes, after: bytes, tally: Tally) -> None:
        self._before = before
        self._after = after
        self._tally = tally
        self._received = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or ConnectionError("the server closed a connection"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(END_OF_HEAD)
        if head < 0 or len(self._received) < head + 4 + _length(self._received):
            return
        now = time.monotonic()
        self._tally.took.append(now - self._sent)
        self._tally.failures += not self._received.startswith(b"HTTP/1.1 200")
        self._received = b""
        if now < self._tally.until:
            self._send()
        else:
            self.ended.set_result(None)
            self._transport.close()

    def _send(self) -> None:
        request = self._before + str(next(self._tally.numbers)).encode() + self._after
        self._sent = time.monotonic()
        self._transport.write(request)


def _length(answer: bytes) -> int:
    start = answer.index(LENGTH) + len(LENGTH)
    return int(answer[start : answer.index(b"\r\n", start)])


async def post(
    url: str, token: str, body: bytes, connections: int, seconds: float, first: int
) -> dict[str, float]:
    """``POST /items/{number}`` for some seconds, with numbers from ``first``."""
    address = urlsplit(url)
    host, port = address.hostname or "", address.port or 80
    headers = [
        f"Host: {host}:{port}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    after = b" HTTP/1.1\r\n" + "\r\n".join(headers).encode() + END_OF_HEAD + body
    began = time.monotonic()
    tally = Tally(began + seconds, count(first))
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Connection(b"POST /items/", after, tally), host, port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.ended for _, connection in opened))
    return {
        "requests": len(tally.took),
        "failures": tally.failures,
        "began": began,
        "ended": time.monotonic(),
        "p50": quantile(tally.took, 0.5) * 1000,
        "p99": quantile(tally.took, 0.99) * 1000,
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.backend.load")
    parser.add_argument("url")
    parser.add_argument("--token", default="")
    parser.add_argument("--body", default="{}")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--first", type=int, default=1, help="number of the first item")
    options = parser.parse_args()
    result = post(
        options.url,
        options.token,
        options.body.encode(),
        options.connections,
        options.seconds,
        options.first,
    )
    print(json.dumps(asyncio.run(result)))


if __name__ == "__main__":
    main()
