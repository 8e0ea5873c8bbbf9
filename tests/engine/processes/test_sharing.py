"""Apps and scripts that share a folder: one owns it, the others submit, and one takes over."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from sendoff_tasks.errors import (
    Busy,
    Closed,
    Conflict,
    DuplicateTask,
    EngineError,
    NotWritable,
    OwnedElsewhere,
    UnknownId,
    UnknownTask,
)
from sendoff_tasks.facade.add_task import TaskRef
from sendoff_tasks.fastapi import AppRegistry, RequestTasks, status_router, submitting
from sendoff_tasks.fastapi.installing import NEW
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.processes import sharing, sockets
from sendoff_tasks.processes import submitting as sending_process
from sendoff_tasks.processes.submitting import LineServer
from sendoff_tasks.queues.limits import QueueLimit
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.submission import Idempotency, NewTask, Submission, TaskOptions
from sendoff_tasks.verbs.lines import Line
from tests import WITHIN, forked
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns, touches
from tests.engine.processes.looking import later, owns
from tests.engine.survival.shop_process import open_shop
from tests.refusing import refused

pytestmark = pytest.mark.anyio


def numbers(app: App) -> list[int]:
    return sorted(row["id"] for row in app.engine.rows(TaskQuery())["tasks"])


async def test_a_process_that_does_not_own_the_folder_adds_and_reads(apps: list[App]) -> None:
    owner, other, _ = apps
    other.app.include_router(status_router(), prefix="/jobs")
    refs: list[TaskRef] = []

    def add(tasks: RequestTasks) -> str:
        refs.append(tasks.add_task(returns, 1))
        refs.append(tasks.add_task(returns, 2))
        refs.append(tasks.options(after=refs[:2], key="k", priority=3).add_task(returns, 3))
        refs.append(tasks.options(delay=1000).add_task(returns, 4))
        return refs[1].token

    async with owner.started(), other.started() as client:
        assert (owns(owner), owns(other)) == (True, False)
        other.add = add
        token = (await client.post("/")).json()
        engine = other.engine
        assert (await engine.options(priority=1).add_task_async(returns, 5)).number == 5
        assert (await asyncio.to_thread(engine.add_task, returns, value=6)).number == 6
        again = engine.options(key="k", after=1)
        seventh = await asyncio.to_thread(again.add_task, returns, 7)
        assert seventh.number in {3, 7}  # the open one with this key, where it is still open
        await later(lambda: owner.engine.stats()["counts"]["succeeded"] >= 5)
        assert numbers(other)[:6] == [1, 2, 3, 4, 5, 6]
        assert engine.task(4)["state"] == "scheduled"
        assert [engine.task(n)["title"] for n in (2, 6)] == ["Returns: 2", "Returns: value 6"]
        cancelled = await asyncio.wrap_future(engine.cancel(4))
        assert (cancelled["id"], cancelled["state"]) == (4, "cancelled")
        with refused(Refusal.CANCELLED):
            await asyncio.wrap_future(engine.resolve(4, "done"))
        name = owner.engine.queues()[0]["name"]
        owner.engine.config.limits.want({name: QueueLimit(3)})
        await asyncio.wrap_future(engine.pause(None))
        assert all(queue["paused"] for queue in owner.engine.queues())
        assert engine.queues() == owner.engine.queues()
        assert engine.queues()[0]["concurrency"] == 3
        given = [await asyncio.wrap_future(e.token_of(4)) for e in (engine, owner.engine)]
        assert given[0] == given[1]
        assert (await client.get(f"/jobs/{given[0]}")).json()["state"] == "cancelled"
        with pytest.raises(UnknownId):
            await asyncio.wrap_future(engine.token_of(99))
        with pytest.raises(OwnedElsewhere, match="can be added, read, cancelled"):
            engine.stats()
        with pytest.raises(UnknownTask, match="known to the process that runs the tasks"):
            await engine.add_task_async("of a file in the folder")
        told = dict((await client.get(f"/jobs/{token}")).json())
    assert [ref.number for ref in refs] == [1, 2, 3, 4]
    assert (told["state"], told["result"]) == ("succeeded", 2)
    with pytest.raises(Closed):
        other.engine.rows(TaskQuery())


async def test_what_cannot_be_accepted_is_told_as_by_the_owner(
    apps: list[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other, _ = apps
    one = [NewTask(other.engine.spec_of(returns).name, [1])]
    key = Idempotency("mine", "hash")
    wrong: list[tuple[Submission, type[EngineError]]] = [
        (
            Submission(tasks=[NewTask(one[0].task, [1], options=TaskOptions(after=(99,)))]),
            UnknownId,
        ),
        (Submission(tasks=one, idempotency=Idempotency("mine", "other")), Conflict),
    ]

    async with owner.started(), other.started():
        accept = other.engine.accept
        first = await accept(Submission(tasks=one, idempotency=key))
        again = await accept(Submission(tasks=one, idempotency=key))
        assert (again.task_ids, again.replayed) == (first.task_ids, True)
        for submission, error in wrong:
            with pytest.raises(error):
                await accept(submission)
        with pytest.raises(TypeError, match="argument 1"):
            await other.engine.add_task_async(returns, object())
        monkeypatch.setattr(sending_process, "BACKLOG", -1)
        with pytest.raises(Busy):
            await accept(Submission(tasks=one))
    assert other.engine.elsewhere is None


async def test_a_name_that_means_another_function_here_is_refused(apps: list[App]) -> None:
    owner, other, _ = apps
    mine, theirs = _described("tests.a"), _described("tests.b")
    owner.engine.spec_of(mine)
    other.engine.spec_of(theirs)

    async with owner.started(), other.started():
        with pytest.raises(DuplicateTask, match=r"tests\.b:send is already taken by tests\.a"):
            await other.engine.add_task_async("send")


async def test_a_wrong_call_is_refused_where_it_is_made_in_every_process(apps: list[App]) -> None:
    owner, other, _ = apps

    async with owner.started(), other.started():
        for engine in (owner.engine, other.engine):
            for verb in (engine.cancel, engine.retry, engine.token_of, engine.task):
                for number in ("1", None, 1.0, True, [1], object()):
                    with pytest.raises(TypeError, match="number of a task must be a whole"):
                        verb(number)  # type: ignore[arg-type]
            for ask in (engine.cancel, engine.retry):
                with pytest.raises(UnknownId):
                    await asyncio.wrap_future(ask(1 << 70))
            with pytest.raises(UnknownId):
                engine.task(1 << 70)
            with pytest.raises(ValueError, match="outcome must be 'done' or 'again'"):
                engine.resolve(1, "yes")  # type: ignore[arg-type]
            for queue in (7, " "):
                with pytest.raises(TypeError, match="queue must be text"):
                    engine.pause(queue)  # type: ignore[arg-type]


def _described(module: str) -> Callable[[], None]:
    from sendoff_tasks import task

    def send() -> None: ...

    send.__module__, send.__qualname__ = module, "send"
    return task(send)


async def test_when_the_owner_ends_another_takes_over_and_nothing_is_lost(
    apps: list[App], tmp_path: Path
) -> None:

    first, *others = apps
    async with others[0].started(), others[1].started():
        pass  # the first of these owns it, and leaves it again
    owner = first.started()
    await owner.__aenter__()
    async with others[0].started(), others[1].started():
        adding = [
            asyncio.ensure_future(others[n % 2].engine.add_task_async(returns, n))
            for n in range(50)
        ]
        leaving = asyncio.create_task(owner.__aexit__(None, None, None))
        adding += [
            asyncio.ensure_future(others[n % 2].engine.add_task_async(returns, n))
            for n in range(50)
        ]
        assert sorted(ref.number for ref in await asyncio.gather(*adding)) == list(range(1, 101))
        await leaving
        await later(lambda: owns(others[0]) or owns(others[1]))
        assert owns(others[0]) is not owns(others[1])
        new = others[0] if owns(others[0]) else others[1]
        await later(lambda: new.engine.stats()["counts"]["succeeded"] == 100)


async def test_a_line_whose_answer_was_lost_is_accepted_once(
    apps: list[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other, _ = apps
    answered, lost = LineServer.answer, 2

    async def answer(self: LineServer, line: Line) -> bytes:
        nonlocal lost
        told = await answered(self, line)
        if lost:
            lost -= 1
            raise ConnectionResetError
        return told

    monkeypatch.setattr(LineServer, "answer", answer)

    async with owner.started(), other.started():
        refs = await asyncio.gather(*(other.engine.add_task_async(returns, n) for n in range(9)))
        got = [ref.number for ref in refs]
        assert (lost, sorted(got)) == (0, list(range(1, 10)))
        assert numbers(other) == sorted(got)


async def test_an_owner_that_does_not_answer_costs_the_callers_and_not_the_process(
    apps: list[App], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner, other, _ = apps
    monkeypatch.setattr(sending_process, "LOOK_S", 0.01)
    goes_on = threading.Event()
    answered = LineServer.answer

    async def answer(self: LineServer, line: Line) -> bytes:
        await asyncio.to_thread(goes_on.wait, WITHIN)
        return await answered(self, line)

    async with owner.started(), other.started():
        monkeypatch.setattr(LineServer, "answer", answer)
        monkeypatch.setattr(sending_process, "PATIENCE_S", 0.05)
        with pytest.raises(NotWritable, match="does not answer"):
            await other.engine.add_task_async(returns, 1)
        await later(lambda: f"Process {os.getpid()} has not answered" in caplog.text)
        monkeypatch.setattr(sending_process, "PATIENCE_S", 60)
        goes_on.set()
        await later(lambda: numbers(other) == [1])  # it was sent
        assert (await other.engine.add_task_async(returns, 2)).number == 2


def none(*_: object) -> Any:
    raise OSError


async def test_where_there_is_no_unix_socket_the_loopback_asks_for_the_token(
    apps: list[App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "_listen_in_folder", none)
    owner, other, _ = apps
    where = tmp_path / "data" / "owner.json"
    guess = b"guess".ljust(64) + b"\n"

    async with owner.started(), other.started():
        added = await other.engine.add_task_async(touches, str(tmp_path / "done"))
        assert added.number == 1
        assert where.stat().st_mode & 0o777 == 0o600
        right = where.read_text()
        where.write_text(right.replace('"token": "', '"token": "0'))
        with pytest.raises(ConnectionError, match="another program"):
            await sockets.connected(DataFolder(tmp_path / "data"))
        port = json.loads(right)["port"]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(2 * guess)
        await reader.readline()
        assert await reader.read() == b""
        writer.close()
        where.unlink()
        await later((tmp_path / "done").exists)
    assert not where.exists()


@pytest.mark.parametrize("said", [b"", b"no line, but as long as what proves".ljust(200)])
async def test_a_program_that_proves_nothing_is_soon_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(sockets, "_listen_in_folder", none)
    monkeypatch.setattr(sockets, "PROOF_S", 0.05)
    folder, served = DataFolder(tmp_path), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.set()

    async with sockets.listening(folder, serve), asyncio.timeout(WITHIN):
        port = json.loads(folder.owner_file.read_text())["port"]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        with suppress(ConnectionError):  # it was closed while there was more to read
            await reader.read()
        writer.close()
    assert not served.is_set()


async def test_only_the_owner_of_a_folder_may_open_its_socket(
    apps: list[App], tmp_path: Path
) -> None:

    async with apps[0].started():
        assert (tmp_path / "data" / "owner.sock").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "data" / "owner.sock").exists()


SCRIPT = """
from sendoff_tasks import task
from sendoff_tasks.fastapi import submitting
from tests.engine.survival.shop import app, greet, send_receipt

