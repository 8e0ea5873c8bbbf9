"""A request's tasks begin one after the other, as its options say, and are known by tokens."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from sendoff_tasks import CURRENT, TaskContext, task
from sendoff_tasks.errors import BadCall, NotWritable, ResultNotKept, TaskFailed, UnknownId
from sendoff_tasks.facade.add_task import TaskRef
from sendoff_tasks.fastapi import AppRegistry, DurableTasks, RequestTasks, install, status_router
from sendoff_tasks.model.states import State as TaskState
from sendoff_tasks.store.reads.query import TaskQuery
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes import tasks
from tests.looking import eventually

pytestmark = pytest.mark.anyio


def note(folder: str, text: str, ctx: TaskContext = CURRENT) -> str:
    with (Path(folder) / "notes").open("a") as notes:
        notes.write(f"{text}\n")
    ctx.progress(1, 2, text)
    return text


def note_slowly(folder: str, text: str) -> None:
    note(folder, f"{text} begins")
    time.sleep(0.05)
    note(folder, f"{text} ends")


def a_lock() -> object:
    return threading.Lock()


def fails(folder: str, text: str) -> None:
    note(folder, text)
    raise OSError("the password is hunter2")


class State(BaseModel):
    name: str


class Reason(BaseModel):
    """Why it waits, in the words of the app."""


class JobProgress(BaseModel):
    """How far it is, in the app's own way."""


class JobStatus(BaseModel):
    """The status of a job of the app's own."""

    state: State
    progress: JobProgress
    reason: Reason


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return App(tmp_path / "data")


def ended(app: App) -> int:
    counts = app.engine.stats()["counts"]
    return sum(counts[state] for state in ("succeeded", "failed"))


def run(app: App, add: Any, *, until: int) -> tuple[Any, list[dict[str, Any]]]:
    """Have one request add tasks; returns its answer and the rows once so many have ended."""

    async def ask() -> tuple[Any, list[dict[str, Any]]]:
        app.add = add
        async with app.started() as client:
            answer = (await client.post("/")).json()
            await asyncio.to_thread(eventually, lambda: ended(app) >= until)
            rows = [dict(row) for row in app.engine.rows(TaskQuery())["tasks"]]
            return answer, sorted(rows, key=lambda row: row["id"])

    return asyncio.run(ask())


def test_tasks_begin_one_after_the_other_and_a_failure_drops_none(app: App, tmp_path: Path) -> None:
    def add(tasks: RequestTasks) -> None:
        tasks.add_task(note_slowly, str(tmp_path), "first")
        tasks.add_task(fails, str(tmp_path), "second")
        tasks.add_task("tests.engine.fastapi.test_requests:note", str(tmp_path), text="third")

    app.engine.spec_of(note)
    _, rows = run(app, add, until=3)
    notes = (tmp_path / "notes").read_text().split("\n")
    assert notes == ["first begins", "first ends", "second", "third", ""]
    assert [row["state"] for row in rows] == ["succeeded", "failed", "succeeded"]


def test_options_leave_the_line_or_wait_for_a_success(app: App, tmp_path: Path) -> None:
    folder = str(tmp_path)

    def add(tasks: RequestTasks) -> bool:
        first = tasks.add_task(fails, folder, "first")
        tasks.options(parallel=True, priority=7).add_task(note, folder, "beside")
        later = tasks.options(delay=1000, key="k", deadline=5000).add_task(note, folder, "later")
        tasks.options(after=[later, first]).add_task(note, folder, "never")
        tasks.add_task(note, folder, "last")
        with pytest.raises(RuntimeError, match="not on disk yet"):
            _ = first.number
        return isinstance(first, TaskRef)

    answer, rows = run(app, add, until=3)
    assert answer is True
    told = [(row["state"], row["reason"]) for row in rows]
    assert told == [
        ("failed", "attempts_used_up"),
        ("succeeded", None),
        ("scheduled", "delayed"),
        ("waiting", "after_task"),
        ("succeeded", None),
    ]
    assert rows[1]["priority"] == 7
    assert rows[3]["reason_data"] == {"task_id": rows[0]["id"]}


