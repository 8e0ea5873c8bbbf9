"""A repeated request has one effect; an uploaded file is stored whole or not at all."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from desktop.backend import requests
from desktop.backend.composition import running_services
from desktop.backend.requests import once
from desktop.backend.wire.problems import ProblemError
from desktop.client.api import Api, new_key
from desktop.engine.errors import Conflict, NotWritable
from desktop.engine.submission import Idempotency
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.backend.services import Services
    from desktop.contract.batches import NewBatch
    from desktop.settings.backend_file import Backend
    from desktop.settings.paths import DataFolder
    from tests.conftest import RunningBackend

pytestmark = pytest.mark.anyio

KEY = Idempotency("k", "body")


class Call:
    """Something with an effect, counted."""

    def __init__(self) -> None:
        self.count = 0
        self.begun = asyncio.Event()
        self.let = asyncio.Event()
        self.let.set()

    async def __call__(self) -> int:
        self.count += 1
        self.begun.set()
        await self.let.wait()
        return self.count


async def test_without_a_key_every_call_counts(services: Services) -> None:
    call = Call()
    assert await once(services, None, call) == (1, False)
    assert await once(services, None, call) == (2, False)


async def test_the_same_key_and_body_has_the_first_answer(services: Services) -> None:
    call = Call()
    assert await once(services, KEY, call) == (1, False)
    assert await once(services, KEY, call) == (1, True)
    assert call.count == 1


async def test_another_body_is_a_conflict(services: Services) -> None:
    call = Call()
    await once(services, KEY, call)
    with pytest.raises(Conflict):
        await once(services, Idempotency("k", "other"), call)


async def test_who_comes_while_the_first_is_under_way_waits_for_its_answer(
    services: Services,
) -> None:
    call = Call()
    call.let.clear()
    first = asyncio.create_task(once(services, KEY, call))
    await call.begun.wait()
    second = asyncio.create_task(once(services, KEY, call))
    with pytest.raises(Conflict):
        await once(services, Idempotency("k", "other"), call)
    call.let.set()
    assert await first == (1, False)
    assert await second == (1, True)
    assert not services.under_way


async def test_a_failure_is_not_an_answer(services: Services) -> None:
    async def fail() -> None:
        raise ProblemError(422, "No.")

    with pytest.raises(ProblemError):
        await once(services, KEY, fail)
    assert await once(services, KEY, Call()) == (1, False)


async def test_a_restart_forgets_no_key(folder: DataFolder) -> None:
    call = Call()
    for replayed in (False, True):
        with running_services(folder, None) as services:
            assert await once(services, KEY, call) == (1, replayed)


async def test_what_cannot_be_kept_is_answered_all_the_same(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotWritable("The disk is full.")

    monkeypatch.setattr(requests, "remember", refuse)
    assert await once(services, KEY, Call()) == (1, False)


BATCH: NewBatch = {"name": "May", "key": ["number"]}


def halves(data_dir: Path) -> list[str]:
    return sorted(each.parent.name for each in data_dir.rglob(".upload-*"))


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
