"""Each way in which an attempt can end: whether the task then needs a person, by one query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

import pytest

from sendoff_tasks import Retry
from sendoff_tasks import task as declare
from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Crashed,
    Deferred,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Misfit,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.dispatch.after_attempt import CRASHES
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NEEDS_PERSON, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.resolve import resolve
from tests.engine.stepped import BACKOFF, START, Make, Stepped

NEED: Final = TaskFilter(
    states=(State.FAILED, State.UNCERTAIN, State.WAITING),
    seen=False,
    reasons=tuple(sorted(NEEDS_PERSON)),
)


@declare(reference=lambda: "<1@example.org>", retry=Retry(3, lambda _attempt, _random: BACKOFF))
def letter() -> None: ...


Prepare = Callable[[Stepped, int], object]


def as_it_is(_stepped: Stepped, _task: int) -> None:
    """Let the attempt run."""


def past_no_return(stepped: Stepped, task: int) -> None:
    stepped.cross(task, to="mx.example.org").result(0)


def past_its_deadline(stepped: Stepped, _task: int) -> None:
    stepped.clock.time = START + 100


def asked_to_stop(stepped: Stepped, task: int) -> None:
    stepped.change(cancel, task)


def uncertain_before(stepped: Stepped, task: int) -> None:
    past_no_return(stepped, task)
    stepped.end(task, LeftUncertain("It may be there.", ""))
    stepped.change(resolve, task, "again")


def failed_before(stepped: Stepped, task: int) -> None:
    for _ in range(2):
        stepped.end(task, Failed("no", ""))
        stepped.wait(BACKOFF)


def crashed_before(stepped: Stepped, task: int) -> None:
    for _ in range(CRASHES - 1):
        stepped.end(task, Crashed("killed"))
        stepped.wait(60)


CASES: Final[list[tuple[Outcome, Prepare, Reason | None]]] = [
    (Succeeded("1"), as_it_is, None),
    (Succeeded("1", kept=True), as_it_is, None),
    (Succeeded("1", kept=True), uncertain_before, Reason.MAY_BE_DONE),
    (Failed("no", "", final=True), as_it_is, Reason.FINAL_ANSWER),
    (Failed("no", "", final=True), uncertain_before, Reason.FINAL_ANSWER),
    (Failed("no", ""), as_it_is, None),
    (Failed("no", ""), failed_before, Reason.ATTEMPTS_USED_UP),
    (Failed("no", ""), past_its_deadline, Reason.DEADLINE_PASSED),
    (Later("not yet", ""), as_it_is, None),
    (Later("not yet", "", counts=False), as_it_is, None),
    (Later("not yet", ""), past_its_deadline, Reason.DEADLINE_PASSED),
    (NotBegun("no thread"), as_it_is, None),
    (Held("no price", ""), as_it_is, Reason.HELD_FOR_PERSON),
    (Held("535 no", "", whole_queue=True), as_it_is, None),
    (Deferred("away", "", Reason.OFFLINE), as_it_is, None),
    (Deferred("full", "", Reason.QUOTA), as_it_is, None),
    (Misfit("no such function", ""), as_it_is, Reason.HELD_FOR_FUNCTION),
    (Cancelled(), asked_to_stop, None),
    (Cancelled("not wanted"), as_it_is, None),
    (LeftUncertain("there already", ""), as_it_is, Reason.MAY_BE_DONE),
    (LeftUncertain("no answer", ""), past_no_return, Reason.NO_ANSWER),
    (LeftUncertain("", "", cut_short=True), past_no_return, Reason.CUT_SHORT),
    (LeftUncertain("", "", cut_short=True), asked_to_stop, Reason.STOPPED_BY_PERSON),
    (Crashed("killed"), as_it_is, None),
    (Crashed("killed"), crashed_before, Reason.HELD_AFTER_CRASHES),
    (Crashed("killed"), past_no_return, Reason.CUT_SHORT),
    (GivenBack(), as_it_is, None),
    (GivenBack(), past_no_return, Reason.CUT_SHORT),
]
"""An outcome, what was before it, and the reason for which a person is needed; else none."""


@pytest.mark.parametrize(("outcome", "prepare", "needs"), CASES)
def test_a_task_needs_a_person_after_an_attempt_or_goes_on_without_one(
    make: Make, outcome: Outcome, prepare: Prepare, needs: Reason | None
) -> None:
    stepped = make(letter)
    task = stepped.add("letter", deadline=START + 50 if prepare is past_its_deadline else None)
    prepare(stepped, task)
    stepped.end(task, outcome)
    found = stepped.choose(NEED).ids
    assert [*found] == ([] if needs is None else [task])
    assert needs in {None, stepped.task(task)["reason"]}


def test_so_does_one_that_met_its_deadline_in_the_queue(stepped: Stepped) -> None:
    stepped.pause()
    expired = stepped.add(deadline=START + 5)
    stepped.wait(10)
    assert stepped.task(expired)["reason"] == Reason.DEADLINE_PASSED
    assert [*stepped.choose(NEED).ids] == [expired]


def test_each_outcome_and_each_reason_for_a_person_has_a_case() -> None:
    assert {type(outcome) for outcome, _, _ in CASES} == {*get_args(Outcome)}
    assert {needs for _, _, needs in CASES if needs} == NEEDS_PERSON
