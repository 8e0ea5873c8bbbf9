"""The counting mail server, started and read from a journey."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Sink:
    """``tests.smtp_sink`` in its own process; answers each message after ``pause`` seconds."""

    log: Path
    pause: float
    port: int = 0
    _server: subprocess.Popen[str] = field(init=False, repr=False)

    def __enter__(self) -> Self:
        """Start it; ``port`` tells where."""
        command = [sys.executable, "-m", "tests.smtp_sink", "--log", str(self.log)]
        self._server = subprocess.Popen(
            [*command, "--pause", str(self.pause)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._server.stdout is not None
        self.port = json.loads(self._server.stdout.readline())["port"]
        return self

    def __exit__(self, *_: object) -> None:
        """End it and wait for its last line."""
        self._server.communicate()

    def received(self) -> Counter[str]:
        """Count, for each Message-ID, how often its final dot arrived."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return Counter(line.split()[1] for line in lines if line.startswith("received "))

    def settings(self) -> str:
        """Give the ``settings.toml`` that sends here."""
        return (
            '[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\n'
            f'port = {self.port}\nsecurity = "none"\nsender = "Desk <desk@example.org>"\n'
        )
