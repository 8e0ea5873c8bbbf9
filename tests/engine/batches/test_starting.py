"""Starting a draft."""

from __future__ import annotations

import pytest

from desktop.engine.batches.rows import NewBatchRow
from desktop.engine.batches.starting import StartOptions
from desktop.engine.errors import Conflict
from desktop.engine.submission import Idempotency
from tests.engine.batches.office import Office


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
