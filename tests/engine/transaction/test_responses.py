"""Tasks that wait for the response of their request, and what ends the wait."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.submission import NewTask, Place, Submission, SubmissionAnswer, TaskOptions
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.lines import Call, Line, accept_line
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.submit import PreparedSubmission, accept, prepare
from tests.engine.stepped import Make, Stepped

OWN = "/1"
OTHERS = "process 4f/1"


def prepared(stepped: Stepped, response: str, *tasks: NewTask) -> PreparedSubmission:
    ready = prepare(Submission(tasks or [NewTask("work")]), stepped.registry)
    return PreparedSubmission(ready.tasks, response=response)


def asked(stepped: Stepped, response: str, *tasks: NewTask) -> Future[SubmissionAnswer]:
    submission = prepared(stepped, response, *tasks)
    return stepped.ask(lambda group: accept(group, submission))


def added(stepped: Stepped, response: str = OWN, *tasks: NewTask) -> list[int]:
    future = asked(stepped, response, *tasks)
    stepped.settle()
    return future.result(0).task_ids


def over(stepped: Stepped, response: str = OWN) -> None:
    stepped.core.memory.responses.over.append(response)
    stepped.settle()


def test_a_task_waits_for_its_response_and_begins_in_the_next_group(stepped: Stepped) -> None:
    (number,) = added(stepped)
    row = stepped.task(number)
    assert (row["state"], row["reason"], row["reason_data"]) == ("queued", "after_response", {})
    assert (stepped.lane.running, stepped.inbox.patient) == ({}, True)
    over(stepped)
    assert [*stepped.lane.running] == [number]
    assert stepped.task(number)["reason"] is None
    over(stepped)  # it is not known any more
    over(stepped, "/2")


@pytest.mark.parametrize("most", [1, 3])
def test_tasks_that_wait_are_in_nobody_else_s_way(make: Make, most: int) -> None:
    stepped = make(slots=most)
    urgent = NewTask("work", options=TaskOptions(priority=9, parallel=True))
    waiting = added(stepped, OWN, *[urgent] * 5)
    free = [stepped.add() for _ in range(2)]  # alone in its group, and beside those that wait
    for number in free:
        stepped.end(number, Succeeded("1"))
    assert stepped.lane.running == {}
    others = asked(stepped, "/2"), stepped.ask(lambda group: None)
    stepped.inbox.wake()
    stepped.settle()
    assert stepped.state(others[0].result(0).task_ids[0]) == "queued"
    over(stepped)
    assert [*stepped.lane.running] == waiting[:most]
    stepped.check()


def test_a_row_says_what_its_task_waits_for_now(make: Make) -> None:
    stepped = make(slots=1)
    busy = stepped.add()
    (number,) = added(stepped)
    assert stepped.task(number)["reason"] == "after_response"
    over(stepped)
    assert stepped.task(number)["reason"] == "lane_full"
    stepped.end(busy, Succeeded("1"))
    assert [*stepped.lane.running] == [number]


def test_a_line_and_a_time_of_their_own_count_as_well(stepped: Stepped) -> None:
    first, second, later = added(
        stepped,
        OWN,
        NewTask("work"),
        NewTask("work", behind=Place(0)),
        NewTask("work", options=TaskOptions(delay=5)),
    )
    stepped.wait(6)
    states = [stepped.state(each) for each in (first, second, later)]
    assert states == ["queued", "waiting", "queued"]
    stepped.change(cancel, first)  # which lets the next one go
    assert (stepped.state(second), stepped.lane.running) == ("queued", {})
    stepped.change(retry, first)
    assert stepped.lane.running == {}
    over(stepped)
    assert {*stepped.lane.running} == {first, second, later}


def test_a_restart_begins_what_waits(stepped: Stepped) -> None:
    (number,) = added(stepped)
    stepped.restart()
    assert [*stepped.lane.running] == [number]


@pytest.mark.usefixtures("in_file")
def test_a_group_that_fails_leaves_what_waits_as_it_was(stepped: Stepped) -> None:
    (number,) = added(stepped)
    stepped.fuse.set(0, full=True)
    refused = asked(stepped, "/2")
    stepped.step()
    with pytest.raises(NotWritable):
        refused.result(0)
    over(stepped, "/2")
    stepped.fuse.set(None)
    stepped.wait(30)
    assert (stepped.state(number), stepped.lane.running) == ("queued", {})
    other = stepped.add()  # it has the number that was given back
    assert [*stepped.lane.running] == [other]
    over(stepped)
    assert [*stepped.lane.running] == [other, number]


def test_a_mistake_in_its_group_costs_no_wait(stepped: Stepped) -> None:
    def fails(group: object) -> None:
        raise ZeroDivisionError

    future, mistake = asked(stepped, OWN), stepped.ask(fails)
    stepped.core.memory.responses.over.append(OWN)
    stepped.settle()
    assert isinstance(mistake.exception(0), ZeroDivisionError)
    assert [*stepped.lane.running] == future.result(0).task_ids


def said(stepped: Stepped, number: int, *calls: Call | PreparedSubmission) -> None:
    """Have another process submit a line."""
    line = Line("process 4f", number, [*calls])
    stepped.do(lambda group: accept_line(group, line))


def test_another_process_tells_that_its_response_is_over(stepped: Stepped) -> None:
    said(stepped, 1, prepared(stepped, OTHERS))
    assert stepped.lane.running == {}
    said(stepped, 2, Call("answered", (OTHERS,)))
    assert [*stepped.lane.running] == [1]


def test_another_process_keeps_its_tasks_for_ten_minutes(stepped: Stepped) -> None:
    said(stepped, 1, prepared(stepped, OTHERS))
    stepped.wait(40)
    stepped.jump(10_000)
    stepped.wait(559)
    assert stepped.lane.running == {}
    stepped.wait(1)
    assert [*stepped.lane.running] == [1]


def test_what_waits_for_an_ended_process_begins(stepped: Stepped) -> None:
    said(stepped, 1, prepared(stepped, OTHERS), prepared(stepped, "process 4f/2"))
    (own,) = added(stepped)
    stepped.do(lambda group: group.memory.responses.end_all("process 4f"))
    assert [*stepped.lane.running] == [1, 2]
    assert stepped.state(own) == "queued"
