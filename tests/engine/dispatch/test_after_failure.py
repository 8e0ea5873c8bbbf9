"""Attempts that fail: when the task is tried again, and when no more."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from desktop.contract.rules.times import wire_time
from desktop.engine.attempts.outcomes import Failed, Later
from desktop.engine.clock import LONGEST_S
from desktop.engine.functions.backoff import Retry
from desktop.engine.functions.registry import task as described
from tests.engine.stepped import BACKOFF, START, Stepped


def test_a_failure_waits_for_the_backoff_and_says_why(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.end(task, Failed("ValueError: no", "Traceback"))
    told = stepped.task(task)
    assert (told["state"], told["error"]) == ("waiting", "ValueError: no")
    assert told["why"] == "Tries again later: ValueError: no"
    assert told["run_at"] == wire_time(int((START + BACKOFF) * 1000))
    assert told["history"][0]["traceback"] == "Traceback"


def test_it_is_tried_again_when_due_and_not_before(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.end(task, Failed("no", ""))
    stepped.clock.time += BACKOFF - 0.001
    stepped.settle()
    assert stepped.state(task) == "waiting"
    stepped.clock.time += 0.001
    stepped.settle()
    assert stepped.task(task)["attempt"] == 2
    assert stepped.state(task) == "running"


def test_the_last_attempt_fails_for_good(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(3):
        stepped.end(task, Failed("no", ""))
        stepped.clock.time += BACKOFF
        stepped.settle()
    assert stepped.state(task) == "failed"
    assert stepped.task(task)["why"] == "No attempt is left."
    assert len(stepped.task(task)["history"]) == 3


def test_a_final_answer_fails_at_once_with_its_words(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.end(task, Failed("550 no such user", "", final=True))
    assert stepped.task(task)["error"] == "550 no such user"
    assert stepped.state(task) == "failed"


def raises(attempt: int, random: Random) -> float:
    raise SystemExit


@pytest.mark.parametrize("backoff", [raises, lambda a, r: math.nan, lambda a, r: "soon"])
def test_a_backoff_that_fails_gives_way_to_the_usual_one(
    make: Callable[..., Stepped], backoff: Any
) -> None:
    @described(retry=Retry(backoff=backoff))
    def careless() -> None: ...

    stepped = make(careless)
    number = stepped.add("careless")
    stepped.end(number, Failed("no", ""))
    assert stepped.state(number) == "waiting"
    stepped.clock.time += 2
    stepped.settle()
    assert stepped.state(number) == "running"


@pytest.mark.parametrize("after", [1e12, 1e16, 1e300])
def test_no_wait_is_longer_than_ten_years(stepped: Stepped, after: float) -> None:
    number = stepped.add()
    stepped.end(number, Later("no", "", after))
    assert stepped.task(number)["run_at"] == wire_time(int((START + LONGEST_S) * 1000))


def test_a_backoff_without_end_is_ten_years_too(make: Callable[..., Stepped]) -> None:
    @described(retry=Retry(backoff=lambda attempt, random: math.inf))
    def endless() -> None: ...

    stepped = make(endless)
    number = stepped.add("endless")
    stepped.end(number, Failed("no", ""))
    assert stepped.task(number)["run_at"] == wire_time(int((START + LONGEST_S) * 1000))
