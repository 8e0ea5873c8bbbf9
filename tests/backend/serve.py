"""Backends of one database, each in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

from sendoff_tasks.folder.backend_addresses import Backend
from tests import WITHIN, forked
from tests.backend.driving import client_of

TOKEN = "one-and-the-same-token-for-all-of-them"


class Serve:
    """A backend in a process of its own, and a client of it."""

    def __init__(self, folder: Path, database: str, *options: str) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        token = folder / "token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        arguments = ["serve", "--parent-pipe", "--data-dir", str(folder), "--database", database]
        self.process = forked.start([*arguments, "--token-file", str(token), *options])
        assert self.process.stdout is not None
        line = json.loads(self.process.stdout.readline())
        self.client = client_of(Backend(line["url"], TOKEN, line["pid"]))

    def close(self) -> None:
        self.client.close()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(WITHIN)
        self.process.stdout.close()
