"""What is said of a batch, in its row and below it."""

from __future__ import annotations

import time

import pytest

from desktop.contract.rules.times import wire_time
from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_words import (
    explanation,
    headline,
    next_words,
    not_informed_words,
    sent_words,
    share_sent,
)
from tests.gui.batches.test_batch_model import batch

NOW = 0.0


def test_what_a_person_marked_as_sent_is_not_said_to_be_sent() -> None:
    counts = {"rows": 200, "sent": 200}
    done = batch(1, state="done", counts=counts, marked=15)
    assert headline(done, NOW) == "185 of 200 are sent, 15 marked as sent by a person"
    assert (sent_words(done), share_sent(done)) == ("185 of 200 · 15 marked as sent", 0.925)
    assert not_informed_words(done) == "all informed"
    assert look_of(done, NOW).word == "Done"
    told = "If one of the 15 marked as sent was not sent, choose it and press Send again."
    assert explanation(done, NOW) == told
    assert explanation(done, NOW, may_act=False) == ""
    assert headline(batch(1, state="done", counts=counts), NOW) == "All 200 messages are sent"


def test_a_batch_that_is_paused_promises_no_begin() -> None:
    now = time.time()
    begins = wire_time(round((now + 7200) * 1000))
    counts = {"rows": 9, "open": 9}
    by_person = batch(2, counts=counts, run_at=begins, state="paused")
    with_all = batch(2, counts=counts, run_at=begins, reason="all_paused")
    for some in (by_person, with_all):
        assert headline(some, now).startswith("Starts after the pause, not before ")
    assert not headline(batch(2, counts=counts, run_at=begins), now).startswith("Starts after")


def test_a_draft_of_rows_that_went_out_before_says_that() -> None:
    counts = {"rows": 9, "changed": 9, "open": 0}
    again = batch(2, state="draft", counts=counts)
    assert headline(again, 0.0) == "9 rows have changed since they were registered"
    said = explanation(again, 0.0)
    assert said.startswith(
        "9 rows have changed since they were registered and are sent again as they are now. "
        "Nothing is sent"
    )
    assert explanation(again, 0.0, may_act=False).endswith("are sent again as they are now.")
    paused = batch(2, state="paused", counts={"rows": 9, "open": 9})
    assert next_words(paused, 0.0, may_act=False) == "until it is resumed"
    assert explanation(paused, 0.0, may_act=False).startswith("9 messages wait until they are")


def test_rows_that_were_cancelled_before_their_turn_are_no_tasks() -> None:
    """*9,500 cancelled* stood beside a chip of the tasks that said *Cancelled 0*."""
    stopped = batch(1, state="done", counts={"rows": 9516, "sent": 16, "cancelled": 9500})
    stopped["cancelled_before"] = 9500
    assert not_informed_words(stopped) == "9,500 rows cancelled"
    said = explanation(stopped, NOW, may_act=False)
    rows = "9,500 rows were cancelled."
    assert said == f"{rows} Rows whose turn had not come are not in the list of tasks."


@pytest.mark.parametrize("reason", ["retry_later", None])
def test_it_says_what_the_server_said_that_put_messages_off(reason: str | None) -> None:
    """Nothing in the row or the card said that it was a greylist, or a quota."""
    now, answer = time.time(), f"451 4.7.1 Greylisted, {'try again later ' * 9}{{}}"
    until = wire_time(round((now + 900) * 1000))
    put_off = {"server": "mx", "code": 451, "said": answer, "until": until, "count": 2}
    counts = {"rows": 9, "sent": 7, "open": 2}
    data = {"until": until}
    some = batch(2, counts=counts, reason=reason, reason_data=data, put_off=put_off)
    said = explanation(some, now)
    assert said.startswith(f"mx deferred 2 messages: {answer}. The next attempt is ")
    in_row = not_informed_words(some)
    assert in_row.endswith("…")
    assert len(in_row) < len(answer)
    assert in_row.startswith("2 deferred: 451 4.7.1 Greylisted, try again later ")
    some["later"] = {"count": 1, "first": 3, "last": 3}
    assert not_informed_words(some) == "1 in batch 3 · 2 deferred"  # else counts are cut


def test_a_batch_of_which_some_were_sent_says_how_many_were_kept() -> None:
    """It said that all were kept."""
    counts = {"rows": 9, "sent": 5, "kept": 4}
    both = batch(1, state="done", counts=counts)
    assert headline(both, NOW) == "5 of 9 are sent, 4 kept in practice mode"
    assert not_informed_words(both) == "4 kept in practice mode"
    short = batch(1, state="done", counts={**counts, "left_out": 2})
    assert not_informed_words(short) == "2 left out · 4 kept in practice mode"
    assert "4 were only kept in practice mode and not sent." in explanation(both, NOW)
    under_way = batch(1, counts={**counts, "sent": 2, "open": 3})
    assert headline(under_way, NOW) == "2 of 9 are sent, 4 kept in practice mode"
    by_hand = batch(1, state="done", counts=counts, marked=5)
    assert headline(by_hand, NOW) == "4 of 9 are kept, 5 marked as sent by a person"
