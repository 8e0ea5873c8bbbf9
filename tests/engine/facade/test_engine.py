"""The engine with its threads: its store, its lanes, and options checked where they are given."""

from __future__ import annotations

import asyncio
import math
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from sendoff_tasks import task
from sendoff_tasks.errors import BadCall, Busy, Closed, UnknownId, UnknownTask
from sendoff_tasks.facade import running_engine
from sendoff_tasks.facade.add_task import TakesOptions, TaskRef
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig, default_cpu_slots
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.store.errors import OtherVersion, StoreInUse
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.submission import NewTask, Submission, SubmissionAnswer, TaskOptions
from sendoff_tasks.verbs.pending import undo_pending
from sendoff_tasks.writer import writer
from sendoff_tasks.writer.writer import Inbox
from tests import WITHIN
from tests.engine.facade.stage import Stage, state
from tests.engine.stepped import Clock, registry
from tests.looking import eventually

pytestmark = pytest.mark.anyio


def test_stopping_gives_back_what_does_not_end_in_time(
    start: Callable[..., Engine], stage: Stage
) -> None:
    engine = start()
    numbers = [engine.add_task(name).number for name in ("slow", "stubborn", "sending")]
    for _ in numbers:
        stage.entered.acquire()
    waiting = engine.add_task("quick")
    engine.stop(0.1)
    # Two of the functions run on.
    with pytest.raises(StoreInUse, match="functions that its stop did not end"):
        start(lanes=False)
    stage.go_on.set()
    engine.over.result(WITHIN)
    again = start(lanes=False)
    assert [state(again, number) for number in numbers] == ["queued", "queued", "uncertain"]
    outcomes = [again.task(number)["history"][-1]["outcome"] for number in numbers]
    assert outcomes == ["given back", "given back", "uncertain"]
    assert state(again, waiting.number) in {"queued", "succeeded"}


def test_after_the_stop_nothing_is_taken(start: Callable[..., Engine]) -> None:
    engine = start()
    engine.stop()
    with pytest.raises(Closed):
        engine.add_task("quick")
    with pytest.raises(Closed):
        engine.rows(TaskQuery())
    engine.stop()


def test_without_lanes_tasks_wait_for_an_engine_that_has_some(
    start: Callable[..., Engine], stage: Stage
) -> None:
    engine = start(lanes=False)
    number = engine.add_task("quick").number
    assert state(engine, number) == "queued"
    assert engine.stats()["lanes"] == {}
    engine.stop()
    again = start()
    eventually(lambda: state(again, number) == "succeeded")
    assert stage.done == [()]


@pytest.mark.parametrize("when", [{"delay": 600.0}, {"run_at": 2e9}])
def test_options_mean_the_same_on_every_way_in(engine: Engine, when: dict[str, Any]) -> None:
    given: dict[str, Any] = {**when, "priority": 2}
    span = 900 + when.get("run_at", engine.now()) - engine.now()
    options = TaskOptions(**given, deadline=engine.now() + span)

    async def added() -> TaskRef:
        return await engine.options(**given, key="b", deadline=span).add_task_async("quick")

    first = engine.options(**given, key="a", deadline=span).add_task("quick")
    third = engine.options(**given, key="c", deadline=span, after=first).add_task("quick")
    tasks = [engine.task_of("quick", options=replace(options, key=key)) for key in "de"]
    accepted = engine.submit(Submission(tasks=tasks)).result(WITHIN)
    ways = [*(each.number for each in (first, asyncio.run(added()), third)), *accepted.task_ids]
    columns = "run_at - created_at, run_at, deadline - created_at, priority, key"

    def row_of(source: Source, number: int) -> Any:
        return source.execute(f"SELECT {columns} FROM tasks WHERE id = ?", (number,)).fetchone()  # noqa: S608

    for number, key in zip(ways, "abcde", strict=True):
        delay, run_at, deadline, *rest = engine.read(row_of, number)
        assert rest == [2, key]
        assert abs(deadline - span * 1000) < WITHIN * 1000
        if number != third.number:  # its time counts once the first has succeeded
            assert delay == 600_000 if "delay" in when else run_at == 2_000_000_000_000
    assert engine.options(key="a").add_task("quick").number == first.number