def test_a_task_can_be_after_one_of_an_earlier_request(app: App, tmp_path: Path) -> None:
    refs: list[TaskRef] = []

    async def ask() -> list[int]:
        async with app.started() as client:
            app.add = lambda tasks: refs.append(tasks.add_task(note, str(tmp_path), "one"))
            await client.post("/")
            app.add = lambda tasks: refs.append(
                tasks.options(after=refs[0]).add_task(note, str(tmp_path), "two")
            )
            await client.post("/")
            app.add = lambda tasks: tasks.options(after=99).add_task(note, "", "").token
            with pytest.raises(UnknownId):
                await client.post("/")
        return [ref.number for ref in refs]

    assert asyncio.run(ask()) == [1, 2]


def test_a_task_that_is_not_on_disk_cannot_be_waited_for(app: App) -> None:
    early = RequestTasks(app.engine).add_task(note, "", "early")
    for other in (RequestTasks(app.engine), app.engine):
        with pytest.raises(RuntimeError, match="not on disk yet"):
            other.options(after=early)


def test_a_token_leads_to_what_became_of_its_task(app: App, tmp_path: Path) -> None:
    app.app.include_router(status_router(), prefix="/jobs")
    app.app.include_router(status_router(errors=True), prefix="/admin")
    refs: list[TaskRef] = []

    def add(tasks: RequestTasks) -> list[str]:
        refs.extend(tasks.add_task(each, str(tmp_path), "said") for each in (note, fails, note))
        return [ref.token for ref in refs[:2]]

    async def look(tokens: list[str]) -> list[httpx.Response]:
        paths = [f"/{place}/{token}" for place in ("jobs", "admin") for token in tokens]
        async with app.started() as client:
            return [await client.get(path) for path in (*paths, "/jobs/unknown")]

    tokens, _ = run(app, add, until=3)
    assert all(len(token) == 22 for token in tokens)
    assert tokens[0] != tokens[1]
    assert tokens[0] == refs[0].token
    with pytest.raises(RuntimeError, match="from now on engine"):
        _ = refs[2].token
    done, failed, _, told, unknown = asyncio.run(look(tokens))
    assert done.headers["cache-control"] == "no-store"
    assert done.json() == {
        "state": "succeeded",
        "progress": {"done": 1, "total": 2, "text": "said"},
        "result": "said",
        "error": None,
        "reason": None,
        "created_at": done.json()["created_at"],
        "finished_at": done.json()["finished_at"],
    }
    assert (failed.json()["state"], failed.json()["error"]) == ("failed", "It failed.")
    assert told.json()["error"] == "OSError: the password is hunter2"
    assert (unknown.status_code, unknown.json()) == (404, {"detail": "There is no such job."})


def test_a_status_takes_no_name_of_the_app_s_openapi(app: App) -> None:
    @app.app.get("/status")
    def status() -> JobStatus:
        return JobStatus(state=State(name="x"), progress=JobProgress(), reason=Reason())

    before = app.app.openapi()["components"]["schemas"]
    app.app.openapi_schema = None
    named = lambda route: f"{route.tags[0]}-{route.name}"  # noqa: E731 - as templates do
    app.app.include_router(status_router(), prefix="/jobs", generate_unique_id_function=named)
    app.app.include_router(status_router(tags=["own"]), prefix="/own")
    made = app.app.openapi()
    schemas, paths = made["components"]["schemas"], made["paths"]
    assert {name: schemas[name] for name in before} == before
    assert {*schemas} - {*before} >= {"DurableTaskStatus", "DurableTaskProgress"}
    own = schemas["DurableTaskStatus"]["properties"]
    assert own["state"]["enum"] == [*TaskState]
    assert paths["/jobs/{token}"]["get"]["operationId"] == "jobs-read_job"
    assert paths["/own/{token}/changes"]["get"]["tags"] == ["own"]


