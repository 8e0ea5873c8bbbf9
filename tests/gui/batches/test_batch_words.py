"""Which rows of the table are said of a batch, in its row and below it."""

from __future__ import annotations

import pytest

from desktop.gui.batches.batch_numbers import numbers
from desktop.gui.batches.batch_words import headline, sent_words, times_words
from tests.gui.batches.said import APPROVED, NOW, at, said
from tests.gui.batches.test_batch_model import batch

pytestmark = pytest.mark.usefixtures("qapp")
IN_ORDER = ("sent", "to_come", "failed")


def test_words_are_those_that_were_approved() -> None:
    """``python -m tests.library.words.said`` writes the file; its diff is read like a text."""
    assert said() == APPROVED.read_text(encoding="utf-8")


def test_numbers_keep_their_places_when_sending_begins() -> None:
    for counts in ({"open": 9}, {"open": 8, "sent": 1}, {"sent": 8, "failed": 1}):
        found = numbers(batch(1, counts={"rows": 9, **counts}))
        assert tuple(each.verb for each in found) == IN_ORDER


@pytest.mark.parametrize("how", ["sent", "kept"])
def test_the_headline_says_the_number_that_stands_below_it(how: str) -> None:
    """Those that a person marked or that came back have numbers of their own."""
    counts = {"rows": 30, "open": 3, "failed": 2, how: 22, "left_out": 3}
    of_sent = {"marked": 4, "bounced": 6} if how == "sent" else {}
    one = batch(2, counts=counts, **of_sent)
    (below,) = [each.rows for each in numbers(one) if each.verb == how]
    assert headline(one, NOW).startswith(f"{below} of 27 are {how}")
    assert sent_words(one).startswith(f"{below} of 27")


def test_times_of_a_draft_do_not_count_rows_that_are_left_out() -> None:
    counts = {"rows": 3, "ready": 2, "changed": 1}
    draft = batch(2, state="draft", counts=counts, next_at=at("soon"), last_at=at("soon"))
    started = batch(2, counts={"rows": 3, "open": 2}, next_at=at("soon"), last_at=at("soon"))
    assert times_words(draft, NOW) == times_words(started, NOW)