def test_a_writer_that_ends_by_itself_is_told(
    start: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()
    engine = start(on_failure=failed.set)

    def end(*args: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(Inbox, "take", end)
    with pytest.raises(Closed):
        engine.add_task("quick")
    assert failed.wait(WITHIN)


def test_many_threads_lose_nothing_and_repeat_nothing(engine: Engine, stage: Stage) -> None:
    with ThreadPoolExecutor(16) as callers:
        numbers = list(callers.map(lambda n: engine.add_task("quick", n).number, range(400)))
    assert sorted(numbers) == list(range(1, 401))
    eventually(lambda: engine.stats()["counts"]["succeeded"] == 400)
    assert sorted(stage.done) == [(n,) for n in range(400)]


async def test_the_answers_of_one_commit_wake_a_loop_once(engine: Engine) -> None:

    loop = asyncio.get_running_loop()
    wake_ups = 0
    schedule = loop.call_soon_threadsafe

    def count(*args: Any, **kwargs: Any) -> asyncio.Handle:
        nonlocal wake_ups
        wake_ups += 1
        return schedule(*args, **kwargs)

    call, all_in = Submission(tasks=[NewTask("quick")]), threading.Event()
    engine.do(lambda _: all_in.wait(WITHIN))  # what is handed in meanwhile is one group
    with patch.object(loop, "call_soon_threadsafe", count):
        asked = [engine.accept(call) for _ in range(300)]
        all_in.set()
        answers = await asyncio.gather(*asked)
    accepted, wake_ups = len({answer.task_ids[0] for answer in answers}), wake_ups
    assert accepted == 300
    assert wake_ups < 10


def test_too_much_at_once_is_told_to_come_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BACKLOG", 4_000)
    big = Submission(tasks=[NewTask("quick", options=TaskOptions(delay=60))] * 1_000)
    accepted: list[Future[SubmissionAnswer]] = []
    with pytest.raises(Busy, match="try again in 1 s"):
        accepted.extend(engine.submit(big) for _ in range(30))
    for future in accepted:
        assert future.result(WITHIN).task_ids


def test_what_is_unknown_is_named(engine: Engine) -> None:
    with pytest.raises(UnknownTask):
        engine.add_task("nothing")
    with pytest.raises(UnknownId):
        engine.task(99)
    with pytest.raises(UnknownId):
        engine.cancel(99).result(WITHIN)
    with pytest.raises(TypeError, match="argument 1"):
        engine.add_task("quick", object())


def test_a_coroutine_adds_a_task_without_blocking_its_loop(engine: Engine) -> None:
    async def add() -> list[int]:
        with pytest.warns(RuntimeWarning, match="await engine.add_task_async"):
            blocking = engine.add_task("quick", 1)
        added = await asyncio.gather(*(engine.add_task_async("quick", n) for n in "ab"))
        return [ref.number for ref in (blocking, *added)]

    assert asyncio.run(add()) == [1, 2, 3]


async def test_an_added_task_is_a_handle_that_has_its_number(engine: Engine) -> None:
    first = await engine.add_task_async("quick", 1)
    second = await engine.options(after=first, delay=600).add_task_async("quick", 2)
    assert (first.number, second.number) == (1, 2)
    assert await first.result(WITHIN) == (1,)
    assert (await asyncio.wrap_future(second.cancel()))["state"] == "cancelled"
    token = await asyncio.to_thread(lambda: first.token)
    assert token == await asyncio.wrap_future(engine.token_of(1))


def test_add_tasks_adds_thousands_in_their_order(engine: Engine, stage: Stage) -> None:
    numbers = engine.add_tasks("quick", [()] * 1_201)
    assert numbers == list(range(numbers[0], numbers[0] + 1_201))
    with pytest.raises(UnknownTask):
        engine.add_tasks("nobody", [()])
    assert engine.add_tasks("quick", []) == []


def test_add_tasks_adds_none_if_one_is_refused_and_names_its_place(engine: Engine) -> None:
    calls = [(object() if place == 900 else place,) for place in range(1_200)]
    with pytest.raises(
        BadCall, match=r"^arguments\[900\]: argument 1 \(`args`\) is of type object"
    ):
        engine.add_tasks("quick", calls)
    with pytest.raises(
        BadCall, match=r"^arguments\[1\]: the task “slow” cannot be called like this"
    ):
        engine.add_tasks("slow", [(), (1,)])

    def reads() -> Iterator[tuple[int]]:
        yield (1,)
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="is gone"):
        engine.add_tasks("quick", reads())
    assert engine.rows(TaskQuery())["tasks"] == []


@pytest.mark.parametrize("args", ["ab", b"ab", {"first": 1}, {1, 2}, 7, None, (1 for _ in "a")])
def test_the_arguments_of_a_call_are_a_tuple(engine: Engine, args: Any) -> None:
    said = r"arguments\[1\] must be a tuple with a call's arguments: "
    with pytest.raises(BadCall, match=said):
        engine.add_tasks("quick", [(1,), args])
    assert engine.add_tasks("quick", [(1,), [2]]) == [1, 2]  # type: ignore[arg-type]


def test_a_task_that_would_begin_after_its_deadline_is_refused(engine: Engine) -> None:
    @task(deadline=10)
    def soon() -> None: ...

    engine.config.registry.add(soon)
    with pytest.raises(BadCall, match="“soon” has a deadline of 10 s, and would begin in 60 s"):
        engine.options(delay=60).add_task("soon")
    engine.options(delay=60, deadline=90).add_task("soon")
    engine.options(delay=5).add_task("soon")


def test_add_tasks_takes_options(engine: Engine) -> None:
    engine.options(delay=60, priority=3).add_tasks("quick", [(1,), (2,)])
    found = [(row["state"], row["priority"]) for row in engine.rows(TaskQuery())["tasks"]]
    assert found == [("scheduled", 3)] * 2


def test_an_error_after_a_commit_of_add_tasks_has_what_was_added(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendoff_tasks.facade.add_task.BULK_LIMIT", 3)
    submit, groups = Engine.submit, []

    def stops_later(engine: Engine, submission: Any) -> Any:
        groups.append(len(submission.tasks))
        if len(groups) == 3:
            engine.stop()
        return submit(engine, submission)

    monkeypatch.setattr(Engine, "submit", stops_later)
    with pytest.raises(Closed) as told:
        engine.add_tasks("quick", [(n,) for n in range(8)])
    assert groups == [3, 3, 2]
    assert told.value.added == [1, 2, 3, 4, 5, 6]


def test_the_next_start_is_told(engine: Engine) -> None:
    assert engine.stats()["next_at"] is None
    engine.submit(Submission(tasks=[NewTask("quick", options=TaskOptions(delay=900))])).result(
        WITHIN
    )
    first = engine.submit(
        Submission(tasks=[NewTask("quick", options=TaskOptions(delay=600))])
    ).result(WITHIN)
    (number,) = first.task_ids
    assert engine.stats()["next_at"] == engine.task(number)["run_at"]


def test_actions_that_wait_are_counted(engine: Engine) -> None:
    options = TaskOptions(delay=900)
    later = engine.submit(Submission(tasks=[NewTask("quick", options=options)])).result(WITHIN)
    assert engine.stats()["pending"] == 0
    row = engine.bulk("cancel", later.task_ids, None, 900).result(WITHIN).answer["pending"]
    assert (engine.stats()["pending"], engine.pending()[0]["id"]) == (1, row["id"])
    engine.do(lambda group: undo_pending(group, row["id"])).result(WITHIN)
    assert engine.stats()["pending"] == 0


def test_what_an_action_still_waits_is_told_also_after_the_clock_has_jumped(
    tmp_path: Path,
) -> None:
    clock = Clock()
    engine = Engine(EngineConfig(tmp_path / "store.db", registry(), clock=clock))
    engine.start()
    engine.pause(None).result(WITHIN)
    number = engine.add_task("work").number
    engine.bulk("cancel", [number], None, 900).result(WITHIN)
    for jump in (3600, -365 * 24 * 3600):
        clock.jump(jump)
        # The engine may follow the clock during one of the reads.
        waits = [each["due_in"] for _ in range(2) for each in engine.pending()]
        assert pytest.approx(900) in waits
    engine.stop()


NOW = 1_800_000_000.0


class Told(TakesOptions[TaskOptions]):
    def _with(self, options: TaskOptions) -> TaskOptions:
        return options

    def now(self) -> float:
        return NOW


NAIVE = datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        ({"delay": -1}, ValueError, "delay must be 0 s or more, got -1"),
        ({"delay": math.nan}, ValueError, "delay must be 0 s or more, got nan"),
        ({"delay": "5"}, TypeError, "delay must be a number, got '5'"),
        ({"delay": math.inf}, ValueError, "delay is out of bounds: inf"),
        ({"run_at": "noon"}, TypeError, "run_at must be a number, got 'noon'"),
        (
            {"run_at": NAIVE},
            TypeError,
            "run_at must have a time zone, got datetime",
        ),
        ({"deadline": 0}, TypeError, "deadline must be more than 0"),
        ({"priority": 1.5}, TypeError, "priority must be a whole number"),
        ({"priority": 1 << 31}, ValueError, "a priority of 2147483648 is out of bounds"),
        ({"priority": True}, TypeError, "priority must be a whole number"),
        ({"key": " "}, ValueError, "a key is 1 to 200 printable characters"),
        ({"delay": 5, "run_at": NOW + 9}, ValueError, "after a delay or at run_at, not both"),
        ({"delay": 60, "deadline": 10}, ValueError, "the deadline must be after the task's delay"),
        ({"run_at": NOW + 60, "deadline": 60}, ValueError, "the deadline must be after"),
        ({"after": "17"}, TypeError, "after, where it is no task .* must be a whole number"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        Told().options(**options)


def test_times_are_epoch_seconds() -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    told = Told().options(run_at=moment, deadline=moment + timedelta(hours=1))
    assert (told.run_at, told.deadline) == (moment.timestamp(), moment.timestamp() + 3600)
    assert Told().options(deadline=60).deadline == NOW + 60


def test_a_second_engine_on_the_file_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoreInUse):
        Engine(EngineConfig(tmp_path / "store.db", Registry())).start()
    engine.pause(None).result(WITHIN)  # the first one goes on


def test_a_store_of_a_newer_program_is_not_opened(engine: Engine, tmp_path: Path) -> None:
    engine.stop()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for _ in range(2):  # a refused start leaves no lock behind
        with pytest.raises(OtherVersion):
            engine.start()


@pytest.mark.parametrize("thread", ["writer", "upkeep"])
def test_a_start_without_threads_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thread: str
) -> None:
    start = threading.Thread.start

    def start_or_not(self: threading.Thread) -> None:
        if self.name == thread:
            raise RuntimeError("can't start new thread")
        start(self)

    engine = Engine(EngineConfig(tmp_path / "store.db", Registry()))
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start_or_not)
        with pytest.raises(RuntimeError, match="new thread"):
            engine.start()
    assert not {"writer", "upkeep"} & {each.name for each in threading.enumerate()}
    engine.start()
    engine.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="affinity and control groups are Linux's")
def test_there_is_a_slot_for_each_core_that_the_process_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_engine, "CGROUPS", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8))
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert default_cpu_slots() == 8
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert default_cpu_slots() == 8
    (tmp_path / "cpu.max").write_text("250000 100000\n")
    assert default_cpu_slots() == 3
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert default_cpu_slots() == 1
