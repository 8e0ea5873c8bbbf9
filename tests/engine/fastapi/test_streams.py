"""What a stream adds is kept at its end, where ``BackgroundTasks`` run; an exception drops it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse
from starlette.requests import ClientDisconnect

from sendoff_tasks.errors import NotWritable
from sendoff_tasks.facade.add_task import TaskRef
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import AppRegistry, DurableTasks, NotCommittedError, RequestTasks
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later

pytestmark = pytest.mark.anyio
ENDS, RAISES = "ends", "raises"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return App(tmp_path / "data")


def add_before(tasks: DurableTasks) -> None:
    tasks.add_task(returns, "before")


def passing(function: Any) -> Any:
    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class Rows:
    """A route that is no function."""

    async def __call__(self, tasks: DurableTasks, path: str) -> AsyncIterable[int]:
        async for each in lines(tasks, path):
            yield each


async def lines(tasks: DurableTasks, path: str) -> AsyncIterable[int]:
    tasks.add_task(returns, "in the middle")
    for number in range(3):
        yield number
    if path == RAISES:
        raise ValueError("it broke")
    tasks.add_task(returns, "at the end")


def plain_lines(tasks: DurableTasks, path: str) -> Iterable[int]:
    tasks.add_task(returns, "in the middle")
    yield from range(3)
    if path == RAISES:
        raise ValueError("it broke")
    tasks.add_task(returns, "at the end")


async def text(tasks: DurableTasks, path: str) -> AsyncIterable[str]:
    async for each in lines(tasks, path):
        yield str(each)


STREAMS: dict[str, tuple[Any, dict[str, Any]]] = {
    "JSON lines": (lines, {}),
    "JSON lines of a def": (plain_lines, {}),
    "events": (lines, {"response_class": EventSourceResponse}),
    "events of a def": (plain_lines, {"response_class": EventSourceResponse}),
    "parts": (text, {"response_class": StreamingResponse}),
    "decorated": (passing(lines), {}),
    "an object": (Rows(), {}),
}


FIRST = ["before", "in the middle"]


def count(engine: Engine) -> int:
    """Return how many tasks are on disk."""
    return sum(engine.stats()["counts"].values())


def route(app: App, stream: str) -> None:
    endpoint, options = STREAMS[stream]
    app.app.get("/{path}", dependencies=[Depends(add_before)], **options)(endpoint)


async def succeed(engine: Engine, *found: str) -> None:
    """Wait until the tasks have succeeded, in this order."""
    await later(lambda: engine.stats()["counts"]["succeeded"] == len(found))
    results = [engine.task(number)["result"] for number in range(1, 1 + len(found))]
    assert results == [*found]


@pytest.mark.parametrize("stream", STREAMS)
async def test_what_a_route_that_yields_has_added_is_kept_at_its_end(app: App, stream: str) -> None:
    route(app, stream)
    async with app.started(), app.asked(f"/{ENDS}") as client:
        while (await client.part()).get("more_body", True):
            assert count(app.engine) == 0
            client.take()
        assert count(app.engine) == 3  # before the client has the last part
        assert app.engine.stats()["counts"]["succeeded"] == 0
        client.take()
        await succeed(app.engine, "before", "in the middle", "at the end")


@pytest.mark.parametrize("is_inside", [True, False])
@pytest.mark.parametrize("stream", STREAMS)
async def test_an_exception_in_it_drops_what_it_and_its_dependencies_have_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str, is_inside: bool
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    inner = FastAPI()

    async def passed_on(request: Any, go_on: Any) -> Any:
        return await go_on(request)

    if is_inside:
        inner.middleware("http")(passed_on)
    app = App(tmp_path / "data", app=inner)
    if not is_inside:
        inner.middleware("http")(passed_on)
    route(app, stream)
    async with app.started() as client:
        with pytest.raises((ValueError, ExceptionGroup)):
            await client.get(f"/{RAISES}")
        await asyncio.to_thread(app.engine.settled)
        assert count(app.engine) == 0


@pytest.mark.parametrize("stream", STREAMS)
async def test_what_was_added_until_the_client_left_begins_then(app: App, stream: str) -> None:
    route(app, stream)
    async with app.started(), app.asked(f"/{ENDS}") as client:
        for _ in range(2):
            await client.part()
            client.take()
        client.leave()
        await later(lambda: app.engine.stats()["counts"]["succeeded"] == count(app.engine) > 0)
        assert [app.engine.task(number)["result"] for number in (1, 2)] == FIRST


async def test_a_server_that_tells_by_an_error_that_the_client_left_loses_nothing(
    app: App,
) -> None:
    route(app, "JSON lines")

    async def send(message: Any) -> None:
        if message.get("body"):
            raise OSError("the client is away")

    scope: Any = {"type": "http", "method": "GET", "path": f"/{ENDS}", "headers": []}
    scope |= {"query_string": b"", "asgi": {"spec_version": "2.4"}}
    async with app.started():
        with pytest.raises(ClientDisconnect):
            await app.app(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]
        await succeed(app.engine, "before", "in the middle")


async def test_a_stream_that_a_route_returns_adds_until_its_end(app: App) -> None:
    refs: list[TaskRef] = []

    @app.app.get("/{path}")
    async def stream(tasks: DurableTasks, path: str) -> StreamingResponse:
        refs.append(tasks.add_task(returns, "in the route"))

        async def parts() -> AsyncIterable[str]:
            yield "first"
            refs.append(tasks.add_task(returns, "in the stream"))
            if path == RAISES:
                raise ValueError("it broke")

        return StreamingResponse(parts())

    async with app.started() as client:
        with pytest.raises(ValueError, match="it broke"):
            await client.get(f"/{RAISES}")
        await succeed(app.engine, "in the route")
        assert (await client.get(f"/{ENDS}")).text == "first"
        await succeed(app.engine, "in the route", "in the route", "in the stream")
    dropped = refs.pop(1)
    assert [ref.number for ref in refs] == [1, 2, 3]
    with pytest.raises(RuntimeError, match="its request has failed"):
        _ = dropped.number


async def test_a_result_that_is_asked_for_in_it_is_there_at_once(app: App) -> None:
    @app.app.get("/")
    async def stream(tasks: DurableTasks) -> AsyncIterable[str]:
        yield await tasks.add_task(returns, "asked").result()

    async with app.started() as client:
        assert (await client.get("/")).text == '"asked"\n'


async def test_a_stream_whose_tasks_cannot_be_kept_does_not_end_well(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any) -> None:
        raise NotWritable("store.full")

    route(app, "JSON lines")
    async with app.started(), app.asked(f"/{ENDS}") as client:
        monkeypatch.setattr(Engine, "accept", refuses)
        parts = [await client.part()]
        while len(parts) < 4:
            client.take()
            parts.append(await client.part())
        client.take()
        assert [each.get("more_body", True) for each in parts] == [True] * 4
        with pytest.raises(NotCommittedError, match="The disk is full"):
            await client.over()


async def test_it_can_be_added_to_until_the_request_is_over(app: App) -> None:
    kept: list[RequestTasks] = []

    @app.app.get("/")
    async def stream(tasks: DurableTasks, after: BackgroundTasks) -> AsyncIterable[int]:
        kept.append(tasks)
        after.add_task(tasks.add_task, returns, "after the response")
        yield 1

    async with app.started() as client:
        await client.get("/")
        await succeed(app.engine, "after the response")
        with pytest.raises(RuntimeError, match="the request is over"):
            kept[0].add_task(returns, "too late")