def test_where_the_engine_does_not_run_a_status_is_503(app: App) -> None:
    app.app.include_router(status_router())

    async def look() -> httpx.Response:
        async with app.client() as client:
            return await client.get("/" + "x" * 22)

    assert asyncio.run(look()).status_code == 503


def test_a_function_that_is_called_directly_has_a_context_that_keeps_nothing(
    tmp_path: Path,
) -> None:
    assert note(os.fspath(tmp_path), "direct") == "direct"
    CURRENT.check_cancelled()
    CURRENT.point_of_no_return("a payment")
    assert (CURRENT.attempt, CURRENT.deadline) == (1, None)
    with pytest.raises(RuntimeError, match="called directly, so there is no task"):
        _ = CURRENT.task_id


@pytest.mark.usefixtures("app_alone")
async def test_what_a_websocket_adds_is_kept_before_each_of_its_messages(
    app: App, tmp_path: Path
) -> None:
    folder, refs = str(tmp_path), list[TaskRef]()

    @app.app.websocket("/chat")
    async def chat(socket: WebSocket, background_tasks: DurableTasks) -> None:
        await socket.accept()
        while True:
            word = await socket.receive_text()
            after = refs[-1] if refs else None
            tasks = background_tasks.options(after=after)
            refs.append(tasks.add_task(note, folder, word))
            refs.append(background_tasks.options(after=refs[-1]).add_task(note, folder, word * 2))
            await socket.send_text("kept")
            if word == "b":
                raise WebSocketDisconnect
            background_tasks.add_task(note, folder, "meanwhile")

    async with app.started():
        async with app.connected("/chat") as client:
            for word in "ab":
                assert (await client.ask(word))["text"] == "kept"
                assert refs[-1].number
                with pytest.raises(RuntimeError, match="token_of"):
                    _ = refs[-1].token
        await asyncio.to_thread(eventually, lambda: ended(app) == 5)
    assert sorted((tmp_path / "notes").read_text().split()) == ["a", "aa", "b", "bb", "meanwhile"]


