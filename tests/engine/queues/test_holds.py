"""Tasks whose function is gone wait for its return."""

from __future__ import annotations

from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import Crashed, Failed, Held, Later, Misfit, Succeeded
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.functions.registry import task as described
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.queues import QueueHold
from sendoff_tasks.model.reasons import QUEUE_STOPS, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.queues import holds
from sendoff_tasks.queues.holds import STEP
from sendoff_tasks.queues.limits import read_queues
from sendoff_tasks.store.reads.catalogue import read_outlook
from sendoff_tasks.transaction.failures import Failure
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.words.table import ENGLISH
from tests.engine.queues.letters import (
    AT_ONCE,
    DAY,
    GONE,
    SENT,
    SERVER,
    at,
    go_offline,
    probing,
)
from tests.engine.stepped import START, Make, Stepped, narrow, registry, work


def test_tasks_whose_function_is_gone_wait_for_its_return(make: Make) -> None:
    stepped = make(slots=0)
    task = stepped.add("narrow")
    stepped.registry, stepped.slots = registry(work), 3
    stepped.restart()
    assert stepped.state(task) == "waiting"
    assert "no task named “narrow”" in stepped.task(task)["reason_data"]["text"]
    assert stepped.task(task)["title"] == "Narrow"
    with pytest.raises(Exception, match="no task named"):
        stepped.change(retry, task)
    stepped.registry = registry(work, narrow)
    stepped.restart()
    assert stepped.state(task) == "running"


