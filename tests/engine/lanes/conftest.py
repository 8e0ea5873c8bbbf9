"""Fixtures of what every lane promises: each of them, and the io lane on both executors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from desktop.engine.attempts.claim import Claim
from desktop.engine.functions.spec import spec_for
from desktop.engine.lanes import Lane
from desktop.engine.lanes.cpu import CpuLane
from desktop.engine.lanes.io import IoLane
from desktop.engine.lanes.loop import LoopLane
from desktop.qtpool import QtThreads
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


@pytest.fixture
def cpu_lane(book: Book) -> Iterator[CpuLane]:
    lane = CpuLane(book, 2)
    yield lane
    lane.stop(0)


@pytest.fixture(params=[on_threads, on_qt_threads, in_processes, in_a_loop, in_the_app_s_loop])
def lane(request: pytest.FixtureRequest, book: Book) -> Iterator[Lane]:
    with request.param(book) as lane:
        yield lane
        lane.stop(0)


def of(lane: Lane, name: str, *args: Any, timeout: float | None = None, task_id: int = 1) -> Claim:
    """Claim the named function of ``tasks`` in the form this lane runs."""
    function = getattr(tasks, name + ("_async" if lane.name == "async" else ""))
    spec = replace(spec_for(function), lane=lane.name, timeout=timeout)
    return claim(spec, *args, task_id=task_id)
