"""A server is followed: what is said of it, and of each of its faults."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.client import server_watch as module
from desktop.client.api import Api
from desktop.client.server_watch import ServerWatch, fault_of, has_items, meet
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client import health
from sendoff_tasks.client.health import (
    Away,
    BackendHealth,
    BackendState,
    Checks,
    Ready,
    ServerFault,
    Starting,
)
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.folder.tokens import add_token, remove_token
from sendoff_tasks.model.problems import CONTRACT, Access
from tests import WITHIN, forked
from tests.client.conftest import TOKEN, Canned
from tests.conftest import RunningBackend
from tests.engine.fastapi.app import App
from tests.forked import Process
from tests.looking import backend_of
from tests.mail.certificates import make_certificates

pytestmark = pytest.mark.anyio
BY_HAND = "a-token-that-was-written-by-hand"


def serve(data: OfficeFolder, token_file: Path, port: int) -> tuple[Process, str]:
    """Start a backend with a token that stays; gives its address."""
    options = ["--data-dir", str(data.root), "--port", str(port), "--token-file", str(token_file)]
    process = forked.start(["serve", "--parent-pipe", *options])
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["url"]


def end(process: Process) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    assert process.wait(WITHIN) == 0
    process.stdout.close()


@asynccontextmanager
async def watching(
    backend: Backend,
) -> AsyncIterator[tuple[ServerWatch, asyncio.Queue[BackendState]]]:
    """Watch a backend in the block; gives the watch and the states that it reports."""
    states: asyncio.Queue[BackendState] = asyncio.Queue()
    watch = ServerWatch(backend, states.put_nowait)
    running = asyncio.create_task(watch.run())
    async with asyncio.timeout(WITHIN):
        yield watch, states
    running.cancel()
    await asyncio.wait({running})


async def test_it_is_followed_while_it_comes_and_goes(
    data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.02)
    token_file = tmp_path / "token"
    token_file.touch(mode=0o600)
    token_file.write_text(f"{BY_HAND}\n")
    process, url = serve(data, token_file, 0)
    backend = Backend(url, BY_HAND, NO_PID)
    async with watching(backend) as (watch, states):
        assert [await states.get(), await states.get()] == [Starting(), Ready(backend, False)]
        assert await asyncio.to_thread(has_items, backend)
        await asyncio.to_thread(end, process)
        assert await states.get() == Away(ServerFault.NO_ANSWER)
        assert await asyncio.to_thread(has_items, backend) is None
        process, _ = serve(data, token_file, urlsplit(url).port or 0)
        assert await states.get() == Ready(backend, False)
    await watch.stop()
    await asyncio.to_thread(end, process)
    assert states.empty()


async def test_what_it_is_is_told_as_soon_as_it_is_asked(
    answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 1000.0)
    canned = Canned()
    backend = answering(canned)
    async with watching(backend) as (watch, states):
        not_sendoff = Away(ServerFault.NOT_SENDOFF)
        assert [await states.get(), await states.get()] == [Starting(), not_sendoff]
        canned.health = "ok"
        watch.try_now()
        assert await states.get() == Ready(backend, False)
        for health_is, state in (
            ("spare", Away(ServerFault.SPARE)),
            ("ok", Ready(backend, False)),
        ):
            canned.health = health_is
            watch.ask_now()
            assert await states.get() == state


@pytest.mark.usefixtures("app_alone")
async def test_an_app_s_monitor_has_no_items(data: OfficeFolder) -> None:
    async with App(data.root, monitor=True).started():
        backend = await asyncio.to_thread(backend_of, data)
        assert await asyncio.to_thread(has_items, backend) is False


def said(**facts: object) -> bytes:
    return json.dumps({"status": "ok", "version": "0.0.9"} | facts).encode()


def met(backend: Backend) -> Away | None:
    with closing(Checks(backend)) as checks:
        return meet(checks)[1]


@pytest.mark.parametrize(
    ("canned", "away"),
    [
        (Canned(502), Away(ServerFault.NO_ANSWER)),
        (Canned(301), Away(ServerFault.NOT_SENDOFF)),
        (Canned(200, b"<html>"), Away(ServerFault.NOT_SENDOFF)),
        (Canned(200, b"[1]"), Away(ServerFault.NOT_SENDOFF)),
        (Canned(200, b"x" * (1 << 17)), Away(ServerFault.NOT_SENDOFF)),
        (Canned(403, said(barred="address")), Away(ServerFault.OTHER_ADDRESS)),
        (Canned(200, said()), Away(ServerFault.OLDER, "0.0.9")),
        (Canned(200, said(contract=CONTRACT + 1)), Away(ServerFault.NEWER, "0.0.9")),
        (Canned(200, said(contract="1", version="v" * 99)), Away(ServerFault.OLDER, "v" * 40)),
        (Canned(200, said(contract=CONTRACT)), Away(ServerFault.TOKEN)),
        (Canned(200, said(contract=CONTRACT, proof="abc")), Away(ServerFault.TOKEN)),
        (Canned(503, health="spare"), Away(ServerFault.SPARE)),
        (Canned(503, health="no_database"), None),
    ],
)
def test_each_strange_answer_has_a_name_and_is_not_shown_the_token(
    answering: Callable[[Canned], Backend], canned: Canned, away: Away | None
) -> None:
    assert met(answering(canned)) == away
    assert TOKEN not in str(canned.heard)


def test_who_is_not_reached_is_not_there_or_has_no_such_name(closed_port: int) -> None:
    backend = Backend(f"http://127.0.0.1:{closed_port}", TOKEN, NO_PID)
    assert met(backend) == Away(ServerFault.NO_ANSWER)
    unknown = socket.gaierror(-2, "Name or service not known")
    assert fault_of(BackendHealth.SILENT, unknown) == Away(ServerFault.NO_NAME)
    assert TOKEN not in repr(backend)


def test_a_server_is_asked_only_once_its_certificate_is_trusted(
    answering: Callable[..., Backend], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_certificates(tmp_path)
    canned = Canned(health="ok")
    backend = answering(canned, made.server)
    assert met(backend) == Away(ServerFault.NO_TRUST)
    assert canned.heard == []
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))  # as in the system's own store
    health.trusted.cache_clear()
    try:
        assert met(backend) is None
        api = Api(backend)
        canned.health, canned.body = "", b'{"queues": []}'
        assert api.queues() == []
        api.close()
    finally:
        health.trusted.cache_clear()
    assert isinstance(health.trusted(), ssl.SSLContext)
    health.trusted.cache_clear()


async def test_a_token_that_expires_or_is_removed_meanwhile_is_told_at_once(
    tmp_path: Path,
    backends: Callable[[Path], RunningBackend],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.05)
    data = OfficeFolder(tmp_path / "server")
    url = backends(data.root).backend.url
    file = data.tokens_file
    backend = Backend(url, add_token(file, "Ada", Access.FULL), NO_PID)
    kept = file.read_bytes()
    async with watching(backend) as (_, states):
        assert await states.get() == Starting()
        assert await states.get() == Ready(backend, own=False)
        write_atomic(file, re.sub(rb'"expires_at": null', b'"expires_at": 1', kept))
        assert await states.get() == Away(ServerFault.EXPIRED)
        write_atomic(file, kept)
        assert await states.get() == Ready(backend, own=False)
        remove_token(file, "Ada")
        assert await states.get() == Away(ServerFault.TOKEN)
