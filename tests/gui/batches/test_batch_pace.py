"""The pace of a batch: its own, from its first message on, and only once it is sound."""

from __future__ import annotations

from typing import Any

from desktop.contract.rules.times import wire_time
from desktop.gui.batches.batch_model import LEAST_S, WHOLE_S, Paces
from tests.gui.batches.test_batch_model import batch

NOW = 1_000_000.0


def told(paces: Paces, at: float, count: int, **given: Any) -> float:
    """Have it told how many are open, and return the pace."""
    some = batch(1, counts={"rows": 3000, "open": count}, **given)
    paces.note(some, NOW + at)
    return round(paces.of(some, NOW + at), 2)


def test_it_is_that_from_the_first_message_on() -> None:
    paces = Paces()
    assert [told(paces, at, 3000) for at in (0, 4)] == [0, 0]  # the grace period
    assert told(paces, 5, 2990) == 0
    assert told(paces, 5 + LEAST_S - 1, 2960) == 0
    assert told(paces, 15, 2890) == 10
    assert told(paces, 25, 2890) == 5  # none has left since


def test_it_is_that_of_the_last_minute() -> None:
    paces = Paces()
    for at in range(0, 1000, 10):
        told(paces, at, 3000 - at // 10)
    assert told(paces, 1000, 2800) == round((2906 - 2800) / WHOLE_S, 2)


def test_two_slow_ones_at_first_are_no_pace() -> None:
    """They would say *in 48 min* of what takes half a minute."""
    paces = Paces()
    assert [told(paces, at, 1400 - at // 3) for at in (0, 3, 6, 9)] == [0] * 4
    assert told(paces, 12, 1300) == 11
    paces = Paces()
    assert [told(paces, at, 1400 - at // 30) for at in (0, 30, 60, 90)] == [0, 0, 0, 0.03]


def test_it_begins_again_after_a_pause_a_wait_and_a_retry() -> None:
    for between in ({"state": "paused"}, {"reason": "quota"}, {"counts": {"open": 2990}}):
        paces = Paces()
        told(paces, 0, 3000)
        told(paces, 1, 2980)
        assert told(paces, 7, 2970)
        given: Any = {"counts": {"open": 2970}, **between}
        paces.note(batch(1, **given), NOW + 8)
        assert told(paces, 60, 2970) == 0
        assert told(paces, 61, 2960) == 0


def test_a_limit_is_the_better_judge_for_a_minute() -> None:
    """Messages leave in bursts: it would be *done in 10 s*, then *tomorrow*."""
    paces, last = Paces(), wire_time(round((NOW + 3000) * 1000))
    limited = {"rate": "60/min", "last_at": last}
    told(paces, 0, 3000, **limited)
    told(paces, 1, 2990, **limited)
    assert told(paces, 1 + LEAST_S, 2940, **limited) == 0
    assert told(paces, 1 + WHOLE_S, 2930, **limited) == 1
