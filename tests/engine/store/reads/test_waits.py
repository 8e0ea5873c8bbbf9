"""When the last of many leaves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.rules.times import Rate
from desktop.engine.store.reads.waits import leaves_at

HOUR = 3_600_000


def begun(rate: Rate, past: list[int], n: int, now: int) -> int:
    """Begin one after the other as soon as the sliding window allows; return the last moment."""
    begins = list(past)
    for _ in range(n):
        at = now
        while sum(1 for one in begins if at - rate.period_ms < one <= at) >= rate.count:
            within = [one for one in begins if at - rate.period_ms < one <= at]
            at = sorted(within)[len(within) - rate.count] + rate.period_ms
        begins.append(at)
        now = at
    return now


@given(
    count=st.integers(1, 4),
    past=st.lists(st.integers(1, HOUR), max_size=8),
    n=st.integers(1, 20),
)
def test_it_is_when_the_sliding_window_lets_the_last_begin(
    count: int, past: list[int], n: int
) -> None:
    rate = Rate(count, HOUR)
    past = sorted(past)
    assert leaves_at(rate, past, n, HOUR) == begun(rate, past, n, HOUR)
