"""A backend is kept running: started, attached to, watched, restarted, waited for, given up."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from desktop.builds import BUILD
from desktop.client import supervisor
from desktop.client import supervisor as module
from desktop.client.api import Api
from desktop.client.child import Child
from desktop.client.supervisor import BACKOFF, GIVE_UP_AFTER, Restarts, Supervisor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client import health
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.errors import ClientError
from sendoff_tasks.client.health import (
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
    running_backend,
)
from sendoff_tasks.folder.backend_addresses import Backend, read_backend, write_backend
from sendoff_tasks.folder.database_backups import backup_path, restore
from sendoff_tasks.folder.lock_file import LockFile
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN, forked
from tests.client.conftest import Canned
from tests.client.supervision import Reports, supervised
from tests.conftest import RunningBackend
from tests.looking import eventually
from tests.versions.keep import KEPT, unpack

pytestmark = pytest.mark.anyio
why = partial(ENGLISH.say, "background")


async def test_the_child_that_was_spawned_first_is_taken_over_and_replaced_whenever_it_ends(
    data: OfficeFolder,
) -> None:
    child = forked.spawn(data)
    async with supervised(data, child) as reports:
        assert (await reports.until(Ready)).backend.pid == child.pid
        os.kill(child.pid, signal.SIGKILL)
        gone = await reports.until(Gone)
        assert gone.reason == why("killed", signal=9)
        assert gone.next_try_in == supervisor.BACKOFF[0]
        second = await reports.until(Ready)
        assert second.backend.pid != child.pid
        shutil.rmtree(data.logs)
        os.kill(second.backend.pid, signal.SIGTERM)
        gone = await reports.until(Gone)
        assert gone.reason == why("ended", status=0)
        assert gone.next_try_in == supervisor.BACKOFF[1]


async def test_one_that_hangs_is_killed_and_replaced(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(module, "SILENT_CHECKS", 2)
    async with supervised(data) as reports:
        first = await reports.until(Ready)
        os.kill(first.backend.pid, signal.SIGSTOP)
        monkeypatch.setattr(health, "ANSWER_WITHIN", 0.5)
        assert (await reports.until(Gone)).reason == why("silent", seconds=0)
        assert (await reports.until(Ready)).backend.pid != first.backend.pid


async def test_one_that_never_starts_is_given_up_with_its_last_words_until_tried_again(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF", (0.0,))
    monkeypatch.setattr(supervisor, "GIVE_UP_AFTER", 2)
    data.db.mkdir()
    async with supervised(data) as reports:
        gave_up = await reports.until(GaveUp)
        assert f"{data.db} cannot be opened" in gave_up.reason
        assert not gave_up.damaged
        assert sum(isinstance(state, Gone) for state in reports.seen) == 1
        data.db.rmdir()
        reports.supervisor.try_now()
        assert (await reports.until(Ready)).own


class Updating:
    """A child that updates its store for longer than a start may take."""

    def __init__(self) -> None:
        self.was_killed = False

    def watch(
        self,
        ready: Callable[[Backend], None],
        gone: Callable[[int], None],
        update: Callable[[float], None],
    ) -> None:
        def work() -> None:
            for done in range(PARTS):
                update(done / PARTS)
                threading.Event().wait(3 * module.READY_WITHIN / PARTS)
            ready(Backend("http://127.0.0.1:1", "token", 1, BUILD))

        self.close_pipe = partial(gone, 0)
        threading.Thread(target=work).start()

    def kill(self) -> None:
        self.was_killed = True


PARTS = 30


async def test_an_update_of_the_store_is_told_and_may_take_longer_than_a_start(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READY_WITHIN", 1.0)
    child = Updating()
    async with supervised(data, cast("Child", child)) as reports:
        await reports.until(Ready)
    told = [Starting(), *(Starting(done / PARTS) for done in range(PARTS))]
    assert reports.seen[: len(told)] == told
    assert not child.was_killed


async def test_a_damaged_database_is_given_up_at_once_until_a_backup_is_in_its_place(
    data: OfficeFolder,
) -> None:
    async with supervised(data) as reports:
        ready = await reports.until(Ready)
        assert ready.own
        assert reports.seen == [Starting(), ready]
        assert check(ready.backend) is BackendHealth.ANSWERS
    assert check(ready.backend) is BackendHealth.GONE  # it was stopped in order
    assert read_backend(data.backend_file) is None
    copy = backup_path(data.db, datetime(2026, 3, 1, tzinfo=UTC))
    copy.parent.mkdir(exist_ok=True)
    data.db.rename(copy)
    data.db.write_bytes(b"this is no database" * 1000)
    async with supervised(data) as reports:
        gave_up = await reports.until(GaveUp)
        assert gave_up.damaged
        assert "`sendoff doctor --restore`" in gave_up.reason
        assert not any(isinstance(state, Gone) for state in reports.seen)
        await asyncio.to_thread(restore, data.db)
        reports.supervisor.try_now()
        assert (await reports.until(Ready)).own


def newer(database: Path) -> None:
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")


def cut(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)


def zeroed(database: Path, page: int = 1) -> None:
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


def zeroed_inside(database: Path) -> None:
    with closing(sqlite3.connect(database)) as store:
        find = "SELECT rootpage FROM sqlite_schema WHERE name = 'tasks'"
        ((page,),) = store.execute(find).fetchall()
    zeroed(database, page)


def no_database(database: Path) -> None:
    database.write_text("a letter")


@pytest.mark.parametrize("harm", [newer, cut, zeroed, zeroed_inside, no_database])
async def test_a_store_that_cannot_be_used_is_given_up_at_once_and_is_left_as_it_is(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Only its newest run is written into one whose damage shows later than at the first look."""
    data = OfficeFolder(tmp_path / "kept")
    unpack(KEPT, data)
    harm(data.db)
    before = data.db.read_bytes()
    async with supervised(data) as reports:
        gave_up = await reports.until(GaveUp)
        assert [*map(type, reports.seen)] == [Starting, GaveUp]
        assert gave_up.damaged == (harm is not newer)
        assert gave_up.reason.count("\n") == 0
    assert data.db.read_bytes() == before or harm is zeroed_inside


