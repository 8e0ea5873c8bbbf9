"""Backoff and retry: how long a task waits, and how often it is tried."""

from __future__ import annotations

import math
import statistics
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks import Retry
from sendoff_tasks.functions.backoff import exponential

BACKOFFS = st.builds(
    lambda base, factor: exponential(base, cap=base * factor),
    st.floats(1e-3, 1e4),
    st.floats(1, 1e6),
)


@given(BACKOFFS, st.integers(1, 10**9), st.randoms(use_true_random=False))
def test_a_delay_is_never_negative_and_never_over_its_ceiling(
    backoff: object, attempt: int, random: Random
) -> None:
    delay = backoff(attempt, random)  # type: ignore[operator]
    assert 0 <= delay <= backoff.ceiling(attempt) <= backoff.cap  # type: ignore[attr-defined]


@given(st.floats(1e-3, 1e4), st.floats(1, 1e6), st.integers(1, 60))
def test_the_ceiling_doubles_until_it_is_the_cap(base: float, factor: float, attempt: int) -> None:
    backoff = exponential(base, cap=base * factor)
    now, after = backoff.ceiling(attempt), backoff.ceiling(attempt + 1)
    assert backoff.ceiling(1) == base
    assert after == pytest.approx(min(2 * now, backoff.cap))


def test_a_steeper_factor_reaches_the_cap_in_fewer_attempts() -> None:
    steep = exponential(2, cap=3600, factor=4)
    assert [steep.ceiling(attempt) for attempt in range(1, 8)] == [2, 8, 32, 128, 512, 2048, 3600]


@pytest.mark.parametrize("factor", [0.5, 0, -2, math.nan, math.inf])
def test_a_backoff_that_shrinks_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="factor of 1 or more"):
        exponential(2, cap=10, factor=factor)


def test_full_jitter_spreads_over_the_whole_range() -> None:
    random = Random(1)
    delays = [exponential(2, cap=3600)(5, random) for _ in range(10_000)]
    assert statistics.mean(delays) == pytest.approx(16, rel=0.02)
    assert min(delays) < 0.1
    assert max(delays) > 31.9


@pytest.mark.parametrize(
    ("base", "cap"), [(0, 1), (-1, 1), (2, 1), (math.nan, 1), (1, math.inf), (1, math.nan)]
)
def test_a_backoff_that_cannot_work_is_refused(base: float, cap: float) -> None:
    with pytest.raises(ValueError, match="backoff needs 0 < base ≤ cap"):
        exponential(base, cap)


async def later(*_: Any) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"attempts": 0}, "at least one attempt"),
        ({"attempts": 2.5}, "attempts must be a whole number, got 2.5"),
        ({"attempts": True}, "attempts must be a whole number, got True"),
        ({"attempts": None}, "attempts must be a whole number, got None"),
        ({"attempts": 2**63}, "a task has at most 1,000,000 attempts, got 9223372036854775808"),
        ({"backoff": 5}, "backoff must be a function, got 5"),
        ({"backoff": None}, "backoff must be a function, got None"),
        ({"backoff": later}, "backoff must be a plain function, got an async def: <function later"),
        ({"on": ValueError}, "on must be a tuple of exception classes, got <class 'ValueError'>"),
        ({"never": (ValueError, 5)}, "never must be a tuple of exception classes"),
    ],
)
def test_a_retry_that_cannot_work_is_refused(options: dict[str, Any], why: str) -> None:
    with pytest.raises(TypeError, match=why):
        Retry(**options)
    with pytest.raises(TypeError, match="base must be a number, got '2'"):
        exponential("2")  # type: ignore[arg-type]
