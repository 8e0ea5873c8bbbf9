"""Accepting tasks and items, from many threads and from a loop."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest

from desktop.engine.errors import Busy, UnknownId, UnknownTask
from desktop.engine.facade.engine import Engine
from desktop.engine.submission import Accepted, NewTask, Submission, TaskOptions
from desktop.engine.writer import writer
from tests import WITHIN
from tests.engine.facade.stage import Stage, wait_for


def test_many_threads_lose_nothing_and_repeat_nothing(engine: Engine, stage: Stage) -> None:
    with ThreadPoolExecutor(16) as callers:
        numbers = list(callers.map(lambda n: engine.add_task("quick", n), range(400)))
    assert sorted(numbers) == list(range(1, 401))
    wait_for(engine, lambda: engine.stats()["counts"]["succeeded"] == 400)
    assert sorted(stage.done) == [(n,) for n in range(400)]


def test_the_answers_of_one_commit_wake_a_loop_once(engine: Engine) -> None:
    async def submit() -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        wake_ups = 0
        schedule = loop.call_soon_threadsafe

        def count(*args: Any, **kwargs: Any) -> asyncio.Handle:
            nonlocal wake_ups
            wake_ups += 1
            return schedule(*args, **kwargs)

        call, all_in = Submission(tasks=[NewTask("quick")]), threading.Event()
        engine._ask(lambda _: all_in.wait(WITHIN))  # what is handed in meanwhile is one group
        with patch.object(loop, "call_soon_threadsafe", count):
            asked = [engine.accept(call) for _ in range(300)]
            all_in.set()
            answers = await asyncio.gather(*asked)
        return len({answer.task_ids[0][0] for answer in answers}), wake_ups

    accepted, wake_ups = asyncio.run(submit())
    assert accepted == 300
    assert wake_ups < 10


def test_too_much_at_once_is_told_to_come_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BACKLOG", 4_000)
    big = Submission(tasks=[NewTask("quick", options=TaskOptions(delay=60))] * 1_000)
    accepted: list[Future[Accepted]] = []
    with pytest.raises(Busy, match="try again in 1 s"):
        accepted.extend(engine.submit(big) for _ in range(30))
    for future in accepted:
        assert future.result(WITHIN).task_ids


def test_what_is_unknown_is_named(engine: Engine) -> None:
    with pytest.raises(UnknownTask):
        engine.add_task("nothing")
    for read in (engine.task, engine.item):
        with pytest.raises(UnknownId):
            read(99)
    with pytest.raises(UnknownId):
        engine.cancel(99).result(WITHIN)
    with pytest.raises(TypeError, match="argument 1"):
        engine.add_task("quick", object())


def test_a_coroutine_adds_a_task_without_blocking_its_loop(engine: Engine) -> None:
    async def add() -> list[int]:
        with pytest.warns(RuntimeWarning, match="await engine.add_task_async"):
            blocking = engine.add_task("quick", 1)
        return [blocking, *await asyncio.gather(*(engine.add_task_async("quick", n) for n in "ab"))]

    assert asyncio.run(add()) == [1, 2, 3]
