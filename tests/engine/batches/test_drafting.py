"""Drafts: put together, set up, checked; nothing of them runs."""

from __future__ import annotations

import pytest

from desktop.contract.batches import RowCheck, RowProblem
from desktop.engine.batches import drafting
from desktop.engine.batches.rows import NewBatchRow
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.submission import Idempotency
from tests.engine.batches.office import Office, row

NO_KEY = RowProblem.NO_KEY


def test_a_draft_holds_rows_and_runs_nothing(office: Office) -> None:
    number = office.draft(3)
    batch = office.batches.get(number)
    assert (batch["state"], batch["started_at"], batch["last_leaves_at"]) == ("draft", None, None)
    assert office.counts(number) == {"rows": 3, "ready": 3}
    assert office.stepped.states() == {}
    assert [each["check"] for each in office.rows(number)] == ["ready"] * 3
    assert office.batches.row(number, 2)["item"] == {
        "item_id": 2,
        "title": "Opera",
        "recipient": {"name": "P2", "email": "p2@example.org"},
    }


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
        6: ("twice", {"row": 5}),
        7: ("twice", {"row": 5}),
    }
    office.put(number, [row(5, item=10)])
    assert office.counts(number) == {"rows": 4, "ready": 3, "twice": 1}
    assert office.batches.row(number, 7)["data"] == {"row": 6}
    office.put(number, [row(6, item=9, problem=NO_KEY)])
    assert office.batches.row(number, 7)["check"] == "ready"


def test_with_the_address_as_key_its_case_does_not_matter(office: Office) -> None:
    number = office.draft(key=["email", "title"])
    office.put(
        number,
        [
            row(1, item=None, recipient={"email": "Ada@Example.org"}),
            row(2, item=None, recipient={"email": "ada@example.org"}),
            row(3, item=None, recipient={"email": "ada@example.org"}, title="Ballet"),
        ],
    )
    assert [each["check"] for each in office.rows(number)] == ["ready", "twice", "ready"]


def test_rows_are_checked_again_when_the_settings_that_matter_change(office: Office) -> None:
    number = office.draft(2)
    same = NewBatchRow("Renamed", ["number"], ["mail"], rate="500/day")
    assert office.batches.change(number, same).result(0)["counts"]["ready"] == 2
    office.batches.change(number, NewBatchRow("R", ["number"], ["mail"], "invoice")).result(0)
    assert office.counts(number) == {"rows": 2, "unchecked": 2}
    assert office.batches.row(number, 1)["check"] is None
    assert list(office.batches.unchecked_drafts()) == [number]
    revision, rows = office.batches.unchecked(number, 10)
    assert [(each.row, each.number, each.body["title"]) for each in rows] == [
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


def test_ten_thousand_rows_come_in_steps(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "STEP", 4)
    number = office.draft(11)
    assert office.counts(number) == {"rows": 11, "ready": 11}
    assert [each["row"] for each in office.rows(number)] == [*range(1, 12)]


def test_the_same_key_makes_one_draft(office: Office) -> None:
    wanted = NewBatchRow("Members", ["number"], ["mail"])
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
        office.batches.change(number, NewBatchRow("N", ["number"], ["mail"])).result(0)
    with pytest.raises(UnknownId):
        office.put(number + 1, [row(2)])


def test_the_number_of_a_deleted_draft_is_not_given_out_again(office: Office) -> None:
    number = office.draft(1)
    office.batches.delete(number).result(0)
    assert office.draft() == number + 1
