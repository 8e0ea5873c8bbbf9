"""Clients that only take room: ``python -m tests.benchmarks.backend.besiegers URL --token=T …``.

Some leave a request half sent, some connect and say nothing, some open the event stream and never
read it; only those need the token. Once a second each connection that was closed is opened again.
Ends when its stdin closes.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import select
import socket
import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

AGAIN_EVERY = 1.0
"""Seconds."""
CONNECT_WITHIN = 5.0
"""Seconds."""


@dataclass
class Besiegers:
    """Connections to ``address`` that each have sent ``words``, and what became of them."""

    address: tuple[str, int]
    words: bytes
    number: int
    reading: bool
    open: dict[int, socket.socket] = field(default_factory=dict)

    def fill(self) -> None:
        """Open as many as are missing; one that is refused is tried again the next time."""
        for _ in range(self.number - len(self.open)):
            with contextlib.suppress(OSError):
                raw = socket.create_connection(self.address, CONNECT_WITHIN)
                self.open[raw.fileno()] = raw
                raw.sendall(self.words)

    def drop_closed(self) -> None:
        """Forget those the server has closed."""
        poll = select.poll()
        closed = select.POLLRDHUP | select.POLLHUP | select.POLLERR
        for number in self.open:
            poll.register(number, closed if not self.reading else closed | select.POLLIN)
        for number, _ in poll.poll(0):
            self.open.pop(number).close()


def main() -> None:
    """Besiege a server until stdin closes."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.backend.besiegers")
    parser.add_argument("url")
    parser.add_argument("--token", required=True)
    for kind in ("half", "idle", "streams"):
        parser.add_argument(f"--{kind}", type=int, default=0)
    options = parser.parse_args()
    url = urlsplit(options.url)
    address = (url.hostname or "", url.port or 0)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host = f"HTTP/1.1\r\nHost: {url.netloc}"
    stream = f"GET /events {host}\r\nAuthorization: Bearer {options.token}\r\n\r\n"
    all_of_them = [
        Besiegers(address, stream.encode(), options.streams, reading=False),
        Besiegers(address, b"", options.idle, reading=True),
        Besiegers(address, f"GET /health {host}".encode(), options.half, reading=True),
    ]
    pause = 0.0
    while not select.select([sys.stdin], [], [], pause)[0]:
        for each in all_of_them:
            each.drop_closed()
            each.fill()
        pause = AGAIN_EVERY


if __name__ == "__main__":
    main()
