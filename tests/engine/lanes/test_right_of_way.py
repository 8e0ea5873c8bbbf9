"""Requests go before attempts, for a moment at most."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop.engine.functions.spec import spec_for
from desktop.engine.lanes import right_of_way
from desktop.engine.lanes.io import IoLane
from desktop.engine.lanes.right_of_way import RightOfWay
from tests import WITHIN
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks

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


def test_without_requests_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "LONGEST_S", float("inf"))
    way = RightOfWay()
    way.take()
    way.release()
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
