"""A folder has one backend: a running one is attached to, a leaving one waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.client import supervisor
from desktop.client import supervisor as module
from desktop.client.api import Api
from desktop.client.child import Child
from desktop.client.health import (
    Away,
    BackendHealth,
    Finishing,
    GaveUp,
    Gone,
    Missing,
    Ready,
    ServerFault,
    Starting,
    check,
)
from desktop.settings.backend_file import Backend, write_backend
from desktop.settings.lock_file import LockFile
from desktop.settings.paths import DataFolder
from tests import forked
from tests.client.conftest import Canned
from tests.client.supervision import supervised
from tests.conftest import RunningBackend
from tests.looking import eventually

pytestmark = pytest.mark.anyio


async def test_it_attaches_to_a_running_one_and_leaves_it_running(
    data: DataFolder, backends: Callable[[Path], RunningBackend]
) -> None:
    running = backends(data.root)
    async with supervised(data) as reports:
        ready = await reports.until(Ready)
        assert ready == Ready(running.backend, own=False)
    assert check(running.backend) is BackendHealth.ANSWERS


async def test_an_attached_one_that_is_replaced_is_followed(
    data: DataFolder, backends: Callable[[Path], RunningBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(supervisor, "BACKOFF", (0.0,))
    running = backends(data.root)
    async with supervised(data) as reports:
        await reports.until(Ready)
        # As if another had started on the same port meanwhile: only its process is another.
        successor = replace(running.backend, pid=running.backend.pid + 1)
        write_backend(data.backend_file, successor)
        assert await reports.until(Ready) == Ready(successor, own=False)


async def test_an_attached_one_that_was_killed_is_not_mistaken_for_a_stranger_on_its_port(
    data: DataFolder,
    answering: Callable[[Canned], Backend],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.05)
    lock = LockFile(data.backend_lock)
    write_backend(data.backend_file, answering(Canned(health="ok")))
    assert lock.take()
    async with supervised(data) as reports:
        assert not (await reports.until(Ready)).own
        lock.release()
        await reports.until(Gone)
        assert (await reports.until(Ready)).own


async def test_an_attached_spare_is_away_until_it_runs_the_tasks(
    data: DataFolder, answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 1000.0)
    canned, lock = Canned(health="spare"), LockFile(data.backend_lock)
    ready = Ready(answering(canned), own=False)
    write_backend(data.backend_file, ready.backend)
    assert lock.take()
    async with supervised(data) as reports:
        await reports.until(Away)
        canned.health = "ok"
        reports.supervisor.ask_now()
        await reports.until(Ready)
        canned.health = "spare"
        reports.supervisor.ask_now()
        waits = await reports.until(Away)
        assert waits == Away(ServerFault.SPARE)
        assert reports.seen == [Starting(), waits, ready, waits]
    lock.release()


WAITING = """
import pathlib, threading
from desktop.engine import task
@task
def wait_for(path):
    while not pathlib.Path(path).exists():
        threading.Event().wait(0.02)
"""


async def busy_backend(data: DataFolder, file: Path) -> Child:
    """Start a backend with a task that runs until a file is there, and ask it to leave."""
    (data.tasks / "own.py").write_text(WAITING)
    ready: asyncio.Queue[Backend] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    child = forked.spawn(data)
    child.watch(lambda it: loop.call_soon_threadsafe(ready.put_nowait, it), lambda _: None)
    api = Api(await asyncio.wait_for(ready.get(), 30))
    task = api.functions.run("wait_for", {}, "k", [str(file)])
    await asyncio.to_thread(eventually, lambda: api.task(task["id"])["state"] == "running")
    api.close()
    child.close_pipe()
    await asyncio.to_thread(eventually, lambda: not data.backend_file.exists())
    return child


async def test_one_that_is_finishing_its_work_is_waited_for_in_words(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FREE_EVERY", 0.02)
    monkeypatch.setattr(supervisor, "GIVE_UP_AFTER", 1)
    release = tmp_path / "go on"
    leaving = await busy_backend(data, release)
    async with supervised(data) as reports:
        await reports.until(Finishing)
        release.touch()
        ready = await reports.until(Ready)
        assert ready.own
        assert ready.backend.pid != leaving.pid
        assert reports.seen == [Starting(), Finishing(), ready]


async def test_a_folder_that_stays_taken_is_given_up_with_a_way_out(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FREE_WITHIN", 0.0)
    monkeypatch.setattr(module, "FREE_EVERY", 0.02)
    lock = LockFile(data.backend_lock)
    assert lock.take()
    async with supervised(data) as reports:
        reason = (await reports.until(GaveUp)).reason
        assert str(data.root) in reason
        assert not any(isinstance(state, Gone) for state in reports.seen)
        lock.release()
        reports.supervisor.try_now()
        assert (await reports.until(Ready)).own


@pytest.mark.parametrize("missing", [Missing.APP, Missing.DATABASE])
async def test_where_the_tasks_are_an_app_s_or_on_a_server_that_one_is_waited_for(
    data: DataFolder,
    answering: Callable[[Canned], Backend],
    monkeypatch: pytest.MonkeyPatch,
    missing: Missing,
) -> None:
    monkeypatch.setattr(module, "FREE_EVERY", 0.02)
    (data.app_mark if missing is Missing.APP else data.server_mark).touch()
    lock, backend = LockFile(data.backend_lock), answering(Canned(health="ok"))
    async with supervised(data) as reports:
        await reports.until(Away)
        assert not data.backend_lock.exists()
        write_backend(data.backend_file, backend)
        assert lock.take()
        assert await reports.until(Ready) == Ready(backend, own=False)
        assert reports.seen == [Starting(), Away(missing), Ready(backend, own=False)]
    lock.release()


async def test_one_that_was_only_starting_is_attached_to(
    data: DataFolder, answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FREE_EVERY", 0.02)
    lock, backend = LockFile(data.backend_lock), answering(Canned(health="ok"))
    assert lock.take()
    async with supervised(data) as reports:
        await reports.until(Finishing)
        write_backend(data.backend_file, backend)
        assert await reports.until(Ready) == Ready(backend, own=False)
    lock.release()
