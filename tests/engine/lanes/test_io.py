"""The io lane alone: threads cannot be killed, and requests go before attempts."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Sized
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import GivenBack, NotBegun, Succeeded
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes import right_of_way
from sendoff_tasks.lanes.io import DaemonThreads, IoLane
from sendoff_tasks.lanes.right_of_way import RightOfWay
from sendoff_tasks.lanes.runs import Run, TrackedLane
from tests import WITHIN
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture
def lane(executor: Executor, book: Book) -> Iterator[IoLane]:
    lane = IoLane(executor, book, 2)
    yield lane
    lane.stop(0)


def has(noted: Sized, count: int) -> bool:
    return len(noted) == count


def test_an_attempt_past_its_timeout_is_marked_overdue_and_may_still_succeed(
    lane: IoLane, book: Book, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    lane.start(claim(replace(spec_for(tasks.waits_for), timeout=0.05), str(go)))
    book.wait_for(lambda: bool(book.late))
    assert book.late == [(1, False)]
    assert book.finished == []
    go.touch()
    assert book.outcome() == Succeeded('"done"')


class IdleLane(TrackedLane):
    """Keeps what is launched, and runs nothing."""

    def __init__(self, book: Book) -> None:
        super().__init__(book, 2)
        self.launched: list[Run] = []

    def launch(self, run: Run) -> None:
        self.launched.append(run)

    def interrupt(self, run: Run) -> None: ...

    def time_out(self, run: Run) -> None:
        self._ledger.overdue(run.claim, stops=False)


def test_a_timeout_counts_from_the_end_of_a_wait_for_a_turn(book: Book) -> None:
    spec = replace(spec_for(tasks.returns), timeout=0.01)
    idle = IdleLane(book)
    for number in (1, 2):
        idle.start(claim(spec, 1, task_id=number))
    first, second = idle.launched
    with first.control.awaiting_turn():
        idle.watch(first)
        idle.watch(second)
        book.wait_for(lambda: bool(book.late))
        assert book.late == [(2, False)]
    book.wait_for(partial(has, book.late, 2))
    idle.close(0)


def test_a_cancelled_function_that_never_asks_runs_to_its_own_end(
    lane: IoLane, book: Book, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    lane.start(claim(spec_for(tasks.waits_for), str(go)))
    book.wait_for(lambda: bool(book.lines))
    lane.cancel(1, 1, CancelReason.PERSON)
    go.touch()
    assert book.outcome() == Succeeded('"done"')


def test_an_attempt_on_an_executor_that_has_closed_has_not_begun(
    lane: IoLane, executor: Executor, book: Book
) -> None:
    executor.shutdown()
    lane.start(claim(spec_for(tasks.returns), 1))
    assert [type(outcome) for _, outcome in book.finished] == [NotBegun]


def blocked(executor: Executor) -> threading.Event:
    """Keep both threads of the executor busy until the event is set."""
    go_on = threading.Event()
    for _ in range(2):
        executor.submit(go_on.wait, WITHIN)
    return go_on


def test_an_attempt_that_was_given_back_before_it_had_a_thread_never_starts(
    lane: IoLane, executor: Executor, book: Book, tmp_path: Path
) -> None:
    go_on = blocked(executor)
    lane.start(claim(spec_for(tasks.touches), str(tmp_path / "touched")))
    lane.stop(0)
    go_on.set()
    executor.shutdown()
    assert book.finished == [(1, GivenBack(begun=False))]
    assert not (tmp_path / "touched").exists()


def test_an_attempt_takes_a_thread_that_waits_before_a_new_one(
    lane: IoLane, executor: Executor, book: Book
) -> None:
    for number in range(1, 6):
        lane.start(claim(spec_for(tasks.returns_its_thread), task_id=number))
        book.wait_for(partial(has, book.finished, number))
    assert len({outcome for _, outcome in book.finished}) == 1


def test_threads_are_taken_before_the_first_attempts_need_them(book: Book) -> None:
    taken = list[object]()

    class Counted(DaemonThreads):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            if len(taken) == refused_after:
                raise RuntimeError("can't start new thread")
            taken.append(fn)
            return super().submit(fn, *args, **kwargs)

    refused_after = 2
    lane = IoLane(Counted(), book, 4)
    lane.warm_up()
    assert len(taken) == refused_after  # the others come later
    refused_after = 9
    lane.warm_up()
    lane.warm_up()
    assert len(taken) == lane.slots
    for number in range(1, 5):
        lane.start(claim(spec_for(tasks.returns_its_thread), task_id=number))
    book.wait_for(partial(has, book.finished, 4))
    assert len(taken) == lane.slots
    lane.stop(WITHIN)
    lane.warm_up()


def test_attempts_that_wait_run_beside_each_other_though_one_thread_wakes_the_next(
    book: Book, tmp_path: Path
) -> None:
    many, go = 8, tmp_path / "go"
    with ThreadPoolExecutor(many) as executor:
        lane = IoLane(executor, book, many)
        for turn in range(2):  # with new threads, and with those that wait
            for number in range(many):
                one = claim(spec_for(tasks.waits_for), str(go), task_id=1 + number + turn * many)
                lane.start(one)
            book.wait_for(partial(has, book.lines, many * (turn + 1)))
            go.touch()
            book.wait_for(partial(has, book.finished, many * (turn + 1)))
            go.unlink()
        lane.stop(WITHIN)


def test_calls_run_beside_each_other() -> None:
    executor = DaemonThreads()
    both = threading.Barrier(2)
    calls = [executor.submit(both.wait, WITHIN) for _ in range(2)]
    assert sorted(call.result(WITHIN) for call in calls) == [0, 1]
    executor.shutdown()


def test_what_a_call_raises_reaches_its_caller() -> None:
    executor = DaemonThreads()
    with pytest.raises(SystemExit):
        executor.submit(sys.exit).result(WITHIN)
    executor.shutdown()


def test_a_shutdown_takes_no_more_and_waits_if_asked() -> None:
    executor = DaemonThreads()
    go_on = threading.Event()
    call = executor.submit(go_on.wait, WITHIN)
    executor.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="after its shutdown"):
        executor.submit(int)
    go_on.set()
    executor.shutdown()
    assert call.result(0) is True


BLOCKED = """
import threading
from sendoff_tasks.lanes.io import DaemonThreads
begun = threading.Event()
DaemonThreads().submit(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
"""


def test_a_program_ends_though_a_call_is_blocked() -> None:
    assert subprocess.run([sys.executable, "-c", BLOCKED], timeout=WITHIN).returncode == 0


A_MOMENT = 0.05
"""Seconds in which an attempt that need not wait is over."""


def test_an_attempt_waits_until_the_last_request_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(right_of_way, "LONGEST_S", WITHIN)
    way, book = RightOfWay(), Book()
    with ThreadPoolExecutor(1) as executor:
        lane = IoLane(executor, book, 1, way.give)
        way.take()
        way.take()
        lane.start(claim(spec_for(tasks.returns), 1))
        way.release()
        with book.changed:
            assert not book.changed.wait_for(lambda: book.finished, A_MOMENT)
        way.release()
        book.outcome()
        lane.stop(0)


def test_an_attempt_goes_on_where_requests_come_without_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = RightOfWay()
    way.take()
    way.give()  # waits to the end
    way.take()
    way.release()
    monkeypatch.setattr(right_of_way, "LONGEST_S", float("inf"))
    way.give()


def test_one_thread_waits_for_all_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "LONGEST_S", WITHIN)
    way, book = RightOfWay(), Book()
    waiting: list[str] = []
    is_asked = threading.Event()

    def give() -> None:
        waiting.append(threading.current_thread().name)
        is_asked.set()
        way.give()

    with ThreadPoolExecutor(4) as executor:
        lane = IoLane(executor, book, 4, give)
        way.take()
        for number in range(1, 5):
            lane.start(claim(spec_for(tasks.returns), 1, task_id=number))
        assert is_asked.wait(WITHIN)
        with book.changed:
            assert not book.changed.wait_for(lambda: book.finished, A_MOMENT)
        assert len(waiting) == 1
        way.release()
        with book.changed:
            assert book.changed.wait_for(lambda: len(book.finished) == 4, WITHIN)
        lane.stop(0)
