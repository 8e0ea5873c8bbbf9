"""A person who is forgotten, in batches."""

from __future__ import annotations

import pytest

from desktop.engine.errors import Conflict
from tests.items.batches.office import Office, row
from tests.items.test_forgetting import ADA, forget, traces


def sent(office: Office) -> int:
    number = office.draft(0)
    ada = row(1, recipient=ADA["recipient"], fields=ADA["fields"])
    office.put(number, [ada, row(2)])
    office.start(number)
    office.finish()
    return number


def test_the_rows_of_ended_batches_keep_their_outcome_only(office: Office) -> None:
    number = sent(office)
    counts = office.counts(number)
    (item, _) = [each["item_id"] for each in office.rows(number)]
    person = forget(office.stepped, item or 0)
    assert dict(person.rows) == {number: [1]}
    assert office.counts(number) == counts
    assert office.rows(number)[0]["item"] == {}
    assert office.batches.get(number)["sheet"] is None
    assert traces(office.stepped) == []


def test_a_draft_or_a_batch_under_way_is_named(office: Office) -> None:
    item = office.rows(sent(office))[0]["item_id"] or 0
    draft = office.draft(0)
    office.put(draft, [row(1, item=None, recipient=ADA["recipient"])])
    with pytest.raises(Conflict, match="is in the draft"):
        forget(office.stepped, item)
    office.batches.delete(draft).result(0)
    forget(office.stepped, item)
