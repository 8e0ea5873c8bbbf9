"""Each attempt is counted with how long its task was ready before, and how long it ran."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from random import Random

import pytest

from sendoff_tasks.attempts.outcomes import Cancelled, Failed, Later, LeftUncertain, Succeeded
from sendoff_tasks.model.queues import Overview, Span
from sendoff_tasks.store.reads.catalogue import read_outlook, read_overview
from sendoff_tasks.store.tables.pace import Tally, class_of, share_of
from sendoff_tasks.transaction.measuring import RETAINED
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.writer.figures import Attempts
from tests.engine.stepped import Stepped


def times(attempts: Attempts, queue: str) -> tuple[int, float, int, float]:
    """Sum up: how many waits and their seconds, how many runs and theirs."""
    waited, ran = attempts.waited[queue], attempts.ran[queue]
    return sum(waited.counts), waited.total, sum(ran.counts), ran.total


def test_a_wait_begins_when_the_task_is_ready_and_ends_with_its_start(stepped: Stepped) -> None:
    first, second, third = (stepped.add("narrow") for _ in range(3))  # two at once
    stepped.clock.time += 3
    stepped.end(first, Succeeded("1"))
    stepped.end(second, Later("not yet", "", after=60))
    delayed = stepped.add(delay=50)
    for seconds in (50, 10):
        stepped.wait(seconds)
    stepped.end(second, Failed("no", "", final=True))
    stepped.end(third, Succeeded("1"))
    stepped.end(delayed, Succeeded("1"))
    attempts = stepped.core.durations.read()
    assert times(attempts, "narrow") == (4, 3.0, 4, 3.0 + 3.0 + 60.0)
    assert times(attempts, "work") == (1, 0.0, 1, 10.0)
    assert attempts.started == {"narrow": 4, "work": 1}
    assert attempts.finished == {
        ("narrow", "succeeded"): 2,
        ("narrow", "waiting"): 1,
        ("narrow", "failed"): 1,
        ("work", "succeeded"): 1,
    }


def test_the_wait_of_a_task_from_before_the_restart_is_known(stepped: Stepped) -> None:
    first, *_ = (stepped.add("narrow") for _ in range(3))
    stepped.clock.time += 7
    stepped.restart()
    stepped.settle()
    stepped.end(first, Succeeded("1"))
    attempts = stepped.core.durations.read()
    assert attempts.started == {"narrow": 3}
    assert times(attempts, "narrow")[:2] == (3, 7.0)  # two are run again


def overview(stepped: Stepped, span: Span = Span.HOUR) -> Overview:
    """Read it as another process would."""
    with closing(sqlite3.connect(stepped.path)) as connection:
        return read_overview(connection, span, int(stepped.clock.now() * 1000), [])


def counted(told: Overview) -> list[tuple[int, int, int]]:
    """Give done, failed and tried again of the points that have any."""
    each = [(point["done"], point["failed"], point["again"]) for point in told["points"]]
    return [point for point in each if any(point)]


@pytest.mark.usefixtures("in_file")
def test_each_end_is_counted_in_its_minute_and_survives_a_restart(stepped: Stepped) -> None:
    one, two, three = (stepped.add() for _ in range(3))
    four = stepped.add("narrow")
    stepped.clock.time += 2
    stepped.end(one, Succeeded("1"))
    stepped.end(two, Later("not yet", "", after=60))
    stepped.end(stepped.add("narrow"), Cancelled())
    stepped.wait(60)
    stepped.restart()
    stepped.settle()
    stepped.end(three, Failed("no", "", final=True))
    stepped.end(four, LeftUncertain("no answer", ""))
    told = overview(stepped)
    assert counted(told)[0] == (1, 0, 1)
    assert len(told["points"]) == 60
    by_task = {each["task"]: each for each in told["tasks"]}
    assert (by_task["work"]["done"], by_task["work"]["failed"]) == (1, 1)
    assert by_task["narrow"]["failed"] == 1
    assert by_task["work"]["longest"] == 2.0
    day = overview(stepped, Span.DAY)
    assert day["total"] == told["total"]
    assert len(day["points"]) == 24


def test_the_slowest_queue_tells_when_all_is_done_and_what_is_put_off_has_no_pace(
    stepped: Stepped,
) -> None:
    quick = [stepped.add() for _ in range(4)]
    slow = [stepped.add("narrow") for _ in range(4)]
    meter = stepped.core.throughput

    def told() -> tuple[float, float | None]:
        now = stepped.clock.now()
        done_in = read_outlook(stepped.connection, meter.paces(now))[1]
        return meter.rates(now)["finished"], done_in

    stepped.settle()
    stepped.end(quick[0], Later("not yet", "", after=60))
    assert told() == (0.0, None)
    stepped.end(quick[1], Succeeded("1"))
    stepped.end(quick[2], Succeeded("1"))
    assert told() == (0.2, None)  # the other queue has no pace yet
    stepped.end(slow[0], Succeeded("1"))
    assert told() == (0.3, None)  # nor has it at its first end
    stepped.clock.time += 10
    assert told() == (0.3, 30.0)  # three are left there, one in ten seconds


@pytest.mark.usefixtures("in_file")
def test_what_failed_or_was_uncertain_counts_so_until_it_is_settled(stepped: Stepped) -> None:
    one, two, three = (stepped.add() for _ in range(3))
    stepped.end(one, LeftUncertain("no answer", ""))
    stepped.end(two, LeftUncertain("no answer", ""))
    stepped.end(three, Failed("no", "", final=True))
    assert counted(overview(stepped)) == [(0, 3, 0)]
    stepped.clock.time += 120
    stepped.change(resolve, one, "done")
    stepped.change(resolve, two, "again")
    stepped.change(retry, three)
    assert counted(overview(stepped)) == [(1, 0, 0)]
    stepped.end(two, Succeeded("1"))
    stepped.end(three, Failed("no", "", final=True))
    told = overview(stepped)
    assert counted(told) == [(1, 0, 0), (1, 1, 0)]
    assert overview(stepped, Span.DAY)["total"] == told["total"]


@pytest.mark.usefixtures("in_file")
def test_what_practice_kept_and_is_sent_then_is_done_once(stepped: Stepped) -> None:
    one, two = stepped.add(), stepped.add()
    for task in (one, two):
        stepped.end(task, Succeeded("1", kept=True))
    stepped.clock.time += 120
    stepped.change(retry, one)
    assert counted(overview(stepped)) == [(1, 0, 0)]
    stepped.end(one, Succeeded("1"))
    told = overview(stepped)
    assert counted(told) == [(1, 0, 0), (1, 0, 0)]
    assert overview(stepped, Span.DAY)["total"] == told["total"]


@pytest.mark.usefixtures("in_file")
def test_what_a_failed_group_counted_is_not_there(stepped: Stepped) -> None:
    task = stepped.add()
    group = stepped.core._group(stepped.clock.now())
    group.begin()
    group.memory.measured.waited[group.read(task).function, 7] += 1
    group.memory.measured.write(group.cursor)
    stepped.core._roll_back()
    stepped.end(task, Succeeded("1"))
    total = overview(stepped)["total"]
    assert (total["done"], total["wait_median"]) == (1, 0.0)


@pytest.mark.usefixtures("in_file")
def test_old_minutes_and_hours_go(stepped: Stepped) -> None:
    for _ in range(2):
        stepped.ended(Succeeded("1"))
        stepped.wait(max(RETAINED.values()) / 1000 + 60)
    stepped.ended(Succeeded("1"))
    stepped.clock.time += 61
    stepped.ended(Succeeded("1"))
    with closing(sqlite3.connect(stepped.path)) as connection:
        spans = connection.execute("SELECT span, count(*) FROM pace GROUP BY span").fetchall()
    assert sum(n for _, n in spans) <= 4


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_median_is_right_within_an_eighth(share: float) -> None:
    random = Random(1)
    times = sorted(int(random.lognormvariate(6, 2)) for _ in range(2001))
    tally = Tally()
    for each in times:
        tally.runs[class_of(each)] = tally.runs.get(class_of(each), 0) + 1
    again = Tally.read(tally.values())
    assert again.runs == tally.runs
    truth = times[int(share * len(times))]
    assert share_of(again.runs, share) == pytest.approx(truth, rel=0.125, abs=1)
    assert share_of({}, share) is None
    classes = [class_of(ms) for ms in range(5000)]
    assert classes == sorted(classes)
