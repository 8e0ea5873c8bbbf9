"""A worker that cannot run a queue's tasks keeps none from the others; with the last it is held."""

from __future__ import annotations

import logging

import pytest

from desktop.contract.reasons import Reason
from desktop.engine.attempts.claim import encode_outcome
from desktop.engine.attempts.outcomes import Deferred, Held, Outcome, Succeeded
from desktop.engine.functions.worker_offer import WorkerOffer
from desktop.engine.postgres import orders
from desktop.engine.processes import workers
from desktop.engine.queues.workers import OFFLINE_S
from desktop.engine.verbs.pause_queue import release
from desktop.engine.worker.order_follower import Lease
from desktop.engine.writer.notes import EndNote
from tests.engine.postgres.test_orders import WORKER, apply, join, note, ordered
from tests.engine.stepped import Stepped, slow

REFUSED = Held("the login was refused", "", whole_queue=True)
OFFLINE = Deferred("there is no route", "", Reason.OFFLINE)


def given(stepped: Stepped) -> int:
    """Add tasks until the worker, which is the least busy, gets one; the last goes there."""
    while not ordered(stepped):
        last = stepped.add("narrow")
    return last


def say(stepped: Stepped, task: int, outcome: Outcome) -> None:
    attempt = ordered(stepped)[task][0]
    note(stepped, (task, attempt, "end", encode_outcome(outcome)))
    apply(stepped)


def held(stepped: Stepped) -> list[str]:
    return list(stepped.core.memory.held_queues)


def test_what_one_cannot_do_others_do_until_none_can(
    stepped: Stepped, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "desktop.engine.queues.workers")
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    say(stepped, task, REFUSED)
    assert (ordered(stepped), held(stepped), list(stepped.lane.running)[-1]) == ({}, [], task)
    assert "The worker a worker runs no more of narrow, others go on: the login" in caplog.text
    assert (stepped.task(task)["attempt"], stepped.task(task)["max_attempts"]) == (2, 4)
    other = stepped.add("narrow")
    assert ordered(stepped) == {}
    stepped.end(task, REFUSED)
    assert held(stepped) == ["narrow"]
    assert stepped.state(task) == "waiting"
    if other in stepped.lane.running:
        stepped.end(other, REFUSED)
    stepped.do(lambda group: release(group, "narrow"))
    assert held(stepped) == []
    assert len(stepped.lane.running) + len(ordered(stepped)) == 2


def test_a_worker_that_comes_after_a_restart_lets_it_go_on_too(stepped: Stepped) -> None:
    stepped.ended(REFUSED, "narrow")
    stepped.restart()
    assert (held(stepped), stepped.do(workers.meet)) == (["narrow"], [])
    join(stepped, "work")
    assert stepped.do(workers.meet) == []
    stepped.connection.execute(orders.FORGET, (WORKER,))
    stepped.do(workers.meet)
    join(stepped)
    assert stepped.do(workers.meet) == ["narrow"]


def test_a_worker_that_reaches_no_server_is_asked_again_a_minute_later(stepped: Stepped) -> None:
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    say(stepped, task, OFFLINE)
    assert (ordered(stepped), held(stepped), list(stepped.lane.running)[-1]) == ({}, [], task)
    stepped.end(task, Succeeded("null"))
    assert [each["outcome"] for each in stepped.task(task)["history"]] == ["offline", "succeeded"]
    stepped.clock.time += OFFLINE_S
    task = given(stepped)
    say(stepped, task, OFFLINE)
    stepped.end(task, OFFLINE)
    assert held(stepped) == ["narrow"]


def test_one_that_cannot_sign_in_is_not_asked_while_another_has_no_server(stepped: Stepped) -> None:
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    say(stepped, task, REFUSED)
    stepped.end(task, OFFLINE)
    assert stepped.core.memory.held_queues["narrow"].until is not None
    stepped.wait(1)
    assert (ordered(stepped), list(stepped.lane.running)[-1]) == ({}, task)
    stepped.end(task, Succeeded("null"))
    assert held(stepped) == []


def test_a_refused_login_does_not_hold_what_another_sends_once_it_has_a_server(
    stepped: Stepped,
) -> None:
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    other = stepped.ended(OFFLINE, "narrow")
    assert set(ordered(stepped)) == {task, other}
    say(stepped, task, REFUSED)
    assert held(stepped) == []
    assert task in stepped.lane.running


def test_an_attempt_that_is_left_to_others_counts_for_no_rate(stepped: Stepped) -> None:
    stepped.registry.add(slow)
    join(stepped, "slow")
    first = stepped.ended(OFFLINE, "slow")
    assert ordered(stepped) == {first: (2, False)}
    second = stepped.add("slow")
    assert ordered(stepped) == {first: (2, False), second: (1, False)}


def test_tasks_that_wait_go_to_a_worker_when_its_minute_is_over(stepped: Stepped) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    stepped.clock.time += OFFLINE_S / 2
    task = stepped.add("narrow")
    say(stepped, task, OFFLINE)
    for _ in range(2):
        assert ordered(stepped) == {}
        stepped.wait(OFFLINE_S / 2)
    assert list(ordered(stepped)) == [task]


def test_a_clock_that_is_set_back_keeps_no_worker_waiting(stepped: Stepped) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    task = stepped.add("narrow")
    say(stepped, task, OFFLINE)
    stepped.clock.jump(-3600)
    stepped.wait(OFFLINE_S)
    assert list(ordered(stepped)) == [task]


def test_a_worker_says_once_that_it_reaches_no_server(
    stepped: Stepped, caplog: pytest.LogCaptureFixture
) -> None:
    lease = Lease(WorkerOffer("w.1", frozenset({"narrow"}), frozenset(), {"io": 3}))
    for _ in range(2):
        claim = stepped.lane.running[stepped.add("narrow")]
        lease.attempts[claim.task_id, claim.attempt] = claim
        lease.collect([EndNote(claim, OFFLINE)])
    assert caplog.messages == ["This worker cannot run tasks of narrow: there is no route"]
