"""The time of day jumps, and the machine sleeps: what was delayed waits as long as it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sendoff_tasks.attempts.outcomes import Failed, Later, Succeeded
from sendoff_tasks.clock import read
from sendoff_tasks.duties.pruner import ANSWERS_MS
from sendoff_tasks.functions.registry import task as declare
from sendoff_tasks.submission import Idempotency, NewTask, Submission
from tests.engine.stepped import BACKOFF, START, Make, Stepped, slow

if TYPE_CHECKING:
    pass

DAY = 24 * 3600.0


def waits_until(stepped: Stepped, task: int) -> float:
    """Tell how long it was until a task started, in s, stepping once a second."""
    begun = stepped.clock.steady()
    for _ in range(200):
        stepped.settle()
        if stepped.state(task) == "running":
            return stepped.clock.steady() - begun
        stepped.clock.time += 1
    raise AssertionError("it never started")


@pytest.mark.parametrize("jump", [DAY, -DAY, 3.0, -3.0])
def test_a_delay_and_a_backoff_keep_the_wait_they_have_left(stepped: Stepped, jump: float) -> None:
    task, refused = stepped.add(delay=30), stepped.add()
    stepped.wait(10)
    stepped.end(refused, Failed("no", ""))
    stepped.clock.jump(jump)
    assert waits_until(stepped, refused) == BACKOFF
    assert waits_until(stepped, task) == 20 - BACKOFF


def test_a_time_of_day_stays_one(stepped: Stepped) -> None:
    task = stepped.add(run_at=START + 60)
    stepped.settle()
    stepped.clock.jump(-20)
    assert waits_until(stepped, task) == 80
    later = stepped.add(run_at=stepped.clock.time + 60)
    stepped.clock.jump(DAY)
    assert waits_until(stepped, later) == 0


def test_a_small_correction_is_followed_once_it_has_grown(stepped: Stepped) -> None:
    task = stepped.add(delay=30)
    stepped.settle()
    for _ in range(10):
        stepped.jump(0.3)
    assert 29 <= waits_until(stepped, task) <= 31


def test_windows_read_again_by_one_event(stepped: Stepped) -> None:
    for _ in range(3):
        stepped.add(delay=30)
    told = stepped.journal.subscribe()
    before = stepped.core.memory.last_event
    stepped.jump(DAY)
    assert stepped.core.memory.last_event == before + 1
    frame = told.next_frame()
    assert frame is not None
    assert frame.tasks is None


def test_a_jump_that_was_followed_is_not_followed_again_at_a_start(stepped: Stepped) -> None:
    stepped.registry.add(slow)
    for _ in range(2):
        stepped.ended(Succeeded("1"), "slow")
    stepped.jump(-DAY)
    stepped.restart()
    third = stepped.add("slow")
    assert stepped.state(third) == "queued", "two a minute, and less than one has passed"


def test_a_machine_that_fell_asleep_between_its_two_clocks_is_asked_again() -> None:
    class Sleepy:
        steadies = iter([0.0, 100.0, 100.0, 100.0])
        nows = iter([1000.0, 1100.0])

        def now(self) -> float:
            return next(self.nows)

        def steady(self) -> float:
            return next(self.steadies)

    assert read(Sleepy()) == (1100.0, 100.0)


def knows(stepped: Stepped, key: str) -> bool:
    """Submit under a key; tell whether it was known."""
    under = Submission(tasks=[NewTask("work")], idempotency=Idempotency(key, "hash"))
    return stepped.submit(under).replayed


def pass_slowly(stepped: Stepped, seconds: float) -> None:
    """Let time pass until all that is due by age is looked at."""
    stepped.wait(seconds)
    stepped.wait(61)


def test_a_restart_on_a_wrong_clock_forgets_nothing_for_its_age(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("null"))
    knows(stepped, "k")
    pass_slowly(stepped, 60)
    stepped.jump(40 * DAY)
    stepped.restart()
    pass_slowly(stepped, 60)
    assert knows(stepped, "k")
    assert task in stepped.states()
    pass_slowly(stepped, DAY)
    assert task not in stepped.states()


def restart_after(stepped: Stepped, seconds: float) -> None:
    """Start again when the clock says that this time has passed."""
    stepped.clock.time += seconds
    stepped.restart()
    pass_slowly(stepped, 60)


def notices(stepped: Stepped) -> list[str]:
    return [each["id"] for each in stepped.journal.board.active]


@pytest.mark.parametrize("back", [2, 400])
def test_delays_shift_with_a_clock_that_is_set_back_between_two_runs(
    stepped: Stepped, back: int
) -> None:
    delayed, refused = stepped.add(delay=30), stepped.add()
    stepped.end(refused, Failed("no", ""))
    for _ in range(2):  # the second start finds nothing more to shift
        stepped.clock.jump(-back * DAY / 2)
        stepped.restart()
    assert waits_until(stepped, refused) == BACKOFF
    assert waits_until(stepped, delayed) == 30 - BACKOFF


@pytest.mark.parametrize("at", ["start", "run"])
def test_a_clock_that_was_wrong_for_one_run_delays_nothing_for_long(
    stepped: Stepped, at: str
) -> None:
    """A battery is empty: the clock begins years ago, and is set right soon."""
    delayed = stepped.add(delay=30)
    stepped.settle()
    stepped.clock.jump(-400 * DAY)
    stepped.restart()
    during = stepped.add(delay=30)
    stepped.settle()
    stepped.clock.jump(400 * DAY)
    if at == "start":
        stepped.restart()
    assert waits_until(stepped, delayed) <= 30
    assert waits_until(stepped, during) <= 30


@pytest.mark.parametrize("starts", [1, 2])
def test_a_run_on_a_clock_that_was_behind_changes_no_delay_or_deadline(
    make: Make, starts: int
) -> None:
    """A battery is empty, and the program is stopped before the network tells the time."""

    @declare(deadline=20 * DAY, name="work")
    def brief() -> None: ...

    stepped = make(brief)
    task = stepped.add(delay=10 * DAY)
    stepped.settle()
    for _ in range(starts):
        stepped.clock.time -= 2000 * DAY / starts
        stepped.restart()
        stepped.settle()
    stepped.clock.time += 2000 * DAY + 7200
    stepped.restart()
    stepped.settle()
    (found,) = stepped.connection.execute("SELECT run_at / 1000, deadline / 1000 FROM tasks")
    assert found == pytest.approx((START + 10 * DAY, START + 20 * DAY), abs=1)
    assert notices(stepped) == ["clock"]
    stepped.clock.time += 7200
    stepped.restart()
    assert (
        stepped.connection.execute("SELECT run_at / 1000, deadline / 1000 FROM tasks").fetchone()
        == found
    )
    assert stepped.state(task) == "scheduled"


@pytest.mark.parametrize(
    ("back", "runs", "passed"), [(DAY, 0, DAY - 60), (1800, 0, DAY), (DAY, 2 * DAY, 3 * DAY)]
)
def test_time_that_passes_after_a_clock_was_set_back_is_no_correction(
    stepped: Stepped, back: float, runs: float, passed: float
) -> None:
    stepped.add(delay=10 * DAY)
    stepped.settle()
    stepped.clock.time -= back
    stepped.restart()
    stepped.clock.time += runs
    stepped.add()
    (before,) = stepped.connection.execute("SELECT run_at FROM tasks WHERE id = 1").fetchone()
    stepped.clock.time += passed
    stepped.restart()
    stepped.settle()
    assert stepped.connection.execute("SELECT run_at FROM tasks WHERE id = 1").fetchone() == (
        before,
    )


def test_a_start_far_ahead_forgets_nothing_for_its_age(stepped: Stepped) -> None:
    """A computer started with a wrong clock for a minute, and then with the right one."""
    task = stepped.ended(Succeeded("null"))
    knows(stepped, "k")
    restart_after(stepped, 400 * DAY)
    assert notices(stepped) == ["clock"]
    restart_after(stepped, 3600)  # on the wrong clock, too
    assert notices(stepped) == ["clock"]
    restart_after(stepped, -400 * DAY)
    assert knows(stepped, "k")
    assert task in stepped.states()


def test_a_start_a_week_ahead_forgets_no_key(stepped: Stepped) -> None:
    stepped.ended(Succeeded("null"))
    knows(stepped, "k")
    restart_after(stepped, 7.5 * DAY)
    restart_after(stepped, -7.5 * DAY)
    assert knows(stepped, "k")


def test_a_start_weeks_ahead_forgets_nothing_for_its_age_for_a_day(stepped: Stepped) -> None:
    """Most often the program was off for so long; so no notice asks for the clock."""
    task = stepped.ended(Succeeded("null"))
    restart_after(stepped, 60 * DAY)
    restart_after(stepped, 3600)  # on the wrong clock, too
    assert task in stepped.states()
    assert notices(stepped) == []
    pass_slowly(stepped, DAY)
    assert task not in stepped.states()


def test_a_program_that_is_started_once_a_month_deletes_what_is_old(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("null"))
    for _ in range(3):
        restart_after(stepped, 31 * DAY)
    assert task not in stepped.states()


@pytest.mark.parametrize("before", [0.0, 89 * DAY])
def test_a_doubt_outlives_a_start_on_a_clock_that_was_further_ahead(
    stepped: Stepped, before: float
) -> None:
    task = stepped.ended(Succeeded("null"))
    stepped.jump(91 * DAY)
    stepped.clock.jump(before)
    stepped.restart()
    stepped.clock.jump(-before - 0.4)
    restart_after(stepped, 0)
    assert notices(stepped) == ["clock"]
    assert task in stepped.states()


@pytest.mark.parametrize(
    ("passed", "doubted"),
    [(89 * DAY, False), (91 * DAY, True), (-1.0, False), (-3600.0, True), (-DAY, True)],
)
def test_a_clock_is_doubted_that_does_not_fit_the_newest_event(
    stepped: Stepped, passed: float, doubted: bool
) -> None:
    stepped.ended(Failed("no", "", final=True))
    stepped.clock.time += passed
    stepped.restart()
    assert notices(stepped) == (["clock"] if doubted else [])
    assert bool(stepped.core.memory.doubt.doubted_until) == doubted


def test_a_doubt_ends_after_a_day_with_its_notice(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("null"))
    restart_after(stepped, 100 * DAY)
    pass_slowly(stepped, DAY - 300)
    assert task in stepped.states()
    assert notices(stepped) == ["clock"]
    pass_slowly(stepped, 300)
    assert task not in stepped.states()
    assert notices(stepped) == []


def test_deadlines_and_delays_take_a_doubted_clock_as_it_is(stepped: Stepped) -> None:
    late = stepped.add(run_at=START + 2 * DAY, deadline=START + 3 * DAY)
    due = stepped.add(run_at=START + DAY)
    restart_after(stepped, 100 * DAY)
    assert notices(stepped) == ["clock"]
    assert stepped.states() == {late: "failed", due: "running"}


def test_a_new_store_doubts_no_clock(stepped: Stepped) -> None:
    restart_after(stepped, 400 * DAY)
    assert notices(stepped) == []


def test_what_ended_on_a_clock_that_was_behind_is_known_once_it_is_right(stepped: Stepped) -> None:
    stepped.add()
    stepped.clock.time -= 31 * DAY
    stepped.restart()
    task = stepped.ended(Succeeded("null"))
    stepped.clock.time += 31 * DAY
    stepped.restart()
    pass_slowly(stepped, 3600)
    assert task in stepped.states()


def test_nor_does_a_small_jump_after_it(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("null"))
    stepped.jump(40 * DAY)
    stepped.clock.jump(2)
    pass_slowly(stepped, 60)
    assert task in stepped.states()


@pytest.mark.parametrize("jumps", [(), (8,), (8, -8), (-8,), (-8, 8), (20_000,), (20_000, -20_000)])
def test_a_key_is_known_for_a_week_when_the_clock_jumps(
    stepped: Stepped, jumps: tuple[float, ...]
) -> None:
    knows(stepped, "k")
    for days in jumps:
        pass_slowly(stepped, 3600)
        stepped.clock.jump(days * DAY)
        pass_slowly(stepped, 3600)
    pass_slowly(stepped, 6 * DAY)
    assert knows(stepped, "k")
    pass_slowly(stepped, 2 * DAY)
    assert not knows(stepped, "k")


def test_a_key_from_before_a_clock_that_was_wrong_at_the_start_is_kept_its_week(
    stepped: Stepped,
) -> None:
    for wrong in (-10_000 * DAY, 2 * DAY):
        knows(stepped, f"right {wrong}")
        stepped.clock.time += wrong
        stepped.restart()
        knows(stepped, f"fresh {wrong}")
        stepped.jump(-wrong)
        for name in ("right", "fresh"):
            (at,) = stepped.connection.execute(
                "SELECT created_at FROM idempotency WHERE key = ?", (f"{name} {wrong}",)
            ).fetchone()
            assert at == pytest.approx(stepped.clock.now() * 1000, abs=1000)
    pass_slowly(stepped, ANSWERS_MS / 1000 + DAY)
    assert not knows(stepped, f"right {2 * DAY}")


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_deadline_counted_from_acceptance_keeps_what_it_has_left(make: Make, jump: float) -> None:
    @declare(deadline=600, name="work")
    def brief() -> None: ...

    stepped = make(brief)
    waits, runs = stepped.add(delay=900), stepped.add()
    pass_slowly(stepped, 5)
    stepped.jump(jump)
    stepped.end(runs, Later("not now", "", 3600.0))
    assert stepped.states() == {waits: "scheduled", runs: "waiting"}
    stepped.clock.time = START + jump + 599
    stepped.settle()
    assert stepped.states() == {waits: "scheduled", runs: "waiting"}
    stepped.clock.time = START + jump + 600
    stepped.settle()
    assert stepped.states() == {waits: "failed", runs: "failed"}
