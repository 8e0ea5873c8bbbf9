"""Accepting: once on disk, once answered, never twice."""

from __future__ import annotations

import pytest

from desktop.contract.rules.times import wire_time
from desktop.engine.errors import UnknownTask
from desktop.engine.submission import Idempotency, NewTask, Submission
from tests.engine.stepped import START, Stepped

KEY = Idempotency("key-1", "hash-1")


def test_a_delay_schedules_and_says_so(stepped: Stepped) -> None:
    task = stepped.add(delay=60)
    told = stepped.task(task)
    assert (told["state"], told["run_at"]) == ("scheduled", wire_time(int((START + 60) * 1000)))
    stepped.clock.time += 59.999
    stepped.settle()
    assert stepped.state(task) == "scheduled"
    stepped.clock.time += 0.001
    stepped.settle()
    assert stepped.state(task) == "running"


def test_what_is_not_done_by_its_deadline_fails(stepped: Stepped) -> None:
    task = stepped.add(delay=60, deadline=START + 30)
    stepped.clock.time += 30
    stepped.settle()
    assert stepped.state(task) == "failed"
    assert stepped.task(task)["error"] == "It was not done by its deadline."


def test_a_deadline_that_is_past_already_fails_at_once(stepped: Stepped) -> None:
    assert stepped.state(stepped.add(deadline=START - 1)) == "failed"


def test_an_unknown_task_is_named(stepped: Stepped) -> None:
    with pytest.raises(UnknownTask, match="“nothing”"):
        stepped.submit(Submission(tasks=[NewTask("nothing")]))
