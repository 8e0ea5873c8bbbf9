"""Who may start, and in what order."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.dispatch.claimer import BY_AGE
from sendoff_tasks.functions.registry import task as declare
from sendoff_tasks.functions.worker_offer import WorkerOffer
from sendoff_tasks.queues.workers import Workers
from sendoff_tasks.submission import NewTask, Submission, TaskOptions
from tests.engine.stepped import Make, Stepped, narrow, registry, work
from tests.items.batches.office import Office, mail, row
from tests.property_based import examples


def started(stepped: Stepped) -> list[int]:
    return [task for task, _ in stepped.lane.started]


def test_one_queue_leaves_some_threads_to_the_others(make: Make) -> None:
    stepped = make(slots=10)
    hanging = [stepped.add("work") for _ in range(12)]
    assert started(stepped) == hanging[:8]
    assert stepped.task(hanging[9])["reason_data"] == {"queue": "work", "limit": 8, "count": 1}
    other = stepped.add("narrow")
    assert started(stepped) == [*hanging[:8], other]
    stepped.end(hanging[0], Succeeded("1"))
    assert started(stepped)[-1] == hanging[8]


def test_the_higher_priority_first_then_the_lower_number(make: Make) -> None:
    stepped = make(slots=1)
    first = stepped.add()
    low, normal, high = (stepped.add(priority=p) for p in (-1, 0, 5))
    urgent = stepped.add("narrow", priority=9)
    for task in (first, urgent, high, normal):
        stepped.end(task, Succeeded("1"))
    assert started(stepped) == [first, urgent, high, normal, low]


@pytest.mark.usefixtures("in_file")
def test_a_task_that_starts_at_once_costs_one_commit(stepped: Stepped) -> None:
    stepped.settle()
    commits: list[str] = []
    stepped.connection.set_trace_callback(commits.append)
    stepped.add()
    assert commits.count("COMMIT") == 1
    assert started(stepped) == [1]


def test_an_attempt_knows_its_task(stepped: Stepped) -> None:
    task = stepped.add("work", 1, deadline=stepped.clock.time + 60)
    claim = stepped.lane.running[task]
    assert (claim.task_id, claim.attempt, claim.max_attempts) == (task, 1, 3)
    assert claim.deadline == stepped.clock.time + 60
    assert claim.idempotency_key.endswith(f".{task}")
    assert claim.spec is stepped.registry.get("work")


@pytest.mark.usefixtures("in_file")
def test_a_worker_gets_only_what_it_has_room_and_the_function_for(make: Make) -> None:
    stepped = make(slots=2)
    has_narrow = WorkerOffer("w", frozenset({"narrow"}), frozenset(), {"io": 3})
    plain = WorkerOffer("p", frozenset(), frozenset({"tests"}), {"cpu": 3})
    stepped.core.memory.part(Workers).offers = {each.id: each for each in (has_narrow, plain)}
    here = [stepped.add("work") for _ in range(3)]
    there = [stepped.add("narrow") for _ in range(3)]
    assert started(stepped) == here[:2]
    running = stepped.core.memory.running
    assert {task for task, each in running.items() if each.worker == "w"} == {*there[:2]}
    assert stepped.task(there[2])["reason_data"] == {"queue": "narrow", "limit": 2}
    stepped.end(here[0], Succeeded("1"))
    assert started(stepped) == here


def test_the_place_that_a_message_of_a_paused_batch_leaves_is_taken_at_once(make: Make) -> None:
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


OK = Succeeded("null")


@declare
def red() -> None: ...


@declare
def blue() -> None: ...


def begun(stepped: Stepped) -> list[int]:
    return [number for number, _ in stepped.lane.started]


def end_one(stepped: Stepped) -> None:
    stepped.end(min(stepped.lane.running), OK)


def test_equal_queues_have_equal_shares(make: Make) -> None:
    stepped = make(red, blue, slots=4)
    first = [stepped.add("red") for _ in range(20)]
    second = [stepped.add("blue") for _ in range(20)]
    for _ in range(2):  # blue came behind all of red
        end_one(stepped)
    running = set(stepped.lane.running)
    assert (len(running & {*first}), len(running & {*second})) == (2, 2)


def test_a_higher_priority_goes_before_a_fair_share(make: Make) -> None:
    stepped = make(red, blue, slots=2)
    stepped.submit(
        Submission(tasks=[NewTask("blue")] + [NewTask("red", options=TaskOptions(priority=1))] * 4)
    )
    assert begun(stepped) == [2, 3]


def test_every_eighth_start_is_the_oldest_tasks(make: Make) -> None:
    stepped = make(slots=1)
    stepped.add_many(3, priority=-1)
    for _ in range(2 * BY_AGE):
        stepped.add(priority=5)
        end_one(stepped)
    places = [place for place, number in enumerate(begun(stepped), 1) if number <= 3]
    assert places == [1, BY_AGE, 2 * BY_AGE]


def test_a_start_that_the_disk_refused_is_no_turn(make: Make) -> None:
    stepped = make(slots=1)
    stepped.add_many(2, priority=-1)
    for _ in range(BY_AGE - 2):
        stepped.add(priority=5)
        end_one(stepped)
    for _ in range(3):
        stepped.add(priority=5)
    stepped.fuse.set(8, full=True)
    end_one(stepped)
    assert stepped.fuse.burnt
    stepped.fuse.set(None)
    stepped.wait(1)
    assert begun(stepped)[BY_AGE - 1] == 2


def test_among_ever_so_many_priorities_the_oldest_is_found(make: Make) -> None:
    stepped = make(slots=1)
    tasks = [NewTask("work", options=TaskOptions(priority=priority)) for priority in range(200)]
    stepped.submit(Submission(tasks=tasks))
    for _ in range(5 * BY_AGE):
        stepped.add(priority=1_000)
        end_one(stepped)
    assert 1 in begun(stepped)


ARRIVALS = st.lists(
    st.tuples(
        st.integers(1, 3),  # tasks that come
        st.sampled_from(["work", "narrow"]),
        st.integers(-1, 3),  # their priority
        st.integers(1, 3),  # attempts that end
    ),
    min_size=20,
    max_size=60,
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ARRIVALS, st.integers(1, 3), st.sampled_from(["work", "narrow"]))
def test_no_task_waits_for_more_than_eight_starts_for_each_older_one_and_eight_of_its_own(
    arrivals: list[tuple[int, str, int, int]], slots: int, name: str
) -> None:
    """``narrow`` runs two at once: there the starts of its own queue are counted."""
    with TemporaryDirectory() as folder:
        stepped = Stepped(Path(folder) / "store.db", registry(work, narrow), slots=slots)
        older = [stepped.add(name, priority=-5) for _ in range(slots + 2)]
        patient = older.pop()
        waited = before = 0
        for count, kind, priority, ends in arrivals:
            stepped.submit(
                Submission(tasks=[NewTask(kind, options=TaskOptions(priority=priority))] * count)
            )
            for _ in range(min(ends, len(stepped.lane.running))):
                end_one(stepped)
            new = begun(stepped)[before:]
            before += len(new)
            if patient in new:
                break
            waited += sum(1 for number in new if in_queue(stepped, number, name))
            assert waited <= BY_AGE * (len(older) + 1)
        stepped.check()
        stepped.close()


def in_queue(stepped: Stepped, number: int, name: str) -> bool:
    return name == "work" or stepped.task(number)["task"] == name
