"""HAProxy, set up as the docs say, follows the backend that runs the tasks."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.backend.serve import TOKEN, Serve
from tests.benchmarks.peers.services import free_port
from tests.looking import eventually

PAGE = Path(__file__).parents[2] / "docs" / "servers.md"
AROUND = """
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
frontend all
    bind 127.0.0.1:{}
    default_backend sendoff
"""
ADA = {"recipient": {"email": "ada@example.org"}}


def configuration(front: int, port: int) -> str:
    """Return the configuration in the docs, for two addresses of this machine, without TLS."""
    (block,) = re.findall(r"```\n(backend sendoff\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    here = block.replace("9108", str(port))
    for there, address in (("10.0.0.1:443", "127.0.0.1"), ("10.0.0.2:443", "[::1]")):
        here = here.replace(there, f"{address}:{port}")
    return AROUND.format(front) + re.sub(r" (ssl verify|sni) .*", "", here)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.long
def test_requests_follow_the_backend_that_runs_the_tasks(
    stack: ExitStack, tmp_path: Path, server: Any
) -> None:
    database, port, front = str(server.database()), free_port(), free_port()
    first, spare = (
        stack.enter_context(
            closing(Serve(tmp_path / f"of {host}", database, "--host", host, "--port", str(port)))
        )
        for host in ("127.0.0.1", "::1")
    )
    (tmp_path / "haproxy.cfg").write_text(configuration(front, port))
    balancer = stack.enter_context(
        subprocess.Popen(["haproxy", "-db", "-f", str(tmp_path / "haproxy.cfg")])
    )
    stack.callback(balancer.kill)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    client = stack.enter_context(
        httpx.Client(base_url=f"http://127.0.0.1:{front}", headers=headers)
    )

    def accepts(number: int) -> bool:
        try:
            answer = client.post(f"/items/{number}", json={**ADA, "delay": 3600})
        except httpx.TransportError:
            return False
        return answer.status_code == HTTPStatus.OK

    eventually(lambda: accepts(1))
    first.process.kill()
    eventually(lambda: accepts(2))
    assert spare.client.get("/tasks").json()["total"] == 2
