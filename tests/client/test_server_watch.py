"""A backend at an address is followed: there, gone, there again; none is started."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from desktop.client import server_watch as module
from desktop.client.backend_state import Away, BackendState, Ready, ServerFault, Starting
from desktop.client.server_watch import ServerWatch, has_items
from desktop.settings.backend_file import NO_PID, Backend
from tests import WITHIN, forked
from tests.client.conftest import Canned
from tests.engine.fastapi.app import App
from tests.looking import backend_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.forked import Process

TOKEN = "a-token-that-was-written-by-hand"


def serve(data: DataFolder, token_file: Path, port: int) -> tuple[Process, str]:
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


def test_it_is_followed_while_it_comes_and_goes(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.02)
    token_file = tmp_path / "token"
    token_file.touch(mode=0o600)
    token_file.write_text(f"{TOKEN}\n")

    async def scenario() -> None:
        process, url = serve(data, token_file, 0)
        backend = Backend(url, TOKEN, NO_PID)
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

    asyncio.run(scenario())


def test_one_that_is_not_sendoff_is_away_until_it_is_tried_again(
    answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 1000.0)
    canned = Canned()
    backend = answering(canned)

    async def scenario() -> None:
        async with watching(backend) as (watch, states):
            not_sendoff = Away(ServerFault.NOT_SENDOFF)
            assert [await states.get(), await states.get()] == [Starting(), not_sendoff]
            canned.health = "ok"
            watch.try_now()
            assert await states.get() == Ready(backend, False)

    asyncio.run(scenario())


def test_a_spare_says_so_as_soon_as_it_is_asked(
    answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 1000.0)
    canned = Canned(health="ok")
    backend = answering(canned)

    async def scenario() -> None:
        async with watching(backend) as (watch, states):
            assert [await states.get(), await states.get()] == [Starting(), Ready(backend, False)]
            canned.health = "spare"
            watch.ask_now()
            assert await states.get() == Away(ServerFault.SPARE)
            canned.health = "ok"
            watch.ask_now()
            assert await states.get() == Ready(backend, False)

    asyncio.run(scenario())


@pytest.mark.usefixtures("app_alone")
def test_an_app_s_monitor_has_no_items(data: DataFolder) -> None:
    async def scenario() -> None:
        async with App(data.root, monitor=True).started():
            backend = await asyncio.to_thread(backend_of, data)
            assert await asyncio.to_thread(has_items, backend) is False

    asyncio.run(scenario())
