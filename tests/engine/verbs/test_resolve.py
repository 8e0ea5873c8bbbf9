"""A person settles what is uncertain; the evidence stays."""

from __future__ import annotations

from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Succeeded
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import Stepped
from tests.items.corrections import FINAL, put, submit
from tests.refusing import refused

LINE = "Handed over to the post: A letter for Ada. No answer came."


def uncertain(stepped: Stepped) -> int:
    """Hand over a letter and hear nothing."""
    task = stepped.add()
    stepped.cross(task, "A letter for Ada", "the post")
    stepped.end(task, LeftUncertain("no answer", ""))
    return task


def log(stepped: Stepped, task: int) -> list[str]:
    return [line["text"] for line in stepped.task(task)["log"]]


def test_what_was_done_keeps_its_evidence(stepped: Stepped) -> None:
    task = uncertain(stepped)
    evidence = stepped.task(task)["handed_over"]
    stepped.change(resolve, task, "done")
    assert stepped.task(task)["handed_over"] == evidence
    assert evidence["what"] == "A letter for Ada"
    assert log(stepped, task) == [LINE, "A person said that it was done."]


def test_done_again_the_earlier_hand_over_stays_in_the_log(stepped: Stepped) -> None:
    task = uncertain(stepped)
    stepped.change(resolve, task, "again")
    assert stepped.task(task)["handed_over"] is None  # this attempt has handed over nothing
    assert log(stepped, task) == [LINE, "A person said to do it again."]
    stepped.end(task, Failed("never", "", final=True))
    assert [a["outcome"] for a in stepped.task(task)["history"]] == ["uncertain", "failed"]
    assert log(stepped, task)[0] == LINE


def test_the_hand_over_stands_in_the_log_where_it_happened(stepped: Stepped) -> None:
    """It is written once the attempt has ended, behind later lines of that attempt."""
    task = stepped.add()
    claim = stepped.lane.running[task]
    stepped.cross(task, "A letter for Ada", "the post")
    stepped.clock.time += 0.027
    stepped.ledger.log(claim, "info", "message handed over")
    stepped.end(task, LeftUncertain("no answer", ""))
    assert log(stepped, task) == [LINE, "message handed over"]


def test_only_what_is_uncertain_is_resolved(stepped: Stepped) -> None:
    task = stepped.add()
    with refused(Refusal.RUNNING):
        stepped.change(resolve, task, "done")


def test_what_was_sent_again_since_is_done_or_left(stepped: Stepped) -> None:
    (first,) = submit(stepped)
    stepped.end(first, FINAL)
    (second,) = put(stepped, send=True).added
    stepped.end(second, FINAL)
    stepped.change(retry, first)
    stepped.cross(first, "A letter for Ada", "the post")
    stepped.end(first, LeftUncertain("no answer", ""))
    stepped.change(retry, second)
    stepped.end(second, Succeeded("null"))
    with refused(Refusal.REPEATED):
        stepped.change(resolve, first, "again")
    stepped.change(resolve, first, "done")
    assert stepped.state(first) == "succeeded"
