"""Whose turn it is: by priority, fair between queues, and never never."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.dispatch.claimer import BY_AGE, LEVELS
from desktop.engine.functions.registry import task
from desktop.engine.submission import NewTask, Submission, TaskOptions
from tests.engine.stepped import Stepped, narrow, registry, work
from tests.property_based import at_most

OK = Succeeded("null")


@task
def red() -> None: ...


@task
def blue() -> None: ...


def begun(stepped: Stepped) -> list[int]:
    return [number for number, _ in stepped.lane.started]


def end_one(stepped: Stepped) -> None:
    stepped.end(min(stepped.lane.running), OK)


def test_equal_queues_have_equal_shares(make: Callable[..., Stepped]) -> None:
    stepped = make(red, blue, slots=4)
    first = [stepped.add("red") for _ in range(20)]
    second = [stepped.add("blue") for _ in range(20)]
    for _ in range(2):  # blue came behind all of red
        end_one(stepped)
    running = set(stepped.lane.running)
    assert (len(running & {*first}), len(running & {*second})) == (2, 2)


def test_a_higher_priority_goes_before_a_fair_share(make: Callable[..., Stepped]) -> None:
    stepped = make(red, blue, slots=2)
    stepped.submit(
        Submission(tasks=[NewTask("blue")] + [NewTask("red", options=TaskOptions(priority=1))] * 4)
    )
    assert begun(stepped) == [2, 3]


def test_every_eighth_start_is_the_oldest_tasks(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=1)
    stepped.submit(Submission(tasks=[NewTask("work", options=TaskOptions(priority=-1))] * 3))
    for _ in range(2 * BY_AGE):
        stepped.add(priority=5)
        end_one(stepped)
    places = [place for place, number in enumerate(begun(stepped), 1) if number <= 3]
    assert places == [1, BY_AGE, 2 * BY_AGE]


def test_a_start_that_the_disk_refused_is_no_turn(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=1)
    stepped.submit(Submission(tasks=[NewTask("work", options=TaskOptions(priority=-1))] * 2))
    for _ in range(BY_AGE - 2):
        stepped.add(priority=5)
        end_one(stepped)
    for _ in range(3):
        stepped.add(priority=5)
    stepped.fuse.set(8, full=True)
    end_one(stepped)
    assert stepped.fuse.burnt
    stepped.fuse.set(None)
    stepped.clock.time += 1
    stepped.settle()
    assert begun(stepped)[BY_AGE - 1] == 2


def test_among_ever_so_many_priorities_the_oldest_is_found(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=1)
    tasks = [
        NewTask("work", options=TaskOptions(priority=priority)) for priority in range(3 * LEVELS)
    ]
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


@settings(max_examples=at_most(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
