"""Which tasks a bulk call means, then and when their turn comes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.engine.attempts.outcomes import Failed, LeftUncertain
from desktop.engine.store.reads.query import Filter
from desktop.engine.submission import NewTask, Submission, TaskOptions
from desktop.engine.verbs.bulk import STEP, bulk, choose
from desktop.items.submission import ItemSubmission, NewItemRow
from desktop.items.undoing import undo
from tests.engine.stepped import Stepped
from tests.engine.verbs.bulk.test_bulk import act, ask


def test_what_came_or_ended_after_the_person_chose_is_not_meant(stepped: Stepped) -> None:
    early, meanwhile = stepped.add(), stepped.add()
    stepped.end(early, LeftUncertain("no answer", ""))
    stepped.clock.time += 1
    then = stepped.clock.now()
    all_then = Filter(states=("uncertain",), known_at=then)
    chosen = choose(Filter(states=("uncertain",)), stepped.reader)
    stepped.end(meanwhile, LeftUncertain("no answer", ""))
    assert act(stepped, "again", all_then).answer["touched"] == 1
    assert stepped.states()[meanwhile] == "uncertain"
    stepped.end(early, LeftUncertain("no answer", ""))  # between the choice and the act
    late = stepped.ask(lambda group: bulk(group, "done", replace(chosen, filter=all_then)))
    stepped.settle()
    assert late.result(0).answer["touched"] == 0
    new = stepped.add(delay=60)
    assert act(stepped, "cancel", Filter(known_at=then)).answer["touched"] == 0
    assert stepped.states()[new] == "scheduled"


def test_what_was_put_aside_meanwhile_is_not_meant(stepped: Stepped) -> None:
    first, second = stepped.add(), stepped.add()
    for task in (first, second):
        stepped.end(task, Failed("no", "", final=True))
    chosen = choose(Filter(states=("failed",), seen=False), stepped.reader)
    assert act(stepped, "seen", [first]).answer["touched"] == 1
    done = stepped.do(lambda group: bulk(group, "retry", chosen))
    assert (done.answer["touched"], done.answer["skipped"]) == (1, [])
    assert (stepped.state(first), stepped.state(second)) == ("failed", "running")


def test_a_filter_means_all_that_match_in_groups_that_stay_short(stepped: Stepped) -> None:
    count = 2 * STEP + 7
    stepped.submit(Submission(tasks=[NewTask("work", options=TaskOptions(delay=60))] * count))
    other = stepped.add("narrow", delay=60)
    which = Filter(states=("scheduled",), task="work")
    future = ask(stepped, "cancel", which)
    stepped.step()
    assert not future.done()
    assert list(stepped.states().values()).count("cancelled") == STEP
    stepped.add(delay=60)  # comes too late to be meant
    assert future.result(0).answer == {"touched": count, "skipped": []}
    assert stepped.state(other) == "scheduled"
    assert list(stepped.states().values()).count("scheduled") == 2


def test_a_task_that_matches_no_more_when_its_turn_comes_is_left_alone(stepped: Stepped) -> None:
    waiting, started, other = (stepped.add(delay=delay) for delay in (60, 30, 60))
    chosen = choose(Filter(states=("scheduled",)), stepped.reader)
    stepped.clock.time += 30
    stepped.settle()
    done = stepped.do(lambda group: bulk(group, "cancel", chosen))
    assert done.answer == {"touched": 2, "skipped": []}
    assert stepped.state(started) == "running"
    assert {stepped.state(each) for each in (waiting, other)} == {"cancelled"}


def test_a_task_that_matched_and_is_gone_when_its_turn_comes_is_not_counted(
    stepped: Stepped,
) -> None:
    item = NewItemRow(1, {}, [NewTask("work", options=TaskOptions(delay=60))])
    stepped.submit(ItemSubmission([item]))
    chosen = choose(Filter(), stepped.reader)
    stepped.do(lambda group: undo(group, 1))
    done = stepped.do(lambda group: bulk(group, "cancel", chosen))
    assert done.answer == {"touched": 0, "skipped": []}


@pytest.mark.usefixtures("in_file")
def test_the_writer_looks_for_nothing(stepped: Stepped) -> None:
    stepped.submit(Submission(tasks=[NewTask("work", options=TaskOptions(delay=60))] * (2 * STEP)))
    read = list[str]()
    stepped.connection.set_trace_callback(read.append)
    done = act(stepped, "cancel", Filter(since=stepped.clock.time + 1))
    assert done.answer == {"touched": 0, "skipped": []}
    assert read
    assert not [statement for statement in read if "created_at >=" in statement]
