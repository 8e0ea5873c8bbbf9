"""An app's tasks in a test: run when it says, in its thread, with no lifespan and no folder."""

from __future__ import annotations

import asyncio
import functools
import locale
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock, call, create_autospec, patch

import httpx
import pytest
from fastapi import FastAPI

from sendoff_tasks import CURRENT, Retry, RetryLater, TaskContext, exponential, task
from sendoff_tasks.errors import Closed
from sendoff_tasks.fastapi import AppRegistry, RequestTasks, status_router
from sendoff_tasks.stand_ins import assert_enqueued, inline, run_all, standing_in
from sendoff_tasks.submission import NewTask, Submission, TaskOptions
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.looking import eventually

said: list[tuple[str, bool]] = []
"""Words, and whether they were said in the test's own thread."""


def words() -> list[str]:
    return [word for word, _ in said]


def say(word: str, ctx: TaskContext = CURRENT) -> str:
    ctx.point_of_no_return(word)
    said.append((word, threading.current_thread() is threading.main_thread()))
    return word.upper()


async def say_async(word: str) -> None:
    await asyncio.sleep(0)
    say(word)


@task(lane="cpu", retry=Retry(3, backoff=exponential(10**6, cap=10**6)))  # not while it looks
def stumble(word: str) -> None:
    say(word)
    raise LookupError(word)


def defer(word: str) -> None:
    say(word)
    raise RetryLater("not now", after=60)


def add_another(word: str) -> None:
    current.engine.add_task(say, word)
    said.append(("added", True))


current: App


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    global current
    said.clear()
    current = App(tmp_path / "data")
    current.app.include_router(status_router(), prefix="/jobs")
    with standing_in():
        yield current
    assert not (tmp_path / "data").exists()


async def post(app: App, add: Callable[[RequestTasks], Any]) -> httpx.Response:
    app.add = add
    async with app.client() as client:
        return await client.post("/")


@task(retry=Retry(3, backoff=exponential(60, cap=60)))
def succeed_at_last(word: str, ctx: TaskContext = CURRENT) -> None:
    say(f"{word} {ctx.attempt}")
    if ctx.attempt < 3:
        raise LookupError(word)


@dataclass
class Box:
    size: int = 1


def wrap(what: Any, box: Box = Box(), on: date = date(2026, 7, 1)) -> None:  # noqa: B008
    say(str(what))


