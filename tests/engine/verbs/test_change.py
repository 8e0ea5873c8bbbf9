"""Changing when a task starts, its priority, and whether it was seen."""

from __future__ import annotations

import pytest

from sendoff_tasks.attempts.outcomes import Failed, Later, LeftUncertain, Succeeded
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.submission import TaskChange
from sendoff_tasks.verbs.change import NOW, SEEN, UNSEEN, change
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import START, Make, Stepped
from tests.refusing import refused

FINAL = Failed("550", "", final=True)


def test_a_scheduled_task_is_moved_and_starts_then(stepped: Stepped) -> None:
    task = stepped.add(delay=60)
    row = stepped.change(change, task, TaskChange(run_at=START + 30))
    assert (row["state"], row["run_at"]) == ("scheduled", "2027-01-15T08:00:30.000Z")
    stepped.clock.jump(-20)  # a time of day stays where it is
    stepped.settle()
    assert stepped.task(task)["run_at"] == "2027-01-15T08:00:30.000Z"
    stepped.clock.time = START + 30
    stepped.settle()
    assert stepped.state(task) == "running"


@pytest.mark.parametrize("moment", [0.0, START - 60, START])
def test_a_time_that_has_passed_is_now(stepped: Stepped, moment: float) -> None:
    task = stepped.add(delay=60)
    stepped.change(change, task, TaskChange(run_at=moment))
    assert stepped.state(task) == "running"
    assert stepped.task(task)["run_at"] is None


def test_a_queued_task_can_wait_for_a_time(make: Make) -> None:
    stepped = make(slots=1)
    running, queued = stepped.add(), stepped.add()
    row = stepped.change(change, queued, TaskChange(run_at=START + 30))
    assert (row["state"], row["reason"]) == ("scheduled", "delayed")
    stepped.end(running, Succeeded("1"))
    assert stepped.state(queued) == "scheduled"
    stepped.change(change, queued, NOW)
    assert stepped.state(queued) == "running"
    stepped.check()


def test_now_is_no_change_for_what_is_queued(make: Make) -> None:
    stepped = make(slots=0)
    task = stepped.add()
    rev = stepped.task(task)["rev"]
    assert stepped.change(change, task, NOW)["rev"] == rev


def test_the_start_of_what_has_begun_stays(stepped: Stepped) -> None:
    task = stepped.add()
    with refused(Refusal.RUNNING):
        stepped.change(change, task, NOW)
    stepped.end(task, Later("451", ""))
    with refused(Refusal.WAITING):
        stepped.change(change, task, TaskChange(run_at=START + 99))


def test_a_start_behind_the_deadline_is_refused(stepped: Stepped) -> None:
    task = stepped.add(delay=5, deadline=START + 50)
    with refused(Refusal.DEADLINE):
        stepped.change(change, task, TaskChange(run_at=START + 50))
    stepped.change(change, task, TaskChange(run_at=START + 49))


def test_a_higher_priority_starts_first(make: Make) -> None:
    stepped = make(slots=1)
    running, first, second = stepped.add(), stepped.add(), stepped.add()
    stepped.change(change, second, TaskChange(priority=5))
    stepped.end(running, Succeeded("1"))
    assert (stepped.state(first), stepped.state(second)) == ("queued", "running")
    stepped.end(second, Succeeded("1"))
    with refused(Refusal.SUCCEEDED):
        stepped.change(change, second, TaskChange(priority=1))
    stepped.check()


def seen(stepped: Stepped, wanted: bool, *states: str) -> list[int]:
    filter_ = TaskFilter(states=states, seen=wanted)
    return [row["id"] for row in stepped.page(TaskQuery(filter_))["tasks"]]


def test_what_was_seen_is_put_aside_until_it_is_tried_again(stepped: Stepped) -> None:
    failed, unsure, done = (stepped.add() for _ in range(3))
    stepped.end(failed, FINAL)
    stepped.end(unsure, LeftUncertain("no answer", ""))
    stepped.end(done, Succeeded("1"))
    troubled = ("failed", "uncertain")
    assert seen(stepped, False, *troubled) == [unsure, failed]
    assert stepped.change(change, failed, SEEN)["seen"] is True
    assert seen(stepped, False, *troubled) == [unsure]
    assert seen(stepped, False) == [done, unsure]
    assert seen(stepped, True) == seen(stepped, True, "failed") == [failed]
    assert seen(stepped, True, "uncertain") == seen(stepped, True, "succeeded") == []
    stepped.change(change, unsure, SEEN)
    stepped.change(change, unsure, UNSEEN)
    assert stepped.task(unsure)["seen"] is False
    assert [line["deed"] for line in stepped.task(unsure)["log"][-2:]] == [Deed.SEEN, Deed.UNSEEN]
    stepped.change(retry, failed)
    assert stepped.task(failed)["seen"] is False
    stepped.end(failed, FINAL)
    assert seen(stepped, False, *troubled) == [unsure, failed]
    stepped.change(change, unsure, SEEN)
    stepped.change(resolve, unsure, "done")
    assert seen(stepped, True) == []


@pytest.mark.parametrize("wanted", [SEEN, UNSEEN])
def test_only_what_needs_a_look_can_be_put_aside(stepped: Stepped, wanted: TaskChange) -> None:
    with refused(Refusal.RUNNING):
        stepped.change(change, stepped.add(), wanted)


def test_all_of_it_is_changed_or_nothing(stepped: Stepped) -> None:
    task = stepped.add(delay=60)
    with pytest.raises(Conflict):
        stepped.change(change, task, TaskChange(run_at=0.0, priority=3, seen=True))
    assert (stepped.state(task), stepped.task(task)["priority"]) == ("scheduled", 0)
