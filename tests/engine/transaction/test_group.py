"""A task that is read twice in one group is one record: what is done to it is done once."""

from __future__ import annotations

import itertools

import pytest

from desktop.engine.attempts.outcomes import Held, Succeeded
from desktop.engine.sqlite import SqliteGroup
from desktop.engine.submission import NewTask, Submission
from desktop.engine.verbs.bulk import Chosen, bulk
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.submit import accept, prepare
from desktop.items.accepting import ItemSubmission, NewItemRow
from tests.engine.stepped import Stepped

WRONG = Held("wrong password", "", whole_queue=True)


def held_together(engine: Stepped) -> list[int]:
    tasks = [engine.add() for _ in range(3)]
    for task in tasks:
        engine.end(task, WRONG)
    return tasks


def all_run_to_their_end(engine: Stepped, tasks: list[int]) -> None:
    for task in tasks:
        assert engine.lane.running[task].attempt == 2
        engine.end(task, Succeeded("1"))
    assert set(engine.states().values()) == {"succeeded"}
    engine.check()


def test_a_bulk_retry_of_tasks_held_together(stepped: Stepped) -> None:
    tasks = held_together(stepped)
    stepped.do(lambda group: bulk(group, "retry", Chosen(tasks)))
    all_run_to_their_end(stepped, tasks)


def test_a_hold_and_two_retries_together(stepped: Stepped) -> None:
    tasks = [stepped.add() for _ in range(3)]
    for task in tasks:
        stepped.ledger.finish(stepped.lane.running.pop(task), WRONG)
        stepped.ask_change(retry, task)
    stepped.settle()
    all_run_to_their_end(stepped, tasks)


def test_a_task_that_is_cancelled_and_retried_as_it_is_accepted(stepped: Stepped) -> None:
    prepared = prepare(Submission(tasks=[NewTask("work")]), stepped.registry)
    stepped.ask(lambda group: accept(group, prepared))
    for verb in (cancel, retry):
        stepped.ask_change(verb, 1)
    stepped.settle()
    stepped.end(1, Succeeded("1"))
    assert stepped.state(1) == "succeeded"
    stepped.check()


@pytest.mark.usefixtures("in_file")
def test_numbers_with_gaps_are_told_as_they_were_given(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = itertools.count(100, 64)
    monkeypatch.setattr(SqliteGroup, "next_task_id", lambda _: next(given))
    item = NewItemRow(7, {"title": "Tosca"}, [NewTask("work"), NewTask("work")])
    first, again = (stepped.submit(ItemSubmission([item])) for _ in range(2))
    assert first.task_ids == again.task_ids == [[100, 164]]
    assert again.replayed
    for task in first.task_ids[0]:
        stepped.end(task, Succeeded("1"))
    told = stepped.do(lambda group: bulk(group, "resend", Chosen([100, 164])))
    assert told.answer["ids"] == [228, 292]
