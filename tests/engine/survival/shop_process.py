"""A FastAPI app in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests import WITHIN, forked
from tests.forked import Process

SERVE = "from tests.engine.survival.shop import serve; serve(); raise SystemExit"


class Shop:
    """The app of ``shop.py`` in a process of its own; what its tasks do it says line by line."""

    def __init__(self, process: Process) -> None:
        self.process = process
        port = int(self.said())
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=WITHIN
        )
        self.client.get("/")  # it is answered once the app has begun, with its tasks

    def post(self, path: str) -> httpx.Response:
        return self.client.post(path)

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()


@contextmanager
def open_shop(folder: Path, script: str = "", cwd: Path | None = None) -> Iterator[Shop]:
    """Run the app, or one that a script serves; it is killed at the end."""
    first = forked.script(script) if script else SERVE
    process = forked.start([], first, cwd=cwd, environment={"SHOP_FOLDER": str(folder)})
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        shop = Shop(process)
        try:
            yield shop
        finally:
            shop.client.close()
            process.kill()
            process.wait()
