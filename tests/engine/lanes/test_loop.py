"""The async lane alone: its loop is its own, and survives what tasks do to it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import Cancelled, Failed, GivenBack, Succeeded
from sendoff_tasks.functions.lifespan import NICE, TaskLoop
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes import loop as loop_lane
from sendoff_tasks.lanes.loop import LoopLane
from tests import WITHIN
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks
from tests.engine.lanes.conftest import app_loop


@pytest.fixture
def lane(book: Book) -> Iterator[LoopLane]:
    lane = LoopLane(book, 100)
    yield lane
    lane.stop(0)


async def waits_for_ever() -> None:
    await asyncio.Event().wait()


async def leaves_in_a_task_of_its_own() -> None:
    async def leave() -> None:
        raise SystemExit(3)

    await asyncio.create_task(leave())


async def tells_its_thread() -> str:
    return threading.current_thread().name


async def tells_its_niceness() -> int:
    return niceness()


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_attempts_run_side_by_side_in_one_thread(lane: LoopLane, book: Book) -> None:
    for number in range(1, 51):
        lane.start(claim(spec_for(waits_for_ever), task_id=number))
    lane.start(claim(spec_for(tells_its_thread), task_id=51))
    assert book.outcome(51) == Succeeded('"async-lane"')


@pytest.mark.skipif(sys.platform != "linux", reason="Only there each thread has its own.")
def test_its_thread_alone_stands_back(lane: LoopLane, book: Book) -> None:
    before = niceness()
    lane.start(claim(spec_for(tells_its_niceness)))
    assert book.outcome() == Succeeded(str(min(19, before + NICE)))
    assert niceness() == before


def test_in_the_app_s_loop_a_task_that_blocks_it_is_warned_of(
    book: Book, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(loop_lane, "time", SimpleNamespace(perf_counter=lambda: now[0]))

    async def blocks() -> int:
        now[0] += 0.3
        await asyncio.sleep(0)
        return threading.get_ident()

    with app_loop() as loop:
        lane = LoopLane(book, 2, loop, serves=True)
        blocking = replace(spec_for(waits_for_ever), name="slow", function=blocks)
        lane.start(claim(blocking, task_id=7))
        thread = asyncio.run_coroutine_threadsafe(tells_its_thread_number(), loop).result()
        assert book.outcome(7) == Succeeded(str(thread))
        lane.stop(0)
        assert lane.wait_over(0)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "The task 7 (slow) has blocked the app's event loop for 0.3 s" in record.getMessage()


@pytest.mark.skipif(sys.platform != "linux", reason="Only there its thread calls nice() first.")
def test_a_loop_that_is_stopped_as_its_thread_begins_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    may_begin = threading.Event()
    monkeypatch.setattr(os, "nice", lambda _: may_begin.wait(WITHIN))
    own = TaskLoop()
    call = own.loop.call_soon_threadsafe

    def call_late(step: Callable[[], object]) -> asyncio.Handle:
        may_begin.set()
        assert own.over.wait(WITHIN)
        return call(step)

    monkeypatch.setattr(own.loop, "call_soon_threadsafe", call_late)
    own.stop()
    assert own.over.is_set()


async def tells_its_thread_number() -> int:
    return threading.get_ident()


def test_in_the_app_s_loop_a_stop_knows_what_runs_on(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_lane, "LEAVE_S", 0.05)
    begun, go = threading.Event(), asyncio.Event()

    async def ignores_its_cancel() -> None:
        begun.set()
        while not go.is_set():
            with suppress(asyncio.CancelledError):
                await go.wait()

    with app_loop() as loop:
        lane = LoopLane(book, 2, loop)
        lane.start(claim(replace(spec_for(waits_for_ever), function=ignores_its_cancel)))
        assert begun.wait(WITHIN)
        lane.stop(0)
        assert [type(outcome) for _, outcome in book.finished] == [GivenBack]
        assert not lane.wait_over(0)
        loop.call_soon_threadsafe(go.set)
        assert lane.wait_over(WITHIN)


def test_cancel_interrupts_a_wait(lane: LoopLane, book: Book) -> None:
    lane.start(claim(spec_for(waits_for_ever)))
    lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)


def test_timeout_interrupts_a_wait(lane: LoopLane, book: Book) -> None:
    lane.start(claim(replace(spec_for(waits_for_ever), timeout=0.05)))
    assert book.outcome() == Failed("The attempt did not end within 0.05 s.", "")


def test_a_coroutine_that_ignores_its_cancel_ends_in_its_own_way(
    lane: LoopLane, book: Book, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    lane.start(claim(spec_for(tasks.waits_for_async), str(go)))
    book.wait_for(lambda: "working" in book.texts())
    lane.cancel(1, 1, CancelReason.PERSON)
    book.wait_for(lambda: "not now" in book.texts())
    go.touch()
    assert book.outcome() == Succeeded('"done"')


def test_a_system_exit_in_a_task_s_task_does_not_end_the_loop(lane: LoopLane, book: Book) -> None:
    lane.start(claim(spec_for(waits_for_ever), task_id=1))
    lane.start(claim(spec_for(leaves_in_a_task_of_its_own), task_id=2))
    outcome = book.outcome(2)
    assert isinstance(outcome, Failed)
    assert outcome.error == "SystemExit: 3"
    lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(1), Cancelled)


def test_a_task_that_blocks_the_loop_is_marked_overdue_and_holds_up_no_other(
    lane: LoopLane, book: Book
) -> None:
    go = threading.Event()

    async def blocks() -> None:
        go.wait(WITHIN)

    lane.start(
        claim(replace(spec_for(waits_for_ever), function=blocks, context=None, timeout=0.05))
    )
    book.wait_for(lambda: book.late == [(1, True)])
    assert book.finished == []
    go.set()
    assert book.outcome() == Succeeded("null")
