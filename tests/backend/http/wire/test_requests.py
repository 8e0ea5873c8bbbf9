"""An answer with any text is JSON in UTF-8; an uploaded file is stored whole or not at all."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.client.api import Api
from desktop.contract.batches import NewBatch
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.http.wire.requests import to_json
from tests.conftest import RunningBackend
from tests.looking import eventually


def test_text_stays_readable() -> None:
    assert to_json({"a": "zwölf"}) == '{"a":"zwölf"}'.encode()


def test_half_a_character_is_escaped_and_reads_back() -> None:
    assert json.loads(to_json("\ud800 and \\ud800")) == "\ud800 and \\ud800"


def test_what_is_nested_deeply_is_written_too() -> None:
    nested: list[object] = []
    for _ in range(500):
        nested = [nested]
    assert json.loads(to_json(nested)) == nested


BATCH: NewBatch = {"name": "May", "key": ["number"]}


def halves(data_dir: Path) -> list[str]:
    return sorted(each.parent.name for each in data_dir.rglob(".upload.*.tmp"))


def half_sent(backend: Backend, path: str) -> socket.socket:
    """Send the beginning of a file."""
    address = urlsplit(backend.url)
    sender = socket.create_connection((address.hostname, address.port))
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100000\r\n"
        f"Authorization: Bearer {backend.token}\r\n\r\n"
    )
    sender.sendall(head.encode() + b"x" * 1000)
    return sender


@pytest.fixture
def paths(backend: RunningBackend) -> list[str]:
    with closing(Api(backend.backend)) as api:
        number = api.batches.create(BATCH, new_key())
    return [
        "/templates/confirmation/attachments/plan.pdf",
        "/attachments/plan.pdf",
        f"/batches/{number}/attachments/plan.pdf",
        f"/batches/{number}/source?name=members.csv",
    ]


def test_what_its_sender_breaks_off_goes_at_once(backend: RunningBackend, paths: list[str]) -> None:
    for path in paths:
        with closing(half_sent(backend.backend, path)):
            eventually(lambda: len(halves(backend.data_dir)) == 1)
        eventually(lambda: halves(backend.data_dir) == [])


def test_what_a_killed_backend_left_goes_with_the_next_start(
    backend: RunningBackend, paths: list[str], backends: Callable[..., RunningBackend]
) -> None:
    senders = [half_sent(backend.backend, path) for path in paths]
    eventually(lambda: len(halves(backend.data_dir)) == len(paths))
    backend.kill()
    for sender in senders:
        sender.close()
    again = backends(backend.data_dir)
    eventually(lambda: halves(backend.data_dir) == [])
    with closing(half_sent(again.backend, paths[0])):  # one on its way now stays
        eventually(lambda: halves(backend.data_dir) == ["confirmation"])
