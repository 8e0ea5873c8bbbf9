"""Accepting items: once on disk, once answered, never twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop.items.accepting import (
    AcceptedItems,
    ItemSubmission,
    NewItemRow,
    accept_items,
    answered_items,
    canonical,
    prepare_items,
    undo,
)
from desktop.items.tables.item_statements import COUNTED_BELOW
from desktop.items.tables.schema import items
from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.errors import Conflict, InTheWay, UnknownId
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.tables import schema
from sendoff_tasks.store.tables.cursor import sql
from sendoff_tasks.submission import Idempotency, NewTask, TaskOptions
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.cancel import cancel
from tests.engine.stepped import Stepped

KEY = Idempotency("key-1", "hash-1")


def item(number: int | None, body: dict[str, object] | None = None, tasks: int = 1) -> NewItemRow:
    return NewItemRow(number, body or {}, [NewTask("work")] * tasks)


def test_the_tasks_of_an_item_are_called_with_its_number(stepped: Stepped) -> None:
    accepted = stepped.submit(ItemSubmission([NewItemRow(42, {}, [NewTask("work", ["x"])])]))
    assert accepted.item_ids == [42]
    assert stepped.task(accepted.task_ids[0][0])["args"] == [42, "x"]
    assert stepped.task(accepted.task_ids[0][0])["item_id"] == 42


@pytest.mark.parametrize("number", [0, -1, ID_LIMIT + 1])
def test_a_number_out_of_bounds_is_refused(stepped: Stepped, number: int) -> None:
    with pytest.raises(ValueError, match="number"):
        stepped.submit(ItemSubmission([item(number)]))


def test_the_same_item_again_is_answered_again_and_schedules_nothing(stepped: Stepped) -> None:
    body: dict[str, object] = {"title": "Opera", "fields": {"a": 1, "b": [True, None]}}
    first = stepped.submit(ItemSubmission([item(1, body, tasks=2)]))
    again: dict[str, object] = {"fields": {"b": [True, None], "a": 1.0}, "title": "Opera"}
    second = stepped.submit(ItemSubmission([item(1, again, tasks=2)]))
    assert second.replayed
    assert (second.item_ids, second.task_ids) == (first.item_ids, first.task_ids)
    assert len(stepped.states()) == 2


@pytest.mark.usefixtures("in_file")
def test_an_item_with_the_highest_number_is_not_looked_for(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(7)]))
    stepped.restart()
    said: list[str] = []
    stepped.connection.set_trace_callback(said.append)
    stepped.submit(ItemSubmission([item(8), item(10)]))
    assert not any("FROM items" in statement for statement in said)
    stepped.connection.set_trace_callback(None)
    again = stepped.submit(ItemSubmission([item(7), item(8), item(9), item(10)]))
    assert again.replayed_items == {0, 1, 3}


def test_a_batch_is_all_or_none(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(2, {"title": "old"})]))
    with pytest.raises(Conflict):
        stepped.submit(ItemSubmission([item(1), item(2), item(3)]))
    assert len(stepped.states()) == 1


def test_a_number_that_is_twice_in_a_batch_is_said_to_be_so(stepped: Stepped) -> None:
    items = [item(1), item(1, {"title": "other"})]
    with pytest.raises(Conflict, match="is twice in this request"):
        stepped.submit(ItemSubmission(items))
    accepted = stepped.submit(ItemSubmission(items, partial=True))
    assert accepted.refused == {1: "number_twice"}


def test_a_partial_batch_refuses_only_what_conflicts(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(2, {"title": "old"}), item(3)]))
    items = [item(1), item(2), item(3), item(1), item(1, {"title": "other"})]
    accepted = stepped.submit(ItemSubmission(items, partial=True))
    assert set(accepted.refused) == {1, 4}
    assert accepted.replayed_items == {2, 3}
    assert accepted.task_ids[0] == accepted.task_ids[3]
    assert (accepted.task_ids[1], accepted.replayed) == ([], False)


def test_half_characters_in_an_item_are_refused_before_they_reach_the_store(
    stepped: Stepped,
) -> None:
    with pytest.raises(ValueError, match="surrogates"):
        stepped.submit(ItemSubmission([item(1, {"title": "\ud800"})]))


def test_equal_json_is_equal_text() -> None:
    assert canonical({"a": 1.0, "b": {"y": 2, "x": [1e3]}}) == canonical(
        {"b": {"x": [1000], "y": 2.0}, "a": 1}
    )
    assert canonical({"a": True}) != canonical({"a": 1})
    assert canonical({"a": "1"}) != canonical({"a": 1})


def test_fields_keep_their_order_and_are_the_same_in_any(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(7, {"fields": {"Town": "Köln", "Age": 3}})]))
    again = item(7, {"fields": {"Age": 3.0, "Town": "Köln"}})
    assert stepped.submit(ItemSubmission([again])).replayed
    known = ask_again(stepped, ItemSubmission([again]))
    assert known is not None
    assert known.replayed
    (body,) = stepped.connection.execute("SELECT body FROM items WHERE id = 7").fetchone()
    assert list(json.loads(body)["fields"]) == ["Town", "Age"]


def ask_again(stepped: Stepped, submission: ItemSubmission) -> AcceptedItems | None:
    answer = stepped.ask(lambda group: answered_items(group, submission))
    stepped.settle()
    found: AcceptedItems | None = answer.result(0)
    return found


@pytest.mark.parametrize("key", [KEY, None])
def test_what_came_before_is_known_though_its_function_is_gone(
    stepped: Stepped, key: Idempotency | None
) -> None:
    gone = ItemSubmission([NewItemRow(1, {"title": "Opera"}, [NewTask("gone")])], idempotency=key)
    assert ask_again(stepped, gone) is None
    first = stepped.submit(ItemSubmission([item(1, {"title": "Opera"})], idempotency=key))
    again = ask_again(stepped, gone)
    assert again is not None
    assert again.replayed
    assert (again.item_ids, again.task_ids) == (first.item_ids, first.task_ids)
    other = replace(key, body_hash="other") if key else None
    with pytest.raises(Conflict):
        ask_again(stepped, ItemSubmission([item(1, {"title": "Ballet"})], idempotency=other))


def test_items_without_number_or_key_are_always_new(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(1)]))
    assert ask_again(stepped, ItemSubmission([item(None)])) is None
    assert ask_again(stepped, ItemSubmission([item(1), item(2)])) is None


def test_a_refused_submission_leaves_its_key_free(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(1, {"title": "old"})]))
    with pytest.raises(Conflict):
        stepped.submit(ItemSubmission([item(1)], idempotency=KEY))
    assert not stepped.submit(ItemSubmission([item(2)], idempotency=KEY)).replayed


def test_a_key_answers_the_first_answer_again(stepped: Stepped) -> None:
    call = ItemSubmission([item(None, tasks=2)], idempotency=KEY)
    first = stepped.submit(call)
    second = stepped.submit(call)
    assert second.replayed
    assert not first.replayed
    assert (second.item_ids, second.task_ids) == (first.item_ids, first.task_ids)


def test_items_without_a_number_get_the_highest_plus_one(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(7)]))
    accepted = stepped.submit(ItemSubmission([item(None), item(None), item(20), item(None)]))
    assert accepted.item_ids == [8, 9, 20, 21]
    assert stepped.task(accepted.task_ids[1][0])["args"] == [9]


def test_two_picks_in_one_group_differ(stepped: Stepped) -> None:
    prepared = prepare_items(ItemSubmission([item(None)]), stepped.registry)
    first, second = (stepped.ask(lambda group: accept_items(group, prepared)) for _ in range(2))
    stepped.settle()
    assert (first.result(0).item_ids, second.result(0).item_ids) == ([1], [2])


def test_numbers_are_not_counted_on_from_long_codes(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(7), item(COUNTED_BELOW), item(ID_LIMIT)]))
    batch = [item(None), item(ID_LIMIT - 1), item(None), item(9, {"title": "own"}), item(None)]
    assert stepped.submit(ItemSubmission(batch)).item_ids == [8, ID_LIMIT - 1, 10, 9, 11]
    assert stepped.submit(ItemSubmission([item(None)])).item_ids == [12]


def test_none_is_given_out_above_the_last_number_that_counts(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(COUNTED_BELOW - 2)]))
    assert stepped.submit(ItemSubmission([item(None)])).item_ids == [COUNTED_BELOW - 1]
    with pytest.raises(Conflict, match="Choose one"):
        stepped.submit(ItemSubmission([item(None)]))


def test_the_number_of_an_undone_item_is_free_but_its_tasks_numbers_are_not(
    make: Callable[..., Stepped],
) -> None:
    stepped = make(slots=0)
    first = stepped.submit(ItemSubmission([item(5)]))
    stepped.do(lambda group: undo(group, 5))
    stepped.restart()
    second = stepped.submit(ItemSubmission([item(5, {"title": "other"})]))
    assert second.task_ids[0][0] > first.task_ids[0][0]


def submit_two(stepped: Stepped, delay: float = 5) -> list[int]:
    tasks = [NewTask("work", to="Ada <ada@example.org>", options=TaskOptions(delay=delay))] * 2
    item = NewItemRow(1, {"title": "Opera"}, tasks)
    return stepped.submit(ItemSubmission([item])).task_ids[0]


def test_nothing_is_left_of_an_item_that_is_undone_nor_found_of_it(stepped: Stepped) -> None:
    task = submit_two(stepped)[0]
    for text in ("opera", "ada"):
        query = TaskQuery(TaskFilter(text=text))
        assert read_page(stepped.connection, query, "s", known=NOTHING_KNOWN)["total"] == 2
    stepped.change(cancel, task)
    after = stepped.journal.last
    subscription = stepped.journal.subscribe(f"{stepped.journal.store[:12]}-{after}")
    stepped.do(lambda group: undo(group, 1))
    for table in (items, schema.tasks, schema.attempts, schema.log):
        assert stepped.connection.execute(sql(select(table))).fetchall() == []
    matches = "SELECT count(*) FROM words WHERE words MATCH ?"
    for word in ("opera*", "ada*"):
        assert stepped.connection.execute(matches, (word,)).fetchone() == (0,)
    frame = subscription.next_frame()
    assert frame is not None
    assert frame.tasks == '{"rows":[],"gone":[1,2]}'


def test_a_task_that_has_started_keeps_it(stepped: Stepped) -> None:
    task = submit_two(stepped, delay=0)[0]
    with pytest.raises(InTheWay) as refused:
        stepped.do(lambda group: undo(group, 1))
    assert (refused.value.refusal, refused.value.data["task_id"]) == (Refusal.BEGUN, task)
    stepped.end(task, Succeeded("1"))
    with pytest.raises(InTheWay):
        stepped.do(lambda group: undo(group, 1))
    assert len(stepped.states()) == 2


def test_tasks_that_are_queued_go_with_it(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=0)
    submit_two(stepped, delay=0)
    stepped.do(lambda group: undo(group, 1))
    assert stepped.states() == {}
    stepped.check()


def test_an_unknown_item_is_named(stepped: Stepped) -> None:
    with pytest.raises(UnknownId, match="no item 7"):
        stepped.do(lambda group: undo(group, 7))


def test_what_was_submitted_in_the_same_group_never_starts(stepped: Stepped) -> None:
    item = NewItemRow(1, {}, [NewTask("work")] * 2)
    prepared = prepare_items(ItemSubmission([item]), stepped.registry)

    def both(group: Group) -> None:
        accept_items(group, prepared)
        undo(group, 1)

    stepped.do(both)
    assert stepped.states() == {}
    assert stepped.lane.started == []