async def test_one_of_ours_whose_database_turns_out_damaged_is_stopped_and_given_up(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.05)
    async with supervised(data) as reports:
        ready = await reports.until(Ready)
        garble(data.db)
        api = Api(ready.backend)
        with pytest.raises(ClientError):
            await asyncio.to_thread(api.page, SortedFilter())
        api.close()
        gave_up = await reports.until(GaveUp)
        assert gave_up.damaged
        assert check(ready.backend) is BackendHealth.GONE


def garble(database: Path) -> None:
    """Write over all pages but the first, in the file and in its log."""
    for part in (database, database.with_name(f"{database.name}-wal")):
        with part.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(4096)
            file.write(b"\xff" * max(0, size - 4096))


async def test_a_start_that_takes_too_long_is_ended(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READY_WITHIN", 0.0)
    async with supervised(data) as reports:
        assert (await reports.until(Gone)).reason == why("late", seconds=0)


async def test_stopping_before_it_is_ready_leaves_nothing(data: OfficeFolder) -> None:
    child = forked.spawn(data)
    async with supervised(data, child) as reports:
        await reports.until(Starting)
    assert running_backend(data) is None
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


class Stubborn:
    """A child that takes a while to be gone after it was killed; ``leave`` lets it."""

    def __init__(self, backend: Backend | None) -> None:
        self._backend = backend
        self.killed = threading.Event()

    def watch(
        self, ready: Callable[[Backend], None], gone: Callable[[int], None], _: object
    ) -> None:
        self.leave = partial(gone, -9)
        if self._backend is not None:
            ready(self._backend)

    def kill(self) -> None:
        self.killed.set()

    def close_pipe(self) -> None: ...


async def damaged(*_: object) -> BackendHealth:
    """Find the database of a backend that answers damaged."""
    return BackendHealth.DAMAGED


@pytest.mark.parametrize("ready", [False, True], ids=["silent", "damaged"])
async def test_a_window_that_closes_while_one_is_killed_waits_for_its_end(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch, ready: bool
) -> None:
    monkeypatch.setattr(module, "READY_WITHIN", WITHIN if ready else 0.0)
    monkeypatch.setattr(module, "STOP_WITHIN", 0.0)
    monkeypatch.setattr(Supervisor, "_until_silent", damaged)
    child = Stubborn(Backend("http://127.0.0.1:1", "token", 1) if ready else None)
    reports = Reports(data, cast("Child", child))
    running = asyncio.create_task(reports.supervisor.run())
    await asyncio.to_thread(child.killed.wait, WITHIN)
    running.cancel()
    await asyncio.wait({running})
    stopping = asyncio.create_task(reports.supervisor.stop())
    for _ in range(10):  # turns of the loop, of which one that waits for nothing needs fewer
        await asyncio.sleep(0)
    assert not stopping.done()
    child.leave()
    await asyncio.wait_for(stopping, WITHIN)


async def test_stopping_while_one_is_being_spawned_ends_it(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, children = threading.Event(), threading.Event(), list[Child]()

    def slow(folder: OfficeFolder) -> Child:
        begun.set()
        go_on.wait(WITHIN)
        children.append(forked.spawn(folder))
        return children[0]

    monkeypatch.setattr(module, "spawn", slow)
    async with supervised(data):
        await asyncio.to_thread(begun.wait, WITHIN)
        asyncio.get_running_loop().call_later(0.05, go_on.set)
    with pytest.raises(ProcessLookupError):
        os.kill(children[0].pid, 0)


def test_the_child_is_spawned_before_anything_heavy_is_imported() -> None:
    code = "import desktop.app, sys; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"PySide6", "httpx", "asyncio", "qasync", "logging", "tomlkit", "platformdirs"}
    assert not heavy & set(found.stdout.split())


@pytest.fixture
def restarts() -> Restarts:
    return Restarts()


def test_each_pause_is_longer_up_to_the_last(restarts: Restarts) -> None:
    pauses = [restarts.next_delay() for _ in range(len(BACKOFF) + 1)]
    assert pauses == [*BACKOFF, BACKOFF[-1]]


@pytest.mark.parametrize(("steady_after", "expected"), [(0.0, BACKOFF[0]), (60.0, BACKOFF[1])])
def test_a_backend_that_was_ready_for_long_begins_the_row_again(
    restarts: Restarts, monkeypatch: pytest.MonkeyPatch, steady_after: float, expected: float
) -> None:
    restarts.next_delay()
    monkeypatch.setattr(module, "STEADY_AFTER", steady_after - 1)
    restarts.ready()
    restarts.lost()
    assert restarts.next_delay() == expected


def test_starts_that_fail_in_a_row_are_given_up(restarts: Restarts) -> None:
    for _ in range(GIVE_UP_AFTER - 1):
        restarts.failed(is_hopeless=False)
    assert not restarts.are_over
    restarts.ready()  # so the row is over
    restarts.failed(is_hopeless=False)
    assert not restarts.are_over
    restarts.failed(is_hopeless=True)
    assert restarts.are_over


async def test_it_attaches_to_a_running_one_and_leaves_it_running(
    data: OfficeFolder, backends: Callable[[Path], RunningBackend]
) -> None:
    running = backends(data.root)
    async with supervised(data) as reports:
        ready = await reports.until(Ready)
        assert ready == Ready(running.backend, own=False)
    assert check(running.backend) is BackendHealth.ANSWERS


async def test_an_attached_one_that_is_replaced_is_followed(
    data: OfficeFolder, backends: Callable[[Path], RunningBackend], monkeypatch: pytest.MonkeyPatch
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
    data: OfficeFolder,
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


async def test_an_attached_one_that_hangs_is_said_not_to_answer(
    data: OfficeFolder, backends: Callable[[Path], RunningBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(module, "SILENT_CHECKS", 2)
    running = backends(data.root)
    async with supervised(data) as reports:
        assert not (await reports.until(Ready)).own
        os.kill(running.backend.pid, signal.SIGSTOP)
        monkeypatch.setattr(health, "ANSWER_WITHIN", 0.5)
        try:
            assert (await reports.until(Gone)).reason == why("silent", seconds=0)
        finally:
            os.kill(running.backend.pid, signal.SIGCONT)
        await reports.until(Ready)


async def test_an_attached_spare_is_away_until_it_runs_the_tasks(
    data: OfficeFolder, answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
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
from sendoff_tasks import task
@task
def wait_for(path):
    while not pathlib.Path(path).exists():
        threading.Event().wait(0.02)
"""


async def busy_backend(data: OfficeFolder, file: Path) -> Child:
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
    data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FREE_WITHIN", 0.0)
    monkeypatch.setattr(module, "FREE_EVERY", 0.02)
    lock = LockFile(data.backend_lock)
    assert lock.take()
    async with supervised(data) as reports:
        reason = (await reports.until(GaveUp)).reason
        assert reason == why("folder_taken", folder=data.root)
        assert not any(isinstance(state, Gone) for state in reports.seen)
        lock.release()
        reports.supervisor.try_now()
        assert (await reports.until(Ready)).own


@pytest.mark.parametrize("missing", [Missing.APP, Missing.DATABASE])
async def test_where_the_tasks_are_an_app_s_or_on_a_server_that_one_is_waited_for(
    data: OfficeFolder,
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
    data: OfficeFolder, answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FREE_EVERY", 0.02)
    lock, backend = LockFile(data.backend_lock), answering(Canned(health="ok"))
    assert lock.take()
    async with supervised(data) as reports:
        await reports.until(Finishing)
        write_backend(data.backend_file, backend)
        assert await reports.until(Ready) == Ready(backend, own=False)
    lock.release()


async def test_store_of_a_newer_program_is_given_up_at_once_and_left_as_it_is(
    data: OfficeFolder,
) -> None:
    async with supervised(data) as reports:
        await reports.until(Ready)
    with closing(sqlite3.connect(data.db)) as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
        store.commit()
    before = data.db.read_bytes()
    async with supervised(data) as reports:
        gave_up = await reports.until(GaveUp)
        assert "a newer version of this program" in gave_up.reason
        assert not gave_up.damaged
        assert not any(isinstance(state, Gone) for state in reports.seen)
    assert data.db.read_bytes() == before
