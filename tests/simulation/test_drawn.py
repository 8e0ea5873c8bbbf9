"""Seeds whose history once broke a promise, as it is drawn."""

from __future__ import annotations

import pytest

from tests.simulation.draw import draw

DRAWN = {
    1001264: "a reset in place may send what a person had sent again before it",
    802117: "a row takes over a task of an older store",
    878443: "a task is claimed in a group that was not synced as the program is asked to end",
    990003: "an attempt asks to be tried later, past its task's deadline",
    7217272: "two retries of a batch wait behind its cancel",
    7217968: "a task is tried before its turn after a crash, and waits until that turn's time",
    904036: "an attempt without a thread is told of as the program is asked to end",
}


@pytest.mark.parametrize("seed", DRAWN)
def test_a_drawn_history_that_once_broke_a_promise_keeps_it(seed: int) -> None:
    assert draw(seed).play() is None
