"""Drafts: made and set up; nothing of them runs."""

from __future__ import annotations

import pytest

from desktop.contract.batches import RowProblem
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.tables.statements import KEEP_META
from desktop.engine.submission import Idempotency
from desktop.items.batches.drafting import BATCHES
from desktop.items.batches.rows import NewBatchRow
from desktop.settings.database_backups import RESTORED
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


@pytest.mark.parametrize("drafts", [0, 2])
def test_no_draft_gets_the_number_of_one_that_a_lost_store_may_have_had(
    office: Office, drafts: int
) -> None:
    for _ in range(drafts):
        office.draft()
    office.stepped.do(lambda group: group.cursor.execute(KEEP_META, (RESTORED, "")))
    office.stepped.restart()
    assert office.draft() > BATCHES
