"""What a batch does or waits for, and when it goes on."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.batch_condition import (
    Condition,
    can_undo,
    condition,
    done_at,
    goes_on_at,
    is_limited,
)
from tests.gui.batches.said import DRAFTS, NOW, POSTPONED, STARTED, at
from tests.gui.batches.test_batch_model import batch

CONDITIONS = {
    "paused": Condition.PAUSED,
    "all paused": Condition.PAUSED,
    "queue paused": Condition.PAUSED,
    "offline": Condition.WAITING,
    "quota": Condition.WAITING,
    "postponed": Condition.WAITING,
    "some postponed": Condition.SENDING,
    "unsettled": Condition.UNSETTLED,
    "ready": Condition.READY,
    "held": Condition.HELD,
    "refused login": Condition.HELD,
    "planned": Condition.SCHEDULED,
    "limited": Condition.SCHEDULED,
    "soon": Condition.SENDING,
    "sending": Condition.SENDING,
}
SOME = {"rows": 9, "sent": 1, "open": 8}
NONE = {"rows": 9, "open": 9}


@pytest.mark.parametrize("name", CONDITIONS)
def test_condition_follows_reason_and_times(name: str) -> None:
    assert condition(batch(2, counts=SOME, **STARTED[name]), NOW) == CONDITIONS[name]


def test_condition_of_draft_and_of_done_is_its_state() -> None:
    for state in ("draft", "done"):
        assert condition(batch(2, state=state, counts=SOME), NOW) == state
    given = DRAFTS["being read"]
    assert condition(batch(2, state="draft", **given), NOW) is Condition.DRAFT


def test_condition_waits_while_nothing_was_accepted_before() -> None:
    first = batch(2, counts=NONE, **STARTED["some postponed"])
    assert condition(first, NOW) is Condition.WAITING


def test_condition_is_scheduled_until_first_message_is_due() -> None:
    begins = batch(2, counts=NONE, **STARTED["soon"])
    assert [condition(begins, NOW + later) for later in (0, 6)] == ["scheduled", "sending"]
    assert goes_on_at(begins, NOW) == NOW + 5
    assert not can_undo(begins, NOW)  # it is about to be sent


def test_batch_is_limited_by_its_last_moment_but_not_by_postponed_ones_of_many() -> None:
    given: Any = {"put_off": {**POSTPONED, "count": 15}, "next_at": at("now")}
    many = batch(2, counts={"rows": 600, "open": 565}, last_at=at("again"), **given)
    assert not is_limited(many, NOW)  # so the pace is measured at once
    alone = batch(2, counts={"rows": 600, "open": 15}, last_at=at("again"), **given)
    assert is_limited(alone, NOW)


def test_batch_is_done_by_its_pace_unless_a_limit_or_its_last_moment_is_later() -> None:
    counts = {"rows": 100, "sent": 90, "open": 10}
    assert done_at(batch(2, counts=counts), NOW, 0.1) == NOW + 100
    assert done_at(batch(2, counts=counts), NOW, 0) is None
    limited = {"limited_by": {"limit": "30/min"}}
    for later in ({"last_at": at("later")}, limited, {"closes_at": at("soon")}):
        given: Any = later
        assert done_at(batch(2, counts=counts, **given), NOW, 0.1) is None
