"""First answers are given again, once for each key, and forgotten in time."""

from __future__ import annotations

import asyncio

import pytest

from desktop.backend.idempotency import ANSWERS, KEPT, Answers
from desktop.backend.problems import ProblemError
from desktop.engine.submission import Idempotency

pytestmark = pytest.mark.anyio


class Call:
    """Something with an effect, counted."""

    def __init__(self) -> None:
        self.count = 0
        self.let = asyncio.Event()
        self.let.set()

    async def __call__(self) -> int:
        self.count += 1
        await self.let.wait()
        return self.count


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_without_a_key_every_call_counts() -> None:
    answers, call = Answers(), Call()
    assert await answers.once(None, call) == (1, False)
    assert await answers.once(None, call) == (2, False)


async def test_the_same_key_and_body_has_the_first_answer() -> None:
    answers, call = Answers(), Call()
    assert await answers.once(Idempotency("k", "body"), call) == (1, False)
    assert await answers.once(Idempotency("k", "body"), call) == (1, True)
    assert call.count == 1


async def test_another_body_is_a_conflict() -> None:
    answers, call = Answers(), Call()
    await answers.once(Idempotency("k", "body"), call)
    with pytest.raises(ProblemError) as refused:
        await answers.once(Idempotency("k", "other"), call)
    assert refused.value.status == 409


async def test_who_comes_while_the_first_is_under_way_waits_for_its_answer() -> None:
    answers, call = Answers(), Call()
    call.let.clear()
    first = asyncio.create_task(answers.once(Idempotency("k", "body"), call))
    second = asyncio.create_task(answers.once(Idempotency("k", "body"), call))
    await asyncio.sleep(0)
    call.let.set()
    assert await first == (1, False)
    assert await second == (1, True)


async def test_a_failure_is_not_an_answer() -> None:
    async def fail() -> None:
        raise ProblemError(422, "No.")

    answers, call = Answers(), Call()
    with pytest.raises(ProblemError):
        await answers.once(Idempotency("k", "body"), fail)
    assert await answers.once(Idempotency("k", "body"), call) == (1, False)


async def test_after_seven_days_a_key_is_new() -> None:
    clock = Clock()
    answers, call = Answers(clock), Call()
    await answers.once(Idempotency("k", "body"), call)
    clock.now = KEPT - 1
    assert await answers.once(Idempotency("k", "body"), call) == (1, True)
    clock.now = KEPT + 1
    assert await answers.once(Idempotency("k", "body"), call) == (2, False)


async def test_no_more_than_so_many_are_kept() -> None:
    answers, call = Answers(), Call()
    for number in range(ANSWERS + 1):
        await answers.once(Idempotency(str(number), "body"), call)
    assert await answers.once(Idempotency("0", "body"), call) == (ANSWERS + 2, False)
    assert (await answers.once(Idempotency(str(ANSWERS), "body"), call))[1] is True
