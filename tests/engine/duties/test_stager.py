"""What time alone does: what is due starts, what was not done by its deadline fails."""

from __future__ import annotations

import pytest

from sendoff_tasks import (
    Retry,
    task,
)
from sendoff_tasks.attempts.outcomes import Failed, GivenBack, Held, Later, Succeeded
from sendoff_tasks.duties import stager
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.submission import NewTask, Submission, TaskOptions
from sendoff_tasks.transaction.searching import WAIT_MS
from tests.engine.stepped import START, Make, Stepped

DEADLINE = START + 60


def late(stepped: Stepped) -> None:
    stepped.clock.time = DEADLINE - 0.001
    stepped.settle()
    stepped.clock.time = DEADLINE
    stepped.settle()


def expect_failed(stepped: Stepped, number: int, before: str) -> None:
    stepped.clock.time = DEADLINE - 0.001
    stepped.settle()
    assert stepped.state(number) == before
    stepped.clock.time = DEADLINE
    stepped.settle()
    told = stepped.task(number)
    assert (told["state"], told["reason"]) == ("failed", Reason.DEADLINE_PASSED)
    assert told["started_at"] is None, "no attempt took the time until then"
    assert told["error"].startswith("It was not done by its deadline.")


def test_a_scheduled_one(stepped: Stepped) -> None:
    expect_failed(stepped, stepped.add(delay=90, deadline=DEADLINE), "scheduled")


def test_one_behind_others(make: Make) -> None:
    stepped = make(slots=1)
    stepped.add()
    expect_failed(stepped, stepped.add(deadline=DEADLINE), "queued")


@pytest.mark.parametrize("queue", [None, "work"])
def test_one_that_is_paused(stepped: Stepped, queue: str | None) -> None:
    stepped.pause(queue)
    expect_failed(stepped, stepped.add(deadline=DEADLINE), "queued")


@pytest.mark.parametrize("outcome", [Held("look", ""), Later("not now", "", 3600.0)])
def test_one_that_waits(stepped: Stepped, outcome: Held | Later) -> None:
    number = stepped.ended(outcome, deadline=DEADLINE)
    expect_failed(stepped, number, "waiting")


@pytest.mark.parametrize("outcome", [Failed("no", ""), GivenBack()])
def test_one_that_runs_over_it_and_would_be_tried_again(
    stepped: Stepped, outcome: Failed | GivenBack
) -> None:
    number = stepped.add(deadline=DEADLINE)
    late(stepped)
    assert stepped.state(number) == "running"
    stepped.end(number, outcome)
    assert stepped.state(number) == "failed"


def test_one_that_runs_over_it_and_is_done_has_done_it(stepped: Stepped) -> None:
    number = stepped.add(deadline=DEADLINE)
    late(stepped)
    stepped.end(number, Succeeded("1"))
    assert stepped.state(number) == "succeeded"


def test_none_of_many_starts_after_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one group can fail at once."""
    monkeypatch.setattr(stager, "STEP", 10)
    stepped = make(slots=1)
    stepped.pause()
    tasks = [NewTask("work", options=TaskOptions(deadline=DEADLINE))] * 21
    stepped.submit(Submission(tasks=tasks))
    stepped.clock.time = DEADLINE + 1
    stepped.resume()
    assert stepped.lane.started == []
    assert set(stepped.states().values()) == {"failed"}
    stepped.check()


def test_the_tasks_own_counts_from_its_acceptance(make: Make) -> None:
    @task(deadline=60, retry=Retry(attempts=2), name="work")
    def brief() -> None: ...

    stepped = make(brief)
    expect_failed(stepped, stepped.add(delay=90), "scheduled")


def test_what_is_due_starts_at_its_time_and_not_before(stepped: Stepped) -> None:
    soon, late = stepped.add(delay=60), stepped.add(delay=120)
    stepped.wait(WAIT_MS / 1000)
    assert stepped.step() == START + 60
    stepped.clock.time = START + 59.999
    stepped.settle()
    assert {stepped.state(soon), stepped.state(late)} == {"scheduled"}
    stepped.clock.time = START + 60
    stepped.settle()
    assert [stepped.state(soon), stepped.state(late)] == ["running", "scheduled"]
    stepped.end(soon, Succeeded("1"))
    stepped.wait(5)
    assert stepped.step() == START + 120


def test_many_that_are_due_together_start_over_some_groups(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stager, "STEP", 2)
    stepped = make(slots=50)
    stepped.add_many(5, delay=60)
    stepped.clock.time += 60
    stepped.step()
    assert sorted(stepped.states().values()) == ["running"] * 2 + ["scheduled"] * 3
    stepped.settle()
    assert set(stepped.states().values()) == {"running"}
