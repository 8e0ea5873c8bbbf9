"""Cancelling."""

from __future__ import annotations

from sendoff_tasks.attempts.outcomes import Failed, Succeeded
from sendoff_tasks.errors import TaskCancelled
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.verbs.cancel import cancel
from tests.engine.stepped import Make, Stepped
from tests.refusing import refused


def test_what_has_not_started_is_cancelled_at_once(make: Make) -> None:
    stepped = make(slots=0)
    for task in (stepped.add(), stepped.add(delay=60)):
        row = stepped.change(cancel, task)
        assert (row["state"], row["reason"]) == ("cancelled", Reason.CANCELLED_BY_PERSON)
        assert row["run_at"] is None
        assert row["finished_at"] is not None


def test_a_waiting_task_is_cancelled_at_once(stepped: Stepped) -> None:
    task = stepped.ended(Failed("no", ""))
    row = stepped.change(cancel, task)
    # It did not take the time since that attempt began.
    assert (row["state"], row["started_at"]) == ("cancelled", None)


def test_a_running_task_is_asked_once(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(2):
        row = stepped.change(cancel, task)
        assert (row["state"], row["reason"]) == ("running", Reason.CANCEL_REQUESTED)
    assert stepped.lane.asked_to_stop == [task]


def test_a_task_asked_to_stop_cannot_pass_its_point_of_no_return(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.change(cancel, task)
    assert isinstance(stepped.cross(task).exception(0), TaskCancelled)


def test_past_its_point_of_no_return_a_task_cannot_be_cancelled(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.cross(task)
    with refused(Refusal.PAST_RETURN):
        stepped.change(cancel, task)


def test_what_is_over_says_so(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("1"))
    with refused(Refusal.SUCCEEDED):
        stepped.change(cancel, task)
