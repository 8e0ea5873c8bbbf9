"""Who may start, and in what order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.functions.worker_offer import WorkerOffer
from desktop.engine.queues.workers import Workers
from desktop.engine.submission import NewTask, Submission, TaskOptions
from tests.engine.stepped import Stepped
from tests.items.batches.office import Office, mail, row


def started(stepped: Stepped) -> list[int]:
    return [task for task, _ in stepped.lane.started]


def test_never_more_than_the_lane_has_slots(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=2)
    tasks = [stepped.add() for _ in range(4)]
    assert started(stepped) == tasks[:2]
    stepped.end(tasks[0], Succeeded("1"))
    assert started(stepped) == tasks[:3]


def test_never_more_than_the_queue_allows(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=5)
    narrow = [stepped.add("narrow") for _ in range(3)]
    work = stepped.add("work")
    assert started(stepped) == [*narrow[:2], work]
    stepped.end(narrow[1], Succeeded("1"))
    assert started(stepped)[-1] == narrow[2]


def test_one_queue_leaves_some_threads_to_the_others(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=10)
    hanging = [stepped.add("work") for _ in range(12)]
    assert started(stepped) == hanging[:8]
    assert stepped.task(hanging[9])["why"] == "1 ahead, work runs 8 at once."
    other = stepped.add("narrow")
    assert started(stepped) == [*hanging[:8], other]
    stepped.end(hanging[0], Succeeded("1"))
    assert started(stepped)[-1] == hanging[8]


def test_the_higher_priority_first_then_the_lower_number(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=1)
    first = stepped.add()
    low, normal, high = (stepped.add(priority=p) for p in (-1, 0, 5))
    urgent = stepped.add("narrow", priority=9)
    for task in (first, urgent, high, normal):
        stepped.end(task, Succeeded("1"))
    assert started(stepped) == [first, urgent, high, normal, low]


def test_within_one_group_too(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=2)
    tasks = [NewTask("work", options=TaskOptions(priority=p)) for p in (0, 1, 2)]
    ids = stepped.submit(Submission(tasks=tasks)).task_ids
    assert started(stepped) == [ids[2], ids[1]]


@pytest.mark.usefixtures("in_file")
def test_a_task_that_starts_at_once_costs_one_commit(stepped: Stepped) -> None:
    stepped.settle()
    commits: list[str] = []
    stepped.connection.set_trace_callback(commits.append)
    stepped.add()
    assert commits.count("COMMIT") == 1
    assert started(stepped) == [1]


def test_without_lanes_tasks_are_accepted_and_wait(make: Callable[..., Stepped]) -> None:
    stepped = make(lanes=False)
    assert stepped.state(stepped.add()) == "queued"
    assert stepped.state(stepped.add(delay=1)) == "scheduled"


def test_an_attempt_knows_its_task(stepped: Stepped) -> None:
    task = stepped.add("work", 1, deadline=stepped.clock.time + 60)
    claim = stepped.lane.running[task]
    assert (claim.task_id, claim.attempt, claim.max_attempts) == (task, 1, 3)
    assert claim.deadline == stepped.clock.time + 60
    assert claim.idempotency_key.endswith(f".{task}")
    assert claim.spec is stepped.registry.get("work")


def test_a_queued_task_of_a_full_queue_says_how_many_are_ahead(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(4)]
    told = [stepped.task(task)["why"] for task in tasks]
    assert told == [
        "",
        "",
        *(f"{ahead}, narrow runs 2 at once." for ahead in ("Comes next", "1 ahead")),
    ]
    for task in tasks[:2]:
        stepped.end(task, Succeeded("null"))
    assert [stepped.task(task)["why"] for task in tasks] == [""] * 4


@pytest.mark.usefixtures("in_file")
def test_a_worker_gets_only_what_it_has_room_and_the_function_for(
    make: Callable[..., Stepped],
) -> None:
    stepped = make(slots=2)
    has_narrow = WorkerOffer("w", frozenset({"narrow"}), frozenset(), {"io": 3})
    plain = WorkerOffer("p", frozenset(), frozenset({"tests"}), {"cpu": 3})
    stepped.core.memory.part(Workers).offers = {each.id: each for each in (has_narrow, plain)}
    here = [stepped.add("work") for _ in range(3)]
    there = [stepped.add("narrow") for _ in range(3)]
    assert started(stepped) == here[:2]
    running = stepped.core.memory.running
    assert {task for task, each in running.items() if each.worker == "w"} == {*there[:2]}
    assert stepped.task(there[2])["why"] == "Comes next, narrow runs 2 at once."
    stepped.end(here[0], Succeeded("1"))
    assert started(stepped) == here


def test_the_place_that_a_message_of_a_paused_batch_leaves_is_taken_at_once(
    make: Callable[..., Stepped],
) -> None:
    """After a crash the other batch stood still for seconds."""
    office = Office(make(mail, slots=1))
    paused, other = office.draft(1), office.draft()
    office.put(other, [row(11)])
    office.start(paused)
    office.start(other)
    office.batches.pause(paused).result(0)
    office.stepped.restart()
    office.stepped.settle()
    (task,) = started(office.stepped)
    assert task != 1