def test_a_hold_for_a_function_is_logged_with_a_way_out(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    stepped = make(slots=0)
    stepped.add_many(3, "narrow")
    stepped.registry, stepped.slots = registry(work), 3
    stepped.restart()
    stepped.settle()
    (record,) = [each for each in caplog.records if each.name == holds.__name__]
    assert record.levelname == "WARNING"
    assert "Tasks of narrow are on hold: There is no task named “narrow”." in record.getMessage()
    assert "aliases" in record.getMessage()


def test_many_tasks_whose_function_is_there_again_go_on_in_groups_that_stay_short(
    make: Make,
) -> None:
    stepped = make(slots=0)
    stepped.add_many(2 * STEP + 7, "narrow")
    stepped.registry = registry(work)
    stepped.slots = 3
    stepped.restart()
    stepped.settle()
    assert set(stepped.states().values()) == {"waiting"}
    stepped.registry = registry(work, narrow)
    stepped.restart()  # with one step
    assert list(stepped.states().values()).count("waiting") == STEP + 7
    stepped.settle()
    assert set(stepped.states().values()) == {"queued", "running"}


def test_a_task_stored_for_other_code_waits_for_its_return_and_counts_no_attempt(
    stepped: Stepped,
) -> None:
    task = stepped.ended(Misfit("Its function takes other arguments now: too many.", "Traceback"))
    told = stepped.task(task)
    assert (told["state"], told["run_at"], told["max_attempts"]) == ("waiting", None, 4)
    assert (
        told["reason_data"]["text"]
        == told["error"]
        == "Its function takes other arguments now: too many."
    )
    assert told["history"][0]["traceback"] == "Traceback"
    stepped.registry.exchange({"work": ""}, [work])  # as a changed file would
    stepped.settle()
    assert (stepped.state(task), stepped.task(task)["attempt"]) == ("running", 2)


def test_why_a_function_is_missing_or_another_is_told_as_data(stepped: Stepped) -> None:
    task = stepped.ended(Misfit(ENGLISH.say("attempt", "misfit", why="too many"), ""))
    assert stepped.task(task)["reason_data"]["told"]["refusal"] == "attempt.misfit"
    stepped.registry.exchange({"work": ENGLISH.say("function", "missing", name="work")}, ())
    stepped.settle()
    assert stepped.task(task)["reason_data"]["told"]["refusal"] == "function.missing"


def test_a_task_whose_code_came_back_while_it_was_on_its_way_is_not_held(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.registry.exchange({"work": "It broke."}, ())
    stepped.registry.exchange({}, [described(name="work")(lambda *args: None)])
    stepped.settle()
    stepped.end(task, Misfit("Its function cannot be loaded: SyntaxError", ""))
    assert (stepped.state(task), stepped.task(task)["attempt"]) == ("running", 2)
    stepped.end(task, Misfit("Its function cannot be loaded: SyntaxError", ""))
    assert stepped.state(task) == "waiting"


def test_all_that_wait_for_a_function_say_why_it_is_missing_by_now_a_few_a_group(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "STEP", 2)
    tasks = [stepped.add(delay=60) for _ in range(5)]
    stepped.registry.exchange({"work": "a.py is broken."}, ())
    stepped.wait(60)
    for reason in ("a.py is gone.", "It is gone."):
        stepped.registry.exchange({"work": reason}, ())
        told = []
        for _ in range(3):
            stepped.step()
            told.append(
                sum(stepped.task(task)["reason_data"]["text"].startswith(reason) for task in tasks)
            )
        assert told == [2, 4, 5]


def test_a_function_that_is_withdrawn_holds_what_is_queued_and_its_return_lets_it_go(
    make: Make,
) -> None:
    stepped = make(work, slots=1)
    running, queued = stepped.add(), stepped.add()
    stepped.registry.exchange({"work": "The tasks in a.py cannot be used: line 3: no."}, ())
    stepped.settle()
    assert stepped.state(running) == "running"
    held = stepped.task(queued)
    assert (held["state"], held["run_at"]) == ("waiting", None)
    assert held["reason_data"]["text"] == "The tasks in a.py cannot be used: line 3: no."
    stepped.registry.exchange({"work": "a.py is gone."}, ())
    stepped.settle()
    assert stepped.task(queued)["reason_data"]["text"] == "a.py is gone."
    stepped.registry.add(work)
    stepped.settle()
    assert stepped.state(queued) == "queued"
    stepped.end(running, Succeeded("1"))
    assert stepped.state(queued) == "running"


TOO_EARLY = Later("the letter is not ready", "", counts=False)
NOT_NOW = Later("451 try later", "", answer=ServerAnswer(SERVER, 451))
REFUSED = Failed("550 no such user", "", final=True, answer=ServerAnswer(SERVER, 550))


def test_one_task_probes_at_doubling_intervals(offline: Stepped, told: list[Notice]) -> None:
    assert not offline.lane.running
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        offline.wait(seconds - 0.01)
        assert not offline.lane.running
        offline.wait(0.01)
        offline.end(probing(offline), GONE)
    assert [notice["active"] for notice in told] == [True]


def test_every_open_task_whose_time_has_come_says_so(post: Stepped) -> None:
    later = post.add("letter", delay=5)
    go_offline(post)
    for number in range(1, 7):
        row = post.task(number)
        assert (row["state"], row["reason"]) == (State.QUEUED, Reason.OFFLINE)
        data = row["reason_data"]
        assert (data["queue"], data["server"]) == ("post", SERVER)
        assert (data["since"], data["until"]) == (at(0), at(1))
    assert post.task(later)["reason"] == Reason.DELAYED
    assert {Reason.OFFLINE, Reason.QUOTA} <= QUEUE_STOPS
    assert read_outlook(post.connection, {})[0] == 6
    held = held_at(post, 0)
    assert (held["kind"], held["until"], held["is_trying"]) == (Reason.OFFLINE, at(1), False)


def test_a_queue_tells_whether_its_server_is_being_tried(offline: Stepped) -> None:
    offline.wait(0.2)
    offline.release("post")
    assert held_at(offline, 0.2)["is_trying"]
    offline.pause("post")
    assert not held_at(offline, 0.3)["is_trying"]
    offline.resume("post")
    offline.end(probing(offline), GONE)
    assert not held_at(offline, 0.2)["is_trying"]


def held_at(stepped: Stepped, seconds: float) -> QueueHold:
    """Tell why the queue waits, so many seconds after the start."""
    now = round((START + seconds) * 1000)
    queues = read_queues(stepped.connection, stepped.registry, {}, now)
    (held,) = (each["held"] for each in queues if each["name"] == "post")
    assert held is not None
    return held


def test_a_task_that_was_too_early_tells_nothing_of_the_server(offline: Stepped) -> None:
    offline.wait(1)
    first = probing(offline)
    offline.end(first, TOO_EARLY)
    assert probing(offline) != first
    assert held_at(offline, 1)["kind"] == Reason.OFFLINE


def test_the_probes_of_one_outage_are_one_line_with_a_count(offline: Stepped) -> None:
    for seconds in (1, 2, 4):
        offline.wait(seconds)
        offline.end(probing(offline), GONE)
    offline.wait(8)
    first = probing(offline)
    offline.end(first, NOT_NOW)
    outage, answered = offline.task(first)["history"]
    assert (outage["outcome"], outage["attempt"], outage["count"]) == ("offline", 4, 4)
    assert (outage["started_at"], outage["finished_at"]) == (at(0), at(7))
    assert (answered["attempt"], answered["count"]) == (5, 1)


def test_another_outage_is_another_line(offline: Stepped) -> None:
    urgent = offline.add("letter", priority=1)
    offline.wait(1)
    offline.end(urgent, SENT)
    go_offline(offline)
    assert [line["attempt"] for line in offline.task(1)["history"]] == [1, 2]


@pytest.mark.parametrize("answer", [SENT, REFUSED, NOT_NOW])
def test_any_answer_of_the_server_lets_all_go_on(
    offline: Stepped, told: list[Notice], answer: Any
) -> None:
    offline.wait(1)
    offline.end(probing(offline), answer)
    assert len(offline.lane.running) == AT_ONCE
    assert [notice["active"] for notice in told] == [True, False]


@pytest.mark.parametrize("silence", [Crashed("signal 9"), Held("correct the template", "")])
def test_what_says_nothing_of_the_server_leaves_it_to_the_next(
    offline: Stepped, told: list[Notice], silence: Any
) -> None:
    offline.wait(1)
    offline.end(probing(offline), silence)
    probing(offline)
    assert len(told) == 1


def test_a_wrong_password_found_by_the_probe_holds_the_queue_for_a_person(
    offline: Stepped, told: list[Notice]
) -> None:
    offline.wait(1)
    offline.end(probing(offline), Held("535 wrong password", "", whole_queue=True))
    assert not offline.lane.running
    assert offline.task(2)["reason"] == Reason.QUEUE_HELD
    assert told[-1]["active"]
    assert "535" in told[-1]["text"]
    offline.wait(DAY)
    assert not offline.lane.running


def test_pause_cancel_and_deadlines_work_meanwhile(post: Stepped) -> None:
    late = post.add("letter", deadline=START + 30)
    go_offline(post)
    post.change(cancel, 1)
    post.pause("post")
    assert post.task(2)["reason"] == Reason.QUEUE_PAUSED
    post.wait(31)
    assert not post.lane.running
    assert post.task(late)["reason"] == Reason.DEADLINE_PASSED
    post.resume("post")
    assert probing(post) == 2
    post.change(cancel, 2)
    post.end(2, GONE)
    assert (post.state(1), post.state(2)) == ("cancelled", "cancelled")


@pytest.mark.parametrize(
    "try_now",
    [
        lambda stepped: stepped.change(retry, 5),
        lambda stepped: stepped.release("post"),
    ],
    ids=["retry of a task", "release of the queue"],
)
def test_try_now_probes_at_once_and_the_outage_stays_the_same(
    offline: Stepped, told: list[Notice], try_now: Any
) -> None:
    for seconds in (1, 2, 4, 8):
        offline.wait(seconds)
        offline.end(probing(offline), GONE)
    try_now(offline)
    try_now(offline)
    offline.end(probing(offline), GONE)
    assert offline.task(1)["reason_data"]["since"] == at(0)
    assert len(told) == 1
    assert not offline.lane.running


def test_the_log_hears_of_an_outage_once(post: Stepped) -> None:
    told: list[Failure] = []
    post.journal.on_failures = told.extend
    go_offline(post)
    for seconds in (1, 2, 4):
        post.wait(seconds)
        post.end(probing(post), GONE)
    assert [(each.is_last, each.error) for each in told] == [(False, GONE.error)]


def test_an_outage_survives_a_restart(offline: Stepped) -> None:
    for seconds in (1, 2, 4):
        offline.wait(seconds)
        offline.end(probing(offline), GONE)
    offline.restart()
    assert offline.task(1)["reason_data"]["since"] == at(0)
    assert not offline.lane.running
    offline.wait(8)
    offline.lane.running.clear()
    offline.restart()  # the probe died with the program; the next one follows at once
    assert probing(offline) == 1
    offline.end(1, SENT)
    assert len(offline.lane.running) == AT_ONCE


@pytest.mark.parametrize("jump", [-DAY, -5.0, 5.0, DAY])
def test_a_clock_that_is_set_changes_no_interval(offline: Stepped, jump: float) -> None:
    for seconds in (1, 2, 4, 8):
        offline.wait(seconds)
        offline.end(probing(offline), GONE)
    offline.clock.jump(jump)
    offline.wait(15.9)
    assert not offline.lane.running
    offline.wait(0.1)
    offline.clock.jump(jump)
    offline.wait(0)
    offline.end(probing(offline), GONE)
    offline.wait(31.9)
    assert not offline.lane.running


def test_an_attempt_from_before_moves_no_interval(post: Stepped) -> None:
    first, *others = post.lane.running
    post.end(first, GONE)
    post.wait(1)
    assert set(post.lane.running) == {first, *others}  # it probes beside the slow ones
    for number in others:
        post.end(number, GONE)
    post.end(first, GONE)
    post.wait(2)
    probing(post)
