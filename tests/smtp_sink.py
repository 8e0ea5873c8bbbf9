"""A real SMTP server in a process of its own that counts deliveries.

``python -m tests.smtp_sink --log FILE [--pause S]`` prints one JSON line with its port, then
writes a line ``received MESSAGE-ID`` when a message's final dot has come and ``answered
MESSAGE-ID`` after its 250 was given. It ends when its stdin closes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import IO, Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Counting:
    """aiosmtpd's handler: takes every message, after a pause in seconds, and writes it down."""

    log: IO[str]
    pause: float = 0.0
    parser: BytesHeaderParser = field(default_factory=BytesHeaderParser)

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        message_id = str(self.parser.parsebytes(content)["Message-ID"]).strip()
        print(f"received {message_id}", file=self.log, flush=True)
        if self.pause:
            await asyncio.sleep(self.pause)
        print(f"answered {message_id}", file=self.log, flush=True)
        return "250 2.0.0 taken"


async def serve(log: Path, pause: float) -> None:
    """Take mail on a port the system picks until stdin closes."""
    loop = asyncio.get_running_loop()
    closed = asyncio.Event()

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            closed.set()

    loop.add_reader(sys.stdin, read)
    with log.open("a", encoding="utf-8") as file:
        handler = Counting(file, pause)

        def connection() -> Any:
            return SMTP(handler, enable_SMTPUTF8=True, loop=loop)

        server = await loop.create_server(connection, "127.0.0.1", 0)
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
        await closed.wait()
        server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.smtp_sink")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--pause", type=float, default=0.0)
    options = parser.parse_args()
    asyncio.run(serve(options.log, options.pause))
