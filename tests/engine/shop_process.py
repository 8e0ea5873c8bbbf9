"""A FastAPI app in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.engine.book import PATIENCE

SERVE = "from tests.engine.shop import serve; serve()"


class Shop:
    """The app of ``shop.py`` in a process of its own; what its tasks do it says line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        port = int(self.said())
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE
        )

    def post(self, path: str) -> httpx.Response:
        return self.client.post(path)

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def open_shop(folder: Path, *command: str, cwd: Path | None = None) -> Iterator[Shop]:
    with subprocess.Popen(
        [sys.executable, *(command or ("-c", SERVE))],
        cwd=cwd,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SHOP_FOLDER": str(folder)},
    ) as process:
        shop = Shop(process)
        try:
            yield shop
        finally:
            shop.client.close()
            process.kill()
