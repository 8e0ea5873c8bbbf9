"""A batch whose waiting messages are about to be tried says so, and not that they are to be."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.rules.times import wire_time
from desktop.gui.batches.batch_model import as_if_tried, coming_words, is_begun_by, sends_nothing
from desktop.gui.batches.batch_words import explanation, next_words
from tests.gui.batches.test_batch_model import batch

HELD = "held_for_person"
READY = {
    "cause": "a1",
    "title": "?",
    "about": {"kind": "reason", "reason": HELD},
    "count": 5,
    "cure": "retry",
}
STUCK = {**READY, "cause": "b2", "about": {"kind": "reason"}, "cure": "edit_template", "count": 2}


def test_what_is_to_be_tried_is_not_counted_among_those_that_wait() -> None:
    found = as_if_tried(batch(1, causes=[READY, STUCK]), {HELD: 5})
    assert [each["cause"] for each in found["causes"]] == ["b2"]
    found = as_if_tried(batch(1, causes=[STUCK, READY]), {HELD: 3})
    assert [each["count"] for each in found["causes"]] == [2, 2]
    given: Any = {"put_off": {"count": 5}, "reason": "retry_later"}
    found = as_if_tried(batch(1, **given), {"retry_later": 5})
    assert (found["leaves"]["put_off"], found["leaves"]["reason"]) == (None, None)
    found = as_if_tried(batch(1, **given), {"retry_later": 2})
    assert (found["leaves"]["put_off"], found["leaves"]["reason"]) == ({"count": 3}, "retry_later")


def test_no_time_is_told_of_what_is_about_to_be_tried() -> None:
    """*The last message is sent 16:12* stood on: that was of the attempt which is not awaited."""
    now = 1_800_000_000.0
    later, last = (wire_time(round((now + s) * 1000)) for s in (900, 1800))
    put_off = {"until": later, "count": 5}
    whole: Any = {"counts": {"rows": 5, "open": 5}, "put_off": put_off, "reason": "retry_later"}
    made = batch(1, **whole, next_at=later, last_at=last)
    coming = {"retry_later": 5}
    begun = as_if_tried(made, coming)
    said = coming_words(begun, coming, now, may_undo=False)
    assert said == "5 messages are about to be sent."
    assert explanation(begun, now) == ""
    assert next_words(begun, now) == "being sent"
    among: Any = {"counts": {"rows": 9, "open": 9}, "put_off": put_off, "last_at": last}
    begun = as_if_tried(batch(1, **among), coming)
    assert next_words(begun, now, pace=1.0).startswith("done ")


def test_at_a_limit_they_leave_as_far_as_it_allows() -> None:
    """*30 messages are about to be sent* stood before *Nothing more is sent for now*."""
    now, limit = 1_800_000_000.0, {"limit": "30/day"}
    later: dict[str, Any] = {
        "next_at": wire_time(int(now + 86_400) * 1000),
        "limited_by": limit,
        "rate": "30/day",
    }
    made = batch(1, causes=[READY], counts={"rows": 9, "open": 9}, **later)
    said = coming_words(made, {HELD: 5}, now, may_undo=False)
    assert said == "5 messages are about to be sent, as far as the limit allows."
    assert explanation(as_if_tried(made, {HELD: 5}), now) == ""
    assert sends_nothing(made, now)
    waits = "Nothing more is sent for now: at most 30 a day. It continues "
    assert explanation(made, now).startswith(waits)


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        ({"reason": HELD, "reason_data": {"fixed": True}}, True),
        ({}, True),
        ({"reason": "offline"}, False),
        ({"reason": "all_paused"}, False),
        ({"state": "paused"}, False),
    ],
)
def test_they_begin_unless_something_else_keeps_the_batch(
    given: dict[str, Any], begins: bool
) -> None:
    made = batch(1, causes=[READY], counts={"rows": 5, "open": 5}, **given)
    assert is_begun_by(made, {HELD: 5}) == begins
    assert not is_begun_by(made, {})
    assert sends_nothing(made, 1_800_000_000.0) == ("reason" in given)
