"""Drafts: made, set up, filled with rows that are judged beside each other, and started."""

from __future__ import annotations

import pytest

from desktop.contract.batches import RowCheck, RowProblem
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.batches import drafting
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import DraftSettings
from desktop.items.item_records import BEYOND
from desktop.items.reads.items import read_next_item
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.folder.database_backups import RESTORED_AT
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.store.tables.statements import ADD_META
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.verbs.resolve import resolve
from tests.items.batches.office import Office, row

NO_KEY = RowProblem.NO_KEY


def test_a_draft_holds_rows_and_runs_nothing(office: Office) -> None:
    number = office.draft(3)
    batch = office.batches.get(number)
    assert (batch["state"], batch["started_at"], batch["leaves"]["last_at"]) == (
        "draft",
        None,
        None,
    )
    assert office.counts(number) == {"rows": 3, "ready": 3}
    assert office.stepped.states() == {}
    assert [each["check"] for each in office.rows(number)] == ["ready"] * 3
    assert office.batches.row(number, 2)["item"] == {
        "item_id": 2,
        "title": "Opera",
        "recipient": {"name": "P2", "email": "p2@example.org"},
    }


def test_rows_are_checked_again_when_the_settings_that_matter_change(office: Office) -> None:
    number = office.draft(2)
    same = DraftSettings("Renamed", ["number"], ["mail"], rate="500/day")
    assert office.batches.change(number, same).result(0)["counts"]["ready"] == 2
    office.batches.change(number, DraftSettings("R", ["number"], ["mail"], "invoice")).result(0)
    assert office.counts(number) == {"rows": 2, "unchecked": 2}
    assert office.batches.row(number, 1)["check"] is None
    assert list(office.batches.unchecked_drafts()) == [number]
    revision, rows = office.batches.unchecked(number, 10, 0)
    assert [(each.row, each.item["item_id"], each.item["title"]) for each in rows] == [
        (1, 1, "Opera"),
        (2, 2, "Opera"),
    ]
    stale = office.batches.put_rows(number, [row(1)], revision - 1).result(0)
    assert stale["counts"]["unchecked"] == 2
    office.batches.put_rows(number, [row(1)], revision).result(0)
    office.put(number, [row(2)])
    assert office.counts(number) == {"rows": 2, "ready": 2}
    assert list(office.batches.unchecked_drafts()) == []
    assert office.batches.check_again(number).result(0)["counts"]["unchecked"] == 2


def test_the_same_key_makes_one_draft(office: Office) -> None:
    wanted = DraftSettings("Members", ["number"], ["mail"])
    first = office.batches.create(wanted, Idempotency("a", "hash")).result(0)
    again = office.batches.create(wanted, Idempotency("a", "hash")).result(0)
    assert (again.batch_id, first.replayed, again.replayed) == (first.batch_id, False, True)
    with pytest.raises(Conflict):
        office.batches.create(wanted, Idempotency("a", "other")).result(0)


def test_only_a_draft_is_changed(office: Office) -> None:
    number = office.draft(1)
    office.batches.keep_sheet(number, "members.xlsx").result(0)
    assert office.batches.get(number)["sheet"] == "members.xlsx"
    office.start(number)
    with pytest.raises(Conflict):
        office.put(number, [row(2)])
    with pytest.raises(Conflict):
        office.batches.change(number, DraftSettings("N", ["number"], ["mail"])).result(0)
    with pytest.raises(UnknownId):
        office.put(number + 1, [row(2)])


def test_the_number_of_a_deleted_draft_is_not_given_out_again(office: Office) -> None:
    number = office.draft(1)
    office.batches.delete(number).result(0)
    assert office.draft() == number + 1


@pytest.mark.parametrize("drafts", [0, 2])
def test_no_draft_gets_the_number_of_one_that_a_lost_store_may_have_had(
    office: Office, drafts: int
) -> None:
    for _ in range(drafts):
        office.draft()
    office.stepped.do(lambda group: group.cursor.execute(ADD_META, (RESTORED_AT, "")))
    office.stepped.restart()
    assert office.draft() > BEYOND


def test_the_same_row_again_replaces_it(office: Office) -> None:
    number = office.draft(2)
    office.put(number, [row(2, problem=NO_KEY), row(3)])
    assert office.counts(number) == {"rows": 3, "ready": 2, "problems": 1}
    (bad,) = office.rows(number, checks=[RowCheck.PROBLEM])
    assert (bad["row"], bad["problem"]) == (2, "no_key")
    office.put(number, [row(2)])
    assert office.counts(number) == {"rows": 3, "ready": 3}


