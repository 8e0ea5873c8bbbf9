"""What a queue allows: by its functions, by a person, from one engine to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import AGAIN_S, Deferred, Later, Succeeded
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry, task
from sendoff_tasks.model.queues import Queue
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import Rate, wire_time
from sendoff_tasks.queues.limits import (
    NO_LIMIT,
    Limits,
    QueueLimit,
    limited,
    queue_limit,
    read_queues,
)
from sendoff_tasks.store.tables.records import FunctionRecord
from tests import WITHIN
from tests.engine.queues.letters import GONE, at, probing
from tests.engine.stepped import Make, Stepped, work

began = threading.Semaphore(0)


@task(queue="post", concurrency=4, rate="1000/s")
def begin() -> None:
    began.release()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    while began.acquire(blocking=False):
        pass
    registry = Registry()
    registry.add(begin)
    engine = Engine(EngineConfig(tmp_path / "store.db", registry))
    engine.start()
    yield engine
    engine.stop()


def test_processes_are_none_where_no_task_runs(tmp_path: Path) -> None:
    looking = Engine(EngineConfig(tmp_path / "copy.db", Registry(), lanes=False))
    assert looking.processes() == []
    looking.start()
    try:
        assert looking.processes() == []
    finally:
        looking.stop()


def post(engine: Engine) -> Queue:
    (queue,) = engine.queues()
    return queue


def test_a_queue_tells_since_when_its_oldest_task_waits(offline: Stepped) -> None:
    offline.wait(1)
    offline.end(probing(offline), GONE)
    offline.wait(40)
    assert {row["waits_since"] for row in queues_of(offline)} == {at(0), None}
    stepped_on = offline.add("limited_daily")
    offline.end(stepped_on, Later("no", "", 60.0))
    offline.wait(50)
    assert {row["waits_since"] for row in queues_of(offline)} == {at(0), at(41)}


def queues_of(stepped: Stepped) -> list[Queue]:
    return read_queues(stepped.connection, stepped.registry, {}, 0)


def test_a_queue_tells_its_limits_its_pause_and_its_counts(engine: Engine) -> None:
    told = post(engine)
    assert (told["name"], told["concurrency"], told["rate"]) == ("post", 4, "1000/s")
    assert (told["paused"], told["held"]) == (None, None)
    engine.pause("post").result(WITHIN)
    assert post(engine)["waits_since"] is None
    task = engine.add_task(begin)
    engine.add_task(begin)
    told = post(engine)
    assert told["waits_since"] == engine.task(task.number)["created_at"]
    assert told["paused"] is not None
    assert told["counts"]["queued"] == 2
    assert [notice["id"] for notice in engine.notices()] == ["paused:post"]
    engine.resume("post").result(WITHIN)
    assert began.acquire(timeout=WITHIN)
    assert post(engine)["paused"] is None
    assert engine.notices() == []


def test_what_a_person_wants_holds_at_once_and_before_the_start(engine: Engine) -> None:
    engine.stop()
    engine.limit({"post": QueueLimit(rate=Rate.parse("1/day"))})
    engine.start()
    assert (post(engine)["concurrency"], post(engine)["rate"]) == (4, "1/day")
    for _ in range(2):
        engine.add_task(begin)
    assert began.acquire(timeout=WITHIN)
    engine.pause("none").result(WITHIN)  # a group later
    assert post(engine)["counts"]["queued"] == 1
    engine.limit({})
    assert began.acquire(timeout=WITHIN)


TIGHT = {"post": QueueLimit(1, Rate.parse("2/h"))}


@pytest.mark.parametrize("running", [False, True])
def test_an_engine_that_is_told_no_limits_goes_on_with_the_last_ones(
    engine: Engine, tmp_path: Path, *, running: bool
) -> None:
    if not running:
        engine.stop()
    engine.limit(TIGHT)
    if not running:
        engine.start()
    engine.stop()
    registry = Registry()
    registry.add(begin)
    later = Engine(EngineConfig(tmp_path / "store.db", registry))
    later.start()
    told = post(later)
    for _ in range(3):
        later.add_task(begin)
    assert [began.acquire(timeout=WITHIN) for _ in range(2)] == [True, True]
    assert (told["concurrency"], told["rate"]) == (1, "2/h")
    assert post(later)["counts"]["queued"] == 1
    later.stop()


def test_limits_that_are_taken_back_are_not_kept(engine: Engine, tmp_path: Path) -> None:
    engine.limit(TIGHT)
    engine.limit({})
    engine.stop()
    registry = Registry()
    registry.add(begin)
    later = Engine(EngineConfig(tmp_path / "store.db", registry))
    later.start()
    told = post(later)
    later.stop()
    assert (told["concurrency"], told["rate"]) == (4, "1000/s")


def named(name: str, **options: Any) -> Callable[..., Any]:
    """Make a task function of the queue *post*, unless the options say another."""

    @task(**{"name": name, "queue": "post", **options})
    def made() -> None: ...

    return made


def known(*functions: Callable[..., Any]) -> Registry:
    registry = Registry()
    for function in functions:
        registry.add(function)
    return registry


def test_a_queue_has_the_least_of_its_functions_in_each_period() -> None:
    registry = known(
        named("letters", concurrency=9, rate="30/min"),
        named("parcels", concurrency=3, rate="1000/day"),
        named("cards", rate="20/min"),
        named("others", queue="elsewhere", concurrency=1),
    )
    limit = queue_limit("post", (), registry, NO_LIMIT)
    assert limit.concurrency == 3
    assert [str(rate) for rate in limit.rates] == ["1000/day", "20/min"]


def test_what_a_person_wants_goes_before_what_functions_say_each_alone() -> None:
    registry = known(named("letters", concurrency=9, rate="30/min"))
    assert queue_limit("post", (), registry, QueueLimit(20)) == QueueLimit(20, Rate.parse("30/min"))
    only = QueueLimit(rate=Rate.parse("2/h"))
    assert queue_limit("post", (), registry, only) == QueueLimit(9, Rate.parse("2/h"))


def test_a_function_that_moved_still_counts_for_the_queue_of_its_old_tasks() -> None:
    registry = known(named("letters", queue="new", concurrency=2))
    old = FunctionRecord(1, "letters", "post", "io", "Letters")
    assert queue_limit("post", (), registry, NO_LIMIT) == QueueLimit()
    assert queue_limit("post", [old], registry, NO_LIMIT) == QueueLimit(2)


def test_an_attempt_that_was_too_early_counts_for_no_limit(make: Make) -> None:
    stepped = make(work)
    stepped.limits.want({"work": QueueLimit(per_day=2)})
    stepped.do(stepped.limits.store)
    first = stepped.add()
    for _ in range(5):
        assert list(stepped.lane.running) == [first]
        stepped.end(first, Later("not yet", "", after=1.0, counts=False))
        stepped.wait(AGAIN_S)
    for _ in range(3):
        stepped.add()
    assert len(stepped.lane.running) == 2


def test_what_a_provider_allows_in_a_day_counts_beside_the_rate_and_is_kept(make: Make) -> None:
    stepped = make(work)
    stepped.limits.want({"work": QueueLimit(rate=Rate.parse("2/min"), per_day=3)})
    stepped.do(stepped.limits.store)
    stepped.restart()

    def began(after: float) -> int:
        stepped.wait(after)
        begun = list(stepped.lane.running)
        for number in begun:
            stepped.end(number, Succeeded("null"))
        return len(begun)

    for _ in range(10):
        stepped.add("work")
    assert [began(0), began(60), began(0)] == [2, 1, 0]
    until = wire_time(round((stepped.clock.time + 24 * 3600 - 60) * 1000))
    assert stepped.task(4)["reason_data"] == {"queue": "work", "limit": "3/day", "until": until}
    stepped.restart()
    assert [began(24 * 3600 - 61), began(1), began(59), began(1)] == [0, 2, 0, 1]


def test_what_began_within_a_day_counts_when_the_limit_of_a_day_is_set_or_changed(
    make: Make,
) -> None:
    stepped = make(work)

    def allow(per_day: int | None) -> None:
        stepped.limits.want({"work": QueueLimit(per_day=per_day)})
        stepped.do(stepped.limits.store)

    def begun(tasks: int) -> int:
        stepped.settle()
        before = len(stepped.lane.started)
        for _ in range(tasks):
            stepped.add("work")
        for number in list(stepped.lane.running):
            stepped.end(number, Succeeded("null"))
        return len(stepped.lane.started) - before

    assert begun(1) == 1
    stepped.clock.time += 3600
    stepped.ended(Deferred("no network", "", Reason.OFFLINE), "work")
    stepped.clock.time += 60
    assert begun(0) == 0  # the second has ended now
    running = stepped.add("work")
    allow(4)
    stepped.end(running, Succeeded("null"))
    assert begun(3) == 1
    allow(5)
    assert stepped.lane.running.keys() == {5}
    allow(None)
    assert begun(0) == 0
    assert stepped.states()[6] == "succeeded"
    allow(6)
    stepped.restart()
    last = stepped.add("work")
    assert not stepped.lane.running
    stepped.wait(24 * 3600 - 3660)
    assert stepped.lane.running.keys() == {last}


def test_limits_of_two_times_both_apply_and_are_kept(make: Make) -> None:
    stepped = make(work)
    stepped.limits.want({"work": limited(4, "2/min, 3/h", 4)})
    stepped.do(stepped.limits.store)
    stepped.restart()
    for _ in range(10):
        stepped.add("work")
    limit = stepped.limits.of("work")
    assert (limit.concurrency, [*map(str, limit.rates)]) == (4, ["2/min", "3/h", "4/day"])
    assert limit.in_words == "2/min, 3/h"
    counts = []
    for after in (0, 60, 60, 3600, 24 * 3600):
        stepped.wait(after)
        begun = list(stepped.lane.running)
        for number in begun:
            stepped.end(number, Succeeded("null"))
        counts.append(len(begun))
    assert counts == [2, 1, 0, 1, 2]


def test_limits_are_worked_out_again_when_a_function_comes() -> None:
    registry = known(named("letters", concurrency=9))
    limits = Limits()
    limits.look(registry, {})
    assert limits.of("post") == QueueLimit(9)
    registry.add(named("parcels", concurrency=3))
    limits.look(registry, {})
    assert limits.of("post") == QueueLimit(3)


def test_limits_of_this_engine_are_put_into_a_store_that_has_others_by_now(
    stepped: Stepped,
) -> None:
    limits = Limits()
    limits.want({"default": QueueLimit(concurrency=1)})
    for _ in range(2):  # between the two starts another process has run the tasks
        limits.load(stepped.connection)
        stepped.do(limits.open)
        kept = stepped.connection.execute("SELECT value FROM meta WHERE key = 'limits'").fetchone()
        assert kept == ('{"default": [1, null, null]}',)
        stepped.connection.execute("UPDATE meta SET value = '{}' WHERE key = 'limits'")
