"""Submitting: once on disk, once answered, one open task for each unique key."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from sendoff_tasks import (
    Retry,
    task,
)
from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Succeeded
from sendoff_tasks.errors import BadKey, Conflict, UnknownTask
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.submission import Idempotency, NewTask, Submission, TaskOptions
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.pending import act_later
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.submit import accept, amend, prepare, recall, remember
from tests.engine.stepped import Make, Stepped, registry, work
from tests.refusing import refused

KEY = Idempotency("key-1", "hash-1")


def test_an_unknown_task_is_named(stepped: Stepped) -> None:
    with pytest.raises(UnknownTask, match="“nothing”"):
        stepped.submit(Submission(tasks=[NewTask("nothing")]))


def test_a_reference_that_cannot_be_made_refuses_it(make: Make) -> None:
    def reference() -> str:
        raise OSError("The counter is away.")

    @task(reference=reference)
    def odd() -> None: ...

    with refused(Refusal.NOT_MADE):
        make(odd).submit(Submission(tasks=[NewTask("odd")]))


def test_what_is_kept_is_recalled_and_can_be_changed(stepped: Stepped) -> None:
    assert stepped.do(lambda group: recall(group, KEY)) is None
    stepped.do(lambda group: remember(group, KEY, {"so far": 1}))
    stepped.do(lambda group: remember(group, Idempotency("other", "hash"), "ü"))
    stepped.do(lambda group: amend(group, KEY, {"so far": 2}))
    stepped.restart()
    assert stepped.do(lambda group: recall(group, KEY)) == {"so far": 2}
    assert stepped.do(lambda group: recall(group, Idempotency("other", "hash"))) == "ü"


def test_a_key_answers_the_row_as_it_was(stepped: Stepped) -> None:
    call = Submission(tasks=[NewTask("work")], idempotency=KEY)
    first = stepped.submit(call)
    assert first.row is not None
    stepped.end(first.row["id"], Succeeded("1"))
    assert stepped.submit(call).row == first.row
    assert first.row["state"] == "queued"


def test_a_key_with_another_body_conflicts_also_within_one_group(stepped: Stepped) -> None:
    one = prepare(Submission(tasks=[NewTask("work")], idempotency=KEY), stepped.registry)
    other_key = Idempotency(KEY.key, "hash-2")
    two = prepare(Submission(tasks=[NewTask("work")], idempotency=other_key), stepped.registry)
    answers = [stepped.ask(partial(accept, submission=p)) for p in (one, one, two)]
    stepped.settle()
    assert [answer.result(0).replayed for answer in answers[:2]] == [False, True]
    assert isinstance(answers[2].exception(0), Conflict)
    assert len(stepped.states()) == 1


def test_a_note_comes_back_with_every_answer_to_its_key(stepped: Stepped) -> None:
    first = stepped.submit(Submission([NewTask("work")], replace(KEY, note=["as it was"])))
    again = stepped.submit(Submission([NewTask("work")], replace(KEY, note=["as it is"])))
    assert first.note == again.note == ["as it was"]
    assert again.replayed


FAILED = Failed("no", "", final=True)


def test_a_second_task_with_an_open_key_is_answered_with_the_first(stepped: Stepped) -> None:
    first = stepped.add(key="report")
    again = stepped.submit(Submission(tasks=[NewTask("work", options=TaskOptions(key="report"))]))
    assert (again.task_ids, again.joined, again.replayed) == ([first], frozenset({first}), False)
    assert again.row is not None
    assert (again.row["id"], again.row["state"]) == (first, "running")
    assert stepped.states() == {first: "running"}


def test_an_uncertain_task_keeps_its_key(stepped: Stepped) -> None:
    first = stepped.ended(LeftUncertain("no answer", ""), key="report")
    assert stepped.add(key="report") == first
    stepped.change(resolve, first, "done")
    assert stepped.add(key="report") != first


def test_tasks_of_other_names_have_keys_of_their_own(stepped: Stepped) -> None:
    assert stepped.add("work", key="report") != stepped.add("narrow", key="report")


def test_a_task_that_was_over_cannot_take_its_key_from_another(stepped: Stepped) -> None:
    first = stepped.ended(FAILED, key="report")
    second = stepped.add(key="report")
    with refused(Refusal.SAME_KEY, task_id=2, key="report"):
        stepped.change(retry, first)
    stepped.end(second, Succeeded("1"))
    stepped.change(retry, first)
    assert stepped.state(first) == "running"


def test_a_key_answered_once_is_answered_alike_again(stepped: Stepped) -> None:
    first = stepped.add(key="report")
    call = Submission([NewTask("work", options=TaskOptions(key="report"))], Idempotency("k", "h"))
    told = stepped.submit(call)
    again = stepped.submit(call)
    assert told.task_ids == again.task_ids == [first]
    assert told.joined == again.joined == {first}


@pytest.mark.usefixtures("in_file")
def test_a_thousand_keys_cost_one_query(stepped: Stepped) -> None:
    said: list[str] = []
    tasks = [NewTask("work", options=TaskOptions(key=f"k{number}")) for number in range(1_000)]
    prepared = prepare(Submission(tasks=tasks), stepped.registry)
    stepped.connection.set_trace_callback(said.append)
    stepped.do(lambda group: accept(group, prepared))
    assert sum("json_each" in statement for statement in said) == 1
    assert len(stepped.states()) == 1_000


# keys made of arguments


def once(item_id: int, *more: Any) -> str:
    return f"item {item_id // 10}"


@task(key=once, retry=Retry(attempts=2))
def tell(item_id: int, *more: Any) -> None: ...


@task(key="nightly")
def nightly() -> None: ...


@task(key=lambda what: what["missing"])
def careless(what: Any) -> None: ...


@pytest.fixture
def keyed(make: Make) -> Stepped:
    return make(tell, nightly, careless)


def test_a_key_is_made_of_the_arguments(keyed: Stepped) -> None:
    assert keyed.add("tell", 11) == keyed.add("tell", 12) != keyed.add("tell", 21)


def test_a_callers_key_goes_before_the_tasks_own(keyed: Stepped) -> None:
    assert keyed.add("tell", 11) != keyed.add("tell", 12, key="mine")


def test_a_constant_key_is_one_task_at_a_time(keyed: Stepped) -> None:
    assert keyed.add("nightly") == keyed.add("nightly")


def test_a_key_waits_for_the_number_of_its_item(keyed: Stepped) -> None:
    rows = [NewItemRow(number, {}, [NewTask("tell")]) for number in (17, None, None, None)]
    accepted = keyed.submit(ItemSubmission(rows))
    assert accepted.item_ids == [17, 18, 19, 20]
    assert accepted.task_ids == [[1], [1], [1], [2]]
    keys = keyed.connection.execute("SELECT key, arguments FROM tasks ORDER BY id").fetchall()
    assert [key for key, _ in keys] == ["item 1", "item 2"]
    assert "20" in keys[1][1]


@pytest.mark.parametrize("argument", [{}, {"missing": ""}, {"missing": "a\nb"}, {"missing": 5}])
def test_a_key_that_cannot_be_made_refuses_the_call(keyed: Stepped, argument: Any) -> None:
    with pytest.raises(TypeError, match=r"key.*“careless”|“careless”.*bad key"):
        keyed.add("careless", argument)
    assert not keyed.states()


def test_a_key_that_cannot_be_made_of_a_number_refuses_the_whole_call(make: Make) -> None:
    @task(key=lambda item_id: 1 // (item_id - 1))
    def brittle(item_id: int) -> None: ...

    stepped = make(brittle, tell)
    rows = [NewItemRow(None, {}, [NewTask("tell")]), NewItemRow(None, {}, [NewTask("brittle")])]
    with pytest.raises(BadKey, match=r"^The task “brittle” has a bad key: .*not 1\.$"):
        stepped.submit(ItemSubmission(rows))
    rows[1] = NewItemRow(1, {}, [NewTask("brittle")])
    with pytest.raises(TypeError, match="could not be made: ZeroDivisionError"):
        stepped.submit(ItemSubmission(rows))
    assert not stepped.states()
    stepped.check()


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\tb"])
def test_a_bad_key_is_refused_with_a_sentence(stepped: Stepped, key: str) -> None:
    with pytest.raises(ValueError, match="a key is 1 to 200 printable characters"):
        stepped.add(key=key)
    with pytest.raises(TypeError, match="a key is 1 to 200 printable characters"):
        task(key=key)(once)


def test_a_pattern_for_a_key_is_refused_with_the_callable_it_should_be() -> None:
    with pytest.raises(TypeError, match=r"key=lambda item_id, \*more: f'item-\{item_id\}'$"):
        task(key="item-{item_id}")(once)


def test_an_item_that_comes_again_is_told_the_tasks_it_joined_too(stepped: Stepped) -> None:
    open_one = stepped.add(key="report", delay=60)
    row = NewItemRow(
        7,
        {"title": "Seats"},
        [NewTask("narrow"), NewTask("work", options=TaskOptions(key="report"))],
    )
    first = stepped.submit(ItemSubmission([row]))
    again = stepped.submit(ItemSubmission([row]))
    assert open_one in first.task_ids[0]
    assert (again.replayed, again.task_ids) == (True, first.task_ids)


def test_what_is_asked_for_again_is_not_cancelled_by_what_waits(stepped: Stepped) -> None:
    waiting = stepped.add(key="report", delay=60)
    stepped.do(act_later("cancel", BulkTasks([waiting]), 5.0))
    assert stepped.add(key="report") == waiting
    stepped.wait(10)
    assert stepped.states() == {waiting: "scheduled"}


def test_a_task_that_was_renamed_keeps_its_keys(stepped: Stepped) -> None:
    @task(aliases=["narrow"])
    def wide(*args: Any) -> None: ...

    first = stepped.add("narrow", key="report", delay=60)
    stepped.registry = registry(wide, work)
    stepped.restart()
    assert stepped.add("wide", key="report") == first
    assert stepped.add("narrow", key="report") == first
