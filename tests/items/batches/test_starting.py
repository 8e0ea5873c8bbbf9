"""Starting a draft."""

from __future__ import annotations

import pytest

from desktop.contract.batches import RowProblem
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.attempts.outcomes import LeftUncertain
from desktop.engine.errors import Conflict
from desktop.engine.submission import Idempotency
from desktop.engine.verbs.resolve import resolve
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import NewBatchRow
from desktop.items.reads.items import read_next_item
from tests.items.batches.office import Office, row


@pytest.mark.usefixtures("in_file")
def test_it_is_one_small_commit_however_many_rows(office: Office) -> None:
    number = office.draft(60)
    office.stepped.core.claiming = False
    before = office.stepped.connection.total_changes
    office.start(number)
    assert office.stepped.connection.total_changes - before < 10
    office.stepped.core.claiming = True
    office.finish()


def test_rows_that_are_not_checked_keep_it_from_starting(office: Office) -> None:
    number = office.draft(2)
    office.batches.change(number, NewBatchRow("N", ["number"], ["mail"], "other")).result(0)
    with pytest.raises(Conflict, match="Rows still being checked: 2"):
        office.batches.start(number, StartOptions()).result(0)
    assert office.batches.get(number)["state"] == "draft"


def test_a_batch_starts_once_and_the_same_key_says_so_again(office: Office) -> None:
    number = office.draft(1)
    key = Idempotency("k", "h")
    office.batches.start(number, StartOptions(), key).result(0)
    office.finish()
    again = office.batches.start(number, StartOptions(), key).result(0)
    assert again["state"] == "done"
    with pytest.raises(Conflict):
        office.start(number)
    assert len(office.stepped.states()) == 1


def test_rows_of_other_drafts_are_checked_again_but_not_by_a_replay(office: Office) -> None:
    number, other, empty = office.draft(1), office.draft(2), office.draft()
    key = Idempotency("k", "h")
    office.batches.start(number, StartOptions(), key).result(0)
    assert office.counts(other) == {"rows": 2, "unchecked": 2}
    assert list(office.batches.unchecked_drafts()) == [other]
    office.check_drafts()
    assert office.counts(other) == {"rows": 2, "ready": 1, "same": 1}
    office.batches.start(number, StartOptions(), key).result(0)
    assert office.counts(other) == {"rows": 2, "ready": 1, "same": 1}
    assert office.counts(empty) == {}


@pytest.mark.parametrize("is_undone", [True, False])
def test_what_does_not_leave_after_all_is_no_reason_to_leave_a_row_out(
    office: Office, is_undone: bool
) -> None:
    number, other = office.draft(2), office.draft(1)
    office.start(number, delay=5)
    office.check_drafts()
    assert office.counts(other) == {"rows": 1, "same": 1}
    if is_undone:
        office.batches.delete(number).result(0)
    else:
        office.batches.act("cancel", number).result(0)
    office.check_drafts()
    assert office.counts(other) == {"rows": 1, "ready": 1}


def test_an_item_typed_meanwhile_takes_the_number_of_no_row_that_waits(office: Office) -> None:
    """The row would be left out: its number were that of another person's item."""
    number = office.draft(3)
    huge = row(9, item=ID_LIMIT), row(8, item=70, problem=RowProblem.BAD_ADDRESS)
    office.put(number, huge)
    office.start(number, delay=5)
    for expected in (4, 5):
        assert read_next_item(office.stepped.connection) == expected
        typed = ItemSubmission([NewItemRow(None, {"title": "Typed"}, [])])
        assert office.stepped.submit(typed).item_ids == [expected]
    office.stepped.clock.time += 5
    office.stepped.settle()
    office.finish()
    assert office.counts(number)["sent"] == 4


def test_a_row_that_a_later_batch_sends_is_cancelled_where_it_waits(office: Office) -> None:
    """In the commit that makes its item: its first batch counts it among those to come no more."""
    first, again = office.draft(5, rate="2/day"), office.draft(4)
    office.start(first)
    office.finish()
    office.batches.pause(first).result(0)
    before = office.batches.get(first)["rev"]
    office.start(again, send_same=True)
    office.finish()
    assert office.counts(again)["sent"] == 4
    assert office.batches.get(first)["rev"] > before  # the window hears of it
    assert office.told(first) == dict(
        zip(range(1, 6), ["sent", "sent", "cancelled", "cancelled", "open"], strict=True)
    )
    taken = office.batches.row(first, 3)
    assert (taken["check"], taken["data"]) == ("twice", {"batch_id": again, "row": 3})
    office.batches.resume(first).result(0)
    office.stepped.clock.time += 86_400
    office.stepped.settle()
    office.finish()
    counts = {"rows": 5, "ready": 3, "twice": 2, "sent": 3, "cancelled": 2}
    assert (office.counts(first), office.batches.get(first)["state"]) == (counts, "done")


def test_a_batch_whose_waiting_rows_were_all_taken_over_is_done(office: Office) -> None:
    first, changed = office.draft(2, rate="1/day"), office.draft()
    office.start(first)
    office.finish()
    office.put(changed, [row(2, title="Ballet")])
    office.start(changed, delay=5)
    assert office.batches.get(first)["state"] == "running"  # it can still be undone
    office.stepped.clock.time += 6
    office.stepped.settle()
    assert office.told(first) == {1: "sent", 2: "cancelled"}
    told = office.batches.get(first)
    assert (told["state"], told["leaves"]["last_at"]) == ("done", None)
    office.stepped.restart()
    office.finish()
    assert office.told(changed) == {2: "sent"}


def test_a_row_that_waits_for_an_uncertain_one_is_taken_over_too(office: Office) -> None:
    first, second, third = office.draft(1), office.draft(), office.draft()
    office.start(first)
    office.stepped.cross(1)
    office.end(LeftUncertain("no answer", ""))
    for number, title in ((second, "Ballet"), (third, "Tosca")):
        office.put(number, [row(1, title=title)])
        office.start(number)
    office.stepped.change(resolve, 1, "done")
    office.finish()
    assert [office.told(number)[1] for number in (first, second, third)] == [
        *("sent", "cancelled", "sent")
    ]
