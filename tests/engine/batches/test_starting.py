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
        office.start(number)
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
