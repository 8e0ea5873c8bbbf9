"""Where the system gives no thread or process: nothing has begun, and it all goes on later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import AGAIN_S, Failed, NotBegun, Succeeded
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes import Lane, cpu_parent, runs
from sendoff_tasks.lanes.cpu import CpuLane
from sendoff_tasks.lanes.io import DaemonThreads, IoLane
from sendoff_tasks.lanes.loop import LoopLane
from tests import WITHIN
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks
from tests.engine.lanes.conftest import of

LANES: list[tuple[Callable[[Book], Lane], str]] = [
    (lambda book: IoLane(DaemonThreads(), book, 2), "io"),
    (lambda book: CpuLane(book, 2), "cpu-slot"),
    (lambda book: LoopLane(book, 2), "async-lane"),
]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Give the names of the threads that do not start."""
    names: set[str] = set()
    start = threading.Thread.start

    def start_or_not(thread: threading.Thread) -> None:
        if thread.name in names:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_or_not)
    return names


@pytest.fixture(params=LANES, ids=["io", "cpu", "async"])
def made(request: pytest.FixtureRequest, book: Book) -> Any:
    make, thread = request.param
    lane = make(book)
    yield lane, thread
    lane.stop(0)


def test_an_attempt_without_a_thread_has_not_begun_and_the_next_one_runs(
    made: tuple[Lane, str], refused: set[str], book: Book
) -> None:
    lane, thread = made
    refused.add(thread)
    lane.start(of(lane, "returns", 1))
    why = "The system cannot run it now: RuntimeError: can't start new thread"
    assert book.finished == [(1, NotBegun(why))]
    refused.clear()
    lane.start(of(lane, "returns", 2, task_id=2))
    assert book.outcome(2) == Succeeded("2")
    assert [task_id for task_id, _ in book.finished] == [1, 2]


def test_an_attempt_whose_timeout_cannot_be_watched_has_not_begun_and_the_next_one_is_watched(
    made: tuple[Lane, str], refused: set[str], book: Book
) -> None:
    lane, _ = made
    refused.add("timeouts")
    lane.start(of(lane, "returns", 1, timeout=WITHIN))
    assert [type(outcome) for _, outcome in book.finished] == [NotBegun]
    refused.clear()
    lane.start(of(lane, "works_until_stopped", timeout=0.1, task_id=2))
    assert book.outcome(2) == Failed("The attempt did not end within 0.1 s.", "")


def test_a_lane_the_system_gives_no_more_takes_no_more_than_it_has_for_a_while(
    made: tuple[Lane, str], refused: set[str], book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane, thread = made
    now = [0.0]
    monkeypatch.setattr(runs, "time", SimpleNamespace(monotonic=lambda: now[0]))
    lane.start(of(lane, "works_until_stopped"))
    book.wait_for(lambda: bool(book.lines))
    assert lane.slots == 2
    lane.start(of(lane, "returns", 2, task_id=2))
    assert book.outcome(2) == Succeeded("2")
    refused |= {thread, "timeouts"}
    lane.start(of(lane, "returns", 3, task_id=3, timeout=WITHIN))
    assert isinstance(book.outcome(3), NotBegun)
    assert lane.slots == 1
    now[0] += AGAIN_S
    assert lane.slots == 2


def test_an_attempt_without_a_process_has_not_begun(
    cpu_lane: CpuLane, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(cpu_parent, "LaneProcess", none)
        cpu_lane.start(claim(spec_for(tasks.returns), 1))
        outcome = book.outcome()
    assert isinstance(outcome, NotBegun)
    assert outcome.error.endswith("Resource temporarily unavailable")
    cpu_lane.start(claim(spec_for(tasks.returns), 2, task_id=2))
    assert book.outcome(2) == Succeeded("2")


def test_a_timeout_that_cannot_be_acted_on_does_not_end_the_watch(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = IoLane(DaemonThreads(), book, 2)
    with monkeypatch.context() as patch:
        refusals: list[object] = []

        def refuse(*told: object, **_: object) -> None:
            refusals.append(told)
            if len(refusals) == 1:
                raise MemoryError
            book.late.append((2, True))

        patch.setattr(book, "overdue", refuse)
        for number in (1, 2):
            lane.start(of(lane, "works_until_stopped", timeout=0.05, task_id=number))
            assert isinstance(book.outcome(number), Failed)
    lane.stop(0)
    assert len(refusals) == 2
