"""The task lifespan: entered once in each process that runs tasks, and left after them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest
from fastapi import FastAPI

from sendoff_tasks import TaskContext
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import install
from sendoff_tasks.functions.spec import describe
from sendoff_tasks.lanes import cpu, cpu_parent
from sendoff_tasks.model.tasks import TaskDetail
from tests.engine.fastapi.opening import (
    FOLDER,
    Clients,
    clients,
    uses,
    uses_in_a_loop,
    uses_in_a_process,
)
from tests.looking import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


async def ended(engine: Engine, function: Callable[..., Any], state: str) -> TaskDetail:
    """Add a task, and wait without blocking the loop until it is so."""
    number = (await engine.add_task_async(function)).number
    return await asyncio.to_thread(
        eventually, lambda: ((t := engine.task(number))["state"] == state and t) or None
    )


async def result(engine: Engine, function: Callable[..., Any]) -> Any:
    return (await ended(engine, function, "succeeded"))["result"]


def processes(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.mark.parametrize("async_tasks", ["own", "app"])
async def test_state_is_opened_once_in_each_process_and_closed(
    folder: Path, async_tasks: Literal["own", "app"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu, "LEAVE_S", 0.0)  # nothing is killed
    monkeypatch.setattr(cpu_parent, "LEAVE_S", 0.0)
    app, own = FastAPI(), os.getpid()
    engine = install(
        app,
        data_dir=folder / "data",
        monitor=False,
        cpu_slots=1,
        task_lifespan=clients,
        async_tasks=async_tasks,
    )
    for _ in range(2):  # an app may be started again
        async with app.router.lifespan_context(app):
            assert processes(folder / "opened") == [own]
            assert await result(engine, uses) == [own, 1]
            assert await result(engine, uses_in_a_loop) == [own, 2, True]
            of_child = [await result(engine, uses_in_a_process) for _ in range(2)]
            child = of_child[0][0]
            assert of_child == [[child, 1, child], [child, 2, child]]
            assert child != own
            assert processes(folder / "closed") == []
        assert sorted(processes(folder / "opened")) == sorted([own, child])
        assert sorted(processes(folder / "closed")) == sorted([own, child])
        (folder / "opened").unlink()
        (folder / "closed").unlink()


async def test_an_app_does_not_start_without_it(folder: Path) -> None:
    (folder / "broken").touch()
    app = FastAPI()
    install(app, data_dir=folder / "data", monitor=False, task_lifespan=clients)
    with pytest.raises(ConnectionError, match="the cache is out of reach"):
        async with app.router.lifespan_context(app):
            raise AssertionError("it has started")
    (folder / "broken").unlink()
    async with app.router.lifespan_context(app):
        assert processes(folder / "opened") == [os.getpid()]


async def test_a_process_that_cannot_open_it_tries_again_and_uses_up_no_attempt(
    folder: Path,
) -> None:
    app = FastAPI()
    engine = install(app, data_dir=folder / "data", monitor=False, task_lifespan=clients)
    async with app.router.lifespan_context(app):
        (folder / "broken").touch()
        waits = await ended(engine, uses_in_a_process, "waiting")
        assert "the cache is out of reach" in str(waits["error"])
        (folder / "broken").unlink()
        engine.retry(waits["id"]).result()
        done = eventually(lambda: (t := engine.task(waits["id"]))["state"] == "succeeded" and t)
        assert done["result"][1] == 1


@pytest.mark.parametrize("given", [lambda: None, partial(clients), 5])
def test_it_must_be_importable(folder: Path, given: Any) -> None:
    with pytest.raises(TypeError, match="task_lifespan must be a function"):
        install(FastAPI(), data_dir=folder, task_lifespan=given)


async def test_an_app_without_it_is_told_what_state_is(folder: Path) -> None:
    app = FastAPI()
    engine = install(app, data_dir=folder, monitor=False)
    async with app.router.lifespan_context(app):
        failed = await ended(engine, uses, "failed")
    assert "install(app, task_lifespan=…)" in str(failed["error"])


def test_the_type_of_the_state_may_be_named() -> None:
    def named(ctx: "TaskContext[Unknown] | None") -> None: ...  # type: ignore[name-defined] # noqa: F821, UP037

    def known(order: int, ctx: TaskContext[Clients]) -> None: ...

    for function in (named, known):
        assert describe(function, "name").context is not None
