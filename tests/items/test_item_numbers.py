"""Numbers for items that bring none: each is higher than all, and given out once."""

from __future__ import annotations

from collections.abc import Callable

from desktop.contract.tasks import ID_LIMIT
from desktop.engine.attempts.outcomes import Succeeded
from desktop.items.accepting import ItemSubmission, accept_items, prepare_items, undo
from tests.engine.stepped import Stepped
from tests.items.test_accepting import item


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


def test_the_highest_number_there_is_does_not_end_the_numbers(stepped: Stepped) -> None:
    stepped.submit(ItemSubmission([item(7), item(ID_LIMIT)]))
    for number in (8, 9):
        assert stepped.submit(ItemSubmission([item(None)])).item_ids == [number]
    stepped.submit(ItemSubmission([item(ID_LIMIT - 2)]))
    accepted = stepped.submit(ItemSubmission([item(None), item(None), item(None)]))
    assert accepted.item_ids == [ID_LIMIT - 1, 10, 11]
    prepared = prepare_items(ItemSubmission([item(None)]), stepped.registry)
    first, second = (stepped.ask(lambda group: accept_items(group, prepared)) for _ in range(2))
    stepped.settle()
    assert (first.result(0).item_ids, second.result(0).item_ids) == ([12], [13])


def test_a_batch_that_brings_the_highest_number_counts_on_below_it(stepped: Stepped) -> None:
    batch = [item(None), item(ID_LIMIT), item(None), item(2, {"title": "own"}), item(None)]
    assert stepped.submit(ItemSubmission(batch)).item_ids == [1, ID_LIMIT, 3, 2, 4]


def test_beside_the_highest_number_none_is_given_out_twice(stepped: Stepped) -> None:
    (ids,) = stepped.submit(ItemSubmission([item(None)])).task_ids
    stepped.submit(ItemSubmission([item(ID_LIMIT, tasks=0)]))
    stepped.end(ids[0], Succeeded("1"))
    stepped.clock.time += 365 * 86_400
    stepped.settle()
    assert stepped.submit(ItemSubmission([item(None)])).item_ids == [2]


def test_the_number_of_an_undone_item_is_free_but_its_tasks_numbers_are_not(
    make: Callable[..., Stepped],
) -> None:
    stepped = make(slots=0)
    first = stepped.submit(ItemSubmission([item(5)]))
    stepped.do(lambda group: undo(group, 5))
    stepped.restart()
    second = stepped.submit(ItemSubmission([item(5, {"title": "other"})]))
    assert second.task_ids[0][0] > first.task_ids[0][0]
