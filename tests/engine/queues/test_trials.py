"""A wait for a server lasts as long as there is a task that could ask it."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.events import Notice
from desktop.contract.reasons import Reason
from desktop.engine.attempts.outcomes import (
    Cancelled,
    Crashed,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from desktop.engine.errors import NotWritable
from desktop.engine.queues.holds import free_queue
from desktop.engine.queues.limits import QueueLimit
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.pause_queue import release
from tests.engine.queues.letters import (
    AT_ONCE,
    DAY,
    FULL,
    GONE,
    SENT,
    go_offline,
    letter,
    limited_daily,
    probing,
)
from tests.engine.stepped import BACKOFF, START, Make, Stepped
from tests.items.batches.office import Office, mail, row

WRONG = Held("535 wrong password", "", whole_queue=True, action="mail_settings")


@pytest.fixture
def held(make: Make) -> Stepped:
    """Give an engine with six tasks of a held queue, two of which have found out."""
    stepped = make(slots=5)
    tasks = [stepped.add("narrow") for _ in range(6)]
    for task in tasks[:2]:
        stepped.end(task, WRONG)
    assert not stepped.lane.running
    return stepped


def let_go(stepped: Stepped) -> None:
    stepped.release("narrow")


def trying(stepped: Stepped) -> int:
    (task,) = stepped.lane.running
    return task


def test_one_tries_and_the_others_say_that_they_wait_for_it(held: Stepped) -> None:
    let_go(held)
    assert trying(held) == 1
    assert held.task(3)["why"] == "1 ahead, narrow tries one before the others."


def test_where_nothing_was_cured_no_other_has_tried(held: Stepped) -> None:
    for _ in range(3):
        begun = len(held.lane.started)
        let_go(held)
        held.end(trying(held), WRONG)
        assert len(held.lane.started) == begun + 1
        assert not held.lane.running


@pytest.mark.parametrize(
    "outcome",
    [Succeeded("null"), Failed("550 no such user", "", final=True), LeftUncertain("no answer", "")],
)
def test_with_its_answer_the_others_follow(held: Stepped, outcome: Outcome) -> None:
    let_go(held)
    held.end(trying(held), outcome)
    assert len(held.lane.running) == 2


@pytest.mark.parametrize(
    "outcome",
    [Later("cannot be reached", ""), Crashed("signal 9"), GivenBack(), Held("correct it", "")],
)
def test_what_says_nothing_of_the_cure_leaves_it_to_the_next_alone(
    held: Stepped, outcome: Outcome
) -> None:
    let_go(held)
    held.end(trying(held), outcome)
    held.end(trying(held), Succeeded("null"))
    assert len(held.lane.running) == 2


def test_a_release_of_what_is_not_held_delays_no_task(make: Make) -> None:
    stepped = make(slots=5)
    let_go(stepped)
    for _ in range(3):
        stepped.add("narrow")
    assert len(stepped.lane.running) == 2


def test_the_end_of_a_trial_that_the_disk_refused_comes_with_the_next_group(held: Stepped) -> None:
    let_go(held)
    claim = held.lane.running.pop(trying(held))
    held.fuse.set(0, full=True)
    held.ledger.finish(claim, Succeeded("null"))
    held.step()
    assert not held.lane.running
    held.fuse.set(None)
    held.wait(BACKOFF)
    assert len(held.lane.running) == 2


def test_a_release_that_the_disk_refused_begins_no_trial(held: Stepped) -> None:
    held.fuse.set(1, full=True)
    refused = held.ask(lambda group: release(group, "narrow"))
    held.step()
    assert isinstance(refused.exception(0), NotWritable)
    held.fuse.set(None)
    held.clock.time += BACKOFF
    held.do(lambda group: free_queue(group, "narrow"))
    assert len(held.lane.running) == 2


HOUR = 3600.0
TEMPLATE = Held("The template asks for “seat”.", "")


def held_queues(stepped: Stepped) -> set[str]:
    return set(stepped.core.memory.held_queues)


def leave_one(stepped: Stepped) -> None:
    for number in range(2, 7):
        stepped.change(cancel, number)


def cancel_running(stepped: Stepped, number: int) -> None:
    stepped.change(cancel, number)
    stepped.end(number, Cancelled())


@pytest.mark.parametrize("found", [GONE, FULL], ids=["offline", "quota"])
@pytest.mark.parametrize(
    "end",
    [lambda stepped, number: stepped.end(number, TEMPLATE), cancel_running],
    ids=["on hold", "cancelled"],
)
def test_it_ends_with_the_trial_of_the_last_task(
    post: Stepped, told: list[Notice], found: Any, end: Any
) -> None:
    go_offline(post, found)
    leave_one(post)
    post.wait(HOUR)
    end(post, probing(post))
    assert not held_queues(post)
    assert not told[-1]["active"]
    for _ in range(AT_ONCE):
        post.add("letter")
    assert len(post.lane.running) == AT_ONCE


@pytest.mark.parametrize("found", [GONE, FULL], ids=["offline", "quota"])
def test_each_trial_without_an_answer_is_followed_by_another(
    post: Stepped, told: list[Notice], found: Any
) -> None:
    go_offline(post, found)
    post.wait(HOUR)
    for _ in range(6):
        assert held_queues(post) == {"post"}
        post.end(probing(post), TEMPLATE)
    assert [notice["active"] for notice in told] == [True, False]


@pytest.mark.parametrize("crashes", [1, 2])
def test_one_that_crashes_tries_again_until_it_is_stopped(full: Stepped, crashes: int) -> None:
    leave_one(full)
    full.wait(HOUR)
    for _ in range(crashes):
        full.end(1, Crashed("signal 9"))
        assert held_queues(full) == {"post"}
    full.lane.running.clear()
    full.restart()
    assert held_queues(full) == ({"post"} if crashes < 2 else set())


def test_without_a_task_it_ends_at_its_time(full: Stepped, told: list[Notice]) -> None:
    """Until then it is known what a message that is accepted meanwhile would be told."""
    for number in range(1, 7):
        full.change(cancel, number)
    full.wait(HOUR - 1)
    assert held_queues(full) == {"post"}
    full.wait(1)
    assert not held_queues(full)
    assert [notice["active"] for notice in told] == [True, False]


def test_it_ends_when_the_last_task_meets_its_deadline(post: Stepped) -> None:
    late = post.add("letter", deadline=START + 30)
    go_offline(post, FULL)
    for number in range(1, late):
        post.change(cancel, number)
    post.wait(30)
    post.release("post")
    assert not held_queues(post)


def test_try_now_ends_it_where_no_task_can_ask(post: Stepped) -> None:
    later = post.add("letter", delay=DAY)
    go_offline(post, FULL)
    for number in range(1, 7):
        post.change(cancel, number)
    post.release("post")
    assert not held_queues(post)
    assert post.task(later)["reason"] == Reason.DELAYED


def test_while_its_queue_is_paused_it_stays(full: Stepped) -> None:
    full.pause("post")
    full.wait(2 * HOUR)
    assert not full.lane.running
    full.resume("post")
    full.end(probing(full), SENT)
    assert len(full.lane.running) == AT_ONCE


def test_a_limit_that_lets_no_task_ask_takes_its_place(make: Make) -> None:
    """The person has entered what the provider allows in a day, which is sent already."""
    stepped = make(limited_daily, slots=1)
    for _ in range(8):
        stepped.add("limited_daily")
    for _ in range(3):
        stepped.end(probing(stepped), SENT)
    stepped.end(probing(stepped), FULL)
    stepped.limits.want({"daily": QueueLimit(per_day=3)})
    stepped.do(stepped.limits.keep)
    stepped.wait(HOUR)
    assert not stepped.lane.running
    assert not held_queues(stepped)
    assert stepped.task(8)["reason"] == Reason.AHEAD
    stepped.wait(DAY)
    assert len(stepped.lane.running) == 1


def test_it_ends_though_a_batch_was_to_be_fed_later_and_is_cancelled(make: Make) -> None:
    office = Office(make(letter, mail, slots=8))
    stepped = office.stepped
    stepped.cross(stepped.add("mail", 1))
    stepped.ended(FULL, "letter")
    stepped.change(cancel, 2)
    batch = office.draft(1)
    office.start(batch, delay=60)
    office.batches.pause(batch).result(0)
    office.batches.act("cancel", batch).result(0)
    stepped.wait(HOUR)
    assert not held_queues(stepped)


def test_one_task_tries_though_the_next_in_line_waits_for_its_batch(make: Make) -> None:
    office = Office(make(mail, slots=8))
    stepped = office.stepped
    office.start(office.draft(1, rate="1/min"))
    stepped.end(1, GONE)
    other = office.draft()
    office.put(other, [row(number) for number in range(11, 15)])
    office.start(other)
    stepped.wait(1)
    assert probing(stepped) == 1
    stepped.restart()
    stepped.settle()
    assert held_queues(stepped) == {"mail"}
    assert probing(stepped) != 1
