"""Requests go before attempts, for a moment at most."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

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
        with way.taken():
            with way.taken():
                lane.start(claim(spec_for(tasks.returns), 1))
            with book.changed:
                assert not book.changed.wait_for(lambda: book.finished, A_MOMENT)
        book.outcome()
        lane.stop(0)


def test_an_attempt_goes_on_where_requests_come_without_a_gap() -> None:
    way = RightOfWay()
    with ExitStack() as first:
        first.enter_context(way.taken())
        way.give()  # waits to the end
        with way.taken():
            first.close()
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(right_of_way, "LONGEST_S", float("inf"))
                way.give()


def test_without_requests_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "LONGEST_S", float("inf"))
    way = RightOfWay()
    with way.taken():
        pass
    way.give()
