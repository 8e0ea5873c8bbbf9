"""Tasks in a transaction of the app's own: committed they run, rolled back they never were."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sendoff_tasks.fastapi import AppRegistry, RequestTasks, requests, status_router
from sendoff_tasks.fastapi.requests import NEEDS_DATABASE, NotCommittedError
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.postgres import handed_rows
from sendoff_tasks.processes import on_server
from sendoff_tasks.stand_ins import run_all, standing_in
from sendoff_tasks.verbs.submit import accept
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.postgres.app_sessions import (
    NO_GREENLET,
    now,
    opened,
    orm_session,
    orm_session_async,
    plain_connection,
    plain_connection_async,
    savepoint,
)
from tests.engine.processes.looking import later
from tests.looking import eventually
from tests.property_based import examples
from tests.refusing import refused

pytestmark = pytest.mark.anyio

STEPS = st.lists(st.sampled_from(["add", "add", "begin", "undo", "keep"]), max_size=12)
ran: list[Any] = []


def note(value: Any) -> None:
    ran.append(value)


@pytest.fixture
def app(url: str, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    ran.clear()
    return App(url)


@contextmanager
def running(app: App) -> Iterator[None]:
    """Run the app's tasks while the block runs."""
    with asyncio.Runner() as runner:
        lifespan = app.app.router.lifespan_context(app.app)
        runner.run(lifespan.__aenter__())
        try:
            yield
        finally:
            runner.run(lifespan.__aexit__(None, None, None))


