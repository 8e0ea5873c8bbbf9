"""Retrying."""

from __future__ import annotations

import pytest

from sendoff_tasks.attempts.outcomes import Crashed, Failed, Held, Succeeded
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import BACKOFF, START, Stepped
from tests.items.corrections import FINAL, put, submit
from tests.refusing import refused


def test_a_failed_task_gets_a_fresh_set_of_attempts(stepped: Stepped) -> None:
    task = stepped.ended(Failed("never", "", final=True))
    row = stepped.change(retry, task)
    assert (row["state"], row["error"], row["finished_at"]) == ("queued", None, None)
    assert (row["attempt"], row["max_attempts"]) == (1, 4)
    for _ in range(3):
        stepped.end(task, Failed("no", ""))
        stepped.wait(BACKOFF)
    assert stepped.state(task) == "failed"
    assert [a["attempt"] for a in stepped.task(task)["history"]] == [1, 2, 3, 4]


def test_a_task_that_ran_out_of_time_can_be_retried(stepped: Stepped) -> None:
    task = stepped.add(deadline=START - 1)
    stepped.change(retry, task)
    assert stepped.state(task) == "running"


def test_a_task_that_crashed_too_often_begins_a_new_count(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(2):
        for _ in range(3):
            assert stepped.state(task) == "running"
            stepped.end(task, Crashed("signal 11"))
        stepped.change(retry, task)
    assert stepped.state(task) == "running"


def test_a_running_task_cannot_be_retried(stepped: Stepped) -> None:
    task = stepped.add()
    with refused(Refusal.RUNNING):
        stepped.change(retry, task)


def test_a_repeat_is_not_sent_after_the_task_it_repeats(stepped: Stepped) -> None:
    (first,) = submit(stepped)
    stepped.end(first, FINAL)
    (second,) = put(stepped, send=True, delay=5).added
    stepped.change(cancel, second)
    stepped.clock.time += 1
    stepped.change(retry, first)
    for ending in (None, Succeeded("null")):
        if ending is not None:
            stepped.end(first, ending)
        with refused(Refusal.REPEATED):
            stepped.change(retry, second)
    stepped.clock.time += 1
    third = again(stepped, first)
    stepped.change(cancel, third)
    stepped.change(retry, third)  # a person wanted it once more, after it had arrived
    assert stepped.state(third) == "running"


def again(stepped: Stepped, task: int) -> int:
    """Have a task done once more in some seconds, as another one."""
    return int(stepped.send_again(task, delay=5)["id"])


WRONG = Held("535 wrong password", "", whole_queue=True)


@pytest.mark.parametrize("which", [0, 1, 3])
def test_with_any_task_of_a_held_queue_the_whole_queue_is_tried_again(
    stepped: Stepped, which: int
) -> None:
    tasks = [stepped.add("narrow") for _ in range(4)]
    for task in tasks[:2]:
        stepped.end(task, WRONG)
    assert [stepped.state(task) for task in tasks] == ["waiting", "waiting", "queued", "queued"]
    row = stepped.change(retry, tasks[which])
    assert (row["state"], row["reason"]) == ("queued", Reason.ASKED_AGAIN)
    assert not stepped.core.memory.held_queues
    assert [stepped.state(task) for task in tasks] == ["running", "queued", "queued", "queued"]
    stepped.end(tasks[0], Succeeded("null"))
    assert [stepped.state(task) for task in tasks[1:]] == ["running", "running", "queued"]
    assert stepped.task(tasks[which])["log"][-1]["text"] == "A person asked for another try."


def test_a_queued_task_whose_queue_is_not_held_is_not_retried(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(3)]
    with refused(Refusal.QUEUED):
        stepped.change(retry, tasks[2])


def test_a_waiting_task_is_tried_now_and_the_log_says_that_a_person_did_it(
    stepped: Stepped,
) -> None:
    task = stepped.ended(Failed("no", ""))
    stepped.change(retry, task)
    assert stepped.state(task) == "running"
    assert stepped.task(task)["log"][-1]["text"] == "A person asked for another try."
