"""Starting a draft."""

from __future__ import annotations

import pytest

from desktop.contract.batches import RowOutcome, RowProblem
from desktop.contract.reasons import Reason
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.attempts.outcomes import Deferred
from desktop.engine.batches.rows import NewBatchRow
from desktop.engine.batches.starting import StartOptions
from desktop.engine.errors import Conflict
from desktop.engine.store.reads import same_message
from desktop.engine.store.reads.items.item_detail import read_next_item
from desktop.engine.submission import Idempotency, NewItemRow, Submission
from tests.engine.batches.office import SENT, Office, row


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


@pytest.mark.parametrize("verb", ["delete", "cancel"])
def test_what_does_not_leave_after_all_is_no_reason_to_leave_a_row_out(
    office: Office, verb: str
) -> None:
    number, other = office.draft(2), office.draft(1)
    office.start(number, delay=5)
    office.check_drafts()
    assert office.counts(other) == {"rows": 1, "same": 1}
    getattr(office.batches, verb)(number).result(0)
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
        typed = Submission(items=[NewItemRow(None, {"title": "Typed"}, [])])
        assert office.stepped.submit(typed).item_ids == [expected]
    office.stepped.clock.time += 5
    office.stepped.settle()
    office.finish()
    assert office.counts(number)["sent"] == 4


def test_a_batch_tells_at_once_which_of_its_waiting_rows_a_later_one_sends(office: Office) -> None:
    """It told that they leave tomorrow, as if none had overtaken it."""
    first = office.draft(5, rate="2/day")
    office.start(first)
    office.finish()
    told = office.batches.get(first)
    assert (office.counts(first)["sent"], told["overtaken"]) == (2, None)
    again = office.draft(4)
    later = office.start(again, send_same=True)
    overtaken = {"count": 2, "first": again, "last": again}
    told, before = office.batches.get(first), told
    assert (told["overtaken"], later["overtaken"]) == (overtaken, None)
    assert told["rev"] > before["rev"]  # the window hears of it
    assert before["last_leaves_at"] != before["next_leaves_at"]
    assert told["last_leaves_at"] == told["next_leaves_at"] is not None  # one is left
    office.finish()
    assert office.counts(again)["sent"] == 4
    assert office.batches.get(first)["overtaken"] == overtaken
    office.stepped.clock.time += 86_400
    office.stepped.settle()
    office.finish()
    told = office.batches.get(first)
    assert (told["overtaken"], told["later"]) == (None, overtaken)
    assert office.counts(first)["sent"] == 3


def test_rows_that_a_later_batch_sends_wait_once_behind_an_outage(office: Office) -> None:
    """18 were said to wait for the server, of 9 people: 6 of them in both batches."""
    office.start(office.draft(9))
    office.start(office.draft(9), send_same=True)
    office.finish(Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    (cause,) = office.causes()
    assert (cause["states"]["waiting"] + cause["behind"], office.counts(1)["open"]) == (12, 9)


def test_changed_rows_that_a_later_batch_sends_leave_with_no_earlier_one(office: Office) -> None:
    """A paused batch told that its 314 messages wait, of which a later one had sent ten."""
    first, changed = office.draft(3, rate="1/day"), office.draft()
    office.start(first)
    office.finish()
    office.put(changed, [row(3, title="Ballet")])
    before = office.batches.get(first)
    office.start(changed, delay=5)
    told = office.batches.get(first)
    assert told["overtaken"] == {"count": 1, "first": changed, "last": changed}
    assert told["rev"] > before["rev"]
    office.batches.delete(changed).result(0)
    undone = office.batches.get(first)
    assert undone["overtaken"] is None
    assert undone["rev"] > told["rev"]


def test_rows_are_not_overtaken_by_a_batch_that_was_undone(office: Office) -> None:
    first, again = office.draft(3, rate="1/day"), office.draft(3)
    office.start(first)
    office.finish()
    office.start(again, send_same=True, delay=5)
    told = office.batches.get(first)
    assert told["overtaken"] == {"count": 2, "first": again, "last": again}
    assert told["to_come"] == 2
    office.batches.delete(again).result(0)
    undone = office.batches.get(first)
    assert (undone["overtaken"], undone["later"]) == (None, None)
    assert undone["rev"] > told["rev"]


def test_cancelled_rows_that_a_later_batch_sends_are_told_at_once(office: Office) -> None:
    """1,516 people were said not to be informed, whom a later batch had written to."""
    first, again = office.draft(20), office.draft(19)
    office.start(first)
    office.end(SENT)
    office.batches.cancel(first).result(0)
    office.finish()
    before = office.batches.get(first)
    cancelled = before["counts"]["cancelled"]
    assert (before["sent_later"], cancelled > 3) == (None, True)  # some had a task, some had none
    office.check_drafts()
    office.start(again, delay=5)
    told = office.batches.get(first)
    assert told["sent_later"] == {"count": cancelled - 1, "first": again, "last": again}
    assert (told["cancelled_tasks"], told["cancelled_before"]) == (0, cancelled)
    assert told["rev"] > before["rev"]  # the window hears of it
    assert office.batches.get(again)["sent_later"] is None
    rows = office.rows(first, outcomes=[RowOutcome.CANCELLED])  # the report agrees
    assert [each["data"].get("sent_later") for each in rows] == [again] * (cancelled - 1) + [None]
    office.batches.delete(again).result(0)
    undone = office.batches.get(first)
    assert (undone["sent_later"], undone["rev"] > told["rev"]) == (None, True)
    office.check_drafts()
    office.start(again)
    office.finish()
    assert office.batches.list()["batches"][-1]["sent_later"] == told["sent_later"]


def test_rows_that_were_cancelled_in_the_later_batch_too_are_in_none(office: Office) -> None:
    first, again = office.draft(3), office.draft(3)
    office.start(first, delay=5)
    office.batches.cancel(first).result(0)
    office.check_drafts()
    office.start(again, delay=5)
    told = office.batches.get(first)
    assert told["sent_later"] == {"count": 3, "first": again, "last": again}
    office.batches.cancel(again).result(0)
    both = office.batches.get(first)
    assert (both["sent_later"], both["rev"] > told["rev"]) == (None, True)


def test_of_cancelled_rows_only_so_many_are_looked_at(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = office.draft(4), office.draft(4)
    office.start(first, delay=5)
    office.batches.cancel(first).result(0)
    office.check_drafts()
    office.start(again, delay=5)
    monkeypatch.setattr(same_message, "LOOKED_THROUGH_FOR_PAGE", 3)
    (_, told) = office.batches.list()["batches"]
    assert told["sent_later"] == {"count": 3, "first": again, "last": again}
