"""What a draft would replace is what it replaces once it is started."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from desktop.contract.batches import BY_ADDRESS, BY_NAME
from sendoff_tasks.attempts.outcomes import Later
from sendoff_tasks.model.times import wire_time
from tests.items.batches.office import Office, row
from tests.items.batches.test_comparing import checks


def test_what_a_draft_would_replace_is_counted_and_the_replaced_batch_says_by_what(
    office: Office,
) -> None:
    later = round((office.stepped.clock.time + 3600) * 1000)
    planned = office.started(3, run_at=later)
    again = office.draft([row(1), row(2, title="Ballet"), row(4)])
    office.check_drafts()
    one = {"batch_id": planned, "count": 1, "run_at": wire_time(later)}
    replaces = office.batches.get(again)["replaces"]
    assert replaces == [{**one, "check": "changed"}, {**one, "check": "same"}]
    assert office.batches.get(planned)["replaced_by"] == []
    office.start(again, send_same=True)
    office.finish()
    batch = office.batches.get(planned)
    assert batch["replaced_by"] == [{"batch_id": again, "count": 2}]
    assert (batch["replaces"], batch["counts"]["open"]) == (None, 1)


@pytest.mark.parametrize("keys", [(BY_NAME, BY_ADDRESS), (BY_ADDRESS, BY_NAME)])
def test_what_another_key_recognizes_is_not_counted_because_both_are_sent(
    office: Office, keys: tuple[Sequence[str], Sequence[str]]
) -> None:
    later = round((office.stepped.clock.time + 3600) * 1000)
    first, second = map(list, keys)
    planned = office.started([row(1, item=None), row(2, item=None)], run_at=later, key=first)
    changed = [row(1, item=None, fields={"seat": "7"})]
    again = office.draft(changed, run_at=later + 60_000, key=second)
    assert checks(office, again) == {1: "changed"}
    assert office.batches.get(again)["replaces"] == []
    office.start(again)
    office.wait(3600)
    office.finish()
    assert office.told(planned) == {1: "sent", 2: "sent"}


def test_an_e_mail_that_is_tried_again_before_the_draft_is_sent_is_not_counted(
    office: Office,
) -> None:
    first = office.started(1)
    office.end(Later("451", "", after=60))
    later = round((office.stepped.clock.time + 3600) * 1000)
    again = office.draft([row(1, title="Ballet")], run_at=later)
    assert checks(office, again) == {1: "changed"}
    assert office.batches.get(again)["replaces"] == []
    office.start(again)
    office.wait(60)
    office.finish()
    assert office.told(first) == {1: "sent"}
