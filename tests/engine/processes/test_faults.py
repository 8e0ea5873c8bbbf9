"""What fails in one process costs no other, and no caller waits without end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from errno import EMFILE
from pathlib import Path

import pytest

from desktop.contract.states import Refusal
from desktop.engine.errors import Conflict, EngineError, NotWritable, UnknownId
from desktop.engine.fastapi import submitting
from desktop.engine.functions.spec import spec_for
from desktop.engine.processes import sharing, sockets
from desktop.engine.processes import submitting as sending
from desktop.engine.processes.submitting import Submitter
from desktop.engine.processes.wire import dump_answers, load_line
from desktop.engine.store.database import Reader
from desktop.engine.store.errors import StoreDamaged
from desktop.engine.verbs import lines
from desktop.engine.verbs.lines import Call
from desktop.settings.lock_file import LockFile
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import add, returns
from tests.engine.processes.looking import later, owns

pytestmark = pytest.mark.anyio


async def test_what_fails_in_a_take_over_ends_it_for_no_process(
    apps: list[App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def monitor(*_: object) -> Iterator[None]:
        if apps:
            raise OSError("Its port is taken.")
        yield

    monkeypatch.setattr(sharing, "FAILED_S", 0)
    first, third, _ = apps
    second = App(tmp_path / "data", monitor)
    full, take = [OSError(EMFILE, "Too many open files")], LockFile.take

    def take_later(self: LockFile) -> bool:
        if full:
            raise full.pop()
        return take(self)

    owner = first.started()
    await owner.__aenter__()
    async with second.started():
        monkeypatch.setattr(LockFile, "take", take_later)
        await owner.__aexit__(None, None, None)
        await later(lambda: owns(second))
        async with asyncio.timeout(WITHIN), third.started():
            assert await second.engine.add_task_async(returns, 1) == 1
            assert (owns(third), full) == (False, [])
            assert await third.engine.add_task_async(returns, 2) == 2


async def test_a_call_that_cannot_be_done_costs_its_caller_and_no_other(
    apps: list[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("a mistake")

    owner, other, _ = apps

    async with owner.started(), other.started(), asyncio.timeout(WITHIN):
        engine = other.engine
        with pytest.raises(UnknownId):
            await asyncio.wrap_future(engine.cancel(2**63))
        with pytest.raises(TypeError, match="must be a whole number"):
            engine.cancel(object())  # type: ignore[arg-type]
        monkeypatch.setitem(lines._VERBS, "cancel", breaks)
        with pytest.raises(EngineError, match="ZeroDivisionError: a mistake"):
            await asyncio.wrap_future(engine.cancel(1))
        assert await engine.add_task_async(returns, 1) == 1


async def test_a_block_that_submits_leaves_a_process_that_takes_part_as_it_is(
    apps: list[App],
) -> None:
    owner, other, _ = apps

    async with owner.started(), other.started():
        with submitting(other.app) as engine:
            assert await engine.add_task_async(returns, 1) == 1
        with submitting(owner.app) as engine:
            assert owns(owner)
            assert await engine.add_task_async(returns, 2) == 2
        assert owns(owner)
        assert await other.engine.add_task_async(returns, 3) == 3


async def test_an_error_of_the_owner_is_the_same_to_a_caller_in_another_process(
    apps: list[App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other, _ = apps

    async with owner.started() as there, other.started() as here, asyncio.timeout(WITHIN):
        await asyncio.wrap_future(other.engine.pause(None))
        task = await other.engine.add_task_async(returns, 1)
        with pytest.raises(Conflict) as refused:
            await asyncio.wrap_future(other.engine.resolve(task, "done"))
        assert refused.value.refusal is Refusal.QUEUED
        with pytest.raises(EngineError, match="knows no “forget”"):
            await asyncio.wrap_future(other.engine._call("forget", task))
        name = other.engine.spec_of(returns).name
        other.add = owner.add = lambda tasks: tasks.add_task(returns, 1).token
        with monkeypatch.context() as patch:
            another = replace(spec_for(add), name=name)
            patch.setattr(owner.engine.config.registry, "get", {name: another}.get)
            with pytest.raises(EngineError, match="is already taken by"):  # and stays so
                await here.post("/")
        damage = StoreDamaged(tmp_path / "sendoff.db", "it is not sound")
        monkeypatch.setattr(owner.engine._running.reader, "damage", damage)
        for client in (here, there):
            answer = await client.post("/")
            assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


async def test_what_the_owner_cannot_read_costs_its_caller_and_no_other(
    apps: list[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other, _ = apps

    async with owner.started(), other.started(), asyncio.timeout(WITHIN):
        with monkeypatch.context() as patch:
            patch.setattr(sending, "dump_wanted", lambda _: '{"undo":7}')  # a newer version's
            with pytest.raises(EngineError, match="cannot read this: KeyError"):
                await other.engine.add_task_async(returns, 1)
        assert await other.engine.add_task_async(returns, 2) == 1


def test_a_line_that_is_waited_for_no_more_is_not_sent_again(tmp_path: Path) -> None:
    sender, lost, next_ = Submitter(Reader(tmp_path / "db")), Future[int](), Future[int]()
    sender.hand_over(Call("cancel", (1,)), lost)
    line = sender.line()
    assert line == sender.line()
    sender.hand_over(Call("cancel", (2,)), next_)
    sender._waiting[0].since += 1000
    woken: list[None] = []
    sender.on_work = lambda: woken.append(None)
    sender.give_up(0)
    assert isinstance(lost.exception(), NotWritable)
    assert (woken, load_line(sender.line() or b"").number) == ([None], 2)
    sender.settle(dump_answers(1, [{"value": 1}]))  # comes late
    sender.settle(dump_answers(2, [{"value": 2}]))
    assert (next_.result(), sender.has_work) == (2, False)


@pytest.mark.parametrize("text", ["[]", "}", '{"port":1}', '{"port":99999,"token":"t"}'])
def test_an_owner_file_of_another_shape_leads_to_none(tmp_path: Path, text: str) -> None:
    folder = DataFolder(tmp_path)
    folder.owner_file.write_text(text)
    with pytest.raises(ConnectionError):
        asyncio.run(sockets.connected(folder))


@pytest.mark.parametrize("said", [b"", b"\xff\n"])
async def test_another_program_at_the_port_of_an_owner_that_was_killed_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(sockets, "PROOF_S", 0.05)
    folder, left = DataFolder(tmp_path), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    async with (
        await asyncio.start_server(serve, "127.0.0.1") as server,
        asyncio.timeout(WITHIN),
    ):
        where = {"port": server.sockets[0].getsockname()[1], "token": "t"}
        folder.owner_file.write_text(json.dumps(where))
        with pytest.raises(OSError):  # noqa: PT011 - TimeoutError is one
            await sockets.connected(folder)
        await left.wait()
