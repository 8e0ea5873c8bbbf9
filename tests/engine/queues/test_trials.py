"""A queue waits for a server that is gone or full while there is a task that could ask it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import (
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
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.queues.holds import free_queue
from sendoff_tasks.queues.limits import QueueLimit
from sendoff_tasks.store.reads.rows import changes_since, last_event
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, NOTHING_KNOWN
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pause_queue import release
from tests.engine.queues.letters import (
    AT_ONCE,
    DAY,
    FULL,
    GONE,
    SENT,
    SERVER,
    at,
    go_offline,
    letter,
    limited_daily,
    probing,
)
from tests.engine.stepped import BACKOFF, START, Clock, Make, Stepped
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
    assert held.task(3)["reason_data"]["count"] == 1


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
    stepped.do(stepped.limits.store)
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
    office.start(batch, undo_for=60)
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


NOT_NOW = Later("451 try later", "", answer=ServerAnswer(SERVER, 451))


def test_a_quota_is_asked_for_once_an_hour(full: Stepped, told: list[Notice]) -> None:
    data = full.task(5)["reason_data"]
    assert full.task(5)["reason"] == Reason.QUOTA
    assert (data["code"], data["since"], data["until"]) == (450, at(0), at(3600))
    full.wait(3599)
    assert not full.lane.running
    full.wait(1)
    full.end(probing(full), FULL)
    full.wait(3600)
    full.end(probing(full), SENT)
    assert len(full.lane.running) == AT_ONCE
    assert [notice["active"] for notice in told] == [True, True, False]
    assert [notice["reason_data"]["until"] for notice in told[:2]] == [at(3600), at(7200)]


def test_waiting_task_tells_its_own_time_until_that_comes(post: Stepped) -> None:
    first, second, *_ = post.lane.running
    post.end(first, NOT_NOW)
    post.end(second, FULL)
    row = post.task(first)
    assert (row["reason"], row["reason_data"]["until"]) == (Reason.RETRY_LATER, at(10))
    post.wait(10)
    row, queued = post.task(first), post.task(second)
    assert (row["state"], row["reason"]) == (State.QUEUED, Reason.QUOTA)
    assert row["reason_data"] == queued["reason_data"]


def test_windows_read_again_what_waits_for_its_time_when_the_wait_ends(post: Stepped) -> None:
    for number in (2, 3, 5, 6):
        post.change(cancel, number)
    for number in (2, 3):
        post.end(number, Cancelled())
    post.end(1, FULL)
    post.end(4, NOT_NOW)
    post.change(cancel, 1)
    before = last_event(post.connection)
    post.release("post")
    assert (
        changes_since(post.connection, before, 100, known=NOTHING_KNOWN, at_limit=NONE_AT_LIMIT)[1]
        is None
    )
    assert post.task(4)["reason"] == Reason.RETRY_LATER


def test_try_now_is_told_with_the_time_of_the_next_try(full: Stepped, told: list[Notice]) -> None:
    full.wait(60)
    full.release("post")
    assert [notice["reason_data"]["until"] for notice in told] == [at(3600), at(60)]
    full.end(probing(full), FULL)
    assert told[-1]["reason_data"]["until"] == at(3660)


def test_a_server_that_only_wants_messages_more_slowly_is_no_notice(
    post: Stepped, told: list[Notice]
) -> None:
    go_offline(post, replace(FULL, after=1.0))
    post.wait(1)
    post.end(probing(post), SENT)
    assert [notice for notice in told if notice["active"]] == []


def test_after_a_probe_in_vain_another_task_probes(post: Stepped) -> None:
    refused = replace(FULL, after=60.0, answer=ServerAnswer(SERVER, 550))
    go_offline(post, refused)
    tried = []
    for _ in range(6):
        post.wait(60)
        tried.append(probing(post))
        post.end(tried[-1], refused)
    assert len(set(tried)) >= 5, "one start in eight is the oldest task's"


def test_a_success_from_before_does_not_lift_a_quota(post: Stepped) -> None:
    first, second, *_ = post.lane.running
    post.end(first, FULL)
    post.end(second, SENT)
    assert len(post.lane.running) == 2


def test_a_server_that_is_gone_meanwhile_is_told_and_asked_soon(
    full: Stepped, told: list[Notice]
) -> None:
    full.wait(3600)
    full.end(probing(full), GONE)
    assert full.task(1)["reason"] == Reason.OFFLINE
    full.wait(1)
    full.end(probing(full), FULL)
    assert full.task(1)["reason"] == Reason.QUOTA
    assert [notice["active"] for notice in told[-2:]] == [False, True]


def test_what_did_not_reach_the_server_leaves_the_daily_limit_alone(make: Make) -> None:
    stepped = make(limited_daily, slots=1)
    for _ in range(100):
        stepped.add("limited_daily")
    for _ in range(200):
        stepped.end(probing(stepped), GONE)
        stepped.wait(60)
    stepped.end(probing(stepped), GONE)
    stepped.restart()
    stepped.wait(60)
    for _ in range(100):
        stepped.end(probing(stepped), SENT)
    assert set(stepped.states().values()) == {"succeeded"}
    stepped.add("limited_daily")
    assert not stepped.lane.running


@pytest.mark.parametrize(
    ("count", "days"), [(60, 0.3), pytest.param(3000, 2, marks=pytest.mark.long)]
)
def test_days_without_a_server_and_a_quota_after_them(make: Make, count: int, days: float) -> None:
    """Nothing fails, no attempt counts, one notice is shown, each history has a line."""
    clock = Clock()
    stepped = make(letter, slots=8, clock=clock)
    told: list[Notice] = []
    stepped.journal.board.on_notice(told.append)
    for _ in range(count):
        stepped.add("letter")
    sent = 0
    full_until = 0.0
    while clock.time < START + (days + 1.5) * DAY and sent < count:
        due = stepped.step()
        for number in list(stepped.lane.running):
            if clock.time < START + days * DAY:
                outcome: Any = GONE
            elif sent == count // 2 and not full_until:
                full_until, outcome = clock.time + 2.5 * 3600, FULL
            else:
                outcome = FULL if clock.time < full_until else SENT
            sent += outcome is SENT
            stepped.end(number, outcome)
        if not stepped.lane.running and due is not None:
            clock.time = max(clock.time, due)
    assert set(stepped.states().values()) == {"succeeded"}
    assert [notice["active"] for notice in told] == [True, False, True, True, True, False]
    lines = stepped.connection.execute(
        "SELECT task_id, sum(CASE outcome WHEN 'offline' THEN 1 ELSE 0 END),"
        " sum(CASE outcome WHEN 'quota' THEN 1 ELSE 0 END), sum(count) "
        "FROM attempts GROUP BY task_id"
    ).fetchall()
    assert len(lines) == count
    assert max(offline for _, offline, _, _ in lines) == 1
    assert max(quota for _, _, quota, _ in lines) == 1
    assert sum(offline for _, offline, _, _ in lines) == AT_ONCE
    (probes,) = stepped.connection.execute("SELECT max(count) FROM attempts").fetchone()
    assert 1380 * days < probes < 1460 * days
    used = "SELECT count(*) FROM tasks WHERE max_attempts - attempt <> 2"
    assert stepped.connection.execute(used).fetchone() == (0,)
    stepped.check()
