"""A due time has one task: over months, restarts, power cuts, and owners in turn."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.functions.arguments import decode
from sendoff_tasks.functions.registry import task
from sendoff_tasks.schedules import (
    RETAINED_MS,
    ScheduleRecords,
    pause,
    read_schedules,
    resume,
    run_now,
)
from sendoff_tasks.submission import Idempotency
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import Clock, Make, Stepped, registry

BERLIN = ZoneInfo("Europe/Berlin")
SEASONS = (
    (datetime(2026, 3, 10, tzinfo=BERLIN), datetime(2026, 4, 15, tzinfo=BERLIN)),
    (datetime(2026, 10, 10, tzinfo=BERLIN), datetime(2026, 11, 15, tzinfo=BERLIN)),
)
"""The clocks are changed in them."""


@task(cron="30 2 * * *", timezone="Europe/Berlin")
def nightly() -> None: ...


@task(cron="0 7 * * mon-fri", timezone="Europe/Berlin")
def digest() -> None: ...


@task(every="1 day")
def daily() -> None: ...


@task(every="10 min", missed="skip")
def poll() -> None: ...


@task(every="1 h")
def hourly() -> None: ...


@task(every="1 h", kwargs={"day": date(2026, 7, 1), "most": 3}, key=lambda day, most: f"{most}")
def reports(day: date, *, most: int) -> None: ...


def at(*moment: int) -> float:
    return datetime(*moment, tzinfo=BERLIN).timestamp()  # type: ignore[misc, arg-type]


def made(stepped: Stepped, name: str = "nightly") -> list[float]:
    """Tell when the tasks of this name were made."""
    rows = stepped.connection.execute(
        "SELECT t.created_at FROM tasks t JOIN functions f ON f.id = t.function"
        " WHERE f.name = ? ORDER BY t.id",
        [name],
    )
    return [row[0] / 1000 for row in rows]


def next_due(stepped: Stepped) -> float:
    """Tell when something is due, but for what is done in quiet moments."""
    memory = stepped.core.memory
    return min(memory.next_due, memory.next_group, memory.part(ScheduleRecords).next_at) / 1000


def wait_until(stepped: Stepped, moment: float) -> None:
    """Let time pass, and do what is due meanwhile; each attempt succeeds."""
    while True:
        stepped.settle()
        for number in [*stepped.lane.running]:
            stepped.end(number, Succeeded("null"))
        due = next_due(stepped)
        if due > moment:
            break
        stepped.clock.time = max(due, stepped.clock.time)
    stepped.clock.time = max(moment, stepped.clock.time)


@pytest.mark.parametrize("season", SEASONS, ids=["spring", "autumn"])
def test_a_season_with_restarts_power_cuts_and_owners_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, season: tuple[datetime, datetime]
) -> None:
    """Each is down for less than the times are apart, so none is missed."""
    none = ((), ())  # all are counted at the end
    monkeypatch.setattr("sendoff_tasks.duties.pruner.ENDED", none)
    begin, end = (moment.timestamp() for moment in season)
    clock, random = Clock(begin), Random(7)
    functions = (nightly, digest, daily)
    path = tmp_path / "store.db"

    def own() -> Stepped:
        return Stepped(path, registry(*functions), clock)

    stepped = own()
    stepped.settle()
    turns = 0
    while clock.time < end:
        wait_until(stepped, min(end, clock.time + random.uniform(0.2, 5) * 86_400))
        turns += 1
        if turns % 3 == 0:  # in the middle of making what is due
            clock.time = min(end, next_due(stepped))
            stepped.fuse.set(random.randrange(25))
            with suppress(Crash):
                stepped.settle()
            stepped.restart()
        else:  # the next process has the folder
            stepped.close()
            clock.time = min(end, clock.time + random.uniform(0, 3600))
            stepped = own()
    wait_until(stepped, end)
    for function in functions:
        spec = stepped.registry.get(function.__name__)
        assert spec is not None
        assert spec.schedule is not None
        moment, expected = begin, []
        while (moment := spec.schedule.next_after(moment)) <= end:
            expected.append(moment)
        found = made(stepped, function.__name__)
        assert len(found) == len(expected) >= 25
        assert all(0 <= f - e <= 2 * 3600 for f, e in zip(found, expected, strict=True))
    stepped.check()
    stepped.close()


def test_a_task_gets_the_arguments_of_its_schedule(make: Make) -> None:
    stepped = make(reports)
    stepped.settle()
    wait_until(stepped, stepped.clock.time + 3600)
    written = stepped.connection.execute("SELECT arguments FROM tasks").fetchall()
    assert [decode(each) for (each,) in written] == [([], {"day": date(2026, 7, 1), "most": 3})]


@pytest.mark.parametrize("full", [False, True])
def test_no_statement_parts_a_due_time_from_its_task(make: Make, full: bool) -> None:
    """The power is cut, or the disk is full, before each statement that the due time leads to."""
    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(hourly, clock=clock)
    stepped.settle()
    burnt = True
    while burnt:
        before = made(stepped, "hourly")
        clock.time = stepped.core.memory.part(ScheduleRecords).next_at / 1000
        stepped.fuse.set(len(before), full=full)
        with suppress(Crash):
            stepped.settle()
        burnt = stepped.fuse.burnt
        if full:
            stepped.fuse.set(None)
            clock.time += 1  # until the disk is tried again
            stepped.settle()
        else:
            stepped.restart()
        assert len(made(stepped, "hourly")) == len(before) + 1
        for number in [*stepped.lane.running]:
            stepped.end(number, Succeeded("null"))
    count = len(made(stepped, "hourly"))
    assert count > 10
    taken = "SELECT count(*), count(DISTINCT task_id) FROM due_times"
    assert stepped.connection.execute(taken).fetchone() == (count, count)
    stepped.check()


def test_what_passed_while_nothing_ran_is_made_up_for_once_or_left_out(make: Make) -> None:
    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(nightly, poll, clock=clock)
    stepped.settle()
    assert made(stepped) == made(stepped, "poll") == []
    stepped.close()
    clock.time = at(2026, 6, 8, 12, 5)
    stepped = make(nightly, poll, clock=clock)
    stepped.settle()
    assert made(stepped) == [clock.time]
    assert made(stepped, "poll") == []
    wait_until(stepped, at(2026, 6, 9, 2, 30))
    wait_until(stepped, at(2026, 6, 9, 2, 30) + 1)
    assert made(stepped)[1:] == [at(2026, 6, 9, 2, 30)]
    assert made(stepped, "poll")[0] == at(2026, 6, 8, 12, 10)


def test_a_clock_that_is_set_back_repeats_nothing_and_stalls_nothing(make: Make) -> None:
    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(nightly, clock=clock)
    wait_until(stepped, at(2026, 6, 3, 3))
    assert len(made(stepped)) == 2
    clock.jump(-2 * 3600)  # an hour before the last due time
    wait_until(stepped, at(2026, 6, 4, 2))
    assert len(made(stepped)) == 2
    clock.jump(-300 * 86_400.0)  # it had been wrong all the time
    wait_until(stepped, clock.time + 2 * 86_400)
    assert len(made(stepped)) == 4
    clock.jump(400 * 86_400.0)
    stepped.settle()
    assert len(made(stepped)) == 5
    stepped.restart()
    assert len(made(stepped)) == 5


def test_another_rule_counts_from_now_and_a_lost_function_comes_back(make: Make) -> None:
    @task(name="nightly", cron="0 22 * * *", timezone="Europe/Berlin")
    def later() -> None: ...

    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(nightly, clock=clock)
    stepped.settle()
    stepped.registry.exchange({"nightly": ""}, [later])
    stepped.settle()
    wait_until(stepped, at(2026, 6, 2, 12))
    assert made(stepped) == [at(2026, 6, 1, 22)]
    stepped.registry.exchange({"nightly": "It is gone."}, ())
    wait_until(stepped, at(2026, 6, 5, 12))
    assert len(made(stepped)) == 1
    stepped.registry.add(later)
    stepped.settle()
    assert made(stepped)[1:] == [at(2026, 6, 5, 12)]


def test_a_paused_one_makes_nothing_and_goes_on_with_the_next(make: Make) -> None:
    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(nightly, clock=clock)

    def told() -> Any:
        (found,) = read_schedules(stepped.connection, stepped.registry, clock.now())
        return found

    assert told()["next_at"] == "2026-06-02T00:30:00.000Z"
    stepped.do(lambda group: pause(group, "nightly"))
    stepped.do(lambda group: pause(group, "nightly"))
    stepped.restart()
    wait_until(stepped, at(2026, 6, 3, 12))
    assert made(stepped) == []
    assert (told()["next_at"], told()["paused_at"]) == (None, "2026-06-01T10:00:00.000Z")
    stepped.do(lambda group: resume(group, "nightly"))
    assert (told()["next_at"], told()["paused_at"]) == ("2026-06-04T00:30:00.000Z", None)
    with pytest.raises(UnknownId, match="There is no schedule named “work”"):
        stepped.do(lambda group: pause(group, "work"))


def test_run_now_is_one_more_and_is_told_as_the_last(make: Make) -> None:
    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(nightly, clock=clock)
    key = Idempotency("k", "hash")
    first = stepped.do(lambda group: run_now(group, "nightly", key))
    again = stepped.do(lambda group: run_now(group, "nightly", key))
    assert (first.row, first.replayed, again.row["id"], again.replayed) == (
        again.row, False, first.row["id"], True,
    )  # fmt: skip
    (found,) = read_schedules(stepped.connection, stepped.registry, clock.now())
    assert found["last"] == {"at": "2026-06-01T10:00:00.000Z", "task_id": 1, "state": "running"}
    assert found["next_at"] == "2026-06-02T00:30:00.000Z"
    wait_until(stepped, at(2026, 6, 2, 2, 30))
    stepped.settle()
    assert len(made(stepped)) == 2


def test_last_runs_are_told_with_their_ends(make: Make) -> None:
    clock = Clock(at(2026, 6, 1, 12))
    stepped = make(nightly, clock=clock)
    wait_until(stepped, at(2026, 6, 25, 12))
    clock.time = at(2026, 6, 26, 2, 31)
    stepped.settle()
    (found,) = read_schedules(stepped.connection, stepped.registry, clock.now())
    running, *ended = found["runs"]
    assert running == {"task_id": 25, "state": "running", "took": None}
    assert [each["task_id"] for each in ended] == [*range(24, 5, -1)]
    assert ended[0] == {"task_id": 24, "state": "succeeded", "took": 0.0}


def test_code_of_the_task_that_fails_stops_nothing(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise RuntimeError("no name today")

    @task(name="named", every="1 h", reference=fail)
    def named() -> None: ...

    clock = Clock(at(2026, 6, 1, 12, 30))
    stepped = make(named, daily, clock=clock)
    wait_until(stepped, at(2026, 6, 2, 14, 1))
    assert (made(stepped, "named"), len(made(stepped, "daily"))) == ([], 1)
    assert "Could not make the scheduled task named" in caplog.text


def test_taken_times_are_forgotten_in_the_end(make: Make) -> None:
    stepped = make(daily, clock=Clock(at(2026, 1, 1)))
    wait_until(stepped, at(2026, 1, 1) + RETAINED_MS / 1000 + 10 * 86_400)
    (count,) = stepped.connection.execute("SELECT count(*) FROM due_times").fetchone()
    assert count == 31


def test_a_schedule_goes_on_under_another_name(tmp_path: Path) -> None:
    @task(aliases=["hourly"], every="1 h")
    def each_hour() -> None: ...

    stepped = Stepped(tmp_path / "store.db", registry(hourly))
    stepped.settle()
    stepped.do(lambda group: pause(group, "hourly"))
    stepped.registry = registry(each_hour)
    stepped.restart()
    wait_until(stepped, stepped.clock.time + 7200)
    assert made(stepped, "each_hour") == []
    stepped.do(lambda group: resume(group, "each_hour"))
    wait_until(stepped, stepped.clock.time + 3600)
    assert len(made(stepped, "each_hour")) == 1
    stepped.close()