def test_a_key_that_stands_earlier_is_twice_and_moves_up_when_that_goes(office: Office) -> None:
    number = office.draft(1)
    office.put(number, [row(5, item=9), row(7, item=9), row(6, item=9)])
    checks = {each["row"]: (each["check"], each["data"]) for each in office.rows(number)}
    assert checks == {
        1: ("ready", {}),
        5: ("ready", {}),
        6: ("twice", {"row": 5, "key": ["number"]}),
        7: ("twice", {"row": 5, "key": ["number"]}),
    }
    office.put(number, [row(5, item=10)])
    assert office.counts(number) == {"rows": 4, "ready": 3, "twice": 1}
    assert office.batches.row(number, 7)["data"] == {"row": 6, "key": ["number"]}
    office.put(number, [row(6, item=9, problem=NO_KEY)])
    assert office.batches.row(number, 7)["check"] == "ready"


def test_with_the_address_as_key_its_case_does_not_matter(office: Office) -> None:
    number = office.draft(
        [
            row(1, item=None, recipient={"email": "Ada@Example.org"}),
            row(2, item=None, recipient={"email": "ada@example.org"}),
            row(3, item=None, recipient={"email": "ada@example.org"}, title="Ballet"),
        ],
        key=["email", "title"],
    )
    assert [each["check"] for each in office.rows(number)] == ["ready", "twice", "ready"]


def test_ten_thousand_rows_come_in_steps(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "STEP", 4)
    number = office.draft(11)
    assert office.counts(number) == {"rows": 11, "ready": 11}
    assert [each["row"] for each in office.rows(number)] == [*range(1, 12)]


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
    office.batches.change(number, DraftSettings("N", ["number"], ["mail"], "other")).result(0)
    with pytest.raises(Conflict, match="2 rows are still being checked"):
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
    office.start(number, undo_for=5)
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
    office.start(number, undo_for=5)
    for expected in (4, 5):
        assert read_next_item(office.stepped.connection) == expected
        typed = ItemSubmission([NewItemRow(None, {"title": "Typed"}, [])])
        assert office.stepped.submit(typed).item_ids == [expected]
    office.wait(5)
    office.finish()
    assert office.counts(number)["sent"] == 4


def test_a_row_that_a_later_batch_sends_is_cancelled_where_it_waits(office: Office) -> None:
    """In the commit that makes its item: its first batch counts it among those to come no more."""
    first, again = office.draft(5, rate="2/day"), office.draft(4)
    office.send(first)
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
    office.wait(86_400)
    office.finish()
    counts = {"rows": 5, "ready": 3, "twice": 2, "sent": 3, "cancelled": 2}
    assert (office.counts(first), office.batches.get(first)["state"]) == (counts, "done")


def test_a_batch_whose_waiting_rows_were_all_taken_over_is_done(office: Office) -> None:
    first, changed = office.draft(2, rate="1/day"), office.draft()
    office.send(first)
    office.put(changed, [row(2, title="Ballet")])
    office.start(changed, undo_for=5)
    assert office.batches.get(first)["state"] == "running"  # it can still be undone
    office.wait(6)
    assert office.told(first) == {1: "sent", 2: "cancelled"}
    told = office.batches.get(first)
    assert (told["state"], told["leaves"]["last_at"]) == ("done", None)
    office.stepped.restart()
    office.finish()
    assert office.told(changed) == {2: "sent"}


def test_a_row_that_waits_for_an_uncertain_one_is_taken_over_too(office: Office) -> None:
    first, second, third = office.draft(1), office.draft(), office.draft()
    office.start(first)
    office.lose(1)
    for number, title in ((second, "Ballet"), (third, "Tosca")):
        office.put(number, [row(1, title=title)])
        office.start(number)
    office.stepped.change(resolve, 1, "done")
    office.finish()
    assert [office.told(number)[1] for number in (first, second, third)] == [
        *("sent", "cancelled", "sent")
    ]


def test_changed_rows_are_left_out_unless_a_person_wants_them(office: Office) -> None:
    office.sent(2)
    again = office.draft([row(1, title="now"), row(2)])
    office.check_drafts()
    batch = office.batches.start(again, StartOptions()).result(0)
    assert (batch["counts"]["changed"], batch["counts"]["left_out"]) == (1, 2)
