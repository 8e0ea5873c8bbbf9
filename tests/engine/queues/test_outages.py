"""Queues that wait for their server: one task probes, no attempt counts, nothing fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.reasons import STANDING, Reason
from desktop.contract.states import State
from desktop.engine.attempts.outcomes import Crashed, Failed, Held, Later
from desktop.engine.queues.limits import read_queues
from desktop.engine.reason_data import ServerAnswer
from desktop.engine.store.reads.catalogue import read_outlook
from desktop.engine.transaction.failures import Failure
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.pause_queue import pause, release, resume
from desktop.engine.verbs.retry import retry
from tests.engine.queues.letters import (
    AT_ONCE,
    DAY,
    GONE,
    SENT,
    SERVER,
    Post,
    at,
    go_offline,
    probing,
    wait,
)
from tests.engine.stepped import START

if TYPE_CHECKING:
    from desktop.contract.queues import QueueHold
    from tests.engine.stepped import Stepped

TOO_EARLY = Later("the letter is not ready", "", counts=False)
NOT_NOW = Later("451 try later", "", answer=ServerAnswer(SERVER, 451))
REFUSED = Failed("550 no such user", "", final=True, answer=ServerAnswer(SERVER, 550))


def test_one_task_probes_at_doubling_intervals(post: Post) -> None:
    stepped, told = post
    go_offline(stepped)
    assert not stepped.lane.running
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        wait(stepped, seconds - 0.01)
        assert not stepped.lane.running
        wait(stepped, 0.01)
        stepped.end(probing(stepped), GONE)
    assert [notice["active"] for notice in told] == [True]


def test_every_open_task_whose_time_has_come_says_so(post: Post) -> None:
    stepped, _ = post
    later = stepped.add("letter", delay=5)
    go_offline(stepped)
    for number in range(1, 7):
        row = stepped.task(number)
        assert (row["state"], row["reason"]) == (State.QUEUED, Reason.OFFLINE)
        data = row["reason_data"]
        assert (data["queue"], data["server"]) == ("post", SERVER)
        assert (data["since"], data["until"]) == (at(0), at(1))
    assert stepped.task(later)["reason"] == Reason.DELAYED
    assert {Reason.OFFLINE, Reason.QUOTA} <= STANDING
    assert read_outlook(stepped.connection, {})[0] == 6
    held = held_at(stepped, 0)
    assert (held["kind"], held["until"], held["is_trying"]) == (Reason.OFFLINE, at(1), False)


def test_a_queue_tells_whether_its_server_is_being_tried(post: Post) -> None:
    stepped, _ = post
    go_offline(stepped)
    wait(stepped, 0.2)
    stepped.do(lambda group: release(group, "post"))
    assert held_at(stepped, 0.2)["is_trying"]
    stepped.do(lambda group: pause(group, "post"))
    assert not held_at(stepped, 0.3)["is_trying"]
    stepped.do(lambda group: resume(group, "post"))
    stepped.end(probing(stepped), GONE)
    assert not held_at(stepped, 0.2)["is_trying"]


def held_at(stepped: Stepped, seconds: float) -> QueueHold:
    """Tell why the queue waits, so many seconds after the start."""
    now = round((START + seconds) * 1000)
    queues = read_queues(stepped.connection, stepped.registry, {}, now)
    (held,) = (each["held"] for each in queues if each["name"] == "post")
    assert held is not None
    return held


def test_a_task_that_was_too_early_tells_nothing_of_the_server(post: Post) -> None:
    stepped, _ = post
    go_offline(stepped)
    wait(stepped, 1)
    first = probing(stepped)
    stepped.end(first, TOO_EARLY)
    assert probing(stepped) != first
    assert held_at(stepped, 1)["kind"] == Reason.OFFLINE


def test_attempts_grow_and_none_counts(post: Post) -> None:
    stepped, _ = post
    go_offline(stepped)
    wait(stepped, 1)
    first = probing(stepped)
    stepped.end(first, GONE)
    row = stepped.task(first)
    assert (row["attempt"], row["max_attempts"]) == (2, 5)


def test_the_probes_of_one_outage_are_one_line_with_a_count(post: Post) -> None:
    stepped, _ = post
    go_offline(stepped)
    for seconds in (1, 2, 4):
        wait(stepped, seconds)
        stepped.end(probing(stepped), GONE)
    wait(stepped, 8)
    first = probing(stepped)
    stepped.end(first, NOT_NOW)
    outage, answered = stepped.task(first)["history"]
    assert (outage["outcome"], outage["attempt"], outage["count"]) == ("offline", 4, 4)
    assert (outage["started_at"], outage["finished_at"]) == (at(0), at(7))
    assert (answered["attempt"], answered["count"]) == (5, 1)


def test_another_outage_is_another_line(post: Post) -> None:
    stepped, _ = post
    go_offline(stepped)
    urgent = stepped.add("letter", priority=1)
    wait(stepped, 1)
    stepped.end(urgent, SENT)
    go_offline(stepped)
    assert [line["attempt"] for line in stepped.task(1)["history"]] == [1, 2]


@pytest.mark.parametrize("answer", [SENT, REFUSED, NOT_NOW])
def test_any_answer_of_the_server_lets_all_go_on(post: Post, answer: Any) -> None:
    stepped, told = post
    go_offline(stepped)
    wait(stepped, 1)
    stepped.end(probing(stepped), answer)
    assert len(stepped.lane.running) == AT_ONCE
    assert [notice["active"] for notice in told] == [True, False]


@pytest.mark.parametrize("silence", [Crashed("signal 9"), Held("correct the template", "")])
def test_what_says_nothing_of_the_server_leaves_it_to_the_next(post: Post, silence: Any) -> None:
    stepped, told = post
    go_offline(stepped)
    wait(stepped, 1)
    stepped.end(probing(stepped), silence)
    probing(stepped)
    assert len(told) == 1


def test_a_wrong_password_found_by_the_probe_holds_the_queue_for_a_person(post: Post) -> None:
    stepped, told = post
    go_offline(stepped)
    wait(stepped, 1)
    stepped.end(probing(stepped), Held("535 wrong password", "", whole_queue=True))
    assert not stepped.lane.running
    assert stepped.task(2)["reason"] == Reason.QUEUE_HELD
    assert told[-1]["active"]
    assert "535" in told[-1]["text"]
    wait(stepped, DAY)
    assert not stepped.lane.running


def test_tasks_held_before_the_outage_go_on_after_it(post: Post) -> None:
    """A release frees them in steps, and the trial may find the server gone in the meantime."""
    stepped, _ = post
    wrong = Held("535 wrong password", "", whole_queue=True)
    for number in list(stepped.lane.running):
        stepped.end(number, wrong)
    stepped.do(lambda group: release(group, "post"))
    stepped.end(probing(stepped), GONE)
    wait(stepped, 1)
    stepped.end(probing(stepped), SENT)
    assert len(stepped.lane.running) == AT_ONCE
    assert set(stepped.states().values()) == {"succeeded", "running", "queued"}


def test_pause_cancel_and_deadlines_work_meanwhile(post: Post) -> None:
    stepped, _ = post
    late = stepped.add("letter", deadline=START + 30)
    go_offline(stepped)
    stepped.change(cancel, 1)
    stepped.do(lambda group: pause(group, "post"))
    assert stepped.task(2)["reason"] == Reason.QUEUE_PAUSED
    wait(stepped, 31)
    assert not stepped.lane.running
    assert stepped.task(late)["reason"] == Reason.DEADLINE_PASSED
    stepped.do(lambda group: resume(group, "post"))
    assert probing(stepped) == 2
    stepped.change(cancel, 2)
    stepped.end(2, GONE)
    assert (stepped.state(1), stepped.state(2)) == ("cancelled", "cancelled")


@pytest.mark.parametrize(
    "try_now",
    [
        lambda stepped: stepped.change(retry, 5),
        lambda stepped: stepped.do(lambda group: release(group, "post")),
    ],
    ids=["retry of a task", "release of the queue"],
)
def test_try_now_probes_at_once_and_the_outage_stays_the_same(post: Post, try_now: Any) -> None:
    stepped, told = post
    go_offline(stepped)
    for seconds in (1, 2, 4, 8):
        wait(stepped, seconds)
        stepped.end(probing(stepped), GONE)
    try_now(stepped)
    try_now(stepped)
    stepped.end(probing(stepped), GONE)
    assert stepped.task(1)["reason_data"]["since"] == at(0)
    assert len(told) == 1
    assert not stepped.lane.running


def test_the_log_hears_of_an_outage_once(post: Post) -> None:
    stepped, _ = post
    told: list[Failure] = []
    stepped.journal.on_failures = told.extend
    go_offline(stepped)
    for seconds in (1, 2, 4):
        wait(stepped, seconds)
        stepped.end(probing(stepped), GONE)
    assert [(each.is_last, each.error) for each in told] == [(False, GONE.error)]


def test_an_outage_survives_a_restart(post: Post) -> None:
    stepped, _ = post
    go_offline(stepped)
    for seconds in (1, 2, 4):
        wait(stepped, seconds)
        stepped.end(probing(stepped), GONE)
    stepped.restart()
    assert stepped.task(1)["reason_data"]["since"] == at(0)
    assert not stepped.lane.running
    wait(stepped, 8)
    stepped.lane.running.clear()
    stepped.restart()  # the probe died with the program; the next one follows at once
    assert probing(stepped) == 1
    stepped.end(1, SENT)
    assert len(stepped.lane.running) == AT_ONCE


@pytest.mark.parametrize("jump", [-DAY, -5.0, 5.0, DAY])
def test_a_clock_that_is_set_changes_no_interval(post: Post, jump: float) -> None:
    stepped, _ = post
    go_offline(stepped)
    for seconds in (1, 2, 4, 8):
        wait(stepped, seconds)
        stepped.end(probing(stepped), GONE)
    stepped.clock.jump(jump)
    wait(stepped, 15.9)
    assert not stepped.lane.running
    wait(stepped, 0.1)
    stepped.clock.jump(jump)
    wait(stepped, 0)
    stepped.end(probing(stepped), GONE)
    wait(stepped, 31.9)
    assert not stepped.lane.running


def test_an_attempt_from_before_moves_no_interval(post: Post) -> None:
    stepped, _ = post
    first, *others = stepped.lane.running
    stepped.end(first, GONE)
    wait(stepped, 1)
    assert set(stepped.lane.running) == {first, *others}  # it probes beside the slow ones
    for number in others:
        stepped.end(number, GONE)
    stepped.end(first, GONE)
    wait(stepped, 2)
    probing(stepped)
