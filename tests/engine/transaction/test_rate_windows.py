"""Rates: an exact sliding window, kept across restarts and jumps of the clock."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendoff_tasks.functions.registry import task
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.features import Feature
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.searching import WAIT_MS
from tests.engine.stepped import START, Make, Stepped, registry
from tests.property_based import examples

PERIOD = 60.0
TICK = 0.0025
"""Times are kept in ms, and so are jumps."""


@task(queue="slow", rate="3/min")
def slow() -> None: ...


@task(queue="slow", rate="5/min", name="slower")
def other() -> None: ...


@pytest.fixture
def limited(make: Make) -> Stepped:
    return make(slow, other, slots=50)


def running(stepped: Stepped) -> int:
    return len(stepped.lane.started)


def rows(stepped: Stepped) -> list[tuple[str, int, int]]:
    return [*stepped.connection.execute("SELECT queue, at, n FROM starts ORDER BY at")]


def test_rates_of_other_periods_apply_together(make: Make) -> None:
    @task(queue="post", rate="2/s", name="few")
    def few() -> None: ...

    @task(queue="post", rate="3/min", name="fewer")
    def fewer() -> None: ...

    stepped = make(few, fewer, slots=50)
    for name in ("few", "fewer") * 3:
        stepped.add(name)
    assert running(stepped) == 2
    assert stepped.task(3)["reason_data"]["limit"] == "2/s"
    assert stepped.step() == START + 1
    stepped.wait(1)
    assert running(stepped) == 3
    assert stepped.task(4)["reason_data"]["limit"] == "3/min"
    stepped.wait(WAIT_MS / 1000)
    assert stepped.step() == START + PERIOD
    stepped.restart()  # its orphans wait with the others
    stepped.wait(PERIOD - 1)
    assert running(stepped) == 2


def test_it_is_kept_across_a_restart_in_one_row_a_group(limited: Stepped) -> None:
    for _ in range(3):
        limited.add("slow")
    assert rows(limited) == [("slow", round(START * 1000), 3)]
    limited.restart()  # its orphans would run again at once
    assert running(limited) == 0
    limited.wait(PERIOD)
    assert running(limited) == 3
    assert rows(limited) == [("slow", round((START + PERIOD) * 1000), 3)]


def test_what_no_rate_counts_any_more_is_dropped_at_the_next_start(limited: Stepped) -> None:
    limited.add("slow")
    limited.clock.time += 25 * 3600
    limited.restart()
    assert len(rows(limited)) == 1  # its orphan began again
    assert rows(limited)[0][1] == round(limited.clock.time * 1000)


def test_a_waiting_task_says_when_the_rate_lets_it_begin(limited: Stepped) -> None:
    tasks = [limited.add("slow") for _ in range(5)]
    for _ in range(2):
        limited.clock.time += 10
        tasks.append(limited.add("slow"))
    told = [limited.task(number)["reason_data"].get("until") for number in tasks[3:]]
    begin = [START + 60, START + 60, START + 60, START + 120]
    assert told == [wire_time(round(moment * 1000)) for moment in begin]


def test_ahead_is_counted_to_a_hundred(limited: Stepped) -> None:
    tasks = [limited.add("slow") for _ in range(105)]
    assert limited.task(tasks[102])["reason_data"]["count"] == 99
    assert limited.task(tasks[103])["reason_data"]["count"] is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.001, 0.4, 0.99, 1.0, 1.9]),  # s that pass
        st.integers(0, 4),  # tasks that come
        st.sampled_from([0.0] * 6 + [-3600.0, 3600.0, -2.0, 2.0]),  # how far the clock jumps
        st.sampled_from([False] * 5 + [True]),  # whether the program is killed
    ),
    max_size=40,
)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.integers(1, 4))
def test_a_rate_is_never_exceeded_and_never_holds_up_what_it_allows(
    steps: list[tuple[float, int, float, bool]], count: int
) -> None:
    @task(rate=f"{count}/s", name="often")
    def often() -> None: ...

    began = [-10.0] * count
    with TemporaryDirectory() as folder:
        stepped = Stepped(Path(folder) / "store.db", registry(often), slots=1000)
        for seconds, tasks, jump, killed in steps:
            stepped.clock.time += seconds
            stepped.jump(jump)
            began += starts(stepped)
            if killed:
                stepped.restart()
            for _ in range(tasks):
                stepped.add("often")
            stepped.settle()
            began += starts(stepped)
            if stepped.clock.steady() - began[-count] >= 1 + TICK:
                assert "queued" not in stepped.states().values()
        stepped.close()
    spans = [later - first for first, later in zip(began, began[count:], strict=False)]
    assert all(span >= 1 - TICK for span in spans)


def starts(stepped: Stepped) -> list[float]:
    """Take the starts since the last call, each at the time that only passes."""
    begun = [stepped.clock.steady()] * len(stepped.lane.started)
    stepped.lane.started.clear()
    return begun


class Heavy(Feature):
    """Counts the start of each task as ``n``."""

    n = 1

    def starts_as(self, group: Group, record: TaskRecord) -> int:
        return self.n


@pytest.mark.parametrize(("n", "first", "each"), [(2, 1, 1), (3, 1, 1), (7, 1, 1)])
def test_a_start_that_counts_more_waits_for_as_much_room(
    limited: Stepped, n: int, first: int, each: int
) -> None:
    heavy = Heavy()
    heavy.n = n
    limited.core.memory.features = [*limited.core.memory.features, heavy]
    for _ in range(3):
        limited.add("slow")
    assert (running(limited), rows(limited)) == (first, [("slow", round(START * 1000), n)])
    limited.wait(PERIOD - TICK)
    assert running(limited) == first
    limited.wait(TICK)
    assert running(limited) == first + each