def handed(url: str) -> list[Any]:
    """Read what waits to be accepted, or could not be."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT number, error FROM sendoff.handed").fetchall()


@pytest.mark.parametrize(
    "open_session", [orm_session, orm_session_async, plain_connection, plain_connection_async]
)
def test_what_is_committed_runs_in_order_and_what_is_rolled_back_never_was(
    app: App, url: str, open_session: Callable[[str], AbstractAsyncContextManager[Any]]
) -> None:
    if open_session is orm_session_async:
        pytest.importorskip("greenlet", reason=NO_GREENLET)
    numbers = count()
    expected: list[list[int]] = []

    async def act(steps: list[str], *, is_committed: bool) -> list[int]:
        """Do what an app may in one transaction; returns what it added and did not undo."""
        levels: list[list[int]] = [[]]
        savepoints: list[dict[str, Callable[[], Any]]] = []
        async with open_session(url) as session:
            tasks = RequestTasks(app.engine).using(session)
            is_awaited = requests.Session(session).is_awaited
            for step in steps:
                if step == "add":
                    levels[-1].append(next(numbers))
                    added = tasks.add_task_async if is_awaited else tasks.add_task
                    await now(added(note, levels[-1][-1]))
                elif step == "begin":
                    savepoints.append(await savepoint(session, len(savepoints)))
                    levels.append([])
                elif savepoints:
                    own = levels.pop()
                    await now(savepoints.pop()[step]())
                    levels[-1] += own if step == "keep" else []
            await now(session.commit() if is_committed else session.rollback())
        return [number for own in levels for number in own]

    @settings(max_examples=examples(24))
    @example(
        steps=["add", "begin", "add", "undo", "add", "begin", "add", "keep"] * 4, is_committed=True
    )
    @given(steps=STEPS, is_committed=st.booleans())
    def holds(steps: list[str], is_committed: bool) -> None:
        added = asyncio.run(act(steps, is_committed=is_committed))
        if is_committed:
            expected.append(added)

    with running(app):
        holds()
        eventually(lambda: not handed(url))
        committed = {number for own in expected for number in own}
        eventually(lambda: committed <= set(ran))
        assert len(ran) == len(committed) > 10
        for own in expected:
            assert [number for number in ran if number in own] == own


async def test_every_kind_of_session(app: App, url: str) -> None:
    pytest.importorskip("greenlet", reason=NO_GREENLET)

    async def add(tasks: Any, session: Any, value: str) -> Any:
        if requests.Session(session).is_awaited:
            with pytest.raises(TypeError, match="is to be awaited"):
                tasks.add_task(note, value)
            return await tasks.add_task_async(note, value)
        with pytest.raises(TypeError, match="this session blocks"):
            await tasks.add_task_async(note, value)
        return tasks.add_task(note, value)

    async with app.started(), opened(url) as found:
        for number, session in enumerate(found):
            tasks = RequestTasks(app.engine).using(session)
            await add(tasks, session, "rolled back")
            await now(session.rollback())
            first = await add(tasks, session, f"{number} first")
            after = tasks.options(after=[first], priority=9)
            await add(after, session, f"{number} second")
            await now(session.commit())
            with pytest.raises(RuntimeError, match="not on disk yet"):
                _ = first.number
            await later(partial(app.engine.task_with_token, first.token))
        await later(lambda: len(ran) == 2 * len(found))
        wanted = [f"{n} {which}" for n in range(len(found)) for which in ("first", "second")]
        assert sorted(ran) == wanted
        for number in range(len(found)):
            assert ran.index(f"{number} first") < ran.index(f"{number} second")


async def test_a_task_is_queued_to_those_who_ask_until_it_is_accepted(
    app: App, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.app.include_router(status_router(), prefix="/jobs")
    accept, goes_on = on_server.OnServer._accept, threading.Event()

    async def waits(self: Any, rows: Any) -> None:
        await asyncio.to_thread(goes_on.wait, WITHIN)
        await accept(self, rows)

    monkeypatch.setattr(on_server.OnServer, "_accept", waits)

    def add(tasks: RequestTasks, after: int | None = None) -> str:
        with psycopg.connect(url) as connection:
            return tasks.using(connection).options(after=after).add_task(note, 1).token

    app.add = add

    async with app.started() as client:
        token = (await client.post("/")).json()
        answer = await client.get(f"/jobs/{token}")
        told = answer.json()
        assert (told["state"], told["finished_at"]) == ("queued", None)
        assert answer.headers["cache-control"] == "no-store"
        goes_on.set()
        await later(lambda: ran == [1])
        await later(lambda: not handed(url))
        told = (await client.get(f"/jobs/{token}")).json()
        assert told["state"] in {"running", "succeeded"}
        app.add = partial(add, after=4_000)
        token = (await client.post("/")).json()
        await later(lambda: handed(url) == [(1, "There is no task 4000.")])
        told = (await client.get(f"/jobs/{token}")).json()
        assert (told["state"], told["error"]) == ("failed", "It failed.")
        assert (await asyncio.to_thread(app.engine.measures)).refused == 1
        answer = await client.get("/jobs/unknown")
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_what_cannot_be_accepted_stays_with_its_reason_and_stops_no_other(
    app: App, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(group: Any, submission: Any) -> Any:
        if "breaks" in submission.tasks[0].arguments:
            raise ZeroDivisionError("a mistake")
        return accept(group, submission)

    monkeypatch.setattr(handed_rows, "accept", breaks)
    with running(app), psycopg.connect(url) as connection:
        with connection.transaction():
            RequestTasks(app.engine).using(connection).add_task(note, "breaks")
            unknown = RequestTasks(app.engine).using(connection).options(after=4_000)
            unknown.add_task(note, "after a task that is not there")
            tasks = RequestTasks(app.engine).using(connection)
            connection.execute("SAVEPOINT before")
            gone = tasks.add_task(note, "rolled back")
            connection.execute("ROLLBACK TO SAVEPOINT before")
            tasks.options(after=gone).add_task(note, "after one that was rolled back")
            RequestTasks(app.engine).using(connection).add_task(note, "fine")
        eventually(lambda: ran == ["fine"] and len(handed(url)) == 3)
        why = {error for _, error in handed(url)}
        assert why == {
            "ZeroDivisionError: a mistake",
            "There is no task 4000.",
            ENGLISH.say("engine", "rolled_back"),
        }
        assert (
            "Could not accept the request of another process: There is no task 4000" in caplog.text
        )


def test_what_cannot_be_used_says_so(app: App, url: str, server: Any, tmp_path: Path) -> None:
    tasks = RequestTasks(App(tmp_path / "data").engine)
    with pytest.raises(RuntimeError, match=r"install\(app, database=…\)"):
        tasks.using(object())
    assert "database" in NEEDS_DATABASE
    with pytest.raises(NotCommittedError):
        RequestTasks(app.engine).using(object())  # nothing takes it: the app was not started
    with running(app), psycopg.connect(server.empty()) as empty:
        with pytest.raises(TypeError, match="SQLAlchemy's Session"):
            RequestTasks(app.engine).using(object())
        with pytest.raises(RuntimeError, match="not one of the database"):
            RequestTasks(app.engine).using(empty).add_task(note, 1)
        with pytest.raises(TypeError, match="argument 1"):
            RequestTasks(app.engine).using(empty).add_task(note, object())
        ended = psycopg.connect(url)
        ended.close()
        with pytest.raises(psycopg.OperationalError) as closed:
            RequestTasks(app.engine).using(ended).add_task(note, 1)
        assert closed.value.__cause__ is None


async def test_in_tests_they_are_the_requests_own(app: App) -> None:
    def add(tasks: RequestTasks) -> None:
        tasks.using(object()).options(key="k").add_task(note, 1)

    app.add = add
    with standing_in():
        async with app.client() as client:
            assert (await client.post("/")).json() is None
        assert [row["state"] for row in await asyncio.to_thread(run_all, app.app)] == ["succeeded"]
    assert ran == [1]


async def test_the_result_of_a_task_is_waited_for_from_its_commit_on(app: App, url: str) -> None:

    async with app.started(), plain_connection_async(url) as session:
        tasks = RequestTasks(app.engine).using(session)
        ref = await tasks.add_task_async(returns, (1, 2))
        with pytest.raises(TimeoutError):
            await ref.result(0.05)
        with pytest.raises(RuntimeError, match="not on disk yet"):
            ref.cancel()
        await session.commit()
        assert await ref.result(WITHIN) == (1, 2)
        with refused(Refusal.SUCCEEDED):
            await asyncio.wrap_future(ref.cancel())