async def test_a_refusal_is_one_error_in_the_log_also_if_the_route_catches_it(
    app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def add(added: RequestTasks) -> str:
        wrongs: list[Callable[..., Any]] = [lambda: None, partial(note, "a"), tasks.returns]
        for wrong in wrongs:
            with suppress(Exception):
                added.add_task(wrong, object())
        added.add_task(note, str(tmp_path), "word")
        return "ok"

    app.add = add
    async with app.started() as client:
        assert (await client.post("/")).json() == "ok"
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    wanted = (
        ("<lambda> was not added: a lambda cannot be a task", __name__),
        ("was not added: a partial cannot be a task", "functools.partial"),
        ("was not added: argument 1 (`value`) is of type object", "tasks:returns"),
    )
    assert len(told) == len(wanted)
    for line, parts in zip(told, wanted, strict=True):
        assert [each for each in parts if each not in line] == []


async def test_a_websocket_whose_tasks_cannot_be_kept_is_to_try_again(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_: object) -> None:
        raise NotWritable("The disk is full.")

    @app.app.websocket("/chat")
    async def chat(socket: WebSocket, background_tasks: DurableTasks) -> None:
        await socket.accept()
        background_tasks.add_task(tasks.returns, await socket.receive_text())
        await socket.send_text("kept")

    async with app.started(), app.connected("/chat") as client:
        monkeypatch.setattr(app.engine, "accept", full)
        assert await client.ask("one") == {
            "type": "websocket.close",
            "code": 1013,
            "reason": "",
        }


def waits_twice(folder: str, ctx: TaskContext = CURRENT) -> tuple[int, datetime]:
    if ctx.attempt <= 2:
        ctx.snooze(0.01)
    return ctx.attempt, datetime(2026, 7, 1, tzinfo=UTC)


def answer(app: App) -> Any:
    """Return what the route at ``/results`` answers."""

    async def act() -> Any:
        async with app.started() as client:
            return (await client.post("/results")).json()

    return asyncio.run(act())


def test_a_route_waits_for_the_result_of_its_task(app: App, tmp_path: Path) -> None:
    folder = str(tmp_path)

    @app.app.post("/results")
    async def results(background_tasks: DurableTasks) -> list[Any]:
        add = background_tasks.add_task
        snoozing, failing = add(waits_twice, folder), add(fails, folder, "failing")
        told: list[Any] = [await snoozing.result(WITHIN) == (3, datetime(2026, 7, 1, tzinfo=UTC))]
        try:
            await failing.result(WITHIN)
        except TaskFailed as error:
            told += [error.state, str(error)]
        late = background_tasks.options(delay=1000).add_task(note, folder, "late")
        with pytest.raises(RuntimeError, match="not on disk"):
            late.cancel()
        with pytest.raises(TimeoutError):
            await late.result(0)
        await asyncio.wrap_future(late.cancel())
        with pytest.raises(TaskFailed) as cancelled:
            await TaskRef(app.engine, late.number).result()
        with pytest.raises(ResultNotKept):
            await add(a_lock).result(WITHIN)
        return [*told, cancelled.value.state]

    assert answer(app) == [
        True,
        "failed",
        "OSError: the password is hunter2",
        "cancelled",
    ]


def test_a_wait_that_is_cut_short_loses_no_task(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, begun, let_go = app.engine.accept, asyncio.Event(), asyncio.Event()

    async def slowly(submission: Any) -> Any:
        begun.set()
        await let_go.wait()
        return await accept(submission)

    @app.app.post("/results")
    async def results(background_tasks: DurableTasks) -> Any:
        monkeypatch.setattr(app.engine, "accept", slowly)
        ref = background_tasks.add_task(note, str(tmp_path), "kept")
        waiting = asyncio.create_task(ref.result())
        await begun.wait()
        waiting.cancel()
        await asyncio.wait([waiting])
        let_go.set()
        return await ref.result(WITHIN)

    assert answer(app) == "kept"


async def test_a_client_follows_its_task_until_the_end(app: App, tmp_path: Path) -> None:
    app.app.include_router(status_router(), prefix="/jobs")
    app.add = lambda tasks: tasks.add_task(note_slowly, str(tmp_path), "it").token

    async with app.started() as client:
        token = (await client.post("/")).json()
        came = await client.get(f"/jobs/{token}/changes")
        assert came.headers["content-type"].startswith("text/event-stream")
        data = [json.loads(line[6:]) for line in came.text.splitlines() if line[:6] == "data: "]
        states = [each["state"] for each in data]
        assert states[-1] == "succeeded"
        assert len(states) == len({json.dumps(each) for each in data})
        assert (await client.get("/jobs/other/changes")).status_code == 404
        app.add = lambda tasks: tasks.options(delay=1000).add_task(note, "", "").token
        token = (await client.post("/")).json()
        following = asyncio.create_task(client.get(f"/jobs/{token}/changes"))
        app.engine.note_end(is_to_exit=True)
        assert "scheduled" in (await asyncio.wait_for(following, WITHIN)).text


@pytest.mark.usefixtures("app_alone")
async def test_a_session_behind_the_tasks_commits_before_they_are_kept(tmp_path: Path) -> None:
    app, said = FastAPI(), list[str]()
    engine = install(app, data_dir=tmp_path, monitor=False)

    async def session() -> AsyncIterator[list[str]]:
        yield said
        said.append(f"commit, {len(engine.rows(TaskQuery())['tasks'])} kept")
        if len(said) > 1:
            raise KeyError

    in_route = Depends(session, scope="function")

    @app.post("/")
    async def place(background_tasks: DurableTasks, opened: Any = in_route) -> None:
        background_tasks.add_task(tasks.returns, len(opened))

    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://app") as client,
    ):
        await client.post("/")
        with pytest.raises(KeyError):
            await client.post("/")
        assert said == ["commit, 0 kept", "commit, 1 kept"]
        assert len(engine.rows(TaskQuery())["tasks"]) == 1


seen: ContextVar[str] = ContextVar("seen")


async def key_of(number: int) -> str:
    await asyncio.sleep(0)
    return f"{seen.get()} {number}"


@task(key=key_of)
def keyed(number: int) -> None:
    """Has a key that is awaited."""


async def test_a_key_may_be_awaited(app: App) -> None:
    async with app.started():
        app.engine.pause().result()
        seen.set("in the same context")
        refs = [await app.engine.add_task_async(keyed, 7) for _ in range(2)]
        refs += [await asyncio.to_thread(app.engine.add_task, keyed, n) for n in (7, 8)]
        seen.set("in another")
        refs.append(await app.engine.add_task_async(keyed, 7))
        assert [ref.number for ref in refs] == [1, 1, 1, 2, 3]
        seen.set("x" * 300)
        with pytest.raises(BadCall, match="the task “keyed” has a bad key: a key is 1 to 200"):
            app.engine.add_task_async(keyed, 7)


async def test_arguments_are_taken_when_a_task_is_added(app: App) -> None:

    numbers = [1]

    def add(background_tasks: RequestTasks) -> None:
        background_tasks.add_task(tasks.returns, numbers)
        numbers.append(2)

    app.add = add
    async with app.started() as client:
        assert (await client.post("/")).status_code == 200
        adding = app.engine.add_task_async(tasks.returns, numbers)
        numbers.append(3)
        await adding
        await asyncio.to_thread(eventually, lambda: ended(app) == 2)
        found = [app.engine.task(number)["result"] for number in (1, 2)]
        assert found == [[1], [1, 2]]


class Answering(APIRoute):
    """A route class that answers an exception, or calls its endpoint again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await original(request)
            except ValueError:
                if "again" in request.query_params:
                    return await original(request)
                return JSONResponse(None, 422)

        return handler


@pytest.mark.parametrize("kind", ["async", "sync"])
async def test_tasks_are_kept_only_of_a_call_that_returned(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    app, calls = FastAPI(), list[int]()
    engine = install(app, data_dir=tmp_path, monitor=False)
    router = APIRouter(route_class=Answering)

    async def who(background_tasks: DurableTasks) -> None:
        background_tasks.add_task(tasks.returns, "of a dependency")

    def act(background_tasks: DurableTasks, fails: int) -> None:
        calls.append(fails)
        background_tasks.add_task(tasks.returns, len(calls))
        if len(calls) <= fails:
            raise ValueError

    async def act_async(background_tasks: DurableTasks, fails: int) -> None:
        act(background_tasks, fails)

    router.post("/", dependencies=[Depends(who)])(act if kind == "sync" else act_async)
    app.include_router(router)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://app") as client,
    ):
        assert (await client.post("/?fails=1")).status_code == 422
        assert not engine.rows(TaskQuery())["tasks"]
        calls.clear()
        assert (await client.post("/?fails=1&again=1")).status_code == 200
        found = engine.rows(TaskQuery())["tasks"]
        assert len(found) == 2


async def test_mounted_app_with_an_engine_of_its_own_uses_the_outer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    inner, app = FastAPI(), FastAPI()
    install(inner, data_dir=tmp_path / "inner", monitor=False)
    engine = install(app, data_dir=tmp_path / "outer", monitor=False)
    app.mount("/v1", inner)

    @inner.post("/")
    async def place(background_tasks: DurableTasks) -> None:
        background_tasks.add_task(tasks.returns, 1)

    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://app") as client,
    ):
        assert (await client.post("/v1/")).status_code == 200
        assert len(engine.rows(TaskQuery())["tasks"]) == 1
