"""A running engine's queues: paused, limited, and told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.contract.queues import Queue
from desktop.contract.rate import Rate
from desktop.engine.engine import Engine
from desktop.engine.functions.registry import Registry, task
from desktop.engine.queues.limits import QueueLimit

PATIENCE = 30.0
began = threading.Semaphore(0)


@task(queue="post", concurrency=4, rate="1000/s")
def begin() -> None:
    began.release()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    while began.acquire(blocking=False):
        pass
    known = Registry()
    known.add(begin)
    engine = Engine(tmp_path / "store.db", known)
    engine.start()
    yield engine
    engine.stop()


def post(engine: Engine) -> Queue:
    (queue,) = engine.queues()
    return queue


def test_a_queue_tells_its_limits_its_pause_and_its_counts(engine: Engine) -> None:
    told = post(engine)
    assert (told["name"], told["concurrency"], told["rate"]) == ("post", 4, "1000/s")
    assert (told["paused"], told["held"]) == (None, None)
    engine.pause("post").result(PATIENCE)
    engine.add_task(begin)
    told = post(engine)
    assert told["paused"] is not None
    assert told["counts"]["queued"] == 1
    assert [notice["id"] for notice in engine.notices()] == ["paused:post"]
    engine.resume("post").result(PATIENCE)
    assert began.acquire(timeout=PATIENCE)
    assert post(engine)["paused"] is None
    assert engine.notices() == []


def test_a_pause_of_all_outlives_the_engine(engine: Engine) -> None:
    engine.pause(None).result(PATIENCE)
    task_id = engine.add_task(begin)
    engine.stop()
    engine.start()
    assert engine.task(task_id)["why"].startswith("Paused since ")
    assert [notice["id"] for notice in engine.notices()] == ["paused:"]
    engine.resume(None).result(PATIENCE)
    assert began.acquire(timeout=PATIENCE)


def test_what_a_person_wants_holds_at_once_and_before_the_start(engine: Engine) -> None:
    engine.stop()
    engine.limit({"post": QueueLimit(rate=Rate.parse("1/day"))})
    engine.start()
    assert (post(engine)["concurrency"], post(engine)["rate"]) == (4, "1/day")
    for _ in range(2):
        engine.add_task(begin)
    assert began.acquire(timeout=PATIENCE)
    engine.pause("none").result(PATIENCE)  # a group later
    assert post(engine)["counts"]["queued"] == 1
    engine.limit({})
    assert began.acquire(timeout=PATIENCE)


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
    known = Registry()
    known.add(begin)
    later = Engine(tmp_path / "store.db", known)
    later.start()
    told = post(later)
    for _ in range(3):
        later.add_task(begin)
    assert [began.acquire(timeout=PATIENCE) for _ in range(2)] == [True, True]
    assert (told["concurrency"], told["rate"]) == (1, "2/h")
    assert post(later)["counts"]["queued"] == 1
    later.stop()


def test_limits_that_are_taken_back_are_not_kept(engine: Engine, tmp_path: Path) -> None:
    engine.limit(TIGHT)
    engine.limit({})
    engine.stop()
    known = Registry()
    known.add(begin)
    later = Engine(tmp_path / "store.db", known)
    later.start()
    told = post(later)
    later.stop()
    assert (told["concurrency"], told["rate"]) == (4, "1000/s")
