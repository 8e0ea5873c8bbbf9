"""Real HTTP servers on the loopback that answer what no real backend would."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop.client import supervisor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.folder.keys import proof
from sendoff_tasks.model.problems import CONTRACT
from tests import forked

TOKEN: Final = "secret"


@pytest.fixture
def anyio_backend() -> str:
    """Run coroutines on asyncio, as the window does."""
    return "asyncio"


@pytest.fixture
def data(tmp_path: Path) -> OfficeFolder:
    """Give a data folder of the test's own."""
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    return folder


@pytest.fixture(autouse=True)
def _forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork what a supervisor starts; a test that begins with a real start says ``spawn``."""
    monkeypatch.setattr(supervisor, "spawn", forked.spawn)


@dataclass
class Canned:
    """An answer, and the requests it was given to as (method, path, headers, body).

    One with a ``health`` knows the token and proves it at ``/health``, as the backend does.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    health: str = ""
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


def health_of(path: str, status: str = "ok") -> bytes:
    """Give a backend's answer to ``/health?nonce=…``."""
    (nonce,) = parse_qs(urlsplit(path).query)["nonce"]
    said = {"status": status, "version": "1", "contract": CONTRACT, "access": "full"}
    return json.dumps({**said, "proof": proof(TOKEN, nonce)}).encode()


class QuietServer(ThreadingHTTPServer):
    """One that keeps the tests' output clean where a client does not trust it."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def answering() -> Iterator[Callable[..., Backend]]:
    """Start servers that give one answer to everything."""
    servers: list[ThreadingHTTPServer] = []

    def start(canned: Canned, tls: SSLContext | None = None) -> Backend:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                canned.heard.append((self.command, self.path, dict(self.headers), body))
                said = health_of(self.path, canned.health) if canned.health else canned.body
                self.send_response(canned.status)
                for name, value in canned.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Keep the tests' output clean."""

        server = QuietServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        place = "http://127.0.0.1" if tls is None else "https://localhost"
        return Backend(f"{place}:{server.server_port}", TOKEN, 1)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
