"""Fixtures of what every lane promises: each of them, and the io lane on both executors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from desktop.qtpool import QtThreads
from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes import Lane
from sendoff_tasks.lanes.cpu import CpuLane
from sendoff_tasks.lanes.io import IoLane
from sendoff_tasks.lanes.loop import LoopLane
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks

SLOTS = 4


@contextmanager
def on_threads(book: Book) -> Iterator[Lane]:
    with ThreadPoolExecutor(SLOTS) as executor:
        yield IoLane(executor, book, SLOTS)


@contextmanager
def on_qt_threads(book: Book) -> Iterator[Lane]:
    with QtThreads(SLOTS) as executor:
        yield IoLane(executor, book, SLOTS)


@contextmanager
def in_processes(book: Book) -> Iterator[Lane]:
    yield CpuLane(book, 2)


@contextmanager
def in_a_loop(book: Book) -> Iterator[Lane]:
    yield LoopLane(book, SLOTS)


@contextmanager
def in_the_app_s_loop(book: Book) -> Iterator[Lane]:
    with app_loop() as loop:
        yield LoopLane(book, SLOTS, loop)


@contextmanager
def app_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread, as a server does."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield loop
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


@pytest.fixture
def book() -> Book:
    return Book()


class OpenBook:
    """The ledger of a lane that outlives a test: what it notes goes to the book of the test."""

    book: Book

    def __getattr__(self, name: str) -> Any:
        return getattr(self.book, name)


@contextmanager
def standing(make: Callable[[Any], AbstractContextManager[Lane]]) -> Iterator[tuple[Any, OpenBook]]:
    ledger = OpenBook()
    with make(ledger) as lane:
        yield lane, ledger
        lane.stop(0)


@pytest.fixture(scope="module")
def standing_cpu_lane() -> Iterator[tuple[CpuLane, OpenBook]]:
    with standing(in_processes) as made:
        yield made


@pytest.fixture
def cpu_lane(standing_cpu_lane: tuple[CpuLane, OpenBook], book: Book) -> CpuLane:
    """Give a lane of one process, which stays warm for the tests after this one.

    Each test waits for the ends of its attempts: the next one's have the same numbers.
    """
    lane, standing_cpu_lane[1].book = standing_cpu_lane[0], book
    return lane


@pytest.fixture
def cold_cpu_lane(book: Book) -> Iterator[CpuLane]:
    """Give a lane that has no process yet, and ends with the test."""
    lane = CpuLane(book, 2)
    yield lane
    lane.stop(0)


EVERY = [on_threads, on_qt_threads, in_processes, in_a_loop, in_the_app_s_loop]


@pytest.fixture(scope="module", params=EVERY)
def standing_lane(request: pytest.FixtureRequest) -> Iterator[tuple[Lane, OpenBook]]:
    with standing(request.param) as made:
        yield made


@pytest.fixture
def lane(standing_lane: tuple[Lane, OpenBook], book: Book) -> Lane:
    """Give a lane that goes on after this test."""
    lane, standing_lane[1].book = standing_lane[0], book
    return lane


@pytest.fixture(params=EVERY)
def ending_lane(request: pytest.FixtureRequest, book: Book) -> Iterator[Lane]:
    """Give a lane that the test may stop."""
    with request.param(book) as lane:
        yield lane
        lane.stop(0)


def of(
    lane: Lane,
    name: str,
    *args: Any,
    timeout: float | None = None,
    deadline: float | None = None,
    task_id: int = 1,
) -> Claim:
    """Claim the named function of ``tasks`` in the form this lane runs; ``deadline`` in epoch s."""
    function = getattr(tasks, name + ("_async" if lane.name == "async" else ""))
    spec = replace(spec_for(function), lane=lane.name, timeout=timeout)
    return replace(claim(spec, *args, task_id=task_id), deadline=deadline)