@task
def own() -> None: ...

with submitting(app) as engine:
    receipt = engine.add_task(send_receipt, 1)
    print(receipt.number, engine.options(priority=1).add_task(greet, "ada").number)
    try:
        engine.add_task(own)
    except TypeError as error:
        print(error)
"""


def run_script(folder: Path, warns: str = "") -> list[str]:
    (folder / "script.py").write_text(SCRIPT)
    first = forked.script(str(folder / "script.py"))
    done = forked.run([], first, environment={"SHOP_FOLDER": str(folder)})
    assert (done.returncode, done.stderr) == (0, warns)
    return done.stdout.splitlines()


def test_a_script_hands_its_tasks_to_the_app_and_runs_none(tmp_path: Path) -> None:
    alone = run_script(tmp_path, f"{NEW % (tmp_path / 'data')}\n")  # no process has served the app
    alone_again = run_script(tmp_path)
    with open_shop(tmp_path) as shop:
        beside = run_script(tmp_path)
        said = [shop.said() for _ in range(6)]
    assert (alone[0], alone_again[0], beside[0]) == ("1 2", "3 4", "5 6")
    assert "own cannot be a task: it is defined in the program itself (__main__)" in beside[1]
    assert sorted(said) == ["hello ada"] * 3 + ["receipt 1"] * 3


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return App(tmp_path / "data")


def test_many_are_put_on_disk_while_the_app_starts_and_stops(app: App, tmp_path: Path) -> None:
    web = App(tmp_path / "data")

    async def act() -> list[int]:
        with submitting(app.app) as engine:
            adding = [asyncio.to_thread(engine.add_task, returns, n) for n in range(40)]
            first = [await task for task in adding[:20]]
            async with web.started():
                rest = await asyncio.gather(*adding[20:])
            last = await engine.add_task_async(returns, 40)
            rows = engine.rows(TaskQuery(limit=100))["tasks"]
            added = [ref.number for ref in (*first, *rest, last)]
            assert sorted(row["id"] for row in rows) == sorted(added)
        return added

    assert sorted(asyncio.run(act())) == list(range(1, 42))
    with pytest.raises(Closed):
        app.engine.add_task(returns, 1)


def test_what_cannot_be_put_on_disk_is_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sendoff.db").write_text("no database")
    with submitting(app.app) as engine, pytest.raises(StoreError, match="is not a database"):
        engine.add_task(returns, 1)
    (tmp_path / "data" / "backend.lock").unlink()
    (tmp_path / "data" / "backend.lock").mkdir()
    with submitting(app.app) as engine, pytest.raises(NotWritable, match=r"backend\.lock"):
        engine.add_task(returns, 1)
    with pytest.raises(RuntimeError, match="has not been called"), submitting(FastAPI()):
        pass


def test_an_error_in_its_thread_is_no_wait_without_end(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sharing, "connected", connected)
    with submitting(app.app) as engine:
        for _ in range(2):
            with pytest.raises(Closed):
                asyncio.run(asyncio.wait_for(engine.add_task_async(returns, 1), WITHIN))
