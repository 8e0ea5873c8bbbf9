"""After a release one task of the queue tries alone whether that was the cure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.engine.attempts.outcomes import (
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
from desktop.engine.verbs.pause_queue import release
from desktop.engine.verbs.retry import retry
from tests.engine.stepped import BACKOFF, Stepped

WRONG = Held("535 wrong password", "", whole_queue=True, action="mail_settings")


@pytest.fixture
def held(make: Callable[..., Stepped]) -> Stepped:
    """Give an engine with six tasks of a held queue, two of which have found out."""
    stepped = make(slots=5)
    tasks = [stepped.add("narrow") for _ in range(6)]
    for task in tasks[:2]:
        stepped.end(task, WRONG)
    assert not stepped.lane.running
    return stepped


def let_go(stepped: Stepped) -> None:
    stepped.do(lambda group: release(group, "narrow"))


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


def test_other_queues_do_not_wait_for_it(held: Stepped) -> None:
    let_go(held)
    others = [held.add("work") for _ in range(4)]
    assert set(held.lane.running) == {1, *others}


def test_a_retry_of_one_lets_the_queue_go_on_in_the_same_way(held: Stepped) -> None:
    held.change(retry, 5)
    trying(held)


def test_a_release_of_what_is_not_held_delays_no_task(make: Callable[..., Stepped]) -> None:
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
    held.clock.time += BACKOFF
    held.settle()
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
