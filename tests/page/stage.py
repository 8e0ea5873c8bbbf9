"""The stage of the browser's tests: the app in a process of its own, and the rows of its page."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Page  # type: ignore[import-not-found]

WITHIN_S: Final = 180
UNDO_S: Final = 15
"""Longer than the page gives: a machine may be slow."""


class Shop:
    """The app in a process of its own, at one address also after it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            sys.executable,
            "-P",
            "-m",
            "uvicorn",
            "tests.page.shop:app",
            "--log-level",
            "critical",
        ]
        environment = {**os.environ, "SHOP_FOLDER": str(self.folder)}
        self.process = subprocess.Popen([*command, "--port", str(self.port)], env=environment)
        while True:
            try:
                httpx.get(f"{self.url}/openapi.json")
            except httpx.TransportError:
                if self.process.poll() is not None:
                    sys.exit("The app does not start.")
                time.sleep(0.1)  # a port tells nobody that it is open
            else:
                return

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def monitor(self) -> dict[str, str]:
        """Return the address and the token of its monitor."""
        told: dict[str, str] = json.loads((self.folder / "data" / "backend.json").read_text())
        return told

    def post(self, path: str) -> None:
        """Let a route add tasks."""
        httpx.post(self.url + path, timeout=WITHIN_S).raise_for_status()


def rows(page: Page, text: str) -> Any:
    """Return the rows of the list with a text."""
    return page.locator("tr[role=row]", has_text=text)
