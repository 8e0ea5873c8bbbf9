"""What becomes of a task when an attempt of it ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sendoff_tasks import (
    Retry,
    exponential,
)
from sendoff_tasks import (
    task as declare,
)
from sendoff_tasks.attempts.outcomes import (
    AGAIN_S,
    Crashed,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.functions.backoff import (
    Backoff,
)
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.resolve import resolve
from tests.engine.stepped import BACKOFF, START, Make, Stepped


def test_a_result_ends_it_and_is_kept(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.clock.time += 2
    stepped.end(task, Succeeded('{"sent":1}'))
    told = stepped.task(task)
    assert (told["state"], told["result"], told["reason"]) == ("succeeded", {"sent": 1}, None)
    assert told["finished_at"] == wire_time(int((START + 2) * 1000))
    assert [(a["attempt"], a["outcome"]) for a in told["history"]] == [(1, "succeeded")]


@pytest.mark.parametrize(
    ("outcome", "seconds", "reason"),
    [
        (NotBegun("No thread."), AGAIN_S, "no_room"),
        (Later("No file.", "", after=7.0, counts=False), 7.0, "retry_later"),
    ],
)
def test_what_was_too_early_waits_and_does_not_count(
    stepped: Stepped, outcome: Outcome, seconds: float, reason: str
) -> None:
    task = stepped.add()
    for number in range(1, 8):
        stepped.end(task, outcome)
        told = stepped.task(task)
        assert (told["state"], told["attempt"], told["reason"]) == ("waiting", number, reason)
        assert told["history"][-1]["outcome"] == "too early"
        stepped.wait(seconds - 0.001)
        assert stepped.state(task) == "waiting"
        stepped.wait(0.001)
    for _ in range(3):
        assert stepped.state(task) == "running"
        stepped.end(task, Failed("no", ""))
        stepped.wait(BACKOFF)
    assert stepped.task(task)["reason"] == Reason.ATTEMPTS_USED_UP


def test_what_could_not_begin_leaves_the_crashes_counted(stepped: Stepped) -> None:
    task = stepped.add()
    for outcome in (Crashed("x"), NotBegun("no thread"), Crashed("x"), Crashed("x")):
        stepped.end(task, outcome)
        stepped.wait(AGAIN_S)
    assert stepped.task(task)["reason"] == Reason.HELD_AFTER_CRASHES


@pytest.mark.parametrize(
    "outcome", [Crashed("it was killed"), GivenBack(), LeftUncertain("", "", cut_short=True)]
)
def test_past_the_point_of_no_return_only_an_answer_is_certain(
    stepped: Stepped, outcome: Crashed | GivenBack | LeftUncertain
) -> None:
    """The server is not blamed for it: these have a cause of their own."""
    silent, task = stepped.add(), stepped.add()
    for number in (silent, task):
        stepped.cross(number, to="mx.example.org").result(0)
    stepped.end(silent, LeftUncertain("no answer in 600 s", ""))
    stepped.end(task, outcome)
    assert stepped.state(task) == "uncertain"
    assert stepped.task(task)["reason"] == "cut_short"
    assert stepped.task(task)["cause"] != stepped.task(silent)["cause"]


def test_a_cancel_past_the_point_of_no_return_is_said_to_be_a_persons(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.change(cancel, task)
    stepped.end(task, LeftUncertain("", "", cut_short=True))  # killed as it was about to pass it
    row = stepped.task(task)
    assert (row["state"], row["reason"]) == ("uncertain", "stopped_by_person")
    assert row["reason"] == Reason.STOPPED_BY_PERSON


def test_traces_of_it_from_before_leave_a_task_to_a_person(stepped: Stepped) -> None:
    task = stepped.add()
    assert not stepped.lane.running[task].asked_again
    stepped.end(task, LeftUncertain("The letter is there already.", ""))
    row = stepped.task(task)
    assert (row["state"], row["reason"]) == ("uncertain", "may_be_done")
    assert row["error"] == "The letter is there already."
    assert row["cause"] is not None
    stepped.change(resolve, task, "again")
    assert stepped.lane.running[task].asked_again  # so it does not look for traces
    stepped.end(task, Later("451 try again", "", 1))
    stepped.wait(1)
    assert stepped.lane.running[task].asked_again
    stepped.restart()  # as after a kill
    stepped.settle()
    assert not stepped.lane.running[task].asked_again, "how far it came may be lost"


def test_an_earlier_point_of_no_return_does_not_explain_a_trace(stepped: Stepped) -> None:
    """The message in ``sent/`` was of a lost attempt, not of the refused one before."""
    task = stepped.add()
    stepped.cross(task).result(0)
    stepped.end(task, Later("451 try again", "", 1))
    stepped.wait(1)
    assert not stepped.lane.running[task].asked_again


@pytest.mark.parametrize(
    ("outcome", "said", "why"),
    [
        (Crashed("It was killed."), "It was killed.", Reason.RESCUED),
        (GivenBack(), "The engine stopped while the task ran.", Reason.GIVEN_BACK),
        (GivenBack(begun=False), "The attempt had not begun.", Reason.GIVEN_BACK),
    ],
)
def test_what_begins_again_says_why_it_may(
    make: Make, outcome: Crashed | GivenBack, said: str, why: str
) -> None:
    stepped = make(slots=1)
    task, urgent = stepped.add(), stepped.add(priority=1)
    stepped.end(task, outcome)
    assert stepped.state(urgent) == "running"
    told = stepped.task(task)
    assert (told["state"], told["history"][0]["error"], told["max_attempts"]) == ("queued", said, 4)
    assert told["reason"] == why


def test_a_failure_between_crashes_restarts_the_count(stepped: Stepped) -> None:
    task = stepped.add()
    for outcome in (Crashed("x"), Crashed("x"), Failed("no", ""), Crashed("x"), Crashed("x")):
        stepped.end(task, outcome)
        stepped.wait(BACKOFF)
    assert stepped.state(task) == "running"


def test_a_queue_is_held_with_one_notice_and_its_other_tasks_stay_queued(stepped: Stepped) -> None:
    heard: list[Notice] = []
    stepped.journal.board.on_notice(heard.append)
    tasks = [stepped.add("narrow") for _ in range(4)]
    for task in tasks[:2]:
        stepped.end(task, Held("535 wrong password", "", whole_queue=True, action="mail_settings"))
    assert [notice["text"] for notice in heard] == ["535 wrong password"]
    assert heard[0]["action"] == "mail_settings"
    assert [stepped.state(task) for task in tasks] == ["waiting", "waiting", "queued", "queued"]
    assert stepped.task(tasks[3])["reason_data"]["text"] == "535 wrong password"


def test_a_held_queue_stays_held_after_a_restart_until_it_is_released(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(3)]
    stepped.end(tasks[0], Held("535", "", whole_queue=True))
    stepped.end(tasks[1], Succeeded("null"))
    stepped.restart()
    assert stepped.state(tasks[2]) == "queued"
    heard: list[Notice] = []
    stepped.journal.board.on_notice(heard.append)
    assert stepped.release("narrow") == 1
    assert [notice["active"] for notice in heard] == [False]
    assert [stepped.state(task) for task in tasks] == ["running", "succeeded", "queued"]


@pytest.mark.parametrize(
    "outcome",
    [
        Failed("no", ""),
        Later("no", ""),
        NotBegun("no"),
        Held("no", ""),
        Crashed("no"),
        GivenBack(),
    ],
)
def test_what_would_be_tried_again_is_not_when_a_person_cancelled_it(
    stepped: Stepped, outcome: Outcome
) -> None:
    task = stepped.add()
    stepped.change(cancel, task)
    stepped.end(task, outcome)
    assert stepped.state(task) == "cancelled"


LONGEST = exponential(2, cap=3600).ceiling(1)
"""The longest wait of the default backoff after a first failure, s."""


def broken(attempt: int, random: Random) -> float:
    raise ZeroDivisionError


def tried(backoff: Backoff) -> Callable[..., None]:
    @declare(name="tried", retry=Retry(attempts=5, backoff=backoff))
    def run() -> None: ...

    return run


def test_a_crash_does_not_lengthen_the_wait(make: Make) -> None:
    asked: list[int] = []

    def backoff(attempt: int, random: Random) -> float:
        asked.append(attempt)
        return 1.0

    stepped = make(tried(backoff))
    number = stepped.add("tried")
    for outcome in (Crashed("signal 9"), Failed("no", ""), Failed("no", "")):
        stepped.end(number, outcome)
        stepped.wait(1.0)
    assert asked == [1, 2]


@pytest.mark.parametrize("backoff", [broken, lambda attempt, random: math.nan])
def test_a_broken_backoff_is_replaced_by_the_default(
    make: Make, backoff: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stepped = make(tried(backoff))
    number = stepped.ended(Failed("no", ""), "tried")
    told = stepped.task(number)
    assert told["state"] == "waiting"
    assert told["run_at"] <= wire_time(round((START + LONGEST) * 1000))
    logged = [each for each in caplog.records if "backoff" in each.message]
    assert len(logged) == (backoff is broken)
