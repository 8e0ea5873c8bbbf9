"""What one process says the owner reads; what fails in it costs no other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import fields, replace
from errno import EMFILE
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.errors import Conflict, EngineError, NotWritable, UnknownId
from sendoff_tasks.fastapi import submitting
from sendoff_tasks.folder.lock_file import LockFile
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.source import FunctionSource
from sendoff_tasks.functions.spec import describe, spec_for
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.processes import sharing, sockets
from sendoff_tasks.processes import submitting as sending
from sendoff_tasks.processes.submitting import Submitter
from sendoff_tasks.processes.wire import (
    dump_answers,
    dump_line,
    dump_task,
    dump_wanted,
    load_line,
    load_tasks,
)
from sendoff_tasks.store.database import Reader
from sendoff_tasks.store.errors import StoreDamaged
from sendoff_tasks.submission import (
    PRIORITY_LIMIT,
    TIME_LIMIT,
    Idempotency,
    NewTask,
    Place,
    TaskOptions,
)
from sendoff_tasks.verbs import lines
from sendoff_tasks.verbs.lines import Call
from sendoff_tasks.verbs.submit import PreparedSubmission, PreparedTask
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
    first, third = (App(tmp_path / "data") for _ in range(2))
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
            assert (await second.engine.add_task_async(returns, 1)).number == 1
            assert (owns(third), full) == (False, [])
            assert (await third.engine.add_task_async(returns, 2)).number == 2


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
        assert (await engine.add_task_async(returns, 1)).number == 1


async def test_a_block_that_submits_leaves_a_process_that_takes_part_as_it_is(
    apps: list[App],
) -> None:
    owner, other, _ = apps

    async with owner.started(), other.started():
        with submitting(other.app) as engine:
            assert (await engine.add_task_async(returns, 1)).number == 1
        with submitting(owner.app) as engine:
            assert owns(owner)
            assert (await engine.add_task_async(returns, 2)).number == 2
        assert owns(owner)
        assert (await other.engine.add_task_async(returns, 3)).number == 3


async def test_an_error_of_the_owner_is_the_same_to_a_caller_in_another_process(
    apps: list[App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other, _ = apps

    async with owner.started() as there, other.started() as here, asyncio.timeout(WITHIN):
        await asyncio.wrap_future(other.engine.pause(None))
        task = (await other.engine.add_task_async(returns, 1)).number
        with pytest.raises(Conflict) as refused:
            await asyncio.wrap_future(other.engine.resolve(task, "done"))
        assert refused.value.refusal == Refusal.QUEUED
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
        assert (await other.engine.add_task_async(returns, 2)).number == 1


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


ENCODED = {"args", "kwargs"}
"""What a prepared task says in another form."""


def prepared(**said: object) -> PreparedTask:
    spec = describe(returns, "name", title="Title", queue="q", retry=Retry(4), deadline=9.0)
    task = NewTask("name", **said)  # type: ignore[arg-type]
    return PreparedTask(task, spec, "[[1],{}]", "k", "words", "<m@x>")


SECONDS = st.none() | st.floats(0, TIME_LIMIT, exclude_max=True)
WHOLE = st.integers(1 - PRIORITY_LIMIT, PRIORITY_LIMIT - 1)
AFTER = st.lists(st.integers(1) | st.builds(Place, st.integers(0)), max_size=3).map(tuple)
OPTIONS = st.builds(
    TaskOptions, SECONDS, SECONDS, SECONDS, WHOLE, st.none() | st.just("k"), AFTER, st.booleans()
)


@given(OPTIONS)
def test_any_options_travel_exactly(options: TaskOptions) -> None:
    (got,) = load_tasks([(1, dump_task(prepared(options=replace(options, after=()))))]).tasks
    assert got.task.options == replace(options, after=())
    sent = PreparedSubmission([prepared(options=options)])
    (read,) = load_line(dump_line("me", 1, [dump_wanted(sent)])).wanted
    assert isinstance(read, PreparedSubmission)
    assert read.tasks[0].task.options == options


def test_all_that_is_said_of_a_task_travels() -> None:
    said = {
        "subject": 3,
        "to": "Ada <a@x>",
        "title": "T",
        "options": TaskOptions(0.005, 6.25, 1e9 / 3, 2, "k", (Place(0), 3), parallel=True),
        "behind": Place(0),
        "token": "t",
        "variables": "{}",
        "edition": "renewal@1f",
    }
    assert {each.name for each in fields(NewTask)} == {"task", *ENCODED, *said}
    assert all(getattr(said["options"], each.name) != each.default for each in fields(TaskOptions))
    key = Idempotency("k", "h", {"n": 1})
    sent = [prepared(**said), prepared(options=TaskOptions(after=(17,))), prepared()]
    text = dump_line("me", 8, [dump_wanted(PreparedSubmission(sent, key))])
    line = load_line(text)
    assert (line.process, line.number) == ("me", 8)
    (got,) = line.wanted
    assert isinstance(got, PreparedSubmission)
    assert got.idempotency == key
    for before, after in zip(sent, got.tasks, strict=True):
        assert after.task == before.task
        for each in fields(PreparedTask):
            if each.name != "spec":
                assert getattr(after, each.name) == getattr(before, each.name)
        told = after.spec
        assert (told.name, told.title, told.queue, told.lane) == ("name", "Title", "q", "io")
        assert (told.source, told.retry.attempts, told.deadline) == (
            FunctionSource("tests.engine.lanes.tasks", "returns"),
            4,
            9.0,
        )
