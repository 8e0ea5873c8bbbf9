"""Undo makes a draft again; a draft can go."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desktop.contract.batches import RowProblem
from desktop.items.accepting import undo
from desktop.items.batches import acting
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.verbs.remove import remove
from tests.engine.reference.fuse import Crash
from tests.items.batches.office import Office, row

NEXT_WEEK = "2027-01-22T08:00:00.000Z"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "STEP", 2)


def test_a_draft_goes_with_all_its_rows(office: Office) -> None:
    number, other = office.draft(5), office.draft(1)
    office.batches.delete(number).result(0)
    with pytest.raises(UnknownId):
        office.batches.get(number)
    assert [each["batch_id"] for each in office.batches.list()["batches"]] == [other]
    left = "SELECT count(*) FROM batch_rows WHERE batch_id = ?"
    assert office.stepped.connection.execute(left, (number,)).fetchone() == (0,)
    assert office.draft(1) != other


def test_a_batch_of_which_nothing_has_left_is_a_draft_again(office: Office) -> None:
    office.stepped.lane.slots = 0
    number = office.draft(5)
    office.start(number, undo_for=5)
    office.batches.delete(number).result(0)
    batch = office.batches.get(number)
    assert (batch["state"], batch["started_at"]) == ("draft", None)
    assert office.counts(number) == {"rows": 5, "unchecked": 5}
    office.put(number, [row(n) for n in range(1, 6)])
    office.stepped.lane.slots = 3
    office.send(number)
    assert office.counts(number)["sent"] == 5


def test_a_cancel_that_waits_does_not_meet_the_next_start(office: Office) -> None:
    number = office.draft(3)
    office.start(number, undo_for=5)
    office.batches.act("cancel", number, 60).result(0)
    office.batches.delete(number).result(0)
    office.send(number)
    office.wait(61)
    assert office.counts(number) == {"rows": 3, "ready": 3, "sent": 3}


def test_rows_that_were_left_out_come_back_a_few_in_a_group(office: Office) -> None:
    stepped, left = office.stepped, [9]
    stepped.lane.slots = 0
    number = office.draft()
    wrong = [row(n, problem=RowProblem.BAD_VALUE) for n in range(1, 10)]
    office.put(number, [*wrong, row(10)])
    office.start(number)
    assert office.counts(number)["left_out"] == left[0]
    future = stepped.ask(lambda group: acting.delete(group, number))
    while not future.done():
        stepped.step()
        told = "SELECT count(*) FROM batch_rows WHERE outcome IS NOT NULL"
        left += stepped.connection.execute(told).fetchone()
    assert left[-1] == 0
    # One step is that of the call, and one that of the standing duty.
    assert max(before - after for before, after in pairwise(left)) <= 2 * acting.STEP


def test_rows_that_it_took_over_can_be_imported_again(office: Office) -> None:
    first, second = office.draft(), office.draft()
    office.put(first, [row(n, run_at=NEXT_WEEK) for n in range(1, 7)])
    office.start(first)
    office.put(second, [row(n, run_at=NEXT_WEEK, title="Ballet") for n in range(1, 7)])
    office.start(second)
    counts = {"rows": 6, "twice": 6, "cancelled": 6}
    assert (office.counts(first), office.batches.get(first)["state"]) == (counts, "done")
    office.batches.delete(second).result(0)
    assert office.counts(first) == counts
    office.check_drafts()
    assert office.counts(second) == {"rows": 6, "ready": 6}
    office.batches.delete(second).result(0)
    assert office.counts(office.draft(6)) == {"rows": 6, "ready": 6}


def test_a_row_cancelled_when_its_turn_came_can_be_imported_again(office: Office) -> None:
    first, second = office.draft(2, rate="1/d"), office.draft()
    office.send(first)
    office.stepped.clock.time += 1
    office.put(second, [row(2, title="Ballet")])
    office.start(second, undo_for=2 * DAY_MS / 1000)
    office.wait(DAY_MS / 1000 + 1)
    for _ in range(2):
        assert office.told(first) == {1: "sent", 2: "cancelled"}
        office.batches.delete(second).result(0)
    assert office.counts(office.draft(2)) == {"rows": 2, "ready": 1, "same": 1}


def test_a_batch_whose_rows_were_taken_over_can_be_undone(office: Office) -> None:
    first, second = office.draft(), office.draft()
    office.put(first, [row(1, run_at=NEXT_WEEK)])
    office.start(first)
    office.put(second, [row(1, run_at=NEXT_WEEK, title="Ballet")])
    office.start(second)
    office.batches.delete(first).result(0)
    office.batches.delete(second).result(0)
    assert office.counts(first) == {"rows": 1, "unchecked": 1}


def test_a_batch_of_which_something_left_cannot_be_undone(office: Office) -> None:
    number = office.started(5)
    with pytest.raises(Conflict, match="were already tried"):
        office.batches.delete(number).result(0)
    office.finish()
    assert office.counts(number)["sent"] == 5
    office.stepped.do(lambda group: remove(group, [group.read(task) for task in range(1, 6)]))
    with pytest.raises(Conflict, match="were already tried"):
        office.batches.delete(number).result(0)
    assert office.counts(number)["sent"] == 5


def test_an_item_of_a_batch_is_not_undone_alone(office: Office) -> None:
    office.started(1, rate="1/min")
    with pytest.raises(Conflict, match="came with a batch"):
        office.stepped.do(lambda group: undo(group, 1))
    office.finish()


def test_a_kill_while_a_draft_goes_lets_it_go_on(office: Office) -> None:
    number = office.draft(9)
    office.stepped.fuse.set(30)
    with pytest.raises(Crash):
        office.batches.delete(number)
    office.stepped.restart()
    office.stepped.settle()
    if office.batches.list()["batches"]:  # not even begun
        office.batches.delete(number).result(0)
    left = "SELECT count(*) FROM batch_rows"
    assert office.stepped.connection.execute(left).fetchone() == (0,)


def test_a_batch_under_way_goes_on_from_the_one_before_a_draft_that_goes(office: Office) -> None:
    first = office.draft()
    second = office.draft(continues=first)
    third = office.started(1, continues=second)
    office.batches.delete(second).result(0)
    office.finish()
    assert office.batches.get(third)["continues"] == first
