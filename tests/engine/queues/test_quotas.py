"""A server that takes no more for now: its queue waits, and one task asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.contract.events import Notice
from desktop.contract.reasons import Reason
from desktop.contract.rules.times import local_time
from desktop.contract.states import State
from desktop.engine.attempts.outcomes import Cancelled, Later
from desktop.engine.causes import ServerAnswer
from desktop.engine.store.reads.rows import changes_since, last_event
from desktop.engine.store.reads.waits import NO_BATCHES
from desktop.engine.verbs.cancel import cancel
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
from tests.engine.stepped import START, Clock, Make, Stepped

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


def test_what_waits_for_a_time_before_that_says_what_its_queue_waits_for(post: Stepped) -> None:
    """Its own time brings nothing: the queue stands until the server is asked."""
    first, second, *_ = post.lane.running
    post.end(first, NOT_NOW)
    assert post.task(first)["reason"] == Reason.RETRY_LATER
    post.end(second, FULL)
    row, queued = post.task(first), post.task(second)
    assert (row["state"], row["run_at"]) == (State.WAITING, at(10))
    assert (row["reason"], row["reason_data"]) == (Reason.QUOTA, queued["reason_data"])
    assert row["why"] == queued["why"]
    again = local_time(round((START + 3600) * 1000))
    assert row["why"].startswith(f"Sendoff tries again at {again};")  # also in a narrow shell


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
    assert changes_since(post.connection, before, 100, known=NO_BATCHES)[1] is None
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
    ("count", "days"), [(60, 0.5), pytest.param(3000, 2, marks=pytest.mark.long)]
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
