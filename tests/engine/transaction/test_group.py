"""What is done in one group is done once, is answered, and is what the writer remembers."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from typing import Any

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.item_records import ItemRecords
from sendoff_tasks import task
from sendoff_tasks.attempts.outcomes import Failed, Held, Succeeded
from sendoff_tasks.errors import Conflict
from sendoff_tasks.sqlite import SqliteGroup
from sendoff_tasks.store.tables.records import ALL_QUEUES
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.function_rows import unfinished
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import Memory
from sendoff_tasks.transaction.replies import Sleepers, ThreadReply, answer
from sendoff_tasks.verbs import bulk as bulk_verb
from sendoff_tasks.verbs.bulk import BulkTasks, bulk
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pause_queue import pause
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.submit import accept, prepare
from tests.engine.stepped import Stepped

WRONG = Held("wrong password", "", whole_queue=True)


def held_together(engine: Stepped) -> list[int]:
    tasks = [engine.add() for _ in range(3)]
    for each in tasks:
        engine.end(each, WRONG)
    return tasks


def all_run_to_their_end(engine: Stepped, tasks: list[int]) -> None:
    for each in tasks:
        assert engine.lane.running[each].attempt == 2
        engine.end(each, Succeeded("1"))
    assert set(engine.states().values()) == {"succeeded"}
    engine.check()


def test_a_bulk_retry_of_tasks_held_together(stepped: Stepped) -> None:
    tasks = held_together(stepped)
    stepped.do(lambda group: bulk(group, "retry", BulkTasks(tasks)))
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
    for each in first.task_ids[0]:
        stepped.end(each, Succeeded("1"))
    told = stepped.do(lambda group: bulk(group, "resend", BulkTasks([100, 164])))
    assert told.answer["ids"] == [228, 292]


def test_an_error_is_raised_where_the_answer_is_waited_for() -> None:
    reply = ThreadReply()
    answer([(reply, (None, ValueError("no room")))])
    with pytest.raises(ValueError, match="no room"):
        reply.wait()


def test_each_thread_that_wakes_up_wakes_the_next() -> None:
    sleepers, replies = Sleepers(), [ThreadReply() for _ in range(3)]
    answer(((reply, (place, None)) for place, reply in enumerate(replies)), sleepers)
    for place, reply in enumerate(replies):
        assert [*sleepers] == replies[place + 1 :], "woken one by one"
        assert reply.wait() == place
    assert not sleepers


def cancel_it(group: Group) -> None:
    cancel(group, group.read(2))


def pause_it(group: Group) -> None:
    pause(group, "work")


def add_item(group: Group) -> None:
    group.part(ItemRecords).add((7, 1, "{}", group.now, 0, None), [])


@pytest.mark.parametrize("change", [cancel_it, pause_it, add_item])
def test_what_it_changed_is_taken_back(
    stepped: Stepped, change: Callable[[Group], None], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = stepped.add(delay=60), stepped.add(delay=60)

    def half(group: Group) -> None:
        change(group)
        raise Conflict("not like this")

    with caplog.at_level(logging.CRITICAL):
        refused = stepped.ask(half)
        done = stepped.ask(lambda group: cancel(group, group.read(first)))
        stepped.settle()
    with pytest.raises(Conflict, match="not like this"):
        refused.result(0)
    assert done.result(0) is None
    assert stepped.states() == {first: "cancelled", second: "scheduled"}
    assert stepped.connection.execute("SELECT count(*) FROM items").fetchone() == (0,)
    assert stepped.connection.execute("SELECT count(*) FROM pauses").fetchone() == (0,)
    stepped.check()


def test_a_refusal_before_any_change_costs_no_second_round(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepped.add()

    def refuse(group: Group) -> None:
        group.read(1)
        group.flush()
        raise Conflict("no")

    def again(*_: object) -> None:
        raise AssertionError("the group was rolled back")

    monkeypatch.setattr(stepped.core, "_each_alone", again)
    asked = [stepped.ask(lambda group: group.log(group.read(1), 0, "info", "x"))]
    asked += [stepped.ask(refuse)]
    stepped.settle()
    assert [type(each.exception(0)) for each in asked] == [type(None), Conflict]


def test_one_of_many_is_not_left_half_done(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    task = stepped.add(delay=60)

    def half(group: Group, record: Any) -> None:
        cancel(group, record)
        raise Conflict("not like this")

    monkeypatch.setitem(bulk_verb._ACTS, "cancel", (half, half))
    with caplog.at_level(logging.CRITICAL), pytest.raises(Conflict, match="not like this"):
        stepped.do(lambda group: bulk(group, "cancel", BulkTasks([task])))
    assert stepped.states() == {task: "scheduled"}


def test_a_queue_is_stopped_by_its_own_pause_and_by_that_of_all() -> None:
    memory = Memory((), ())
    assert not memory.is_stopped("post", 0)
    memory.pauses = {"post": 20}
    assert (memory.is_stopped("post", 0), memory.is_stopped("other", 0)) == (True, False)
    memory.pauses[ALL_QUEUES] = 10
    assert (memory.is_stopped("post", 0), memory.is_stopped("other", 0)) == (True, True)


def test_functions_with_tasks_that_may_run_again_are_named(stepped: Stepped) -> None:
    stepped.ended(Succeeded("1"), "work")
    stepped.ended(Failed("no", "", final=True), "narrow")
    assert unfinished(stepped.core.memory) == {"narrow": "tests.engine.stepped:narrow"}


def test_a_function_that_has_moved_is_named_with_its_new_place(stepped: Stepped) -> None:
    def moved() -> None: ...

    stepped.add("narrow", delay=1)
    stepped.registry.exchange({"narrow": ""}, [task(name="narrow")(moved)])
    stepped.restart()
    place = f"{__name__}:{moved.__qualname__}"
    assert unfinished(stepped.core.memory) == {"narrow": place}
