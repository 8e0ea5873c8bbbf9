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


def test_a_batch_on_its_way_says_that_practice_mode_keeps_its_messages() -> None:
    """Only afterwards it said that they were not sent."""
    practice = "Practice mode: messages go to the outbox."
    counts = {"rows": 9, "open": 9}
    for state in ("running", "paused"):
        assert practice in explanation(batch(1, state=state, counts=counts), NOW, keeps=True)
        assert practice not in explanation(batch(1, state=state, counts=counts), NOW)
    done = batch(1, state="done", counts={"rows": 9, "kept": 9})
    assert explanation(done, NOW, keeps=True).startswith("Practice mode keeps messages")


def test_in_practice_mode_nothing_of_a_batch_is_said_to_be_sent() -> None:
    """It said *0 of 3 are sent*, and when the last one is sent."""
    now = time.time()
    begun = batch(1, counts={"rows": 3, "open": 3})
    assert headline(begun, now, keeps=True) == "0 of 3 are kept"
    assert headline(begun, now) == "0 of 3 are sent"
    at = {
        name: wire_time(round((now + wait) * 1000)) for name, wait in (("soon", 300), ("late", 900))
    }
    limit = {"limited_by": {"limit": "6/h"}, "rate": "6/h"}
    for times in (
        {"last_leaves_at": wire_time(round(now * 1000))},
        {"next_leaves_at": wire_time(round((now + 5) * 1000)), "last_leaves_at": at["late"]},
        {"next_leaves_at": at["late"], "last_leaves_at": at["late"]},
        {"next_leaves_at": at["soon"], "last_leaves_at": at["late"], **limit},
        {"last_leaves_at": at["late"], **limit},
        {"last_leaves_at": at["late"]},
    ):
        said = explanation(begun | times, now, keeps=True)
        assert "outbox" in said
        assert " sent" not in said
        assert "outbox" not in explanation(begun | times, now)
    assert explanation(begun, now, 0.5, keeps=True).startswith(
        "The last message goes to the outbox "
    )


def test_what_is_on_hold_comes_before_practice_mode() -> None:
    """*Practice mode: messages go to the outbox. 2 messages are on hold.* began a card."""
    counts = {"rows": 2, "open": 2}
    held = batch(1, counts=counts, reason="held_for_person", reason_data={})
    practice = "Practice mode: messages go to the outbox."
    said = explanation(held, NOW, keeps=True)
    assert said.startswith(f"2 messages are on hold. {practice}")


def test_in_practice_mode_no_batch_is_said_to_send() -> None:
    """The row of a batch said *Sending* and *being sent* of messages that went to the outbox."""
    some = batch(1, counts={"rows": 9, "open": 5, "kept": 4})
    assert look_of(some, NOW, keeps=True).word == "Running"
    assert next_words(some, NOW, keeps=True) == "going to the outbox"
    ready = batch(1, counts={"rows": 9, "open": 9}, reason="held_for_person")
    ready["reason_data"] = {"fixed": True}
    assert next_words(ready, NOW, keeps=True) == "to go to the outbox"
    said = explanation(ready, NOW, keeps=True)
    assert said.startswith("9 messages are ready to go to the outbox. Press Try now.")
    lost = batch(1, state="done", counts={"rows": 9, "kept": 4, "failed": 5})
    assert look_of(lost, NOW).word == "Partly kept"
    again = batch(2, state="draft", counts={"rows": 9, "changed": 9, "open": 0})
    assert "go to the outbox as they are now." in explanation(again, NOW, keeps=True)


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
    assert headline(under_way, NOW, keeps=True) == "2 of 9 are sent, 4 kept in practice mode"
    by_hand = batch(1, state="done", counts=counts, marked=5)
    assert headline(by_hand, NOW) == "4 of 9 are kept, 5 marked as sent by a person"
