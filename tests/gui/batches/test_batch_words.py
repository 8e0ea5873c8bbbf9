"""What is said of a batch, in its row and below it."""

from __future__ import annotations

from desktop.gui.batches.batch_words import (
    explanation,
    headline,
    look_of,
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
    assert (sent_words(done), share_sent(done)) == ("185 of 200", 0.925)
    assert not_informed_words(done) == "15 marked as sent"
    assert look_of(done, NOW).word == "Done"
    told = "If one of the 15 marked as sent was not sent after all, press Send again at it."
    assert explanation(done, NOW) == told
    assert explanation(done, NOW, may_act=False) == ""
    assert headline(batch(1, state="done", counts=counts), NOW) == "All 200 messages are sent"
