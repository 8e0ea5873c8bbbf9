"""The wait before another attempt comes from the task's own backoff."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.rules.times import wire_time
from desktop.engine.attempts.outcomes import Crashed, Failed
from desktop.engine.functions.backoff import Backoff, Retry, exponential
from desktop.engine.functions.registry import task
from tests.engine.stepped import START

if TYPE_CHECKING:
    from tests.engine.stepped import Stepped

LONGEST = exponential(2, cap=3600).ceiling(1)
"""The longest wait of the default backoff after a first failure, s."""


def broken(attempt: int, random: Random) -> float:
    raise ZeroDivisionError


def tried(backoff: Backoff) -> Callable[..., None]:
    @task(name="tried", retry=Retry(attempts=5, backoff=backoff))
    def run() -> None: ...

    return run


def test_a_crash_does_not_lengthen_the_wait(make: Callable[..., Stepped]) -> None:
    asked: list[int] = []

    def backoff(attempt: int, random: Random) -> float:
        asked.append(attempt)
        return 1.0

    stepped = make(tried(backoff))
    number = stepped.add("tried")
    for outcome in (Crashed("signal 9"), Failed("no", ""), Failed("no", "")):
        stepped.end(number, outcome)
        stepped.clock.time += 1.0
        stepped.settle()
    assert asked == [1, 2]


@pytest.mark.parametrize("backoff", [broken, lambda attempt, random: math.nan])
def test_a_broken_backoff_is_replaced_by_the_default(
    make: Callable[..., Stepped], backoff: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stepped = make(tried(backoff))
    number = stepped.add("tried")
    stepped.end(number, Failed("no", ""))
    told = stepped.task(number)
    assert told["state"] == "waiting"
    assert told["run_at"] <= wire_time(round((START + LONGEST) * 1000))
    logged = [each for each in caplog.records if "backoff" in each.message]
    assert len(logged) == (backoff is broken)