def given_words(function: Callable[..., str]) -> Callable[..., str]:
    """Give a function what a request does not add, such as a session."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> str:
        return function(["given"], *args, **kwargs)

    return wrapper


@given_words
def say_also(words: list[str], word: str) -> str:
    return say(" ".join([*words, word]))


@task(every="10 min")
def tick() -> None:
    say("tick")


def test_what_a_decorator_gives_is_left_out(app: App) -> None:
    app.engine.add_task(say_also, "one")
    (found,) = assert_enqueued(app.app, say_also, "one")
    assert found["title"] == "Say also: one"
    (ran,) = run_all(app.app)
    assert (ran["state"], words()) == ("succeeded", ["given one"])


def one(tasks: RequestTasks) -> None:
    tasks.add_task(say, "one")


def add_all(tasks: RequestTasks) -> list[str]:
    tasks.add_task(say, "one")
    tasks.options(delay=60).add_task(say, "later")
    failing = tasks.add_task(stumble, "two")
    tasks.add_task(say_async, "three")
    tasks.add_task(add_another, "four")
    return [failing.token]


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_what_is_queued_runs_in_order_in_this_thread(app: App, in_a_loop: bool) -> None:
    async def act() -> Any:
        (token,) = (await post(app, add_all)).json()
        assert said == []
        ran = run_all(app.app) if in_a_loop else await asyncio.to_thread(run_all, app.app)
        async with app.client() as client:
            return ran, (await client.get(f"/jobs/{token}")).json()

    ran, told = asyncio.run(act())
    assert words() == ["one", "two", "three", "added", "four"]
    assert (said[0][1], said[2][1]) == (in_a_loop, False)
    assert [each["state"] for each in ran] == ["succeeded", "waiting", *["succeeded"] * 3]
    assert (ran[0]["result"], ran[1]["error"]) == ("ONE", "LookupError: two")
    assert (told["state"], told["error"]) == ("waiting", None)
    assert run_all(app.app) == []


def test_coroutines_run_in_the_calling_thread_where_no_loop_does(app: App) -> None:
    app.engine.add_task(say_async, "one")
    run_all(app.app)
    assert said == [("one", True)]


@pytest.mark.parametrize(
    ("function", "error"), [(stumble, LookupError), (defer, RetryLater), (say_async, None)]
)
def test_inline_runs_as_a_request_ends_and_raises_out_of_it(
    app: App, function: Callable[[str], Any], error: type[Exception] | None
) -> None:
    def add(tasks: RequestTasks) -> Any:
        tasks.options(delay=60, parallel=True).add_task(function, "now")
        tasks.add_task(say, "then")
        return len(said)

    with inline(app.app):
        if error is not None:
            with pytest.raises(error):
                asyncio.run(post(app, add))
        else:
            assert asyncio.run(post(app, add)).json() == 0
    assert words() == ["now", "then"][: 2 - bool(error)]
    asyncio.run(post(app, one))
    assert "one" not in words()


def test_a_mock_in_a_function_s_place_is_called_as_the_task(app: App) -> None:
    mocks = [Mock(), AsyncMock(), create_autospec(say)]

    def add(tasks: RequestTasks) -> None:
        for mock in [*mocks, mocks[0]]:
            tasks.add_task(mock, "now")

    asyncio.run(post(app, add))
    assert [each["state"] for each in run_all(app.app)] == ["succeeded"] * 4
    mocks[1].assert_awaited_once_with("now")
    mocks[2].assert_called_once_with("now")
    with inline(app.app):
        asyncio.run(post(app, add))
    assert mocks[0].call_args_list == [call("now")] * 4


def note(word: str) -> None:
    said.append((f"{word}, noted", True))


@pytest.mark.parametrize(
    "replacement",
    [
        Mock(side_effect=note),
        AsyncMock(side_effect=note),
        create_autospec(locale.delocalize, side_effect=note),
        lambda word: note(word),
    ],
)
def test_what_took_a_function_s_place_after_its_task_was_added_is_called(
    app: App, replacement: Any
) -> None:
    def add(tasks: RequestTasks) -> None:
        tasks.add_task(locale.delocalize, "now")

    asyncio.run(post(app, add))
    with patch("locale.delocalize", replacement):
        assert [each["state"] for each in run_all(app.app)] == ["succeeded"]
    assert words() == ["now, noted"]


@task(retry=Retry(3, backoff=lambda attempt, random: 0.005))
def fail_and_be_due_soon() -> None:
    raise LookupError


def take_long() -> None:
    until = time.monotonic() + 0.02
    while time.monotonic() < until:
        pass


def test_a_further_attempt_is_left_however_slow_the_machine(app: App) -> None:
    def add(tasks: RequestTasks) -> None:
        tasks.add_task(fail_and_be_due_soon)
        tasks.add_task(take_long)

    asyncio.run(post(app, add))
    assert [each["state"] for each in run_all(app.app)] == ["waiting", "succeeded"]


def test_a_lambda_is_a_task_only_where_a_test_has_put_it_in_a_function_s_place(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locale, "delocalize", lambda word: said.append((word, True)))

    def add(tasks: RequestTasks) -> None:
        tasks.add_task(locale.delocalize, "now")
        with pytest.raises(TypeError, match="a lambda cannot be a task"):
            tasks.add_task(lambda: None)

    with inline(app.app):
        asyncio.run(post(app, add))
    assert words() == ["now"]


def test_a_request_that_fails_has_run_nothing_inline(app: App) -> None:
    def fail(tasks: RequestTasks) -> None:
        one(tasks)
        raise KeyError

    with inline(app.app), pytest.raises(KeyError):
        asyncio.run(post(app, fail))
    assert said == []


def test_what_several_threads_add_first_is_in_one_store(app: App) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: app.engine.add_task(say, str(n)), range(8)))
    assert len(run_all(app.app)) == 8


def test_inline_goes_on_after_another_block_in_it(app: App) -> None:
    with inline(app.app):
        with inline(app.app):
            asyncio.run(post(app, one))
        asyncio.run(post(app, one))
        assert words() == ["one", "one"]
    asyncio.run(post(app, one))
    assert words() == ["one", "one"]


def test_inline_lasts_when_the_app_is_started_in_it_and_after_that(app: App) -> None:
    async def act() -> None:
        app.add = one
        async with app.started() as client:
            await client.post("/")
        await post(app, one)

    with inline(app.app):
        asyncio.run(act())
    assert words() == ["one", "one"]


def test_inline_runs_what_a_task_adds_and_what_the_engine_is_given(app: App) -> None:
    inline(app.app)
    engine = app.engine
    engine.add_task(add_another, "one")
    engine.options(delay=9).add_task(say, "two")

    async def add() -> None:
        await engine.add_task_async(say, "three")

    asyncio.run(add())
    assert words() == ["one", "added", "two", "three"]


def test_a_started_app_runs_nothing_by_itself_either(app: App) -> None:
    async def act() -> list[Any]:
        app.add = one
        async with app.started() as client:
            await client.post("/")
            assert said == []
            return run_all(app.app)

    assert len(asyncio.run(act())) == 1


def test_tasks_of_one_test_are_not_there_in_the_next(tmp_path: Path) -> None:
    app = App(tmp_path)
    for _ in range(2):
        with standing_in():
            asyncio.run(post(app, one))
            assert len(run_all(app.app)) == 1
    with pytest.raises(Closed):
        run_all(app.app)


def test_an_app_that_runs_by_itself_or_has_no_engine_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    app = App(tmp_path)

    async def act() -> None:
        async with app.started():
            with standing_in(), pytest.raises(RuntimeError, match="was started before"):
                run_all(app.app)

    asyncio.run(act())
    with pytest.raises(RuntimeError, match=r"install\(app, data_dir=…\) has not been called"):
        run_all(FastAPI())


def test_time_that_passes_brings_what_falls_due(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda self: self.add(tick))
    engine = app.engine
    engine.add_task(succeed_at_last, "try")
    engine.options(delay=25 * 60).add_task(say, "later")
    late = TaskOptions(delay=25 * 60, deadline=engine.now() + 60)
    engine.submit(Submission([engine.task_of(say, ["too late"], options=late)])).result()
    before = engine.now()
    assert [each["state"] for each in run_all(app.app)] == ["waiting"]
    ran = run_all(app.app, within=timedelta(minutes=30))
    assert [word for word in words() if word != "tick"] == ["try 1", "try 2", "try 3", "later"]
    assert 2 <= words().count("tick") <= 4  # which three of the clock's times are within it
    assert {each["state"] for each in ran} == {"succeeded"}
    assert engine.now() - before >= 1800
    later = engine.options(deadline=60, delay=1).add_task(say, "in an hour")
    ran = run_all(app.app, within=timedelta(seconds=2))
    assert (later.number, "succeeded") in [(each["id"], each["state"]) for each in ran]


def test_an_added_call_is_known_by_equal_arguments_and_defaults(app: App) -> None:
    for what in (Decimal(1), (1, 2), 3):
        app.engine.add_task(wrap, what)
    (named,) = assert_enqueued(app.app, wrap, 3, Box(), on=date(2026, 7, 1))
    assert [named] == assert_enqueued(app.app, wrap, what=3)
    assert_enqueued(app.app, wrap, (1, 2), box=Box(1))
    for other in ("1", [1, 2]):
        with pytest.raises(AssertionError, match=r"but: .*wrap\(Decimal\('1'\)\), .*\(\(1, 2\)\)"):
            assert_enqueued(app.app, wrap, other)


def test_an_added_call_is_found_among_many(app: App) -> None:
    name = app.engine.spec_of(wrap).name
    many = [NewTask(name, (number,)) for number in range(1_100)]
    app.engine.submit(Submission(tasks=many)).result(WITHIN)
    assert_enqueued(app.app, wrap, 1_099)
    with pytest.raises(AssertionError, match=r"but: [^…]*\(19\), …$"):
        assert_enqueued(app.app, wrap, -1)


@pytest.mark.parametrize("autospec", [None, True])
def test_a_patch_of_fastapis_add_task_reaches_durable_tasks(app: App, autospec: Any) -> None:
    def add(tasks: RequestTasks) -> None:
        tasks.add_task(say, "one")
        tasks.options(delay=60).add_task(say, word="two")

    with inline(app.app):
        with patch("fastapi.BackgroundTasks.add_task", autospec=autospec) as mock:
            assert asyncio.run(post(app, add)).status_code == 200
        assert [made.args[-1] for made in mock.call_args_list] == ["one", say]
        assert mock.call_args.kwargs == {"word": "two"}
        assert said == []
        asyncio.run(post(app, one))
        assert words() == ["one"]


def test_what_is_inline_in_a_block_has_no_engine_after_it(app: App) -> None:
    before = threading.active_count()
    for _ in range(2):
        with inline(app.app):
            asyncio.run(post(app, one))
        eventually(lambda: threading.active_count() <= before)
